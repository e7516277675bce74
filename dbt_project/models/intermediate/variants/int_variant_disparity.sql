-- A row is how many times as often as the reference group a group is on the list of a variant of the policy, or
-- (variant as_published) on the list itself, each out of its residents: from least to most that the published numbers
-- allow, so that nothing is told that they do not tell already. Residents are the benchmark since no policy of the list
-- changes them; that they are not who is at risk does not matter for what a change of policy does.
with

residents as (

    select
        reference_groups.characteristic,
        reference_groups.reference_group_code,
        residents.group_code,
        max_by(residents.population, residents.period) as population
    from {{ ref('benchmark_population') }} as residents
    inner join {{ ref('reference_groups') }} as reference_groups
        on residents.characteristic = reference_groups.census_characteristic
    group by reference_groups.characteristic, reference_groups.reference_group_code, residents.group_code

),

sizes as (

    select
        sizes.*,
        cast(residents.population as hugeint) as population,
        residents.reference_group_code,
        sizes.least_people >= policy.suppression_threshold as is_enough
    from {{ ref('int_variant_sizes') }} as sizes
    inner join residents
        on sizes.characteristic = residents.characteristic
            and sizes.group_code = residents.group_code
    cross join {{ ref('int_policy') }} as policy

),

products as (

    select
        sizes.period,
        sizes.variant,
        sizes.characteristic,
        sizes.group_code,
        coalesce(sizes.is_enough and reference.is_enough, false) as is_enough,
        100 * sizes.least_people * reference.population as least,
        sizes.population * reference.most_people as least_per,
        100 * sizes.most_people * reference.population as most,
        sizes.population * reference.least_people as most_per
    from sizes
    inner join sizes as reference
        on sizes.period = reference.period
            and sizes.variant = reference.variant
            and sizes.characteristic = reference.characteristic
            and sizes.reference_group_code = reference.group_code
    where sizes.group_code <> sizes.reference_group_code

)

-- Rounded to the outer side: rounding claims nothing either.
select
    period,
    variant,
    characteristic,
    group_code,
    case
        when is_enough then cast(least // least_per as decimal(18, 0)) * cast('0.01' as decimal(3, 2))
    end as rate_ratio_low,
    case
        when is_enough then cast((most + most_per - 1) // most_per as decimal(18, 0)) * cast('0.01' as decimal(3, 2))
    end as rate_ratio_high
from products
