-- A row is a delivered row of crime.crime_person: every one of them, as text.
select
    landing_row,
    {{ trimmed([
        'crime_ref',
        'nominal_id',
        'role',
        'link_status',
        'linked_at',
        'updated_at',
    ]) }}
from {{ source('landing', 'crime_person') }}
