-- A row is a person who scores in an assessment, with the criteria for the list one by one.
{{ config(materialized='table') }}

with

people_restricted as (

    {{ active_restrictions(of_a_record=false) }}

),

criteria as (

    select
        assessments.assessment,
        assessments.as_of_date,
        assessments.adult_age,
        assessments.minimum_age,
        scores.nominal_id,
        scores.total_score,
        scores.crime_score,
        scores.intelligence_score,
        scores.crime_reports,
        scores.latest_offence_on,
        {{ completed_years('people.date_of_birth', 'assessments.as_of_date') }} as age,
        scores.crime_reports >= assessments.minimum_crime_reports as has_enough_reports,
        scores.crime_score > 0 and scores.total_score >= assessments.score_threshold as is_above_threshold,
        coalesce(people.deceased_on <= assessments.as_of_date, false) as is_deceased,
        people_restricted.nominal_id is not null as is_restricted,
        people.is_in_merge_cycle
    from {{ ref('int_person_scores') }} as scores
    inner join {{ ref('int_assessments') }} as assessments on scores.assessment = assessments.assessment
    inner join {{ ref('int_people') }} as people on scores.nominal_id = people.nominal_id
    left join people_restricted
        on scores.assessment = people_restricted.assessment
            and scores.nominal_id = people_restricted.nominal_id

),

met as (

    select
        *,
        has_enough_reports and is_above_threshold and not is_deceased and not is_restricted
        and coalesce(age >= minimum_age, true) as meets_all_but_known_age
    from criteria

)

select
    assessment,
    as_of_date,
    nominal_id,
    total_score,
    crime_score,
    intelligence_score,
    crime_reports,
    latest_offence_on,
    age,
    has_enough_reports,
    is_above_threshold,
    is_deceased,
    is_restricted,
    is_in_merge_cycle,
    meets_all_but_known_age,
    coalesce(age < adult_age, false) as is_child,
    meets_all_but_known_age and age is not null and not is_in_merge_cycle as is_listed
from met
