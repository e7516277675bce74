-- A row is a person of the previous release's list who is not on this one, with the first reason that holds.
with

removed as (

    select earlier.nominal_id
    from {{ ref('int_previously_listed') }} as earlier
    left join {{ ref('assessment_list') }} as listed on earlier.nominal_id = listed.nominal_id
    where listed.nominal_id is null

),

restricted as (

    select distinct restrictions.nominal_id
    from {{ ref('int_restrictions') }} as restrictions
    inner join {{ ref('int_assessments') }} as assessments
        on assessments.assessment = 'release'
            and {{ is_active('restrictions.starts_on', 'restrictions.ends_on', 'assessments.as_of_date') }}
    where restrictions.record_ref is null

)

select
    removed.nominal_id,
    case
        when nominals.merged_into is not null and survivors.nominal_id is not null then 'merged'
        when people.deceased_on <= assessments.as_of_date then 'deceased'
        when restricted.nominal_id is not null then 'restricted'
        -- A quarantined entry, or one merged into an entry that is: nobody survives.
        when not nominals.is_sound or nominals.merged_into is not null then 'quarantined'
        when nominals.nominal_id is null then 'no_longer_in_source'
        when people.date_of_birth is null then 'date_of_birth_missing'
        when {{ completed_years('people.date_of_birth', 'assessments.as_of_date') }} < assessments.minimum_age
            then 'below_minimum_age'
        when coalesce(assessed.crime_reports, 0) < assessments.minimum_crime_reports then 'too_few_reports'
        else 'score_below_threshold'
    end as reason
from removed
inner join {{ ref('int_assessments') }} as assessments on assessments.assessment = 'release'
left join {{ ref('int_nominals_judged') }} as nominals on removed.nominal_id = nominals.nominal_id
left join {{ ref('int_people') }} as people on removed.nominal_id = people.nominal_id
left join {{ ref('int_survivors') }} as ends on removed.nominal_id = ends.nominal_id
left join {{ ref('int_people') }} as survivors
    on ends.survivor_id = survivors.nominal_id
        and not survivors.is_in_merge_cycle
left join restricted on removed.nominal_id = restricted.nominal_id
left join {{ ref('int_assessed_people') }} as assessed
    on removed.nominal_id = assessed.nominal_id
        and assessed.assessment = 'release'
