-- A row is a nominal named in an intelligence report, with one involvement.
select
    intel_ref,
    nominal_id,
    involvement,
    (
        {{ is_unreadable('timestamp', 'updated_at') }}
    ) as bad_date
from {{ ref('base_intelligence__intelligence_subject') }}
where {{ is_latest('intelligence.intelligence_subject') }}
