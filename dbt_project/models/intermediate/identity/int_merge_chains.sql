-- A row is a pair of nominals of which the first is merged, in one step or several, into the second. Taken from
-- the entries as delivered, so that circles show: a nominal in one reaches itself.
{{ config(materialized='table') }}

with recursive

steps as (

    select
        nominal_id,
        merged_into
    from {{ ref('stg_person__nominals') }}
    where nominal_id is not null
        and merged_into is not null

),

chains as (

    {{ everything_reached('chains', 'steps', 'nominal_id', 'merged_into', 'reaches') }}

)

select
    nominal_id,
    reaches
from chains
