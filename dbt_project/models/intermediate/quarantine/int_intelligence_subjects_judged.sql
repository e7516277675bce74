-- A row is a nominal named in an intelligence report with what is wrong with it.
{{ config(materialized='table') }}

with

judged as (

    select
        *,
        intel_ref is null or nominal_id is null or involvement is null as missing_key,
        nominal_id is not null and (nominal_id in (
            select delivered.nominal_id from {{ ref('int_nominals_judged') }} as delivered
            where delivered.nominal_id is not null
        )) is not true as unknown_nominal,
        intel_ref is not null and (intel_ref in (
            select delivered.intel_ref from {{ ref('int_intelligence_reports_judged') }} as delivered
            where delivered.intel_ref is not null
        )) is not true as unknown_record,
        {{ is_outside('involvement', 'involvement') }} as invalid_role
    from {{ ref('stg_intelligence__subjects') }}

)

select
    *,
    (not (missing_key or bad_date or unknown_nominal or unknown_record or invalid_role)) as is_sound
from judged
