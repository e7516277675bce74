-- A row is an intelligence report with what is wrong with it.
{{ config(materialized='table') }}

with

judged as (

    select
        *,
        intel_ref is null as missing_key,
        {{ is_unknown(
            'linked_crime_ref', ref('stg_intelligence__reports'), 'crime_ref',
            ref('int_crime_reports_judged')
        ) | indent(8) }} as unknown_record,
        -- Each scheme has its own pairs: E is a source of 5x5x5 and an assessment of 3x5x2.
        not exists (
            select 1
            from {{ ref('intelligence_reliability') }} as pairs
            where pairs.grading_scheme = reports.grading_scheme
                and pairs.source_grade = reports.source_grade
                and pairs.assessment_grade = reports.assessment_grade
        ) as invalid_grading,
        category is null
        or category not in (select known.category from {{ ref('intelligence_categories') }} as known)
        or handling_code is null or {{ is_outside('handling_code', 'handling_code') }}
        or record_status is null or {{ is_outside('record_status', 'intelligence_record_status') }}
            as invalid_code
    from {{ ref('stg_intelligence__reports') }} as reports

)

select
    intel_ref,
    submitted_at,
    category,
    grading_scheme,
    source_grade,
    assessment_grade,
    record_status,
    linked_crime_ref,
    missing_key,
    bad_date,
    unknown_record,
    invalid_grading,
    invalid_code,
    (not (missing_key or bad_date or unknown_record or invalid_grading or invalid_code)) as is_sound
from judged
