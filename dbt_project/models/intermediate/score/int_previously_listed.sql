-- A row is a person on the list of the previous release.
select
    listed.nominal_id,
    listed.rank,
    listed.total_score,
    listed.first_listed_on
from {{ source('history', 'assessment_list') }} as listed
inner join {{ ref('int_previous_release') }} as previous on listed.run_id = previous.run_id
