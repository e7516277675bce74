-- A row is a group at a stage, held against its people in a benchmark, and what may be said of it. Counts are protected
-- ones, null where withheld.
select
    at_stage.period,
    at_stage.characteristic,
    at_stage.group_code,
    comparisons.stage,
    comparisons.benchmark,
    benchmarks.is_share,
    at_stage.people,
    held_against.people as benchmark_people,
    at_stage.unknown_people,
    held_against.unknown_people as unknown_benchmark_people,
    held_against.group_code is not null
    and coalesce(not benchmarks.is_share or at_stage.people <= held_against.people, true) as is_comparable,
    coalesce(
        at_stage.people >= policy.suppression_threshold and held_against.people >= policy.suppression_threshold,
        false
    ) as has_enough_people,
    -- The others decide a share as much as those who are counted do: of few, rounding alone would decide.
    coalesce(
        not benchmarks.is_share or held_against.people - at_stage.people >= policy.suppression_threshold, false
    ) as has_enough_others
from {{ ref('int_disproportionality_populations') }} as at_stage
inner join {{ ref('comparisons') }} as comparisons on at_stage.population_kind = comparisons.stage
inner join {{ ref('benchmarks') }} as benchmarks on comparisons.benchmark = benchmarks.benchmark
left join {{ ref('int_disproportionality_populations') }} as held_against
    on at_stage.period = held_against.period
        and at_stage.characteristic = held_against.characteristic
        and at_stage.group_code = held_against.group_code
        and comparisons.benchmark_population = held_against.population_kind
cross join {{ ref('int_policy') }} as policy
