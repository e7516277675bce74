-- A row is a safeguarding referral of a nominal.
select
    nominal_id,
    kind,
    {{ read_date('opened_on') }} as opened_on,
    {{ read_date('closed_on') }} as closed_on,
    -- As delivered, because a date that cannot be read is still part of the row's name.
    opened_on as opened_on_text,
    (
        {{ is_given_but_unreadable('date', 'opened_on') }}
        or {{ is_given_but_unreadable('date', 'closed_on') }}
        or {{ is_unreadable('timestamp', 'updated_at') }}
    ) as bad_date
from {{ ref('base_partnership__safeguarding') }}
where {{ is_latest('partnership.safeguarding') }}
