-- A row is a crime report with what is wrong with it. A migrated_from_ref that is wrong is taken as missing, and
-- so is a borough; anything else that is wrong keeps the report out.
{{ config(materialized='table') }}

with

judged as (

    select
        *,
        crime_ref is null as missing_key,
        offence_code is null or offence_code not in (
            select offences.offence_code from {{ ref('offences') }} as offences
        ) as unknown_offence,
        {{ is_unknown(
            'migrated_from_ref', ref('stg_crime__reports'), 'crime_ref', ref('base_crime__crime_report')
        ) | indent(8) }} as unknown_record,
        coalesce(committed_from > cast(recorded_at as date), false) as committed_after_recorded,
        source_system is null or {{ is_outside('source_system', 'source_system') }}
        or record_status is null or {{ is_outside('record_status', 'crime_record_status') }}
        or {{ is_outside('location_kind', 'location_kind') }}
        or (
            outcome_code is not null
            and outcome_code not in (select outcomes.outcome_code from {{ ref('outcome_codes') }} as outcomes)
        ) as invalid_code,
        {{ is_outside('borough', 'borough') }} as invalid_characteristic
    from {{ ref('stg_crime__reports') }}

)

select
    crime_ref,
    recorded_at,
    committed_from,
    offence_code,
    record_status,
    outcome_code,
    location_kind,
    incident_ref,
    case when not unknown_record then migrated_from_ref end as migrated_from_ref,
    missing_key,
    bad_date,
    unknown_offence,
    unknown_record,
    committed_after_recorded,
    invalid_code,
    invalid_characteristic,
    (not (
        missing_key or bad_date or unknown_offence or committed_after_recorded or invalid_code
    )) as is_sound
from judged
