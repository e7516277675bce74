-- A row is an offence that can score with its harm weight, by the policy's scheme or by one that a variant of it
-- asks for. Where the scheme asked for is missing, the other stands in, converted to the scale asked for.
{{ config(materialized='table') }}

with

weights as (

    select
        offence_code,
        max(case when scheme = 'cchi' then weight end) as cchi,
        max(case when scheme = 'ons_css' then weight end) as css,
        coalesce(bool_or(scheme = 'cchi' and basis = 'assumption'), false) as is_cchi_assumed,
        coalesce(bool_or(scheme = 'ons_css' and basis = 'assumption'), false) as is_css_assumed
    from {{ ref('harm_weights') }}
    group by offence_code

),

schemes as (

    select distinct
        harm_weight_scheme,
        scale_anchor_offence
    from {{ ref('int_assessments') }}

),

-- The scale factor f is anchor_cchi / anchor_css; it stays a fraction, so nothing is rounded twice.
scaled as (

    select
        offences.offence_code,
        schemes.harm_weight_scheme,
        schemes.scale_anchor_offence,
        weights.is_cchi_assumed,
        weights.is_css_assumed,
        cast(weights.cchi * 10000 as {{ whole_number() }}) as cchi,
        cast(weights.css * 10000 as {{ whole_number() }}) as css,
        cast(anchor.cchi * 10000 as {{ whole_number() }}) as anchor_cchi,
        cast(anchor.css * 10000 as {{ whole_number() }}) as anchor_css
    from {{ ref('offences') }} as offences
    cross join schemes
    inner join weights as anchor on schemes.scale_anchor_offence = anchor.offence_code
    left join weights on offences.offence_code = weights.offence_code
    where offences.scope <> 'never'

)

select
    harm_weight_scheme,
    scale_anchor_offence,
    offence_code,
    case
        when harm_weight_scheme = 'blend' and cchi is not null and css is not null
            then {{ exact_ratio('(cchi * anchor_css + css * anchor_cchi)', '(20000 * anchor_css)', 4) }}
        when harm_weight_scheme in ('blend', 'cchi')
            then coalesce(
                    {{ exact_ratio('cchi', '10000', 4) }},
                    {{ exact_ratio('css * anchor_cchi', '(10000 * anchor_css)', 4) }}
                )
        when harm_weight_scheme = 'ons_css'
            then coalesce(
                    {{ exact_ratio('css', '10000', 4) }},
                    {{ exact_ratio('cchi * anchor_css', '(10000 * anchor_cchi)', 4) }}
                )
    end as weight,
    case harm_weight_scheme
        when 'blend' then cchi is null or css is null
        when 'cchi' then cchi is null
        when 'ons_css' then css is null
    end as weight_is_imputed,
    case harm_weight_scheme
        when 'blend' then is_cchi_assumed or is_css_assumed
        when 'cchi' then is_cchi_assumed or (cchi is null and is_css_assumed)
        when 'ons_css' then is_css_assumed or (css is null and is_cchi_assumed)
    end as weight_is_assumed
from scaled
