-- A row is a person on the list.
select
    people.as_of_date,
    -- The tie-break is the method's: no two people share a rank.
    cast(row_number() over (
        order by
            people.total_score desc,
            people.crime_score desc,
            people.latest_offence_on desc,
            people.nominal_id
    ) as integer) as "rank",
    people.nominal_id,
    people.total_score,
    people.crime_score,
    people.intelligence_score,
    people.crime_reports,
    people.latest_offence_on,
    people.age,
    people.is_child,
    referrals.nominal_id is not null as has_safeguarding_referral,
    coalesce(earlier.first_listed_on, people.as_of_date) as first_listed_on,
    cast(
        coalesce(earlier.first_listed_on, people.as_of_date)
        + case
            when people.is_child then assessments.review_interval_days_child
            else assessments.review_interval_days
        end
        as date
    ) as review_due_on,
    context.policy_version,
    context.run_id
from {{ ref('int_assessed_people') }} as people
inner join {{ ref('int_assessments') }} as assessments on people.assessment = assessments.assessment
cross join {{ source('run', 'context') }} as context
left join {{ ref('int_open_referrals') }} as referrals
    on people.assessment = referrals.assessment
        and people.nominal_id = referrals.nominal_id
left join {{ ref('int_previously_listed') }} as earlier on people.nominal_id = earlier.nominal_id
where people.assessment = 'release'
    and people.is_listed
order by "rank"
