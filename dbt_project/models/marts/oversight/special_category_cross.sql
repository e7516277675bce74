-- A row is a group of the people on the list by ethnicity, age and sex, at a quarter's end, where that can be shown.
with

closing as (

    select
        period,
        split_part(group_code, '|', 1) as ethnicity_5,
        split_part(group_code, '|', 2) as age_band,
        split_part(group_code, '|', 3) as sex,
        case when status = 'published' then {{ rounded_to_base('people') }} end as people,
        status
    from {{ ref('int_protected_tables') }}
    where characteristic = 'ethnicity_by_age_and_sex'

)

{{ quarterly('special_category_cross', ['period', 'ethnicity_5', 'age_band', 'sex', 'people', 'status']) }}
