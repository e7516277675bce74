-- A row is a cell of a cross table in a column that it stands in: one for what was observed, or one for its age and one
-- for its sex; with the people in its row of that column, and in all of it.
with

cells as (

    select
        *,
        unnest([
            '1 ' || split_part(group_code, '|', 2),
            case when characteristic = 'ethnicity_by_age_and_sex' then '2 ' || split_part(group_code, '|', 3) end
        ]) as column_code
    from {{ ref('int_cross_table_rows') }}

)

select
    period,
    characteristic,
    partition_code,
    group_code,
    column_code,
    suppression_threshold,
    sum(people) over (partition by period, characteristic, partition_code, column_code) as people_in_row,
    sum(people) over (partition by period, characteristic, column_code) as people_in_column
from cells
where column_code is not null
