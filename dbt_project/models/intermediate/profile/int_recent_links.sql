-- A row is a number of links of people to crime reports of late that are alike: in the report's borough, in how soon
-- they were made, and in whether the person's ethnicity is recorded.
{{ config(materialized='table') }}

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
    links.has_self_defined_ethnicity,
    links.has_officer_observed_ethnicity,
    count(*) as link_count
from {{ ref('int_recent_link_rows') }} as links
inner join {{ ref('base_crime__crime_report') }} as reports on links.crime_ref = reports.crime_ref
group by all
