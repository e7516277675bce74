-- A row is a delivered row that a newer one with the same key replaces: it is passed over everywhere.
{{ config(materialized='table') }}

{{ superseded_rows(
    'crime.crime_report',
    key=['crime_ref'],
    others=[
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
    ]
) }}
union all
{{ superseded_rows(
    'crime.crime_flag',
    key=['crime_ref', 'flag', 'origin'],
    others=[]
) }}
union all
{{ superseded_rows(
    'crime.crime_person',
    key=['crime_ref', 'nominal_id', 'role'],
    others=['link_status', 'linked_at']
) }}
union all
{{ superseded_rows(
    'intelligence.intelligence_report',
    key=['intel_ref'],
    others=[
        'submitted_at',
        'event_on',
        'category',
        'grading_scheme',
        'source_grade',
        'assessment_grade',
        'handling_code',
        'record_status',
        'linked_crime_ref',
    ]
) }}
union all
{{ superseded_rows(
    'intelligence.intelligence_subject',
    key=['intel_ref', 'nominal_id', 'involvement'],
    others=[]
) }}
union all
{{ superseded_rows(
    'person.nominal',
    key=['nominal_id'],
    others=[
        'date_of_birth',
        'sex',
        'self_defined_ethnicity',
        'officer_observed_ethnicity',
        'religion',
        'disability',
        'sexual_orientation',
        'deceased_on',
        'merged_into',
    ]
) }}
union all
{{ superseded_rows(
    'person.restriction',
    key=['restriction_id'],
    others=[
        'nominal_id',
        'record_ref',
        'reason',
        'starts_on',
        'ends_on',
    ]
) }}
union all
{{ superseded_rows(
    'partnership.safeguarding',
    key=['nominal_id', 'kind', 'opened_on'],
    others=['closed_on']
) }}
