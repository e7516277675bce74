-- A row is a cell of a cross table of the listed with whether its number may be shown: a reader knows earlier quarters
-- and the people who came and went.
{{ config(materialized='table') }}

with

told_by_movements as (

    {{ told_by_movements(ref('int_cross_table_cells'), 4) }}

)

select
    cells.period,
    cells.population_kind,
    cells.characteristic,
    cells.group_code,
    cells.people,
    cells.rounding_base,
    case when told_by_movements.period is null then cells.status else 'secondary_suppressed' end as status
from {{ ref('int_cross_table_cells') }} as cells
left join told_by_movements
    on cells.period = told_by_movements.period
        and cells.characteristic = told_by_movements.characteristic
