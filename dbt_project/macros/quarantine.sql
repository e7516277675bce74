{# A delivered row's name in the quarantine: its key columns in contract order joined by |, null as nothing. #}
{% macro record_key(key) -%}
    {% for column in key %}coalesce({{ column }}, ''){{ " || '|' || " if not loop.last }}{% endfor %}
{%- endmacro %}

{# A number for the key of a delivered row: keys that are the same have the same. #}
{% macro key_hash(source_table, key) -%}
    {{ wide_hash(["'" ~ source_table ~ "'"] + trimmed_expressions(key)) }}
{%- endmacro %}

{# The delivered rows of a table over which a newer row with the same key stands, among those whose key may occur
   twice: they alone are read whole and ranked. #}
{% macro superseded_rows(source_table, key, others) -%}
    select
        '{{ source_table }}' as source_table,
        landing_row,
        {{ record_key(key) }} as record_key
    from (
        select
            *,
            row_number() over (
                partition by {{ key | join(', ') }}
                order by
                    {{ read_timestamp('updated_at') }} desc nulls last,
                    {% for column in others + ['updated_at'] -%}
                    {{ column }} desc nulls last,
                    {% endfor -%}
                    landing_row
            ) as version
        from (
            select
                landing_row,
                {{ trimmed(key + others + ['updated_at']) }}
            from {{ source('landing', source_table.split('.')[1]) }}
            where {{ key_hash(source_table, key) }} in (select repeated.key_hash from repeated)
        )
        where {% for column in key %}{{ column }} is not null{{ ' and ' if not loop.last }}{% endfor %}
    )
    where version > 1
{%- endmacro %}

{# Keeps the latest of duplicates. #}
{% macro is_latest(source_table) -%}
    landing_row not in (
        select landing_row from {{ ref('stg_superseded_rows') }} where source_table = '{{ source_table }}'
    )
{%- endmacro %}

{# One row a reason for the judged rows of a table that break a rule. `reasons` are boolean columns of the model,
   each named after its reason. #}
{% macro quarantined_rows(source_table, model, key, reasons) -%}
    {% set broken = [] -%}
    {% for reason in reasons -%}
        {% do broken.append('case when ' ~ reason ~ " then '" ~ reason ~ "' end") -%}
    {% endfor -%}
    select
        '{{ source_table }}' as source_table,
        record_key,
        reason,
        case when reason in (
            'invalid_characteristic'{{ ", 'unknown_record'" if source_table == 'crime.crime_report' }}
        ) then 'value_missing' else 'row_out' end as effect
    from (
        select
            {{ record_key(key) }} as record_key,
            {{ one_row_each(broken) }} as reason
        from {{ ref(model) }}
        where {{ reasons | join(' or ') }}
    )
    where reason is not null
{%- endmacro %}

{# Whether a reference names nothing that was delivered. Few rows name few references, or the other way about: what is
   looked up is first made as small as the smaller of the two, since to remember every reference of the larger is what
   takes the memory of a build. #}
{% macro is_unknown(column, referring, key, delivered) -%}
    ({{ column }} is not null and ({{ column }} in (
        select known.{{ key }} from {{ delivered }} as known
        where known.{{ key }} in (
            select referring.{{ column }} from {{ referring }} as referring
            where referring.{{ column }} is not null
        )
    )) is not true)
{%- endmacro %}

{# Codes of a domain of seed code_lists. #}
{% macro codes_of(domain) -%}
    (select code from {{ ref('code_lists') }} where domain = '{{ domain }}')
{%- endmacro %}

{# A value outside its list, null being fine. #}
{% macro is_outside(column, domain) -%}
    ({{ column }} is not null and ({{ column }} in {{ codes_of(domain) }}) is not true)
{%- endmacro %}
