-- A row is a delivered row of intelligence.intelligence_subject: every one of them, as text.
select
    landing_row,
    {{ trimmed([
        'intel_ref',
        'nominal_id',
        'involvement',
        'updated_at',
    ]) }}
from {{ source('landing', 'intelligence_subject') }}
