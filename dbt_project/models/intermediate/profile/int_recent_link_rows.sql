-- A row is a link of a person to a crime report of late, and whether the person's ethnicity is recorded. A table of its
-- own, since two joins as large as these at once would take the memory of both.
{{ config(materialized='table') }}

select
    links.crime_ref,
    links.linked_at,
    nominals.self_defined_ethnicity is not null as has_self_defined_ethnicity,
    nominals.officer_observed_ethnicity is not null as has_officer_observed_ethnicity
from {{ ref('base_crime__crime_person') }} as links
cross join {{ source('run', 'context') }} as context
inner join {{ ref('base_person__nominal') }} as nominals on links.nominal_id = nominals.nominal_id
where links.linked_at >= cast(context.as_of_date - {{ policy_number('profile_links_days') }} as string)
