{# Columns as the method reads them: trimmed of spaces, tabs and line ends, the empty text being null. Nearly every
   value begins with a visible character and ends with none of those, and to see that costs a tenth of trimming. #}
{% macro trimmed_expressions(columns) -%}
    {% set blanks = ['chr(32)', 'chr(9)', 'chr(10)', 'chr(13)'] -%}
    {% set expressions = [] -%}
    {% for column in columns -%}
        {% set visible = [column ~ " >= '!'"] -%}
        {% for blank in blanks -%}
            {% do visible.append(column ~ " not like '%' || " ~ blank) -%}
        {% endfor -%}
        {% do expressions.append(
            'case when ' ~ visible | join(' and ') ~ ' then ' ~ column
            ~ ' else nullif(trim(both ' ~ blanks | join(' || ') ~ ' from ' ~ column ~ "), '') end"
        ) -%}
    {% endfor -%}
    {{ return(expressions) }}
{%- endmacro %}

{% macro trimmed(columns) -%}
    {% for expression in trimmed_expressions(columns) -%}
        {{ expression }} as {{ columns[loop.index0] }}
        {%- if not loop.last %},
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{# Whether a text is in the contract's format and within 1900-2100. It is exactly if the value it names is written
   the same way, which also refuses 30 February, a missing zero, a fraction and a zone. Texts of this
   length stand in the order of their dates, so that the cheap comparison can go before the dear one. #}
{% macro is_date(column) -%}
    (length({{ column }}) = 10
    and {{ column }} between '1900-01-01' and '2100-12-31'
    and cast(try_cast({{ column }} as date) as string) = {{ column }})
{%- endmacro %}

{% macro is_timestamp(column) -%}
    (length({{ column }}) = 19
    and {{ column }} between '1900-01-01 00:00:00' and '2100-12-31 23:59:59'
    and cast(try_cast({{ column }} as {{ wall_time() }}) as string) = {{ column }})
{%- endmacro %}

{# The date or timestamp that a text names, or null. #}
{% macro read_date(column) -%}
    case when {{ is_date(column) }} then try_cast({{ column }} as date) end
{%- endmacro %}

{% macro read_timestamp(column) -%}
    case when {{ is_timestamp(column) }} then try_cast({{ column }} as {{ wall_time() }}) end
{%- endmacro %}

{# Whether a required date or timestamp cannot be read; null counts as unreadable. #}
{% macro is_unreadable(kind, column) -%}
    {{ is_date(column) if kind == 'date' else is_timestamp(column) }} is not true
{%- endmacro %}

{# Whether an optional one is given and cannot be read. #}
{% macro is_given_but_unreadable(kind, column) -%}
    {{ column }} is not null and {{ is_unreadable(kind, column) }}
{%- endmacro %}
