-- A row is a population's group, of tables that are one part, with whether its number may be shown: a reader knows
-- every other table, the populations that lie within each other, earlier quarters and the people who came and went.
{{ config(materialized='table') }}

{%- set part = ['period', 'population_kind', 'characteristic'] %}

with

cells as (

    select *
    from {{ ref('int_countable_cells') }}
    where partition_code = 'all'
        and characteristic <> 'self_defined_ethnicity_18'

),

tentative as (

    {{ with_status('cells', part, ['group_code'], 'not is_withheld', 'preference') }}

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
        and tentative.characteristic = told_by_smaller_population.characteristic
