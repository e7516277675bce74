-- A row is a crime report that can score for whoever is linked to it as a suspect, as far as it is not a matter of
-- its outcome. They are few of all reports, and all that counts people goes by them.
{{ config(materialized='table') }}

select * exclude (is_domestic, is_offence_in_scope)
from {{ ref('int_crime_report_scope') }}
where is_offence_in_scope
    and not is_domestic
