-- A row is how many came onto the list and went off it in the quarter that this build closes, exactly, and whether
-- that may be told. It may not if it does not account for the change in the list's size (after a quarter closed in
-- retrospect, say), or if it would tell a small number.
with

moved as (

    select
        period,
        count(*) filter (where movement = 'added') as added,
        count(*) filter (where movement = 'removed') as removed
    from {{ ref('int_quarter_movements') }}
    group by period

),

earlier as (

    select
        counts.period,
        counts.people
    from {{ source('history', 'group_counts') }} as counts
    inner join {{ ref('int_previous_release') }} as previous on counts.run_id = previous.run_id
    where counts.population_kind = 'listed'
        and counts.characteristic = 'all'

),

sizes as (

    select
        counts.period,
        counts.people,
        policy.suppression_threshold,
        max(earlier.period) as since,
        arg_max(earlier.people, earlier.period) as people_before
    from {{ ref('int_group_counts') }} as counts
    cross join {{ ref('int_policy') }} as policy
    left join earlier on counts.period > earlier.period
    where counts.population_kind = 'listed'
        and counts.characteristic = 'all'
    group by counts.period, counts.people, policy.suppression_threshold

)

select
    sizes.period,
    sizes.since,
    coalesce(moved.added, 0) as added,
    coalesce(moved.removed, 0) as removed,
    coalesce(
        sizes.people_before + coalesce(moved.added, 0) - coalesce(moved.removed, 0) = sizes.people
        and not sizes.people between 1 and sizes.suppression_threshold - 1
        and not sizes.people_before between 1 and sizes.suppression_threshold - 1
        and not coalesce(moved.added, 0) between 1 and sizes.suppression_threshold - 1
        and not coalesce(moved.removed, 0) between 1 and sizes.suppression_threshold - 1,
        false
    ) as is_told
from sizes
left join moved on sizes.period = moved.period
