{# Where engines differ, each difference by what it means: once for DuckDB, once for Spark. Everything else in the
   models is SQL that both read alike. #}

{# The type of whole numbers that are multiplied before they are divided: 128 bits, or as many digits. #}
{% macro whole_number() -%}
    {{ return(adapter.dispatch('whole_number')()) }}
{%- endmacro %}

{% macro duckdb__whole_number() -%}
    {{ return('hugeint') }}
{%- endmacro %}

{% macro spark__whole_number() -%}
    {{ return('decimal(38, 0)') }}
{%- endmacro %}

{# How often one whole number goes into another. #}
{% macro whole_quotient(numerator, denominator) -%}
    {{ return(adapter.dispatch('whole_quotient')(numerator, denominator)) }}
{%- endmacro %}

{% macro duckdb__whole_quotient(numerator, denominator) -%}
    {{ return(numerator ~ ' // ' ~ denominator) }}
{%- endmacro %}

{% macro spark__whole_quotient(numerator, denominator) -%}
    {{ return(numerator ~ ' div ' ~ denominator) }}
{%- endmacro %}

{# The type of a wall time, which has no zone. Spark's own `timestamp` has one, and loses an hour each March. #}
{% macro wall_time() -%}
    {{ return(adapter.dispatch('wall_time')()) }}
{%- endmacro %}

{% macro duckdb__wall_time() -%}
    {{ return('timestamp') }}
{%- endmacro %}

{% macro spark__wall_time() -%}
    {{ return('timestamp_ntz') }}
{%- endmacro %}

{# How many days lie between two dates. #}
{% macro days_from(earlier, later) -%}
    {{ return(adapter.dispatch('days_from')(earlier, later)) }}
{%- endmacro %}

{% macro duckdb__days_from(earlier, later) -%}
    {{ return("date_diff('day', " ~ earlier ~ ', ' ~ later ~ ')') }}
{%- endmacro %}

{% macro spark__days_from(earlier, later) -%}
    {{ return('datediff(' ~ later ~ ', ' ~ earlier ~ ')') }}
{%- endmacro %}

{# A number of 64 bits that is the same for the same values. #}
{% macro wide_hash(expressions) -%}
    {{ return(adapter.dispatch('wide_hash')(expressions)) }}
{%- endmacro %}

{% macro duckdb__wide_hash(expressions) -%}
    {{ return('hash(' ~ expressions | join(', ') ~ ')') }}
{%- endmacro %}

{% macro spark__wide_hash(expressions) -%}
    {{ return('xxhash64(' ~ expressions | join(', ') ~ ')') }}
{%- endmacro %}

{# A row for each of some expressions, in a select list. #}
{% macro one_row_each(expressions) -%}
    {{ return(adapter.dispatch('one_row_each')(expressions)) }}
{%- endmacro %}

{% macro duckdb__one_row_each(expressions) -%}
    {{ return('unnest([' ~ expressions | join(', ') ~ '])') }}
{%- endmacro %}

{% macro spark__one_row_each(expressions) -%}
    {{ return('explode(array(' ~ expressions | join(', ') ~ '))') }}
{%- endmacro %}

{# What can be reached in one step or several, as the body of a recursive CTE of that name with the columns `start`
   and `reached`. `steps` has at most one step from each `start` to a `next`, and may have circles: a pair that was
   seen before ends the walk. Spark has no recursive union without duplicates, so there a walk knows its way. #}
{% macro everything_reached(walked, steps, start, next, reached) -%}
    {{ return(adapter.dispatch('everything_reached')(walked, steps, start, next, reached)) }}
{%- endmacro %}

{% macro duckdb__everything_reached(walked, steps, start, next, reached) %}
    select
        {{ start }},
        {{ next }} as {{ reached }}
    from {{ steps }}

    union

    select
        {{ walked }}.{{ start }},
        {{ steps }}.{{ next }} as {{ reached }}
    from {{ walked }}
    inner join {{ steps }} on {{ walked }}.{{ reached }} = {{ steps }}.{{ start }}
{% endmacro %}

{% macro spark__everything_reached(walked, steps, start, next, reached) %}
    select
        {{ start }},
        {{ next }} as {{ reached }},
        array({{ next }}) as way
    from {{ steps }}

    union all

    select
        {{ walked }}.{{ start }},
        {{ steps }}.{{ next }} as {{ reached }},
        array_append({{ walked }}.way, {{ steps }}.{{ next }}) as way
    from {{ walked }}
    inner join {{ steps }} on {{ walked }}.{{ reached }} = {{ steps }}.{{ start }}
    where not array_contains({{ walked }}.way, {{ steps }}.{{ next }})
{% endmacro %}
