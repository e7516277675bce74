-- A row is what an alternative to the policy would do, or (variant as_published) what the list is without it.
with

closing as (

    select figures.*
    from {{ ref('int_variant_figures') }} as figures
    left join {{ ref('policy_variants') }} as variants on figures.variant = variants.variant
    where variants.is_what_if
        or figures.variant = 'as_published'

)

{{ quarterly('what_if', ['period', 'variant', 'measure', 'characteristic', 'group_code', 'value', 'status']) }}
