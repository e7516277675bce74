-- A row is a number of links of people to crime reports of late that are alike: in the report's borough, in how soon
-- they were made, and in whether the person's ethnicity is recorded.
{{ config(materialized='table') }}

with

-- First of all, since they are few of all links.
recent as materialized (

    select
        links.crime_ref,
        links.nominal_id,
        links.linked_at
    from {{ ref('base_crime__crime_person') }} as links
    cross join {{ source('run', 'context') }} as context
    where links.linked_at >= cast(context.as_of_date - {{ policy_number('profile_links_days') }} as varchar)

)

select
    reports.borough,
    case
        when links.linked_at < reports.recorded_at then 'before the report'
        when links.linked_at = reports.recorded_at then 'at once'
        else
            {{ days_between(
                'try_cast(left(reports.recorded_at, 10) as date)', 'try_cast(left(links.linked_at, 10) as date)'
            ) | indent(12) }}
    end as linking_delay,
    nominals.self_defined_ethnicity is not null as has_self_defined_ethnicity,
    nominals.officer_observed_ethnicity is not null as has_officer_observed_ethnicity,
    count(*) as link_count
from recent as links
inner join {{ ref('base_crime__crime_report') }} as reports on links.crime_ref = reports.crime_ref
inner join {{ ref('base_person__nominal') }} as nominals on links.nominal_id = nominals.nominal_id
group by all
