-- A row is a link of a nominal to a crime report in one role.
select
    crime_ref,
    nominal_id,
    role,
    link_status,
    {{ read_timestamp('linked_at') }} as linked_at,
    (
        {{ is_unreadable('timestamp', 'linked_at') }}
        or {{ is_unreadable('timestamp', 'updated_at') }}
    ) as bad_date
from {{ ref('base_crime__crime_person') }}
where {{ is_latest('crime.crime_person') }}
