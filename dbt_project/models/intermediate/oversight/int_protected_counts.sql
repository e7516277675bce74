-- A row is a number of people of a population in a group as it may be published: what everything that is published by
-- characteristic is made from.
{{ config(materialized='table') }}

with

decided as (

    select
        counts.period,
        counts.population_kind,
        counts.characteristic,
        counts.group_code,
        counts.people,
        policy.rounding_base,
        case
            when counts.people between 1 and policy.suppression_threshold - 1 then 'suppressed'
            else 'published'
        end as status
    from {{ ref('int_group_counts') }} as counts
    cross join {{ ref('int_policy') }} as policy
    where counts.characteristic = 'all'

    union all

    select * from {{ ref('int_protected_groups') }}

    union all

    select * from {{ ref('int_protected_subgroups') }}

    union all

    select
        flows.period,
        'removed' as population_kind,
        'all' as characteristic,
        'all' as group_code,
        flows.removed as people,
        policy.rounding_base,
        case when flows.is_told then 'published' else 'secondary_suppressed' end as status
    from {{ ref('int_list_flows') }} as flows
    cross join {{ ref('int_policy') }} as policy

    union all

    select
        flows.period,
        'removed' as population_kind,
        cells.characteristic,
        cells.group_code,
        removals.people,
        policy.rounding_base,
        coalesce(removals.status, 'secondary_suppressed') as status
    from {{ ref('int_list_flows') }} as flows
    cross join {{ ref('int_groups') }} as cells
    cross join {{ ref('int_policy') }} as policy
    left join {{ ref('int_protected_removals') }} as removals
        on flows.period = removals.period
            and cells.characteristic = removals.characteristic
            and cells.group_code = removals.group_code
    where cells.group_code not like '%|%'

)

select
    period,
    population_kind,
    characteristic,
    group_code,
    case when status = 'published' then {{ rounded_to_base('people') }} end as people,
    status
from decided
