-- A row is an offence that can score with its harm weight by the policy's scheme. Where the scheme asked for is
-- missing, the other stands in, converted to the scale asked for.
{{ config(materialized='table') }}

with

weights as (

    select
        offence_code,
        max(case when scheme = 'cchi' then weight end) as cchi,
        max(case when scheme = 'ons_css' then weight end) as css
    from {{ ref('harm_weights') }}
    group by offence_code

),

-- The scale factor f is anchor_cchi / anchor_css; it stays a fraction, so nothing is rounded twice.
scaled as (

    select
        offences.offence_code,
        offences.scope,
        offences.crime_area,
        offences.counts_in_private_domestic,
        policy.harm_weight_scheme,
        cast(weights.cchi * 10000 as hugeint) as cchi,
        cast(weights.css * 10000 as hugeint) as css,
        cast(anchor.cchi * 10000 as hugeint) as anchor_cchi,
        cast(anchor.css * 10000 as hugeint) as anchor_css
    from {{ ref('offences') }} as offences
    cross join {{ ref('int_policy') }} as policy
    inner join weights as anchor on policy.scale_anchor_offence = anchor.offence_code
    left join weights on offences.offence_code = weights.offence_code
    where offences.scope <> 'never'

)

select
    offence_code,
    scope,
    crime_area,
    counts_in_private_domestic,
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
    end as weight_is_imputed
from scaled
