-- A row is a group on the list when the last quarter before this one closed, as it was published then.
with

published as (

    select breakdown.*
    from {{ source('history', 'special_category_breakdown') }} as breakdown
    inner join {{ ref('int_previous_release') }} as previous on breakdown.run_id = previous.run_id

),

closings as (

    select
        closing.closes_period as period,
        max(published.period) as earlier_period
    from {{ source('run', 'assessment') }} as closing
    inner join published on closing.closes_period > published.period
    group by closing.closes_period

)

select
    closings.period,
    published.characteristic,
    published.group_code,
    published.people,
    published.population
from closings
inner join published on closings.earlier_period = published.period
