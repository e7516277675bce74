-- A row is a group of a population by sex, age band or ethnicity: how many people are of it, and of how many of them
-- another characteristic is recorded, in exact numbers. For the audit, never for publishing.
{{ config(materialized='table') }}
{%- set coded = [
    'sex', 'self_defined_ethnicity', 'officer_observed_ethnicity', 'religion', 'disability', 'sexual_orientation'
] %}
{%- set ethnicities = ['self_defined_ethnicity', 'officer_observed_ethnicity'] %}
{%- set groups = dict({'sex': 'sex', 'age_band': 'date_of_birth'}, **dict(zip(ethnicities, ethnicities))) %}
with

-- People who are alike in all of it are counted first: every question is then asked of kinds of people.
kinds as (

    select
        members.assessment,
        members.population_kind,
        coalesce(age_bands.band, 'missing') as age_band,
        people.date_of_birth is not null as date_of_birth_is_recorded,
        {% for characteristic in coded -%}
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

told as (

    select
        kinds.assessment,
        kinds.population_kind,
        coalesce(kinds.sex, 'missing') as of_sex,
        kinds.age_band as of_age_band,
        kinds.date_of_birth_is_recorded,
        {% for ethnicity in ethnicities -%}
            case when {{ ethnicity }}_not_stated.code is null then {{ ethnicity }}_codes.group_5 end
                as of_{{ ethnicity }},
        {% endfor -%}
        {% for characteristic in coded -%}
            kinds.{{ characteristic }} is not null
            and {{ characteristic }}_not_stated.code is null as {{ characteristic }}_is_recorded,
        {% endfor -%}
        sum(kinds.people) as people
    from kinds
    {% for ethnicity in ethnicities -%}
        left join {{ ref('ethnicity_codes') }} as {{ ethnicity }}_codes
            on kinds.{{ ethnicity }} = {{ ethnicity }}_codes.code
                and {{ ethnicity }}_codes.scheme || '_ethnicity' = '{{ ethnicity }}'
    {% endfor -%}
    {% for characteristic in coded -%}
        left join {{ ref('int_not_stated_codes') }} as {{ characteristic }}_not_stated
            on kinds.{{ characteristic }} = {{ characteristic }}_not_stated.code
                and {{ characteristic }}_not_stated.characteristic = '{{ characteristic }}'
    {% endfor -%}
    group by all

)
{% for by, of in groups.items() -%}
    {% set is_last = loop.last -%}
    {% for characteristic in coded + ['date_of_birth'] if characteristic != of -%}
        select
            assessment,
            population_kind,
            '{{ characteristic }}' as characteristic,
            '{{ by }}' as by_characteristic,
            of_{{ by }} as by_group,
            sum(people) as people,
            sum(case when {{ characteristic }}_is_recorded then people else 0 end) as recorded
        from told
        where of_{{ by }} is not null
        group by all
        {% if not (loop.last and is_last) %}union all{% endif %}
    {% endfor -%}
{% endfor %}
