-- A row is an intelligence report that scores for a person in an assessment, with its points before the cap.
{{ config(materialized='table') }}

with

visible as (

    select
        assessments.*,
        subjects.*,
        {{ completed_years('subjects.submitted_on', 'assessments.as_of_date') }} as completed_years
    from {{ ref('int_intelligence_subjects') }} as subjects
    inner join {{ ref('int_assessments') }} as assessments on subjects.submitted_on <= assessments.as_of_date
    where {{ completed_years('subjects.submitted_on', 'assessments.as_of_date') }}
        < assessments.intelligence_window_years

),

restricted as (

    {{ active_restrictions(of_a_record=true) }}

),

-- What was taken out as a crime report does not come back as intelligence, and nothing counts twice.
linked as (

    select
        visible.assessment,
        visible.nominal_id,
        visible.intel_ref,
        bool_or(
            reports.is_domestic or restricted.record_ref is not null or points.crime_ref is not null
            or (visible.without_private_home_exception and reports.rests_on_private_home_exception)
            or (visible.without_unknown_locations and reports.rests_on_unknown_location)
        ) as is_barred
    from visible
    inner join {{ ref('int_linked_reports') }} as reports
        on visible.linked_crime_ref = reports.linked_crime_ref
            and {{ is_active('reports.stands_from', 'reports.stands_until', 'visible.as_of_date') }}
    left join restricted
        on visible.assessment = restricted.assessment
            and visible.nominal_id = restricted.nominal_id
            and reports.crime_ref = restricted.record_ref
    left join {{ ref('int_crime_points') }} as points
        on visible.assessment = points.assessment
            and visible.nominal_id = points.nominal_id
            and reports.crime_ref = points.crime_ref
    group by visible.assessment, visible.nominal_id, visible.intel_ref

)

select
    visible.assessment,
    visible.nominal_id,
    visible.intel_ref,
    visible.submitted_on,
    visible.category,
    visible.crime_area,
    visible.base_points,
    visible.completed_years,
    visible.reliability,
    cast(round(visible.base_points * visible.reliability, 4) as decimal(18, 4)) as points
from visible
left join linked using (assessment, nominal_id, intel_ref)
left join restricted
    on visible.assessment = restricted.assessment
        and visible.nominal_id = restricted.nominal_id
        and visible.intel_ref = restricted.record_ref
where restricted.record_ref is null
    and (visible.linked_crime_ref is null or not linked.is_barred)
