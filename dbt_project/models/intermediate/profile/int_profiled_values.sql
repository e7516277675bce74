-- A row is a delivered value under the code that it is counted by, with the number of rows that hold it: a code of
-- its list, or one of missing, unknown and unreadable, so that no text of anybody's record is among them.
with

coded_columns as (

    select distinct
        source_table,
        column_name
    from {{ ref('int_known_codes') }}

),

delivered as (

    select
        profiled.source_table,
        profiled.column_name,
        nullif(
            trim(profiled.delivered_value, chr(32) || chr(9) || chr(10) || chr(13)), ''
        ) as delivered_value,
        profiled.row_count,
        profiled.column_name in ({{ day_columns() }}) as holds_days,
        coded_columns.column_name is not null as holds_codes
    from {{ ref('stg_delivered_values') }} as profiled
    left join coded_columns
        on profiled.source_table = coded_columns.source_table
            and profiled.column_name = coded_columns.column_name

),

days as (

    select
        *,
        case when holds_days then try_cast(delivered_value as date) end as day_of_value,
        -- What else is profiled is a class that was made of the values, or can be told by its form.
        column_name not in ('birth_year', 'birth_day', 'ethnicity_agreement') and column_name not like '%_hour'
        or column_name = 'birth_year' and regexp_full_match(delivered_value, '[12][0-9]{3}')
        or column_name = 'birth_day' and regexp_full_match(delivered_value, '[0-3][0-9]')
        or column_name = 'ethnicity_agreement' and regexp_full_match(delivered_value, '[WMABON]/IC[1-9]')
        or column_name like '%_hour' and regexp_full_match(delivered_value, '[0-2][0-9]') as is_well_formed
    from delivered

)

select
    days.source_table,
    days.column_name,
    days.row_count,
    days.day_of_value,
    case
        when days.delivered_value is null then 'missing'
        when days.holds_codes then coalesce(known.code, 'unknown')
        when days.holds_days and days.day_of_value is not null then 'a day'
        when not days.holds_days and days.is_well_formed then days.delivered_value
        else 'unreadable'
    end as value_code
from days
left join {{ ref('int_known_codes') }} as known
    on days.source_table = known.source_table
        and days.column_name = known.column_name
        and days.delivered_value = known.code
