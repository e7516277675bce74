-- A row is a crime report and an older one that it was carried over from, in one step or several.
{{ config(materialized='table') }}

with recursive

steps as (

    select
        crime_ref,
        migrated_from_ref
    from {{ ref('int_crime_reports_judged') }}
    where is_sound
        and migrated_from_ref is not null
        and migrated_from_ref <> crime_ref

),

carried as (

    {{ everything_reached('carried', 'steps', 'crime_ref', 'migrated_from_ref', 'older_ref') }}

)

select
    carried.crime_ref,
    carried.older_ref,
    older.is_sound as is_older_sound
from carried
inner join {{ ref('int_crime_reports_judged') }} as older on carried.older_ref = older.crime_ref
where carried.crime_ref <> carried.older_ref
