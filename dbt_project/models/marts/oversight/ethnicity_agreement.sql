-- A row is a group of the people on the list by ethnicity as they say and as officers see it, at a quarter's end.
with

closing as (

    select
        period,
        split_part(group_code, '|', 1) as self_defined_5,
        split_part(group_code, '|', 2) as officer_observed_5,
        case when status = 'published' then {{ rounded_to_base('people') }} end as people,
        status
    from {{ ref('int_protected_tables') }}
    where characteristic = 'ethnicity_agreement'

)

{{ quarterly('ethnicity_agreement', ['period', 'self_defined_5', 'officer_observed_5', 'people', 'status']) }}
