-- A row is how completely one characteristic is recorded for a population at a quarter's end. Rows change only
-- when a quarter closes; until then a release carries the last release's rows unchanged.
with

closing as (

    select
        assessments.closes_period as period,
        completeness.population_kind,
        completeness.characteristic,
        completeness.recorded,
        completeness.not_stated,
        completeness.missing,
        completeness.percentage_recorded,
        completeness.status
    from {{ ref('int_completeness_protected') }} as completeness
    inner join {{ source('run', 'assessment') }} as assessments
        on completeness.assessment = assessments.assessment
            and assessments.closes_period is not null

),

carried as (

    select
        earlier.period,
        earlier.population_kind,
        earlier.characteristic,
        earlier.recorded,
        earlier.not_stated,
        earlier.missing,
        earlier.percentage_recorded,
        earlier.status
    from {{ source('history', 'special_category_completeness') }} as earlier
    inner join {{ ref('int_previous_release') }} as previous on earlier.run_id = previous.run_id
    where earlier.period not in (select closing.period from closing)

)

select * from carried
union all
select * from closing
order by period, population_kind, characteristic
