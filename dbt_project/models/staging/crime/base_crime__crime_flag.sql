-- A row is a delivered row of crime.crime_flag: every one of them, as text.
select
    landing_row,
    {{ trimmed([
        'crime_ref',
        'flag',
        'origin',
        'updated_at',
    ]) }}
from {{ source('landing', 'crime_flag') }}
