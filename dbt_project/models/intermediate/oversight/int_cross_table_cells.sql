-- A row is a cell of a cross table of the listed with whether its number may be shown, as far as this quarter goes: one
-- row of the table, that has people enough in every column, is withheld whole, so that no column gives a cell away, nor
-- all cells of a column a group that the tables of one characteristic withhold. Without such a row there is no table.
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
        and max(case when people_in_row < suppression_threshold - 2 then people_in_column else 0 end)
        < max(suppression_threshold)

),

-- Tables with a cell that is withheld, and all of them where a group of one characteristic is.
withheld as (

    select
        cells.period,
        cells.characteristic
    from {{ ref('int_cross_table_rows') }} as cells
    left join {{ ref('int_protected_groups') }} as margins
        on cells.period = margins.period
            and cells.population_kind = margins.population_kind
            and margins.characteristic in ('self_defined_ethnicity_5', 'officer_observed_ethnicity', 'age_band', 'sex')
    group by cells.period, cells.characteristic
    having max(case when cells.status <> 'published' or margins.status <> 'published' then 1 else 0 end) = 1

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
        when withheld.period is null then 'published'
        when making_up.partition_code is null or making_up.partition_code = cells.partition_code
            then 'secondary_suppressed'
        -- Somebody in a column of few people is not even told to be one of few.
        when in_columns_of_few.group_code is not null and cells.people > 0 then 'secondary_suppressed'
        else cells.status
    end as status
from {{ ref('int_cross_table_rows') }} as cells
left join withheld using (period, characteristic)
left join making_up
    on cells.period = making_up.period
        and cells.characteristic = making_up.characteristic
        and making_up.choice = 1
left join in_columns_of_few
    on cells.period = in_columns_of_few.period
        and cells.characteristic = in_columns_of_few.characteristic
        and cells.group_code = in_columns_of_few.group_code
