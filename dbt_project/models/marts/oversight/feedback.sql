-- A row is what the list would be without records that police activity itself brings about, or (variant as_published)
-- what it is.
with

closing as (

    select figures.*
    from {{ ref('int_variant_figures') }} as figures
    left join {{ ref('policy_variants') }} as variants on figures.variant = variants.variant
    where variants.is_feedback
        or (figures.variant = 'as_published' and figures.measure not like 'share_of_points%')

)

{{ quarterly('feedback', ['period', 'variant', 'measure', 'characteristic', 'group_code', 'value', 'status']) }}
