-- A row is a delivered row of intelligence.intelligence_report: every one of them, as text.
select
    landing_row,
    {{ trimmed([
        'intel_ref',
        'submitted_at',
        'event_on',
        'category',
        'grading_scheme',
        'source_grade',
        'assessment_grade',
        'handling_code',
        'record_status',
        'linked_crime_ref',
        'updated_at',
    ]) }}
from {{ source('landing', 'intelligence_report') }}
