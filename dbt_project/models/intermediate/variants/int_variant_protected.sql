-- A row is a number of int_variant_counts as it may be published. Exits are part of the list, whose numbers a reader
-- has: where a number of the listed is shown, those who stay follow from it and must not be few either, and where it
-- is withheld, exits must not tell of it. A table in which a number is withheld for one of these, or is few, needs a
-- cell large enough to make up for it, both in who leaves and in who stays, and withholds that too; without one it is
-- withheld whole. With it, whatever is withheld can have every value below the threshold, though all others were known.
{{ config(materialized='table') }}

with

known as (

    select
        counts.*,
        policy.suppression_threshold as least_shown,
        policy.rounding_base,
        counts.measure = 'exits' and listed.status <> 'published' as tells_of_withheld,
        case when counts.measure = 'exits' then counts.listed - counts.people else 1000000000 end as remain
    from {{ ref('int_variant_counts') }} as counts
    inner join {{ ref('int_protected_counts') }} as listed
        on counts.period = listed.period
            and counts.characteristic = listed.characteristic
            and counts.group_code = listed.group_code
            and listed.population_kind = 'listed'
    cross join {{ ref('int_policy') }} as policy

),

judged as (

    select
        *,
        people > 0 and (people < least_shown or tells_of_withheld or remain between 1 and least_shown - 1) as is_unsafe,
        not tells_of_withheld and least(people, remain) >= 2 * least_shown - 2 as makes_up
    from known

),

tables as (

    select
        *,
        bool_or(is_unsafe) over (partition by period, variant, measure, characteristic) as has_unsafe,
        min(case when makes_up then (people, group_code) end)
            over (partition by period, variant, measure, characteristic) as making_up
    from judged

),

decided as (

    select
        *,
        case
            when characteristic <> 'all' and has_unsafe and making_up is null then 'secondary_suppressed'
            -- Where few of the group are listed, or few stay, even that few leave would tell something.
            when people between 1 and least_shown - 1 and not tells_of_withheld
                and remain not between 1 and least_shown - 1
                then 'suppressed'
            when is_unsafe or (has_unsafe and (people, group_code) = making_up) then 'secondary_suppressed'
            else 'published'
        end as status
    from tables

)

select
    period,
    variant,
    measure,
    characteristic,
    group_code,
    case when status = 'published' then {{ rounded_to_base('people') }} end as people,
    status
from decided
