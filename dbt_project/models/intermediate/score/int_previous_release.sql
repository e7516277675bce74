-- At most one row: the latest published release with an earlier as-of date, against which movements are told.
select
    register.run_id,
    register.policy_version
from {{ source('history', 'release_register') }} as register
inner join {{ ref('int_assessments') }} as assessments
    on assessments.assessment = 'release'
        and register.as_of_date < assessments.as_of_date
order by
    register.as_of_date desc,
    register.published_at desc,
    register.run_id desc
limit 1
