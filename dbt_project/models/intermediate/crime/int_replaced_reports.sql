-- A row is a crime report that a live report names in migrated_from_ref: from the day the first of those becomes
-- visible, the newer one counts instead.
{{ config(materialized='table') }}

select
    migrated_from_ref as crime_ref,
    min(cast(recorded_at as date)) as replaced_on
from {{ ref('int_crime_reports_judged') }}
where is_sound
    and record_status = 'live'
    and migrated_from_ref <> crime_ref
group by migrated_from_ref
