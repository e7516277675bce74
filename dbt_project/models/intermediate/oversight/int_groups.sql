-- A row is a cell that a table of counts must have, and the part of the table whose cells add up to a number of which
-- others may know: the whole table, or the group of five that a finer group is part of, or a row of a cross table.
{{ config(materialized='table') }}

with

simple as (

    select *
    from {{ ref('int_simple_groups') }}

)

select
    characteristic,
    group_code,
    partition_code
from simple
where characteristic <> 'officer_observed_ethnicity_5'

union all

select
    'ethnicity_agreement' as characteristic,
    self_defined.group_code || '|' || observed.group_code as group_code,
    self_defined.group_code as partition_code
from simple as self_defined
cross join simple as observed
where self_defined.characteristic = 'self_defined_ethnicity_5'
    and observed.characteristic = 'officer_observed_ethnicity_5'

union all

select
    'ethnicity_by_age_and_sex' as characteristic,
    ethnicity.group_code || '|' || age.group_code || '|' || sex.group_code as group_code,
    ethnicity.group_code as partition_code
from simple as ethnicity
cross join simple as age
cross join simple as sex
where ethnicity.characteristic = 'self_defined_ethnicity_5'
    and age.characteristic = 'age_band'
    and sex.characteristic = 'sex'

union all

select distinct
    'ethnicity_by_' || broad_groups.characteristic as characteristic,
    ethnicity.group_code || '|' || broad_groups.broad_group as group_code,
    ethnicity.group_code as partition_code
from simple as ethnicity
cross join {{ ref('broad_groups') }} as broad_groups
where ethnicity.characteristic = 'self_defined_ethnicity_5'
