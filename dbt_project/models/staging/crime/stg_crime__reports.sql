-- A row is a crime report, the latest of its duplicates.
select
    crime_ref,
    source_system,
    {{ read_timestamp('recorded_at') }} as recorded_at,
    {{ read_date('committed_from') }} as committed_from,
    {{ read_date('committed_to') }} as committed_to,
    offence_code,
    record_status,
    outcome_code,
    location_kind,
    borough,
    incident_ref,
    migrated_from_ref,
    (
        {{ is_unreadable('timestamp', 'recorded_at') }}
        or {{ is_unreadable('date', 'committed_from') }}
        or {{ is_given_but_unreadable('date', 'committed_to') }}
        or {{ is_unreadable('timestamp', 'updated_at') }}
    ) as bad_date
from {{ ref('base_crime__crime_report') }}
where {{ is_latest('crime.crime_report') }}
