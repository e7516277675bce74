-- A row is a person's intelligence report that can score at some date.
{{ config(materialized='table') }}

select
    links.nominal_id,
    links.intel_ref,
    cast(reports.submitted_at as date) as submitted_on,
    reports.category,
    categories.crime_area,
    categories.base_points,
    pairs.reliability,
    reports.linked_crime_ref
from {{ ref('int_intelligence_reports_judged') }} as reports
inner join {{ ref('int_intelligence_links') }} as links on reports.intel_ref = links.intel_ref
inner join {{ ref('int_people') }} as people on links.nominal_id = people.nominal_id
inner join {{ ref('intelligence_categories') }} as categories on reports.category = categories.category
inner join {{ ref('intelligence_reliability') }} as pairs
    on reports.grading_scheme = pairs.grading_scheme
        and reports.source_grade = pairs.source_grade
        and reports.assessment_grade = pairs.assessment_grade
where reports.is_sound
    and reports.record_status = 'live'
    and categories.in_scope
