-- A row is a person on the list of an assessment, with the rank there.
select
    people.assessment,
    people.as_of_date,
    -- The tie-break is the method's: no two people of a list share a rank.
    cast(row_number() over (
        partition by people.assessment
        order by
            people.total_score desc,
            people.crime_score desc,
            people.latest_offence_on desc,
            people.nominal_id
    ) as integer) as rank,
    people.nominal_id,
    people.total_score,
    people.crime_score,
    people.intelligence_score,
    people.crime_reports,
    people.latest_offence_on,
    people.age,
    people.is_child,
    referrals.nominal_id is not null as has_safeguarding_referral
from {{ ref('int_assessed_people') }} as people
left join {{ ref('int_open_referrals') }} as referrals
    on people.assessment = referrals.assessment
        and people.nominal_id = referrals.nominal_id
where people.is_listed
