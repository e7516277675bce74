-- A row is a column of codes of a delivered table: how many of its rows have blanks around the code, and how many a
-- code that would be known in capitals or in small letters.
with

delivered as (

    select
        *,
        trim(delivered_value, chr(32) || chr(9) || chr(10) || chr(13)) as trimmed_value
    from {{ ref('stg_delivered_values') }}

),

coded_columns as (

    select distinct
        source_table,
        column_name
    from {{ ref('int_known_codes') }}

),

letters as (

    select distinct
        source_table,
        column_name,
        lower(code) as letters
    from {{ ref('int_known_codes') }}

)

select
    delivered.source_table,
    delivered.column_name,
    sum(delivered.row_count) as row_count,
    coalesce(
        sum(delivered.row_count) filter (where delivered.trimmed_value <> delivered.delivered_value), 0
    ) as padded_rows,
    coalesce(
        sum(delivered.row_count) filter (where letters.letters is not null and known.code is null), 0
    ) as other_case_rows
from delivered
inner join coded_columns
    on delivered.source_table = coded_columns.source_table
        and delivered.column_name = coded_columns.column_name
left join letters
    on delivered.source_table = letters.source_table
        and delivered.column_name = letters.column_name
        and lower(delivered.trimmed_value) = letters.letters
left join {{ ref('int_known_codes') }} as known
    on delivered.source_table = known.source_table
        and delivered.column_name = known.column_name
        and delivered.trimmed_value = known.code
group by delivered.source_table, delivered.column_name
