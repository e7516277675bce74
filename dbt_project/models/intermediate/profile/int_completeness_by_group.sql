-- A row is a sex or an age band of a population: how many people are of it, and of how many of them a characteristic is
-- recorded, in exact numbers. For the audit, never for publishing.
{{ config(materialized='table') }}
{% set others = [
    'self_defined_ethnicity', 'officer_observed_ethnicity', 'religion', 'disability', 'sexual_orientation'
] %}
with

-- People who are alike in all of it are counted first: ten questions are then asked of kinds of people.
kinds as (

    select
        members.assessment,
        members.population_kind,
        people.sex,
        coalesce(age_bands.band, 'missing') as age_band,
        {% for characteristic in others -%}
            people.{{ characteristic }},
        {% endfor -%}
        count(*) as people
    from {{ ref('int_population_members') }} as members
    inner join {{ source('run', 'assessment') }} as assessments on members.assessment = assessments.assessment
    inner join {{ ref('int_people') }} as people on members.nominal_id = people.nominal_id
    left join {{ ref('age_bands') }} as age_bands
        on {{ completed_years('people.date_of_birth', 'assessments.as_of_date') }}
            between age_bands.lower_age and age_bands.upper_age
    group by all

),

recorded_values as (

    {% for by_characteristic in ['sex', 'age_band'] -%}
        {% set is_last_by = loop.last -%}
        {% for characteristic in others -%}
            select
                assessment,
                population_kind,
                '{{ characteristic }}' as characteristic,
                '{{ by_characteristic }}' as by_characteristic,
                coalesce({{ by_characteristic }}, 'missing') as by_group,
                {{ characteristic }} as code,
                people
            from kinds
            {% if not (loop.last and is_last_by) %}union all{% endif %}
        {% endfor -%}
    {% endfor %}
)

select
    recorded_values.assessment,
    recorded_values.population_kind,
    recorded_values.characteristic,
    recorded_values.by_characteristic,
    recorded_values.by_group,
    sum(recorded_values.people) as people,
    sum(case when recorded_values.code is not null and not_stated.code is null then recorded_values.people else 0 end)
        as recorded
from recorded_values
left join {{ ref('int_not_stated_codes') }} as not_stated
    on recorded_values.characteristic = not_stated.characteristic
        and recorded_values.code = not_stated.code
group by all
