-- A row is a judged link that the build goes on with: what is wrong with it is told, or its report is in scope. To
-- write and read the many others, of the largest table of all, would cost as much as to judge them.
{{ config(materialized='table') }}

select *
from {{ ref('int_crime_persons_judged') }}
where not is_sound
    or crime_ref in (select reports.crime_ref from {{ ref('int_reports_in_scope') }} as reports)
