-- A row is a sex or an age band of the suspects at a quarter's end: of how many a characteristic is recorded, not
-- stated or missing, in exact numbers. Never to be published.
{{ config(materialized='table') }}

{%- set columns = {
    'self_defined_ethnicity': 'self_defined_ethnicity_5',
    'officer_observed_ethnicity': 'officer_observed_ethnicity',
    'religion': 'religion',
    'disability': 'disability',
    'sexual_orientation': 'sexual_orientation',
} %}

with

-- Few rows, however many people there are.
combinations as (

    select
        assessments.closes_period as period,
        profiles.sex,
        profiles.age_band,
        {% for characteristic, column in columns.items() -%}
            case
                when profiles.{{ column }} in ('not_stated', 'missing') then profiles.{{ column }}
                else 'recorded'
            end as {{ characteristic }},
        {% endfor -%}
        count(*) as people
    from {{ ref('int_population_members') }} as members
    inner join {{ source('run', 'assessment') }} as assessments
        on members.assessment = assessments.assessment
            and assessments.closes_period is not null
    inner join {{ ref('int_person_profiles') }} as profiles
        on members.assessment = profiles.assessment
            and members.nominal_id = profiles.nominal_id
    where members.population_kind = 'suspects'
    group by all

),

each_pair as (

    {% for characteristic in columns -%}
        {%- set is_last = loop.last -%}
        {% for by_characteristic in ['sex', 'age_band'] -%}
            select
                period,
                '{{ characteristic }}' as characteristic,
                '{{ by_characteristic }}' as by_characteristic,
                {{ by_characteristic }} as by_group,
                {{ characteristic }} as state,
                people
            from combinations
            {{ 'union all' if not (is_last and loop.last) }}
        {% endfor -%}
    {% endfor -%}

)

select
    period,
    characteristic,
    by_characteristic,
    by_group,
    cast(sum(people) as bigint) as people,
    cast(coalesce(sum(people) filter (where state = 'recorded'), 0) as bigint) as recorded,
    cast(coalesce(sum(people) filter (where state = 'not_stated'), 0) as bigint) as not_stated,
    cast(coalesce(sum(people) filter (where state = 'missing'), 0) as bigint) as missing
from each_pair
group by all
