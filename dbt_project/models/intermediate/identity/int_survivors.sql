-- A row is an entry of the person index and the nominal that its records count for: itself, or the end of its
-- chain of merges. What a quarantined entry says of itself is not believed, so a chain ends there. The members of
-- a circle are taken together under their least identifier: they are never listed, but whether they would be has
-- to be known.
{{ config(materialized='table') }}

with recursive

steps as (

    select
        nominal_id,
        merged_into
    from {{ ref('int_nominals_judged') }}
    where is_sound
        and merged_into is not null

),

chains as (

    {{ everything_reached('chains', 'steps', 'nominal_id', 'merged_into', 'reaches') }}

),

circles as (

    select
        nominal_id,
        min(reaches) as least_member
    from {{ ref('int_merge_chains') }}
    group by nominal_id
    having bool_or(nominal_id = reaches)

),

chain_ends as (

    select
        nominal_id,
        reaches
    from chains
    where reaches not in (select steps.nominal_id from steps)

)

select
    nominals.nominal_id,
    coalesce(circles.least_member, chain_ends.reaches, nominals.nominal_id) as survivor_id
from {{ ref('int_nominals_judged') }} as nominals
left join chain_ends on nominals.nominal_id = chain_ends.nominal_id
left join circles on coalesce(chain_ends.reaches, nominals.nominal_id) = circles.nominal_id
where nominals.is_sound
    or nominals.merge_cycle
