-- A row is a group beside its reference group, at a stage and held against a benchmark, at a quarter's end. Rows change
-- only when a quarter closes.
with

closing as (

    select
        pairs.period,
        pairs.characteristic,
        pairs.group_code,
        pairs.reference_group_code,
        pairs.stage,
        pairs.benchmark,
        pairs.people,
        pairs.reference_people,
        pairs.benchmark_people,
        pairs.reference_benchmark_people,
        {% for column in [
            'rate', 'reference_rate', 'rate_ratio', 'ci_low', 'ci_high', 'bound_low', 'bound_high', 'rate_difference',
            'difference_low', 'difference_high',
        ] -%}
            ratios.{{ column }},
        {% endfor -%}
        pairs.status,
        benchmarks.limitation || case
            when pairs.status = 'not_comparable' then ' ' || benchmarks.when_missing
            when pairs.status = 'insufficient_data'
                then ' A count is withheld here or too small to compare: that does not mean that there is no disparity.'
            when not pairs.has_interval
                then ' Nearly everybody of a group is counted here, so that rounding alone would decide an interval: '
                    || 'none is given.'
            else ''
        end as limitation
    from {{ ref('int_disproportionality_pairs') }} as pairs
    inner join {{ ref('benchmarks') }} as benchmarks on pairs.benchmark = benchmarks.benchmark
    left join {{ ref('int_disproportionality_ratios') }} as ratios
        on pairs.period = ratios.period
            and pairs.characteristic = ratios.characteristic
            and pairs.group_code = ratios.group_code
            and pairs.stage = ratios.stage
            and pairs.benchmark = ratios.benchmark

)

{{ quarterly('disproportionality', [
    'period', 'characteristic', 'group_code', 'reference_group_code', 'stage', 'benchmark', 'people',
    'reference_people', 'benchmark_people', 'reference_benchmark_people', 'rate', 'reference_rate', 'rate_ratio',
    'ci_low', 'ci_high', 'bound_low', 'bound_high', 'rate_difference', 'difference_low', 'difference_high', 'status',
    'limitation',
]) }}
