-- A row is an assessment that this build computes: a date, and the policy that it goes by, which is the project's
-- own or a variant that differs from it in one thing.
select
    assessments.assessment,
    assessments.as_of_date,
    {{ varied_parameters('policy', 'changes') }},
    {{ what_is_left_out('changes') }}
from {{ source('run', 'assessment') }} as assessments
cross join {{ ref('int_policy') }} as policy
left join {{ ref('int_policy_changes') }} as changes on assessments.variant = changes.variant
where assessments.variant is null
    or changes.variant is not null
