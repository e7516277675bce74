-- A row is how long the list of a variant of the policy is, and how many people are on both lists. Both are made from
-- the published numbers and not counted: two numbers of one thing, each rounded for itself, tell more than either.
select
    listed.period,
    variants.variant,
    listed.people + entries.people - exits.people as list_size,
    listed.people - exits.people as overlap,
    case when listed.status = 'suppressed' then 'suppressed' else 'secondary_suppressed' end as status_if_withheld
from {{ ref('int_variants') }} as variants
inner join {{ ref('int_protected_counts') }} as listed
    on variants.period = listed.period
        and listed.population_kind = 'listed'
        and listed.characteristic = 'all'
inner join {{ ref('int_variant_protected') }} as entries
    on variants.variant = entries.variant
        and entries.measure = 'entries'
        and entries.characteristic = 'all'
inner join {{ ref('int_variant_protected') }} as exits
    on variants.variant = exits.variant
        and exits.measure = 'exits'
        and exits.characteristic = 'all'

union all

select
    period,
    'as_published' as variant,
    people as list_size,
    people as overlap,
    status as status_if_withheld
from {{ ref('int_protected_counts') }}
where population_kind = 'listed'
    and characteristic = 'all'
