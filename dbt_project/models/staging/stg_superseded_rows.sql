-- A row is a delivered row that a newer one with the same key replaces: it is passed over everywhere.
{{ config(materialized='table') }}
{% set keys_and_others = {
    'crime.crime_report': (['crime_ref'], [
        'source_system', 'recorded_at', 'committed_from', 'committed_to', 'offence_code', 'record_status',
        'outcome_code', 'location_kind', 'borough', 'incident_ref', 'migrated_from_ref',
    ]),
    'crime.crime_flag': (['crime_ref', 'flag', 'origin'], []),
    'crime.crime_person': (['crime_ref', 'nominal_id', 'role'], ['link_status', 'linked_at']),
    'intelligence.intelligence_report': (['intel_ref'], [
        'submitted_at', 'event_on', 'category', 'grading_scheme', 'source_grade', 'assessment_grade',
        'handling_code', 'record_status', 'linked_crime_ref',
    ]),
    'intelligence.intelligence_subject': (['intel_ref', 'nominal_id', 'involvement'], []),
    'person.nominal': (['nominal_id'], [
        'date_of_birth', 'sex', 'self_defined_ethnicity', 'officer_observed_ethnicity', 'religion',
        'disability', 'sexual_orientation', 'deceased_on', 'merged_into',
    ]),
    'person.restriction': (['restriction_id'], ['nominal_id', 'record_ref', 'reason', 'starts_on', 'ends_on']),
    'partnership.safeguarding': (['nominal_id', 'kind', 'opened_on'], ['closed_on']),
} %}
with

-- Keys that may occur twice are few, and found by one count over all tables: a count for each of them at the same time
-- would take several times the memory.
repeated as (

    select key_hash
    from (
        {% for source_table, (key, others) in keys_and_others.items() -%}
            select {{ key_hash(source_table, key) }} as key_hash
            from {{ source('landing', source_table.split('.')[1]) }}
            {% if not loop.last %}union all{% endif %}
        {% endfor -%}
    )
    group by key_hash
    having count(*) > 1

)

{% for source_table, (key, others) in keys_and_others.items() -%}
    {{ superseded_rows(source_table, key, others) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
