-- A row is a restriction on a person, or on one record for that person.
select
    restriction_id,
    nominal_id,
    record_ref,
    reason,
    {{ read_date('starts_on') }} as starts_on,
    {{ read_date('ends_on') }} as ends_on,
    (
        {{ is_unreadable('date', 'starts_on') }}
        or {{ is_given_but_unreadable('date', 'ends_on') }}
        or {{ is_unreadable('timestamp', 'updated_at') }}
    ) as bad_date
from {{ ref('base_person__restriction') }}
where {{ is_latest('person.restriction') }}
