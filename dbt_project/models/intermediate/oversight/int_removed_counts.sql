-- A row is an exact number of people of a group who went off the list in the quarter that this build closes: never to
-- be published. Of who is no longer in the person index nothing is recorded.
with

removed as (

    select
        movements.period,
        profiles.*
    from {{ ref('int_quarter_movements') }} as movements
    left join {{ ref('int_person_profiles') }} as profiles
        on movements.assessment = profiles.assessment
            and movements.nominal_id = profiles.nominal_id
    where movements.movement = 'removed'

)

{% for characteristic in counted_characteristics() -%}
    select
        period,
        '{{ characteristic }}' as characteristic,
        coalesce({{ characteristic }}, 'missing') as group_code,
        count(*) as people
    from removed
    group by period, group_code
    {{ 'union all' if not loop.last }}
{% endfor -%}
