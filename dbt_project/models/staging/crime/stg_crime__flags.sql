-- A row is a flag on a crime report, by one origin.
select
    crime_ref,
    flag,
    origin,
    (
        {{ is_unreadable('timestamp', 'updated_at') }}
    ) as bad_date
from {{ ref('base_crime__crime_flag') }}
where {{ is_latest('crime.crime_flag') }}
