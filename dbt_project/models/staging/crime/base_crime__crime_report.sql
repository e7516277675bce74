-- A row is a delivered row of crime.crime_report: every one of them, as text.
select
    landing_row,
    {{ trimmed([
        'crime_ref',
        'source_system',
        'recorded_at',
        'committed_from',
        'committed_to',
        'offence_code',
        'record_status',
        'outcome_code',
        'location_kind',
        'borough',
        'incident_ref',
        'migrated_from_ref',
        'updated_at',
    ]) }}
from {{ source('landing', 'crime_report') }}
