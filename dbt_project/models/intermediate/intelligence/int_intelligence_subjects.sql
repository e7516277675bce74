-- A row is a person's intelligence report that can score at some date.
{{ config(materialized='table') }}

select distinct
    survivors.survivor_id as nominal_id,
    reports.intel_ref,
    cast(reports.submitted_at as date) as submitted_on,
    reports.category,
    categories.crime_area,
    categories.base_points,
    pairs.reliability,
    reports.linked_crime_ref
from {{ ref('int_intelligence_reports_judged') }} as reports
inner join {{ ref('int_intelligence_subjects_judged') }} as subjects on reports.intel_ref = subjects.intel_ref
inner join {{ ref('int_survivors') }} as survivors on subjects.nominal_id = survivors.nominal_id
inner join {{ ref('int_people') }} as people on survivors.survivor_id = people.nominal_id
inner join {{ ref('intelligence_categories') }} as categories on reports.category = categories.category
inner join {{ ref('intelligence_reliability') }} as pairs
    on reports.grading_scheme = pairs.grading_scheme
        and reports.source_grade = pairs.source_grade
        and reports.assessment_grade = pairs.assessment_grade
where reports.is_sound
    and reports.record_status = 'live'
    and categories.in_scope
    and subjects.is_sound
    and subjects.involvement = 'subject'
