-- A row is a delivered row of person.nominal: every one of them, as text.
select
    landing_row,
    {{ trimmed([
        'nominal_id',
        'date_of_birth',
        'sex',
        'self_defined_ethnicity',
        'officer_observed_ethnicity',
        'religion',
        'disability',
        'sexual_orientation',
        'deceased_on',
        'merged_into',
        'updated_at',
    ]) }}
from {{ source('landing', 'nominal') }}
