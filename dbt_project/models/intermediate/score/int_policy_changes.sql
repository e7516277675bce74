-- A row is a variant of the policy with the one thing that it changes. A number stays within the parameter's limits;
-- a variant that then is what the policy says already has no row.
with

numbers as (

    select
        variants.variant,
        cast(policy.value as decimal(18, 6)) as policy_number,
        greatest(
            least(
                case variants.change
                    when 'add' then cast(policy.value as decimal(18, 6)) + cast(variants.value as decimal(18, 6))
                    when 'multiply'
                        then cast(policy.value as decimal(18, 6)) * cast(variants.value as decimal(9, 4))
                    else cast(variants.value as decimal(18, 6))
                end,
                cast(policy.maximum as decimal(18, 6))
            ),
            cast(policy.minimum as decimal(18, 6))
        ) as varied_number
    from {{ ref('policy_variants') }} as variants
    inner join {{ ref('policy') }} as policy
        on variants.parameter = policy.parameter
            and policy.maximum is not null

)

select
    variants.variant,
    variants.change,
    variants.parameter,
    coalesce(cast(numbers.varied_number as string), variants.value) as value
from {{ ref('policy_variants') }} as variants
left join {{ ref('policy') }} as policy on variants.parameter = policy.parameter
left join numbers on variants.variant = numbers.variant
where variants.change = 'leave_out'
    or coalesce(numbers.varied_number <> numbers.policy_number, variants.value <> policy.value)
