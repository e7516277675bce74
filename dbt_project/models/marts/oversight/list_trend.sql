-- A row is the size of the list at a quarter's end, or a number of people who came onto it or went off it in the
-- quarter; of those who went, also by reason and driver.
with

moved as (

    select
        flows.period,
        flows.is_told,
        unnest(['added', 'removed']) as measure,
        unnest([flows.added, flows.removed]) as people,
        policy.rounding_base
    from {{ ref('int_list_flows') }} as flows
    cross join {{ ref('int_policy') }} as policy

),

measured as (

    select
        period,
        'listed' as measure,
        null as reason,
        null as driver,
        people,
        status
    from {{ ref('int_protected_counts') }}
    where population_kind = 'listed'
        and characteristic = 'all'

    union all

    select
        period,
        measure,
        null as reason,
        null as driver,
        case when is_told then {{ rounded_to_base('people') }} end as people,
        case when is_told then 'published' else 'secondary_suppressed' end as status
    from moved

    union all

    select
        period,
        'removed' as measure,
        reason,
        driver,
        people,
        status
    from {{ ref('int_removals_by_reason') }}

),

closing as (

    select
        measured.period,
        assessments.as_of_date,
        measured.measure,
        measured.reason,
        measured.driver,
        measured.people,
        measured.status
    from measured
    inner join {{ source('run', 'assessment') }} as assessments on measured.period = assessments.closes_period

)

{{ quarterly('list_trend', ['period', 'as_of_date', 'measure', 'reason', 'driver', 'people', 'status']) }}
