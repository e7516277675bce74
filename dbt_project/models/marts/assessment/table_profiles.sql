-- A row is a code that a column of a delivered table holds, or a class of its days or spells, with the number of
-- rows: what later runs compare their deliveries with. Small numbers of people are among them.
with

days as (

    select
        profiled.source_table,
        profiled.column_name,
        profiled.day_of_value,
        {{ days_from('profiled.day_of_value', 'context.as_of_date') }} as days_ago,
        profiled.row_count
    from {{ ref('int_profiled_values') }} as profiled
    cross join {{ source('run', 'context') }} as context
    where profiled.day_of_value is not null
        -- When rows were last updated says how many turned over. It is no mix that should stay as it was.
        and profiled.column_name <> 'updated_on'

),

counted as (

    select
        source_table,
        replace(column_name, '_on', '_age') as column_name,
        case
            when days_ago < 0 then 'later'
            when days_ago >= 1800 then '1800 days and more'
            else printf('%d to %d days', days_ago // 30 * 30, days_ago // 30 * 30 + 29)
        end as value_code,
        row_count
    from days

    union all

    select
        source_table,
        replace(column_name, '_on', '_day') as column_name,
        cast(day_of_value as string) as value_code,
        row_count
    from days
    where column_name in ('recorded_on', 'linked_on', 'submitted_on')
        and days_ago between 0 and {{ policy_number('daily_window_days') }}

    union all

    select
        source_table,
        case
            when column_name in ({{ day_columns() }})
                then replace(column_name, '_on', '_age')
            else column_name
        end as column_name,
        value_code,
        row_count
    from {{ ref('int_profiled_values') }}
    where day_of_value is null
        and column_name <> 'updated_on'

    union all

    select
        'crime.crime_person' as source_table,
        'linking_delay' as column_name,
        coalesce(linking_delay, 'unreadable') as value_code,
        link_count as row_count
    from {{ ref('int_recent_links') }}

)

select
    source_table,
    column_name,
    value_code,
    cast(sum(row_count) as bigint) as row_count
from counted
group by source_table, column_name, value_code
order by source_table, column_name, value_code
