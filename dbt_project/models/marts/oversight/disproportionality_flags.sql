-- A row is a group of which a stage can be compared with the stage before, and whether a disparity enters there: chance
-- and rounding together hardly ever flag one in a quarter that has none.
with

looked_at as (

    select
        shown.period,
        shown.characteristic,
        shown.group_code,
        shown.stage,
        shown.people,
        shown.benchmark_people,
        shown.reference_people,
        shown.reference_benchmark_people,
        -- Bonferroni: the more comparisons a quarter's page shows, the more each has to show.
        count(*) over (partition by shown.period) as comparisons,
        -- Of counts rounded to this base, the exact ones are at most this far off.
        policy.rounding_base // 2 as slack,
        case when shown.rate > shown.reference_rate then 1 else -1 end as direction
    from {{ ref('disproportionality') }} as shown
    cross join {{ ref('int_policy') }} as policy
    where shown.benchmark = 'stage_before'
        and shown.status = 'published'

),

-- The exact counts behind the rounded ones that speak least for a disparity.
nearest as (

    select
        *,
        least(people - direction * slack, benchmark_people + direction * slack) as nearest_people,
        benchmark_people + direction * slack as nearest_benchmark,
        least(reference_people + direction * slack, reference_benchmark_people - direction * slack)
            as nearest_reference,
        reference_benchmark_people - direction * slack as nearest_reference_benchmark
    from looked_at

)

select
    period,
    characteristic,
    group_code,
    stage,
    comparisons,
    direction * ln(
        1e0 * nearest_people / nearest_benchmark / nearest_reference * nearest_reference_benchmark
    ) > {{ normal_tail(error_rate() ~ ' / 2 / comparisons') }} * sqrt(
        {{ log_variance('nearest_people', 'nearest_benchmark', 'true') }}
        + {{ log_variance('nearest_reference', 'nearest_reference_benchmark', 'true') }}
    ) as is_flagged
from nearest
order by period, characteristic, group_code, stage
