-- A row is an assessment that this build computes: a date, and the policy that it goes by.
select
    assessments.assessment,
    assessments.as_of_date,
    policy.*
from {{ source('run', 'assessment') }} as assessments
cross join {{ ref('int_policy') }} as policy
