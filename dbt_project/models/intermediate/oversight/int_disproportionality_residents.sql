-- A row is a group of residents, by the latest census that counts its characteristic, under the code that it has among
-- the people of the sources.
with

latest as (

    select
        characteristic,
        max(period) as period
    from {{ ref('benchmark_population') }}
    group by characteristic

),

census_groups as (

    select
        'ethnicity_18' as characteristic,
        group_18 as census_group,
        code as group_code
    from {{ ref('ethnicity_codes') }}

    union all

    select distinct
        'ethnicity_5' as characteristic,
        group_5 as census_group,
        group_5 as group_code
    from {{ ref('ethnicity_codes') }}

)

select
    reference_groups.characteristic,
    census_groups.group_code,
    cast(sum(residents.population) as bigint) as people
from {{ ref('benchmark_population') }} as residents
inner join latest
    on residents.characteristic = latest.characteristic
        and residents.period = latest.period
inner join census_groups
    on residents.characteristic = census_groups.characteristic
        and residents.group_code = census_groups.census_group
inner join {{ ref('reference_groups') }} as reference_groups
    on residents.characteristic = reference_groups.census_characteristic
group by reference_groups.characteristic, census_groups.group_code
