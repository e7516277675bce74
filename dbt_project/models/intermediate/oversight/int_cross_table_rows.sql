-- A row is a cell of a cross table of the listed with whether its number may be shown as far as its own row goes.
{{ config(materialized='table') }}

with

cells as (

    select
        cells.*,
        rows_of_table.status = 'published' as is_row_shown
    from {{ ref('int_countable_cells') }} as cells
    inner join {{ ref('int_protected_groups') }} as rows_of_table
        on cells.period = rows_of_table.period
            and cells.population_kind = rows_of_table.population_kind
            and cells.partition_code = rows_of_table.group_code
            and rows_of_table.characteristic = 'self_defined_ethnicity_5'
    where cells.group_code like '%|%'

)

{{ with_status(
    'cells', ['period', 'characteristic', 'partition_code'], ['group_code'], 'is_row_shown and not is_withheld'
) }}
