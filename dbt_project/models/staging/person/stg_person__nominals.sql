-- A row is an entry of the person index.
select
    nominal_id,
    {{ read_date('date_of_birth') }} as date_of_birth,
    sex,
    self_defined_ethnicity,
    officer_observed_ethnicity,
    religion,
    disability,
    sexual_orientation,
    {{ read_date('deceased_on') }} as deceased_on,
    merged_into,
    (
        {{ is_given_but_unreadable('date', 'date_of_birth') }}
        or {{ is_given_but_unreadable('date', 'deceased_on') }}
        or {{ is_unreadable('timestamp', 'updated_at') }}
    ) as bad_date
from {{ ref('base_person__nominal') }}
where {{ is_latest('person.nominal') }}
