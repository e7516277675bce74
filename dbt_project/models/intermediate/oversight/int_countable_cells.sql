-- A row is an exact count of a population's group with what decides whether it may be shown, apart from its size: its
-- part of the table, where its population stands among those that lie within each other, and whether a statistician
-- or the size of the whole population forbids it.
select
    counts.period,
    counts.population_kind,
    counts.characteristic,
    counts.group_code,
    cells.partition_code,
    counts.people,
    {{ nesting('counts.population_kind') }} as nesting,
    -- A cell that is large enough among the listed is so in all that they lie within: the same cell makes up in each.
    case
        when listed.people >= 2 * policy.suppression_threshold - 2 then listed.people
        else 1000000000 + counts.people
    end as preference,
    totals.people between 1 and policy.suppression_threshold - 1 or withheld.characteristic is not null as is_withheld
from {{ ref('int_group_counts') }} as counts
inner join {{ ref('int_groups') }} as cells
    on counts.characteristic = cells.characteristic
        and counts.group_code = cells.group_code
inner join {{ ref('int_group_counts') }} as totals
    on counts.period = totals.period
        and counts.population_kind = totals.population_kind
        and totals.characteristic = 'all'
left join {{ ref('int_group_counts') }} as listed
    on counts.period = listed.period
        and counts.characteristic = listed.characteristic
        and counts.group_code = listed.group_code
        and listed.population_kind = 'listed'
        and counts.population_kind <> 'victims'
left join {{ ref('withheld_tables') }} as withheld
    on counts.period = withheld.period
        and counts.characteristic = withheld.characteristic
cross join {{ ref('int_policy') }} as policy
