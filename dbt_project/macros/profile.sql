{# Every value of some columns of a delivered table with the number of its rows, in one pass over the table.
   `columns` are expressions by name. #}
{% macro counted_values(source_table, columns) -%}
    select
        '{{ source_table }}' as source_table,
        case
            {%- for name in columns %}
            when grouping({{ name }}) = 0 then '{{ name }}'
            {%- endfor %}
        end as column_name,
        -- In each row all but one of them are null.
        coalesce({{ columns | join(', ') }}) as delivered_value,
        count(*) as row_count
    from (
        select
            {%- for name, expression in columns.items() %}
            {{ expression }} as {{ name }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ source('landing', source_table.split('.')[1]) }}
    )
    group by grouping sets ({% for name in columns %}({{ name }}){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# Whether there is anything in a column. #}
{% macro given_or_not(column) -%}
    case when {{ trimmed_expressions([column])[0] }} is not null then 'given' end
{%- endmacro %}

{# The day of a date or timestamp, as text; the hour of a timestamp. #}
{% macro day_of(column) -%}
    left({{ column }}, 10)
{%- endmacro %}

{% macro hour_of(column) -%}
    substr({{ column }}, 12, 2)
{%- endmacro %}

{# How many days lie between two days, in words that become coarser with their number. #}
{% macro days_between(earlier, later) -%}
    case
        when {{ earlier }} is null or {{ later }} is null then null
        when {{ days_from(earlier, later) }} < 0 then 'negative'
        when {{ days_from(earlier, later) }} <= 7
            then cast({{ days_from(earlier, later) }} as string)
        when {{ days_from(earlier, later) }} <= 31 then '8 to 31'
        when {{ days_from(earlier, later) }} <= 92 then '32 to 92'
        when {{ days_from(earlier, later) }} <= 366 then '93 to 366'
        else 'over 366'
    end
{%- endmacro %}

{# The columns of the delivery whose values are codes, by table: what their codes are listed under. #}
{% macro coded_columns() -%}
    {{ return({
        'crime.crime_report': {
            'source_system': 'source_system',
            'record_status': 'crime_record_status',
            'location_kind': 'location_kind',
            'borough': 'borough',
            'offence_code': 'offence_code',
            'outcome_code': 'outcome_code',
        },
        'crime.crime_flag': {'flag': 'flag', 'origin': 'flag_origin'},
        'crime.crime_person': {'role': 'role', 'link_status': 'link_status'},
        'intelligence.intelligence_report': {
            'category': 'category',
            'grading': 'grading',
            'handling_code': 'handling_code',
            'record_status': 'intelligence_record_status',
        },
        'intelligence.intelligence_subject': {'involvement': 'involvement'},
        'person.nominal': {
            'sex': 'sex',
            'self_defined_ethnicity': 'self_defined',
            'officer_observed_ethnicity': 'officer_observed',
            'religion': 'religion',
            'disability': 'disability',
            'sexual_orientation': 'sexual_orientation',
        },
        'person.restriction': {'reason': 'restriction_reason'},
        'partnership.safeguarding': {'kind': 'safeguarding_kind'},
    }) }}
{%- endmacro %}

{# The columns that hold days: in profiles they become ages, in days before the as-of date. #}
{% macro day_columns() -%}
    'committed_on', 'recorded_on', 'linked_on', 'submitted_on', 'opened_on', 'updated_on'
{%- endmacro %}

{# A whole number of the policy. #}
{% macro policy_number(parameter) -%}
    (select cast(value as integer) from {{ ref('policy') }} where parameter = '{{ parameter }}')
{%- endmacro %}
