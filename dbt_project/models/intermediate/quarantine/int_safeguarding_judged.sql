-- A row is a safeguarding referral with what is wrong with it.
with

judged as (

    select
        *,
        nominal_id is null or kind is null or opened_on_text is null as missing_key,
        {{ is_outside('kind', 'safeguarding_kind') }} as invalid_code
    from {{ ref('stg_partnership__safeguarding') }}

)

select
    *,
    (not (missing_key or bad_date or invalid_code)) as is_sound
from judged
