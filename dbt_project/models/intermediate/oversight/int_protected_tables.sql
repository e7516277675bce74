-- A row is a cell of a cross table of the listed with whether its number may be shown: a reader knows earlier quarters
-- and the people who came and went. Ethnicity by age and sex together, and in broad groups by each of the two, would
-- tell of each other: whichever was shown first is what is shown, the former where both could be.
{{ config(materialized='table') }}

with

told_by_movements as (

    {{ told_by_movements(ref('int_cross_table_cells'), 4) }}

),

shown_before as (

    select history.characteristic
    from {{ source('history', 'group_counts') }} as history
    inner join {{ ref('int_previous_release') }} as previous on history.run_id = previous.run_id
    where history.status in ('published', 'suppressed')
        and history.period not in (select cells.period from {{ ref('int_cross_table_cells') }} as cells)

),

could_be_shown as (

    select
        cells.*,
        cells.characteristic = 'ethnicity_by_age_and_sex' as is_full,
        cells.characteristic in ('ethnicity_by_age_band', 'ethnicity_by_sex') as is_broad
    from {{ ref('int_cross_table_cells') }} as cells
    left join told_by_movements
        on cells.period = told_by_movements.period
            and cells.characteristic = told_by_movements.characteristic
    where told_by_movements.period is null

),

full_tables as (

    select period
    from could_be_shown
    where is_full
        and status <> 'secondary_suppressed'
        and 'ethnicity_by_age_band' not in (select shown_before.characteristic from shown_before)
        and 'ethnicity_by_sex' not in (select shown_before.characteristic from shown_before)

)

select
    cells.period,
    cells.population_kind,
    cells.characteristic,
    cells.group_code,
    cells.people,
    cells.rounding_base,
    case
        when could_be_shown.is_full and cells.period not in (select full_tables.period from full_tables)
            then 'secondary_suppressed'
        when could_be_shown.is_broad and cells.period in (select full_tables.period from full_tables)
            then 'secondary_suppressed'
        when could_be_shown.is_broad
            and 'ethnicity_by_age_and_sex' in (select shown_before.characteristic from shown_before)
            then 'secondary_suppressed'
        else coalesce(could_be_shown.status, 'secondary_suppressed')
    end as status
from {{ ref('int_cross_table_cells') }} as cells
left join could_be_shown using (period, characteristic, group_code)
