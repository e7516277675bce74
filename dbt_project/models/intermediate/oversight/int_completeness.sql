-- A row is how completely one characteristic is recorded for a population, in exact numbers of people: for the
-- audit and for disclosure control, never for publishing.
with

recorded_values as (

    {% for characteristic in characteristics() + ['date_of_birth'] -%}
        select
            nominal_id,
            '{{ characteristic }}' as characteristic,
            cast({{ characteristic }} as string) as code
        from {{ ref('int_people') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    members.assessment,
    members.population_kind,
    recorded_values.characteristic,
    count(*) as people,
    count(*) filter (where recorded_values.code is not null and not_stated.code is null) as recorded,
    count(*) filter (where not_stated.code is not null) as not_stated,
    count(*) filter (where recorded_values.code is null) as missing
from {{ ref('int_population_members') }} as members
inner join recorded_values on members.nominal_id = recorded_values.nominal_id
left join {{ ref('int_not_stated_codes') }} as not_stated
    on recorded_values.characteristic = not_stated.characteristic
        and recorded_values.code = not_stated.code
group by members.assessment, members.population_kind, recorded_values.characteristic
