-- A row is a population's group of the eighteen with whether its number may be shown: only within a group of five
-- that is shown, and so that neither that group's number nor an earlier quarter gives it away.
{{ config(materialized='table') }}

{%- set part = ['period', 'population_kind', 'characteristic', 'partition_code'] %}

with

cells as (

    -- Those who did not say, or of whom nothing is known, are the same people at both levels: a part of their own.
    select
        cells.* replace (groups_of_five.group_code as partition_code),
        groups_of_five.status as status_of_five
    from {{ ref('int_countable_cells') }} as cells
    inner join {{ ref('int_protected_groups') }} as groups_of_five
        on cells.period = groups_of_five.period
            and cells.population_kind = groups_of_five.population_kind
            and coalesce(nullif(cells.partition_code, 'all'), cells.group_code) = groups_of_five.group_code
            and groups_of_five.characteristic = 'self_defined_ethnicity_5'
    where cells.characteristic = 'self_defined_ethnicity_18'

),

tentative as (

    {{ with_status('cells', part, ['group_code'], "not is_withheld and status_of_five = 'published'", 'preference') }}

),

told_by_movements as (

    {{ told_by_movements('tentative', 2) }}

),

told_by_smaller_population as (

    {{ told_by_smaller_population('tentative') }}

)

select
    tentative.period,
    tentative.population_kind,
    tentative.characteristic,
    tentative.group_code,
    tentative.people,
    tentative.rounding_base,
    case
        when told_by_movements.period is not null or told_by_smaller_population.period is not null
            then 'secondary_suppressed'
        when tentative.group_code = tentative.partition_code then tentative.status_of_five
        else tentative.status
    end as status
from tentative
left join told_by_movements
    on tentative.period = told_by_movements.period
        and tentative.characteristic = told_by_movements.characteristic
        and tentative.population_kind = 'listed'
left join told_by_smaller_population
    on tentative.period = told_by_smaller_population.period
        and tentative.population_kind = told_by_smaller_population.population_kind
        and tentative.partition_code = told_by_smaller_population.partition_code
