-- A row is a person on the list.
select
    listed.as_of_date,
    listed.rank,
    listed.nominal_id,
    listed.total_score,
    listed.crime_score,
    listed.intelligence_score,
    listed.crime_reports,
    listed.latest_offence_on,
    listed.age,
    listed.is_child,
    listed.has_safeguarding_referral,
    coalesce(earlier.first_listed_on, listed.as_of_date) as first_listed_on,
    cast(
        coalesce(earlier.first_listed_on, listed.as_of_date)
        + case
            when listed.is_child then assessments.review_interval_days_child
            else assessments.review_interval_days
        end
        as date
    ) as review_due_on,
    context.policy_version,
    context.run_id
from {{ ref('int_ranked_lists') }} as listed
inner join {{ ref('int_assessments') }} as assessments on listed.assessment = assessments.assessment
cross join {{ source('run', 'context') }} as context
left join {{ ref('int_previously_listed') }} as earlier on listed.nominal_id = earlier.nominal_id
where listed.assessment = 'release'
order by listed.rank
