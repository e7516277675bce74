-- A row is a person who is on one list and not on the other, of the policy's and a variant's: entries are those whom
-- the variant would put on the list, exits those whom it would take off.
with

lists as (

    select
        period,
        variant,
        varies,
        unnest([varies, assessment]) as assessment
    from {{ ref('int_variants') }}

)

select
    lists.period,
    lists.variant,
    lists.varies as assessment,
    people.nominal_id,
    case when min(people.assessment) = lists.varies then 'exits' else 'entries' end as measure
from lists
inner join {{ ref('int_assessed_people') }} as people
    on lists.assessment = people.assessment
        and people.is_listed
group by lists.period, lists.variant, lists.varies, people.nominal_id
having count(*) = 1
