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

    select
        nominal_id,
        merged_into as reaches
    from steps

    -- Not "union all": a pair that was seen before ends the walk, and so does a circle.
    union

    select
        chains.nominal_id,
        steps.merged_into as reaches
    from chains
    inner join steps on chains.reaches = steps.nominal_id

)

select
    nominal_id,
    reaches
from chains
