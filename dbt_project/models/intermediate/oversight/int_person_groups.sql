-- A row is a person and the group that one characteristic puts them in, at a quarter's end.
{% for characteristic in counted_characteristics() -%}
    select
        assessment,
        nominal_id,
        '{{ characteristic }}' as characteristic,
        {{ characteristic }} as group_code
    from {{ ref('int_person_profiles') }}
    {{ 'union all' if not loop.last }}
{% endfor -%}
