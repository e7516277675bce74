-- A row is a person and an intelligence report whose subject they are: once, however many of the person's nominals it
-- names. A table of its own, so that never more than two joins of national size hold memory at once.
{{ config(materialized='table') }}

select distinct
    survivors.survivor_id as nominal_id,
    subjects.intel_ref
from {{ ref('int_intelligence_subjects_judged') }} as subjects
inner join {{ ref('int_survivors') }} as survivors on subjects.nominal_id = survivors.nominal_id
where subjects.is_sound
    and subjects.involvement = 'subject'
