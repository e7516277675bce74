-- A row is how many people of a group went off the list in the quarter, exactly, and whether that may be shown. Who has
-- it knows from the lists who came and who stayed: each of the three must be nobody or enough, and both lists shown.
-- Groups that are withheld, always those of whom nothing is known, have one among them of whom enough people came and
-- went to make up for any other. Where a finer table withholds other cells than last time, that needs all movements.
with

moved as (

    select
        listed.*,
        coalesce(removed.people, 0) as removed,
        coalesce(removed.people, 0) + listed.people - earlier.people as came,
        earlier.people - coalesce(removed.people, 0) as stayed,
        listed.status = 'published'
        and earlier.status = 'published'
        and (listed.group_code not in ('not_stated', 'missing') or listed.people + earlier.people = 0) as is_on_lists
    from {{ ref('int_protected_groups') }} as listed
    inner join {{ ref('int_list_flows') }} as flows
        on listed.period = flows.period
            and flows.is_told
    inner join {{ source('history', 'group_counts') }} as earlier
        on listed.population_kind = earlier.population_kind
            and listed.characteristic = earlier.characteristic
            and listed.group_code = earlier.group_code
            and flows.since = earlier.period
    inner join {{ ref('int_previous_release') }} as previous on earlier.run_id = previous.run_id
    left join {{ ref('int_removed_counts') }} as removed
        on listed.period = removed.period
            and listed.characteristic = removed.characteristic
            and listed.group_code = removed.group_code
    where listed.population_kind = 'listed'

),

judged as (

    select
        moved.*,
        moved.is_on_lists
        and (moved.removed = 0 or moved.removed >= policy.suppression_threshold)
        and (moved.came = 0 or moved.came >= policy.suppression_threshold)
        and (moved.stayed = 0 or moved.stayed >= policy.suppression_threshold) as is_safe,
        least(moved.removed, moved.came) >= policy.suppression_threshold as makes_up
    from moved
    cross join {{ ref('int_policy') }} as policy

),

tables as (

    select
        *,
        bool_and(is_safe) over (partition by period, characteristic) as is_whole,
        bool_or(makes_up and not is_safe) over (partition by period, characteristic) as has_made_up,
        min(case when makes_up and is_safe then (removed, group_code) end)
            over (partition by period, characteristic) as making_up
    from judged

)

select
    period,
    characteristic,
    group_code,
    removed as people,
    case
        when is_safe and (is_whole or has_made_up or (removed, group_code) > making_up)
            and characteristic not in ({{ moving_finer_tables() }})
            then 'published'
        else 'secondary_suppressed'
    end as status
from tables
