-- A row is a cell of a cross table of the listed with whether its number may be shown, as far as this quarter goes: one
-- row of the table, that has people enough wherever another withholds a cell, is withheld whole, so that no column
-- gives a cell away. A table without such a row is not shown.
{{ config(materialized='table') }}

with

making_up as (

    select
        period,
        characteristic,
        partition_code,
        row_number() over (
            partition by period, characteristic
            order by sum(case when column_code like '1 %' then people_in_row end), partition_code
        ) as choice
    from {{ ref('int_cross_table_columns') }}
    group by period, characteristic, partition_code
    having max(people_in_row) > 0
        and max(
            case
                when withheld_in_other_rows > 0
                    and people_in_column >= suppression_threshold
                    and people_in_row < suppression_threshold - 2
                    then 1
                else 0
            end
        ) = 0

),

withheld as (

    select
        period,
        characteristic,
        sum(case when status = 'published' then 0 else 1 end) as cells
    from {{ ref('int_cross_table_rows') }}
    group by period, characteristic

),

in_columns_of_few as (

    select distinct
        period,
        characteristic,
        group_code
    from {{ ref('int_cross_table_columns') }}
    where people_in_column between 1 and suppression_threshold - 1

)

select
    cells.period,
    cells.population_kind,
    cells.characteristic,
    cells.group_code,
    cells.people,
    cells.rounding_base,
    case
        when withheld.cells = 0 then 'published'
        when making_up.partition_code is null or making_up.partition_code = cells.partition_code
            then 'secondary_suppressed'
        -- What stands in a column of few people is not even told to be few.
        when in_columns_of_few.group_code is not null then 'secondary_suppressed'
        else cells.status
    end as status
from {{ ref('int_cross_table_rows') }} as cells
inner join withheld using (period, characteristic)
left join making_up
    on cells.period = making_up.period
        and cells.characteristic = making_up.characteristic
        and making_up.choice = 1
left join in_columns_of_few
    on cells.period = in_columns_of_few.period
        and cells.characteristic = in_columns_of_few.characteristic
        and cells.group_code = in_columns_of_few.group_code
