-- A row is a restriction as it works: on a person, or (with record_ref) on one record for that person, from
-- starts_on until the day ends_on. It follows a merged nominal through any chain, even through a quarantined
-- entry, and an older crime report to the newer one that it was carried over to. A restriction that is bad in
-- anything but its person works on the whole person for ever: doubt works against listing.
{{ config(materialized='table') }}

with

delivered as (

    select
        nominal_id,
        case when is_sound then record_ref end as record_ref,
        case when is_sound then starts_on else date '1900-01-01' end as starts_on,
        case when is_sound then ends_on end as ends_on
    from {{ ref('int_restrictions_judged') }}
    where nominal_id is not null
        and not unknown_nominal

),

of_people as (

    select * from delivered

    union

    select
        chains.reaches as nominal_id,
        delivered.record_ref,
        delivered.starts_on,
        delivered.ends_on
    from delivered
    inner join {{ ref('int_merge_chains') }} as chains on delivered.nominal_id = chains.nominal_id

)

select * from of_people

union

select
    of_people.nominal_id,
    carried.crime_ref as record_ref,
    of_people.starts_on,
    of_people.ends_on
from of_people
inner join {{ ref('int_carried_reports') }} as carried on of_people.record_ref = carried.older_ref
