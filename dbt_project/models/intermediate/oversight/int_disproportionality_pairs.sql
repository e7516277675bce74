-- A row is a group beside its reference group at a stage, both held against one benchmark, and whether the two can be
-- compared.
select
    compared.period,
    compared.characteristic,
    compared.group_code,
    reference.group_code as reference_group_code,
    compared.stage,
    compared.benchmark,
    compared.is_share,
    compared.people,
    reference.people as reference_people,
    compared.benchmark_people,
    reference.benchmark_people as reference_benchmark_people,
    compared.unknown_people,
    compared.unknown_benchmark_people,
    compared.has_enough_others and reference.has_enough_others as has_interval,
    case
        when not compared.is_comparable or not reference.is_comparable then 'not_comparable'
        when not compared.has_enough_people or not reference.has_enough_people then 'insufficient_data'
        else 'published'
    end as status
from {{ ref('int_disproportionality_counts') }} as compared
inner join {{ ref('reference_groups') }} as reference_groups
    on compared.characteristic = reference_groups.characteristic
        and compared.group_code <> reference_groups.reference_group_code
inner join {{ ref('int_disproportionality_counts') }} as reference
    on compared.period = reference.period
        and compared.characteristic = reference.characteristic
        and compared.stage = reference.stage
        and compared.benchmark = reference.benchmark
        and reference_groups.reference_group_code = reference.group_code
