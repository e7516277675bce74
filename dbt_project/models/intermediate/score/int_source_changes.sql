-- A row is a person of whom a contribution to the previous release, aged to this release's date, differs from
-- the same contribution now: a record gone, re-coded, re-graded, newly restricted. One that has only grown too
-- old to count does not differ.
with

expected as (

    select
        earlier.nominal_id,
        earlier.kind,
        earlier.record_ref,
        -- None once the record has grown too old to count; it differs all the same if it counts now.
        case
            when {{ completed_years('earlier.event_on', 'assessments.as_of_date') }} >= case earlier.kind
                    when 'crime' then assessments.crime_lookback_years
                    else assessments.intelligence_window_years
                end then null
            when earlier.kind = 'intelligence' then earlier.points
            else {{ decayed(
                'earlier.weight',
                completed_years('earlier.event_on', 'assessments.as_of_date'),
                'assessments.decay_method'
            ) }}
        end as points
    from {{ source('history', 'score_contributions') }} as earlier
    inner join {{ ref('int_previous_release') }} as previous on earlier.run_id = previous.run_id
    inner join {{ ref('int_assessments') }} as assessments on assessments.assessment = 'release'
    where earlier.kind in ('crime', 'intelligence')

),

now_counted as (

    select
        nominal_id,
        'crime' as kind,
        crime_ref as record_ref,
        points
    from {{ ref('int_crime_points') }}
    where assessment = 'release'

    union all

    select
        nominal_id,
        'intelligence' as kind,
        intel_ref as record_ref,
        points
    from {{ ref('int_intelligence_points') }}
    where assessment = 'release'

)

select distinct expected.nominal_id
from expected
left join now_counted
    on expected.nominal_id = now_counted.nominal_id
        and expected.kind = now_counted.kind
        and expected.record_ref = now_counted.record_ref
where now_counted.points is distinct from expected.points
