-- A row is a person who is on one list and not on the other, of the policy's and a variant's: entries are those whom
-- the variant would put on the list, exits those whom it would take off.
with

by_policy as (

    select
        variants.period,
        variants.variant,
        variants.varies as assessment,
        people.nominal_id
    from {{ ref('int_variants') }} as variants
    inner join {{ ref('int_assessed_people') }} as people
        on variants.varies = people.assessment
            and people.is_listed

),

by_variant as (

    select
        variants.period,
        variants.variant,
        variants.varies as assessment,
        people.nominal_id
    from {{ ref('int_variants') }} as variants
    inner join {{ ref('int_assessed_people') }} as people
        on variants.assessment = people.assessment
            and people.is_listed

)

select
    period,
    variant,
    assessment,
    nominal_id,
    case when by_policy.nominal_id is null then 'entries' else 'exits' end as measure
from by_policy
full outer join by_variant using (period, variant, assessment, nominal_id)
where by_policy.nominal_id is null
    or by_variant.nominal_id is null
