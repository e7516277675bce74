-- A row is a crime report with a flag that says something about scope, its own or that of an older report that
-- it was carried over from. A domestic flag that is bad in anything but its report counts: it works against
-- listing. A bad knife or firearm flag does not, nor does one of a bad older report.
{{ config(materialized='table') }}

with

flags as (

    select
        crime_ref,
        flag,
        origin
    from {{ ref('int_crime_flags_judged') }}
    where crime_ref is not null
        and (is_sound or flag = 'domestic')

),

held as (

    select * from flags

    union all

    select
        carried.crime_ref,
        flags.flag,
        flags.origin
    from flags
    inner join {{ ref('int_carried_reports') }} as carried on flags.crime_ref = carried.older_ref
    where carried.is_older_sound or flags.flag = 'domestic'

)

select
    crime_ref,
    bool_or(flag = 'domestic') as is_domestic,
    bool_or(flag = 'knife') as is_knife,
    bool_or(flag = 'firearm') as is_firearm,
    bool_or(flag = 'knife' and origin = 'manual') as is_knife_by_hand,
    bool_or(flag = 'firearm' and origin = 'manual') as is_firearm_by_hand
from held
where flag in ('domestic', 'knife', 'firearm')
group by crime_ref
