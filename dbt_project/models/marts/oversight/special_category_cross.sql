-- A row is a group of the people on the list by ethnicity, age and sex, at a quarter's end, where that can be shown; or
-- by ethnicity and one of the two in broad groups, and `all` of the other.
with

cells as (

    select
        *,
        split_part(group_code, '|', 2) as second_code,
        split_part(group_code, '|', 3) as third_code
    from {{ ref('int_protected_tables') }}
    where characteristic like 'ethnicity_by_%'

),

closing as (

    select
        period,
        split_part(group_code, '|', 1) as ethnicity_5,
        case when characteristic = 'ethnicity_by_sex' then 'all' else second_code end as age_band,
        case characteristic
            when 'ethnicity_by_sex' then second_code
            when 'ethnicity_by_age_band' then 'all'
            else third_code
        end as sex,
        case when status = 'published' then {{ rounded_to_base('people') }} end as people,
        status
    from cells

)

{{ quarterly('special_category_cross', ['period', 'ethnicity_5', 'age_band', 'sex', 'people', 'status']) }}
