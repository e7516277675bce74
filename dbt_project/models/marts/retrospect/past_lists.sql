-- A row is a person on the list of a past date, computed from the records as they are known now.
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
    listed.as_of_date < context.as_of_date as computed_in_retrospect,
    context.as_of_date as computed_on,
    context.policy_version
from {{ ref('int_ranked_lists') }} as listed
cross join {{ source('run', 'context') }} as context
order by listed.as_of_date, listed.rank
