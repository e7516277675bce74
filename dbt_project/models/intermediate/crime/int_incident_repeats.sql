-- A row is a crime report that counts for nothing in a variant of the policy by which an incident counts once:
-- another report of the same incident has more points for the person, or as many and the lesser reference.
with

places as (

    select
        points.assessment,
        points.nominal_id,
        points.crime_ref,
        row_number() over (
            partition by points.assessment, points.nominal_id, points.incident_ref
            order by points.points desc, points.crime_ref
        ) as place
    from {{ ref('int_crime_points') }} as points
    inner join {{ ref('int_assessments') }} as assessments
        on points.assessment = assessments.assessment
            and assessments.without_repeats_of_an_incident
    where points.incident_ref is not null

)

select
    assessment,
    nominal_id,
    crime_ref
from places
where place > 1
