{# Rows that share their values of these columns. #}
{% test unique_combination(model, columns) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}

{# People on the list whose contributions do not add up to the total score, to the last digit. #}
{% test contributions_add_up(model) %}
    select listed.nominal_id
    from {{ ref('assessment_list') }} as listed
    left join {{ model }} as contributions on listed.nominal_id = contributions.nominal_id
    group by listed.nominal_id, listed.total_score, listed.crime_score
    having coalesce(sum(contributions.points), 0) <> listed.total_score
        or coalesce(sum(contributions.points) filter (where contributions.kind = 'crime'), 0) <> listed.crime_score
{% endtest %}
