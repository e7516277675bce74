-- A row is a delivered row of person.restriction: every one of them, as text.
select
    landing_row,
    {{ trimmed([
        'restriction_id',
        'nominal_id',
        'record_ref',
        'reason',
        'starts_on',
        'ends_on',
        'updated_at',
    ]) }}
from {{ source('landing', 'restriction') }}
