-- A row is a number of int_variant_counts as it may be published. Who leaves is part of the list, who enters of larger
-- populations, and a reader has both: what these withhold movers must not tell of, nor of few who stay. A table with
-- such a number, or a small one, needs a cell to make up for it, large in who moves and in who else could, which goes
-- too; without one it goes whole. Then any value that the populations leave is possible, though all else were known.
{{ config(materialized='table') }}

with

numbers as (

    select
        period,
        characteristic,
        group_code,
        bool_or(status <> 'published' and population_kind = 'listed') as hides_listed,
        bool_or(status <> 'published') as hides_any
    from {{ ref('int_protected_counts') }}
    where population_kind in ('listed', 'above_threshold', 'enough_reports', 'scored', 'suspects')
    group by period, characteristic, group_code

),

known as (

    select
        counts.*,
        policy.suppression_threshold as least_shown,
        policy.rounding_base,
        counts.measure = 'exits'
        and counts.pool - counts.people between 1 and policy.suppression_threshold - 1 as few_stay,
        case counts.measure when 'exits' then numbers.hides_listed else numbers.hides_any end as tells_of_withheld
    from {{ ref('int_variant_counts') }} as counts
    inner join numbers using (period, characteristic, group_code)
    cross join {{ ref('int_policy') }} as policy

),

judged as (

    select
        *,
        people > 0 and (people < least_shown or tells_of_withheld or few_stay) as is_unsafe,
        not tells_of_withheld and least(people, pool - people) >= 2 * least_shown - 2 as makes_up
    from known

),

tables as (

    select
        *,
        bool_or(is_unsafe) over (partition by period, variant, measure, characteristic) as has_unsafe,
        min(case when makes_up then (people, group_code) end)
            over (partition by period, variant, measure, characteristic) as making_up
    from judged

)

select
    period,
    variant,
    measure,
    characteristic,
    group_code,
    case when status = 'published' then {{ rounded_to_base('people') }} end as people,
    status
from (
    select
        *,
        case
            when characteristic <> 'all' and has_unsafe and making_up is null then 'secondary_suppressed'
            -- Where few of the group are listed, few stay or few could come, even that few do would tell something.
            when people between 1 and least_shown - 1 and not (tells_of_withheld or few_stay or pool < least_shown - 1)
                then 'suppressed'
            when is_unsafe or (has_unsafe and (people, group_code) = making_up) then 'secondary_suppressed'
            else 'published'
        end as status
    from tables
) as decided
