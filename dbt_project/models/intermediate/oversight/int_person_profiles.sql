-- A row is a person of a population, with the group that each characteristic puts them in, at a quarter's end.
{{ config(materialized='table') }}

with

-- First of all, since they are few of all people: bands of age are found by comparing, not by looking up.
people as materialized (

    select
        assessments.assessment,
        people.*,
        {{ completed_years('people.date_of_birth', 'assessments.as_of_date') }} as age
    from {{ ref('int_people') }} as people
    inner join {{ source('run', 'assessment') }} as assessments on assessments.closes_period is not null
    where people.nominal_id in (select members.nominal_id from {{ ref('int_population_members') }} as members)

)

select
    people.assessment,
    people.nominal_id,
    case
        when people.self_defined_ethnicity is null then 'missing'
        when self_defined.group_5 = 'Not stated' then 'not_stated'
        else people.self_defined_ethnicity
    end as self_defined_ethnicity_18,
    coalesce(replace(self_defined.group_5, 'Not stated', 'not_stated'), 'missing') as self_defined_ethnicity_5,
    case
        when people.officer_observed_ethnicity is null then 'missing'
        when officer_observed.group_5 = 'Not stated' then 'not_stated'
        else people.officer_observed_ethnicity
    end as officer_observed_ethnicity,
    coalesce(replace(officer_observed.group_5, 'Not stated', 'not_stated'), 'missing') as officer_observed_ethnicity_5,
    coalesce(age_bands.band, 'missing') as age_band,
    {{ group_of('sex') }} as sex,
    {{ group_of('religion') }} as religion,
    {{ group_of('disability') }} as disability,
    {{ group_of('sexual_orientation') }} as sexual_orientation
from people
left join {{ ref('ethnicity_codes') }} as self_defined
    on people.self_defined_ethnicity = self_defined.code
        and self_defined.scheme = 'self_defined'
left join {{ ref('ethnicity_codes') }} as officer_observed
    on people.officer_observed_ethnicity = officer_observed.code
        and officer_observed.scheme = 'officer_observed'
left join {{ ref('age_bands') }} as age_bands on people.age between age_bands.lower_age and age_bands.upper_age
