-- A row is an intelligence report.
select
    intel_ref,
    {{ read_timestamp('submitted_at') }} as submitted_at,
    {{ read_date('event_on') }} as event_on,
    category,
    grading_scheme,
    source_grade,
    assessment_grade,
    handling_code,
    record_status,
    linked_crime_ref,
    (
        {{ is_unreadable('timestamp', 'submitted_at') }}
        or {{ is_given_but_unreadable('date', 'event_on') }}
        or {{ is_unreadable('timestamp', 'updated_at') }}
    ) as bad_date
from {{ ref('base_intelligence__intelligence_report') }}
where {{ is_latest('intelligence.intelligence_report') }}
