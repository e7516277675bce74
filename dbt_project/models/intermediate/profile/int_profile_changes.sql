-- A row is a code of a column of a delivered table: how many rows hold it, how many would by the share that it usually
-- had before, and how many rows turned over since. What is too much of a change, the audit decides.
{{ config(materialized='table') }}
with

sizes as (

    select
        source_table,
        column_name,
        sum(row_count) as table_rows
    from {{ ref('table_profiles') }}
    group by source_table, column_name

),

earlier as (

    select distinct
        source_table,
        column_name,
        releases
    from {{ ref('int_profiles_before') }}

),

since as (

    select min(as_of_date) as as_of_date from {{ ref('int_compared_releases') }}

),

turnover as (

    select
        profiled.source_table,
        sum(profiled.row_count) as updated_rows
    from {{ ref('int_profiled_values') }} as profiled
    inner join since on profiled.day_of_value > since.as_of_date
    where profiled.column_name = 'updated_on'
    group by profiled.source_table

)

select
    source_table,
    column_name,
    value_code,
    coalesce(delivered.row_count, 0) as row_count,
    sizes.table_rows,
    sizes.table_rows * coalesce(before.share, 0) as expected_rows,
    -- Of ages as many more as came of age since: their classes are 30 days wide.
    coalesce(turnover.updated_rows, 0) + case
        when column_name like '%_age' then sizes.table_rows * (context.as_of_date - since.as_of_date) / 30
        else 0
    end as turned_over_rows,
    earlier.releases
from {{ ref('table_profiles') }} as delivered
full outer join {{ ref('int_profiles_before') }} as before using (source_table, column_name, value_code)
inner join sizes using (source_table, column_name)
inner join earlier using (source_table, column_name)
cross join since
cross join {{ source('run', 'context') }} as context
left join turnover using (source_table)
