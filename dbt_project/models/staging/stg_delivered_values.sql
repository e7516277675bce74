-- A row is a value of a column of a delivered table, as it came, with the number of rows that hold it: the only pass
-- over the delivery that the audit of mixes, days and texts needs. It may hold anything: it stays in the work file.
{{ config(materialized='table') }}
{% set spells = {
    'recording_delay': days_between('try_cast(left(committed_from, 10) as date)', 'try_cast(left(recorded_at, 10) as date)'),
    'reporting_delay': days_between('try_cast(left(event_on, 10) as date)', 'try_cast(left(submitted_at, 10) as date)'),
    'lasting': "case when nullif(trim(ends_on), '') is null then 'open-ended' else "
        ~ days_between('try_cast(starts_on as date)', 'try_cast(ends_on as date)') ~ " end",
} %}
{% set others = {
    'crime.crime_report': {
        'committed_to': given_or_not('committed_to'),
        'incident_ref': given_or_not('incident_ref'),
        'migrated_from_ref': given_or_not('migrated_from_ref'),
        'committed_on': day_of('committed_from'),
        'recorded_on': day_of('recorded_at'),
        'recorded_hour': hour_of('recorded_at'),
        'recording_delay': spells['recording_delay'],
        'updated_on': day_of('updated_at'),
        'updated_order': "case when updated_at < recorded_at then 'before recorded' else 'after recorded' end",
    },
    'crime.crime_flag': {'updated_on': day_of('updated_at')},
    'crime.crime_person': {
        'linked_on': day_of('linked_at'),
        'linked_hour': hour_of('linked_at'),
        'updated_on': day_of('updated_at'),
    },
    'intelligence.intelligence_report': {
        'linked_crime_ref': given_or_not('linked_crime_ref'),
        'submitted_on': day_of('submitted_at'),
        'submitted_hour': hour_of('submitted_at'),
        'reporting_delay': spells['reporting_delay'],
        'updated_on': day_of('updated_at'),
    },
    'intelligence.intelligence_subject': {'updated_on': day_of('updated_at')},
    'person.nominal': {
        'birth_year': 'left(date_of_birth, 4)',
        'birth_day': 'substr(date_of_birth, 9, 2)',
        'ethnicity_agreement': "left(self_defined_ethnicity, 1) || '/' || trim(officer_observed_ethnicity)",
        'deceased_on': given_or_not('deceased_on'),
        'merged_into': given_or_not('merged_into'),
        'updated_on': day_of('updated_at'),
    },
    'person.restriction': {
        'record_ref': given_or_not('record_ref'),
        'lasting': spells['lasting'],
        'updated_on': day_of('updated_at'),
    },
    'partnership.safeguarding': {
        'opened_on': day_of('opened_on'),
        'closed_on': given_or_not('closed_on'),
        'updated_on': day_of('updated_at'),
    },
} %}
{% set grading = "grading_scheme || ' ' || source_grade || assessment_grade" %}
{% for source_table, coded in coded_columns().items() %}
    {% set columns = {} %}
    {% for name in coded %}
        {% do columns.update({name: grading if name == 'grading' else name}) %}
    {% endfor %}
    {% do columns.update(others[source_table]) %}
    {{ counted_values(source_table, columns) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
