-- A row is a person who came onto the list or went off it between the end of the quarter that was closed last and the
-- end of the quarter that this build closes, as each release told it; a correction takes the corrected one's place.
with

closing as (

    select
        assessment,
        as_of_date,
        closes_period as period
    from {{ source('run', 'assessment') }}
    where closes_period is not null

),

last_closed as (

    select max(counts.period) as period
    from {{ source('history', 'group_counts') }} as counts
    inner join {{ ref('int_previous_release') }} as previous on counts.run_id = previous.run_id
    inner join closing on counts.period < closing.period

),

releases as (

    select
        run_id,
        row_number() over (partition by as_of_date order by published_at desc, run_id desc) as version
    from {{ source('history', 'release_register') }}

),

told as (

    select
        movements.as_of_date,
        movements.nominal_id,
        movements.movement,
        movements.reason,
        movements.driver
    from {{ source('history', 'list_movements') }} as movements
    inner join releases
        on movements.run_id = releases.run_id
            and releases.version = 1
    inner join {{ source('run', 'context') }} as context on movements.as_of_date < context.as_of_date

    union all

    select
        as_of_date,
        nominal_id,
        movement,
        reason,
        driver
    from {{ ref('list_movements') }}

)

select
    closing.period,
    closing.assessment,
    told.nominal_id,
    told.movement,
    told.reason,
    told.driver
from told
inner join closing on told.as_of_date <= closing.as_of_date
inner join last_closed
    on cast(year(told.as_of_date) as varchar) || '-Q' || cast(quarter(told.as_of_date) as varchar) > last_closed.period
where told.movement in ('added', 'removed')
