-- A row is an exact number of people of a population in a group, at the end of the quarter that this build closes:
-- never to be published. Characteristic and group `all` is the population; cross tables are of the listed alone.
{{ config(materialized='table') }}

{%- set crossed = {
    'ethnicity_agreement': "self_defined_ethnicity_5 || '|' || officer_observed_ethnicity_5",
    'ethnicity_by_age_and_sex': "self_defined_ethnicity_5 || '|' || age_band || '|' || sex",
    'ethnicity_by_age_band': "self_defined_ethnicity_5 || '|' || broad_ages.broad_group",
    'ethnicity_by_sex': "self_defined_ethnicity_5 || '|' || broad_sexes.broad_group",
} %}
with

profiles as (

    select
        assessments.closes_period as period,
        members.population_kind,
        profiles.*
    from {{ ref('int_population_members') }} as members
    inner join {{ source('run', 'assessment') }} as assessments
        on members.assessment = assessments.assessment
            and assessments.closes_period is not null
    inner join {{ ref('int_person_profiles') }} as profiles
        on members.assessment = profiles.assessment
            and members.nominal_id = profiles.nominal_id

),

found as (

    {% for characteristic in ['all'] + counted_characteristics() + (crossed | list) -%}
        {%- set code = "'all'" if characteristic == 'all' else crossed.get(characteristic, characteristic) -%}
        select
            profiles.period,
            profiles.population_kind,
            '{{ characteristic }}' as characteristic,
            {{ code }} as group_code,
            count(*) as people
        from profiles
        {% if characteristic in crossed -%}
            inner join {{ ref('broad_groups') }} as broad_ages
                on profiles.age_band = broad_ages.group_code and broad_ages.characteristic = 'age_band'
            inner join {{ ref('broad_groups') }} as broad_sexes
                on profiles.sex = broad_sexes.group_code and broad_sexes.characteristic = 'sex'
            where profiles.population_kind = 'listed'
        {% endif -%}
        group by profiles.period, profiles.population_kind, {{ code }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

cells as (

    select
        unnest({{ population_kinds() }}) as population_kind,
        characteristic,
        group_code
    from {{ ref('int_groups') }}

    union all

    select
        unnest({{ population_kinds() }}) as population_kind,
        'all' as characteristic,
        'all' as group_code

)

select
    assessments.closes_period as period,
    cells.population_kind,
    cells.characteristic,
    cells.group_code,
    coalesce(found.people, 0) as people
from {{ source('run', 'assessment') }} as assessments
cross join cells
left join found using (population_kind, characteristic, group_code)
where assessments.closes_period is not null
    and (cells.population_kind = 'listed' or cells.group_code not like '%|%')
