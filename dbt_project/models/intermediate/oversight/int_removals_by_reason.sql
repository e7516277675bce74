-- A row is a number of people who went off the list in the quarter for one reason and driver, as it may be published.
with

moved as (

    select
        period,
        reason,
        driver,
        count(*) as people
    from {{ ref('int_quarter_movements') }}
    where movement = 'removed'
    group by period, reason, driver

),

drivers as (

    select unnest(['policy_change', 'source_change', 'passage_of_time']) as driver

),

reasons as (

    select
        flows.period,
        flows.is_told,
        reasons.reason,
        drivers.driver,
        coalesce(moved.people, 0) as people
    from {{ ref('int_list_flows') }} as flows
    cross join {{ ref('removal_reasons') }} as reasons
    cross join drivers
    left join moved
        on flows.period = moved.period
            and reasons.reason = moved.reason
            and drivers.driver = moved.driver
    -- What happened to the record or the person is no matter of time.
    where reasons.precedence > 6
        or drivers.driver <> 'passage_of_time'

)

{{ protected('reasons', ['period'], ['reason', 'driver'], 'is_told') }}
