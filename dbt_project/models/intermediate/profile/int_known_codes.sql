-- A row is a code that a column of codes may hold.
with

codes (domain, code) as (

    select
        domain,
        code
    from {{ ref('code_lists') }}
    union all
    select
        'offence_code',
        offence_code
    from {{ ref('offences') }}
    union all
    select
        'outcome_code',
        outcome_code
    from {{ ref('outcome_codes') }}
    union all
    select
        'category',
        category
    from {{ ref('intelligence_categories') }}
    union all
    select
        scheme,
        code
    from {{ ref('ethnicity_codes') }}
    union all
    select
        'grading',
        grading_scheme || ' ' || source_grade || assessment_grade
    from {{ ref('intelligence_reliability') }}

),

coded_columns (source_table, column_name, domain) as (

    values
    {%- for source_table, columns in coded_columns().items() -%}
        {%- set is_last_table = loop.last -%}
        {%- for name, domain in columns.items() %}
            ('{{ source_table }}', '{{ name }}', '{{ domain }}'){{ ',' if not (loop.last and is_last_table) }}
        {%- endfor %}
    {%- endfor %}

)

select
    coded_columns.source_table,
    coded_columns.column_name,
    codes.code
from coded_columns
inner join codes on coded_columns.domain = codes.domain
