-- A row is a parameter of the policy that this release goes by.
select
    policy.parameter,
    policy.value,
    policy.unit,
    policy.basis,
    policy.source,
    policy.rationale,
    policy.effective_from,
    context.policy_version
from {{ ref('policy') }} as policy
cross join {{ source('run', 'context') }} as context
order by policy.parameter
