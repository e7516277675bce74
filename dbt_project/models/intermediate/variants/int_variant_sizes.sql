-- A row is how many people of a group may be on the list of a variant of the policy, or (variant as_published) on the
-- list itself: from least to most that the published numbers allow, null where they allow anything. A rounded number
-- stands for all that round to it, a suppressed one for 1 to below the threshold.
with

lists as (

    select variant from {{ ref('int_variants') }}
    union all
    select 'as_published' as variant

),

shown as (

    select
        period,
        variant,
        measure,
        characteristic,
        group_code,
        people,
        status
    from {{ ref('int_variant_protected') }}

    union all

    select
        listed.period,
        lists.variant,
        'listed' as measure,
        listed.characteristic,
        listed.group_code,
        listed.people,
        listed.status
    from {{ ref('int_protected_counts') }} as listed
    inner join lists on listed.population_kind = 'listed'
    where listed.characteristic in (select moved.characteristic from {{ ref('int_variant_protected') }} as moved)

),

possible as (

    select
        shown.*,
        case
            when shown.people = 0 then 0
            when shown.status = 'published'
                then greatest(shown.people - policy.rounding_base // 2, policy.suppression_threshold)
            when shown.status = 'suppressed' then 1
        end as least_people,
        case
            when shown.people = 0 then 0
            when shown.status = 'published' then shown.people + (policy.rounding_base - 1) // 2
            when shown.status = 'suppressed' then policy.suppression_threshold - 1
        end as most_people
    from shown
    cross join {{ ref('int_policy') }} as policy

)

select
    period,
    variant,
    characteristic,
    group_code,
    case
        when count(*) = count(least_people) then sum(case measure when 'exits' then -most_people else least_people end)
    end as least_people,
    case
        when count(*) = count(most_people) then sum(case measure when 'exits' then -least_people else most_people end)
    end as most_people
from possible
group by period, variant, characteristic, group_code
