-- A row is a release that this delivery is compared with: the latest ones before the as-of date. Where a release was
-- corrected, the correction.
select
    register.run_id,
    register.as_of_date
from {{ source('history', 'release_register') }} as register
inner join {{ source('run', 'context') }} as context on register.as_of_date < context.as_of_date
qualify
    row_number() over (partition by register.as_of_date order by register.published_at desc, register.run_id desc) = 1
    and dense_rank() over (order by register.as_of_date desc) <= {{ policy_number('compared_releases') }}
