-- A row is a code that a column of a table held in the releases before, with the share of rows that usually held it.
with

earlier as (

    select
        profiles.*,
        sum(profiles.row_count) over (partition by profiles.run_id, profiles.source_table, profiles.column_name)
            as table_rows
    from {{ source('history', 'table_profiles') }} as profiles
    inner join {{ ref('int_compared_releases') }} using (run_id)

),

codes as (

    select distinct
        source_table,
        column_name,
        value_code
    from earlier

),

releases as (

    select distinct
        run_id,
        source_table,
        column_name,
        table_rows
    from earlier

)

select
    codes.source_table,
    codes.column_name,
    codes.value_code,
    count(*) as releases,
    -- The median, so that one bad release among several does not pass for the rule.
    median(coalesce(earlier.row_count, 0) / releases.table_rows) as share
from codes
inner join releases using (source_table, column_name)
left join earlier using (run_id, source_table, column_name, value_code)
group by codes.source_table, codes.column_name, codes.value_code
