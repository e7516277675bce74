-- A row is a pair of groups that can be compared: the ratio and the difference of their rates, and how far chance and
-- unknown people may move these. Computed in double precision, and rounded once, as it is shown.
with

rates as (

    select
        *,
        1e0 * people / benchmark_people as rate,
        1e0 * reference_people / reference_benchmark_people as reference_rate,
        {{ log_variance('people', 'benchmark_people', 'is_share') }} as log_variance,
        {{ log_variance('reference_people', 'reference_benchmark_people', 'is_share') }} as reference_log_variance,
        -- The unknown of a share's benchmark who are at the stage too: they move both counts.
        case when is_share then least(unknown_people, unknown_benchmark_people) else 0 end as unknown_in_both,
        {{ normal_tail(error_rate() ~ ' / 2') }} as z
    from {{ ref('int_disproportionality_pairs') }}
    where status = 'published'

),

limits as (

    select
        *,
        unknown_benchmark_people - unknown_in_both as unknown_others,
        z * sqrt(log_variance + reference_log_variance) as log_margin,
        {{ rate_limit('-', 'rate', 'benchmark_people', 'log_variance', 'is_share', 'z') }} as rate_low,
        {{ rate_limit('+', 'rate', 'benchmark_people', 'log_variance', 'is_share', 'z') }} as rate_high,
        {{ rate_limit(
            '-', 'reference_rate', 'reference_benchmark_people', 'reference_log_variance', 'is_share', 'z'
        ) }} as reference_rate_low,
        {{ rate_limit(
            '+', 'reference_rate', 'reference_benchmark_people', 'reference_log_variance', 'is_share', 'z'
        ) }} as reference_rate_high
    from rates

),

figures as (

    select
        *,
        rate / reference_rate as rate_ratio,
        case when has_interval then rate / reference_rate * exp(-log_margin) end as ci_low,
        case when has_interval then rate / reference_rate * exp(log_margin) end as ci_high,
        -- All unknown people at the stage are in the reference group, and the others of the benchmark in the group;
        1e0 * people / (benchmark_people + unknown_others)
        / (reference_people + unknown_people) * (reference_benchmark_people + unknown_in_both) as bound_low,
        -- or the other way round.
        1e0 * (people + unknown_people) / (benchmark_people + unknown_in_both)
        / reference_people * (reference_benchmark_people + unknown_others) as bound_high,
        case when has_interval then {{ difference_limit('-', 'low', 'high') }} end as difference_low,
        case when has_interval then {{ difference_limit('+', 'high', 'low') }} end as difference_high
    from limits

)

select
    period,
    characteristic,
    group_code,
    stage,
    benchmark,
    {% for column in ['rate_ratio', 'ci_low', 'ci_high', 'bound_low', 'bound_high'] -%}
        cast(round({{ column }}, 3) as decimal(18, 3)) as {{ column }},
    {% endfor -%}
    {% for column in ['rate', 'reference_rate', 'difference_low', 'difference_high'] -%}
        cast(round({{ column }}, 9) as decimal(18, 9)) as {{ column }},
    {% endfor -%}
    cast(round(rate - reference_rate, 9) as decimal(18, 9)) as rate_difference
from figures
