-- A row is a crime report that can score for whoever is linked to it as a suspect, as far as it is not a matter of
-- its outcome. They are few of all reports, and all that counts people goes by them.
{{ config(materialized='table') }}

select
    crime_ref,
    recorded_on,
    replaced_on,
    committed_from,
    offence_code,
    incident_ref,
    crime_area,
    is_outcome_scoring,
    rests_on_derived_flag,
    rests_on_private_home_exception,
    rests_on_unknown_location,
    is_police_generated
from {{ ref('int_crime_report_scope') }}
where is_offence_in_scope
    and not is_domestic
