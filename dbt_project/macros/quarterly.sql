{# The rows of a table that changes only when a quarter closes: those of the quarter that this build closes, from
   the CTE `closing`, and those of every other period as the previous release carried them. Ends a model. #}
{% macro quarterly(table, columns, closing='closing') -%}
    select
        {% for column in columns -%}
        {{ closing }}.{{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ closing }}

    union all

    select
        {% for column in columns -%}
        earlier.{{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ source('history', table) }} as earlier
    inner join {{ ref('int_previous_release') }} as previous on earlier.run_id = previous.run_id
    where earlier.period not in (
        select assessments.closes_period
        from {{ source('run', 'assessment') }} as assessments
        where assessments.closes_period is not null
    )
    order by {{ columns | join(', ') }}
{%- endmacro %}
