-- A row is a person with a safeguarding referral that is open in an assessment.
select distinct
    assessments.assessment,
    survivors.survivor_id as nominal_id
from {{ ref('int_safeguarding_judged') }} as referrals
inner join {{ ref('int_survivors') }} as survivors on referrals.nominal_id = survivors.nominal_id
inner join {{ ref('int_assessments') }} as assessments
    on {{ is_active('referrals.opened_on', 'referrals.closed_on', 'assessments.as_of_date') }}
where referrals.is_sound
