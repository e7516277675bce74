-- A row is a person who scores in an assessment: the exact sums of their points, intelligence capped by a share
-- of the crime score so that nobody is listed on intelligence alone.
{{ config(materialized='table') }}

with

crime as (

    select
        assessment,
        nominal_id,
        cast(sum(points.points) as decimal(18, 4)) as crime_score,
        cast(count(*) filter (where points.points > 0) as integer) as crime_reports,
        max(points.committed_from) as latest_offence_on
    from {{ ref('int_crime_points') }} as points
    left join {{ ref('int_incident_repeats') }} as repeats using (assessment, nominal_id, crime_ref)
    where repeats.crime_ref is null
    group by assessment, nominal_id

),

intelligence as (

    select
        assessment,
        nominal_id,
        cast(sum(points) as decimal(18, 4)) as uncapped_intelligence
    from {{ ref('int_intelligence_points') }}
    group by assessment, nominal_id

),

scores as (

    select
        assessments.assessment,
        nominal_id,
        coalesce(crime.crime_score, 0) as crime_score,
        coalesce(crime.crime_reports, 0) as crime_reports,
        crime.latest_offence_on,
        coalesce(intelligence.uncapped_intelligence, 0) as uncapped_intelligence,
        cast(round(
            assessments.intelligence_cap_ratio * coalesce(crime.crime_score, 0), 4
        ) as decimal(18, 4)) as intelligence_cap
    from crime
    full outer join intelligence using (assessment, nominal_id)
    inner join {{ ref('int_assessments') }} as assessments using (assessment)

)

select
    assessment,
    nominal_id,
    crime_score,
    crime_reports,
    latest_offence_on,
    cast(least(uncapped_intelligence, intelligence_cap) as decimal(18, 4)) as intelligence_score,
    cast(greatest(uncapped_intelligence - intelligence_cap, 0) as decimal(18, 4)) as intelligence_over_cap,
    cast(crime_score + least(uncapped_intelligence, intelligence_cap) as decimal(18, 4)) as total_score
from scores
