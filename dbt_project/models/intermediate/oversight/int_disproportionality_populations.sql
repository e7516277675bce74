-- A row is a group within a population at a quarter's end, by protected counts alone and null where withheld, with how
-- many of the population are in no group because they did not say or nothing is recorded.
with

counts as (

    select
        counts.period,
        counts.population_kind,
        counts.characteristic,
        counts.group_code,
        counts.people,
        totals.people as population
    from {{ ref('int_protected_counts') }} as counts
    inner join {{ ref('int_protected_counts') }} as totals
        on counts.period = totals.period
            and counts.population_kind = totals.population_kind
            and totals.characteristic = 'all'
    inner join {{ ref('reference_groups') }} as reference_groups
        on counts.characteristic = reference_groups.characteristic

    union all

    select
        period,
        'listed_before' as population_kind,
        characteristic,
        group_code,
        people,
        population
    from {{ ref('int_disproportionality_earlier_list') }}

    union all

    select
        closing.closes_period as period,
        'residents' as population_kind,
        residents.characteristic,
        residents.group_code,
        residents.people,
        cast(null as bigint) as population
    from {{ ref('int_disproportionality_residents') }} as residents
    inner join {{ source('run', 'assessment') }} as closing on closing.closes_period is not null

),

summed as (

    select
        *,
        group_code in ('not_stated', 'missing') as is_unknown,
        sum(case when group_code in ('not_stated', 'missing') then people end) over population as unknown,
        sum(case when group_code not in ('not_stated', 'missing') then people end) over population as known,
        max(
            case when group_code in ('not_stated', 'missing') and people is null then 1 else 0 end
        ) over population as has_withheld_unknown
    from counts
    window population as (partition by period, population_kind, characteristic)

)

select
    period,
    population_kind,
    characteristic,
    group_code,
    people,
    cast(case
        when has_withheld_unknown = 0 then coalesce(unknown, 0)
        -- At most as many as the groups that are shown leave over.
        when population is not null then greatest(population - coalesce(known, 0), 0)
    end as bigint) as unknown_people
from summed
where not is_unknown
