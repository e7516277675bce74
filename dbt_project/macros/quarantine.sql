{# A delivered row's name in the quarantine: its key columns in contract order joined by |, null as nothing. #}
{% macro record_key(key) -%}
    {% for column in key %}coalesce({{ column }}, ''){{ " || '|' || " if not loop.last }}{% endfor %}
{%- endmacro %}

{# The delivered rows of a table over which a newer row with the same key stands. Only rows whose key may occur
   twice, told by a hash of it, are read whole and ranked: they are few, and ranking everything would be most of a
   build's cost. #}
{% macro superseded_rows(source_table, key, others) -%}
    {% set delivered = source('landing', source_table.split('.')[1]) -%}
    {% set key_hash = 'hash(' ~ trimmed_expressions(key) | join(', ') ~ ')' -%}
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
            from {{ delivered }}
            where {{ key_hash }} in (
                select {{ key_hash }}
                from {{ delivered }}
                group by 1
                having count(*) > 1
            )
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
            unnest([
                {%- for reason in reasons %}
                case when {{ reason }} then '{{ reason }}' end{{ ',' if not loop.last }}
                {%- endfor %}
            ]) as reason
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
    ({{ column }} is not null and {{ column }} not in {{ codes_of(domain) }})
{%- endmacro %}
