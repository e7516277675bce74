-- A row is a person's crime report that can score at some date: what does not depend on the date holds, and the
-- dates between which it stands are given. What a variant of the policy may leave out is marked.
{{ config(materialized='table') }}

select
    links.nominal_id,
    reports.crime_ref,
    greatest(reports.recorded_on, links.linked_on) as stands_from,
    reports.replaced_on as stands_until,
    reports.committed_from,
    reports.offence_code,
    reports.crime_area,
    reports.incident_ref,
    {{ completed_years('people.date_of_birth', 'reports.committed_from') }} as age_when_committed,
    links.accused_on,
    reports.rests_on_derived_flag,
    reports.rests_on_private_home_exception,
    reports.rests_on_unknown_location,
    reports.is_police_generated
from {{ ref('int_crime_links') }} as links
inner join {{ ref('int_reports_in_scope') }} as reports on links.crime_ref = reports.crime_ref
inner join {{ ref('int_people') }} as people on links.nominal_id = people.nominal_id
where links.side = 'suspect'
    and reports.is_outcome_scoring
