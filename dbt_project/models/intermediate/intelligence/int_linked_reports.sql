-- A row is a crime report that intelligence is linked to: the one that it names, and each newer one that this was
-- carried over to. Between the dates given, the link means that report.
{{ config(materialized='table') }}

with

links as (

    select distinct linked_crime_ref
    from {{ ref('int_intelligence_subjects') }}
    where linked_crime_ref is not null

),

meant as (

    select
        linked_crime_ref,
        linked_crime_ref as crime_ref
    from links

    union all

    select
        links.linked_crime_ref,
        carried.crime_ref
    from links
    inner join {{ ref('int_carried_reports') }} as carried on links.linked_crime_ref = carried.older_ref

)

select
    meant.linked_crime_ref,
    meant.crime_ref,
    reports.recorded_on as stands_from,
    reports.replaced_on as stands_until,
    reports.is_domestic,
    reports.rests_on_private_home_exception,
    reports.rests_on_unknown_location
from meant
inner join {{ ref('int_crime_report_scope') }} as reports on meant.crime_ref = reports.crime_ref
