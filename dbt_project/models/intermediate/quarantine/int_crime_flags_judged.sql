-- A row is a flag on a crime report with what is wrong with it.
{{ config(materialized='table') }}

with

judged as (

    select
        *,
        crime_ref is null or flag is null or origin is null as missing_key,
        crime_ref is not null and (crime_ref in (
            select delivered.crime_ref from {{ ref('int_crime_reports_judged') }} as delivered
            where delivered.crime_ref is not null
        )) is not true as unknown_record,
        {{ is_outside('flag', 'flag') }} or {{ is_outside('origin', 'flag_origin') }} as invalid_code
    from {{ ref('stg_crime__flags') }}

)

select
    *,
    (not (missing_key or bad_date or unknown_record or invalid_code)) as is_sound
from judged
