-- A row is a restriction with what is wrong with it.
with

judged as (

    select
        *,
        restriction_id is null or nominal_id is null as missing_key,
        nominal_id is not null and (nominal_id in (
            select delivered.nominal_id from {{ ref('int_nominals_judged') }} as delivered
            where delivered.nominal_id is not null
        )) is not true as unknown_nominal,
        reason is null or {{ is_outside('reason', 'restriction_reason') }} as invalid_code
    from {{ ref('stg_person__restrictions') }}

)

select
    *,
    (not (missing_key or bad_date or unknown_nominal or invalid_code)) as is_sound
from judged
