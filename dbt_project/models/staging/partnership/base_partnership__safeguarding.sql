-- A row is a delivered row of partnership.safeguarding: every one of them, as text.
select
    landing_row,
    {{ trimmed([
        'nominal_id',
        'kind',
        'opened_on',
        'closed_on',
        'updated_at',
    ]) }}
from {{ source('landing', 'safeguarding') }}
