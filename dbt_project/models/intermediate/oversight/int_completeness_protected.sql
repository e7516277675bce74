-- A row is a row of int_completeness made fit to publish: small numbers suppressed, the rest rounded, and what
-- would give a suppressed number away by subtraction suppressed with it.
with

sizes as (

    select
        completeness.*,
        policy.suppression_threshold as least_shown,
        policy.rounding_base,
        completeness.not_stated + completeness.missing as unknown
    from {{ ref('int_completeness') }} as completeness
    cross join {{ ref('int_policy') }} as policy

),

decided as (

    select
        *,
        -- The population's size is known elsewhere: recorded and unknown give each other away.
        recorded between 1 and least_shown - 1 or unknown between 1 and least_shown - 1 as is_withheld,
        not_stated between 1 and least_shown - 1 or missing between 1 and least_shown - 1 as is_split_withheld
    from sizes

),

rounded as (

    select
        assessment,
        population_kind,
        characteristic,
        is_withheld,
        is_split_withheld,
        case when not is_withheld then {{ rounded_to_base('recorded') }} end as recorded,
        case when not is_withheld and not is_split_withheld then {{ rounded_to_base('not_stated') }} end
            as not_stated,
        case when not is_withheld and not is_split_withheld then {{ rounded_to_base('missing') }} end as missing,
        case when not is_withheld then {{ rounded_to_base('people') }} end as people
    from decided

)

select
    assessment,
    population_kind,
    characteristic,
    recorded,
    not_stated,
    missing,
    case
        when people > 0 then cast(round(least(cast(100 as decimal(9, 4)) * recorded / people, 100), 1) as decimal(4, 1))
    end as percentage_recorded,
    case when is_withheld or is_split_withheld then 'suppressed' else 'published' end as status
from rounded
