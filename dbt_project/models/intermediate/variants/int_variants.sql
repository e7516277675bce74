-- A row is a variant of the policy that this build computes, beside the assessment that it is held against.
select
    varied.assessment,
    varied.variant,
    varied.varies,
    closing.closes_period as period
from {{ source('run', 'assessment') }} as varied
inner join {{ source('run', 'assessment') }} as closing on varied.varies = closing.assessment
inner join {{ ref('int_assessments') }} as assessments on varied.assessment = assessments.assessment
