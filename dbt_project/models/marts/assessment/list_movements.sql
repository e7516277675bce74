-- A row is a person who is on this list, on the previous release's, or on both.
with

listed as (

    select
        nominal_id,
        rank,
        total_score
    from {{ ref('assessment_list') }}

)

select
    assessments.as_of_date,
    nominal_id,
    case
        when listed.nominal_id is null then 'removed'
        when earlier.nominal_id is null then 'added'
        else 'kept'
    end as movement,
    removals.reason,
    case
        when removals.reason is null then null
        when context.policy_version <> previous.policy_version then 'policy_change'
        when reasons.precedence <= 6 or changed.nominal_id is not null then 'source_change'
        else 'passage_of_time'
    end as driver,
    earlier.rank as previous_rank,
    listed.rank,
    earlier.total_score as previous_score,
    listed.total_score
from listed
full outer join {{ ref('int_previously_listed') }} as earlier using (nominal_id)
inner join {{ ref('int_assessments') }} as assessments on assessments.assessment = 'release'
cross join {{ source('run', 'context') }} as context
left join {{ ref('int_previous_release') }} as previous on true
left join {{ ref('int_removals') }} as removals using (nominal_id)
left join {{ ref('removal_reasons') }} as reasons on removals.reason = reasons.reason
left join {{ ref('int_source_changes') }} as changed using (nominal_id)
order by nominal_id
