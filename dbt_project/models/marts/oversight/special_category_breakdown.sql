-- A row is a group of the people on the list at a quarter's end, from protected numbers alone.
with

closing as (

    select
        counts.period,
        counts.characteristic,
        counts.group_code,
        counts.people,
        totals.people as population,
        case
            when totals.people > 0 and counts.people is not null
                then cast(round(100.0 * least(counts.people, totals.people) / totals.people, 1) as decimal(4, 1))
        end as percentage,
        counts.status
    from {{ ref('int_protected_counts') }} as counts
    inner join {{ ref('int_protected_counts') }} as totals
        on counts.period = totals.period
            and counts.population_kind = totals.population_kind
            and totals.characteristic = 'all'
    where counts.population_kind = 'listed'
        and counts.characteristic <> 'all'

)

{{ quarterly('special_category_breakdown', [
    'period', 'characteristic', 'group_code', 'people', 'population', 'percentage', 'status'
]) }}
