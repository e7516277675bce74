-- A row is one reason for which a delivered row, or a value of it, does not count.
{{ config(materialized='table') }}

{{ quarantined_rows(
    'crime.crime_report', 'int_crime_reports_judged',
    key=['crime_ref'],
    reasons=[
        'missing_key', 'bad_date', 'unknown_offence', 'unknown_record', 'committed_after_recorded', 'invalid_code',
        'invalid_characteristic',
    ]
) }}

union all

{{ quarantined_rows(
    'crime.crime_flag', 'int_crime_flags_judged',
    key=['crime_ref', 'flag', 'origin'],
    reasons=['missing_key', 'bad_date', 'unknown_record', 'invalid_code']
) }}

union all

{{ quarantined_rows(
    'crime.crime_person', 'int_crime_persons_kept',
    key=['crime_ref', 'nominal_id', 'role'],
    reasons=[
        'missing_key', 'bad_date', 'unknown_nominal', 'unknown_record', 'invalid_role', 'invalid_code',
        'suspect_contradicts_outcome',
    ]
) }}

union all

{{ quarantined_rows(
    'intelligence.intelligence_report', 'int_intelligence_reports_judged',
    key=['intel_ref'],
    reasons=['missing_key', 'bad_date', 'unknown_record', 'invalid_grading', 'invalid_code']
) }}

union all

{{ quarantined_rows(
    'intelligence.intelligence_subject', 'int_intelligence_subjects_judged',
    key=['intel_ref', 'nominal_id', 'involvement'],
    reasons=['missing_key', 'bad_date', 'unknown_nominal', 'unknown_record', 'invalid_role']
) }}

union all

{{ quarantined_rows(
    'person.nominal', 'int_nominals_judged',
    key=['nominal_id'],
    reasons=['missing_key', 'bad_date', 'unknown_nominal', 'merge_cycle', 'invalid_characteristic']
) }}

union all

{{ quarantined_rows(
    'person.restriction', 'int_restrictions_judged',
    key=['restriction_id'],
    reasons=['missing_key', 'bad_date', 'unknown_nominal', 'invalid_code']
) }}

union all

{{ quarantined_rows(
    'partnership.safeguarding', 'int_safeguarding_judged',
    key=['nominal_id', 'kind', 'opened_on_text'],
    reasons=['missing_key', 'bad_date', 'invalid_code']
) }}

union all

select
    source_table,
    record_key,
    'superseded' as reason,
    'row_out' as effect
from {{ ref('stg_superseded_rows') }}
