-- A row is a person's live link to a crime report in scope as a suspect (or accused), or as a victim: once, however
-- many of the person's nominals or roles are linked to it, from the day of the first link; and that of the first as
-- accused. Of the links that were kept, those that are sound are to reports in scope.
{{ config(materialized='table') }}

select
    survivors.survivor_id as nominal_id,
    links.crime_ref,
    case when links.role = 'accused' then 'suspect' else links.role end as side,
    min(cast(links.linked_at as date)) as linked_on,
    min(cast(links.linked_at as date)) filter (where links.role = 'accused') as accused_on
from {{ ref('int_crime_persons_kept') }} as links
inner join {{ ref('int_survivors') }} as survivors on links.nominal_id = survivors.nominal_id
where links.is_sound
    and links.link_status = 'live'
    and links.role in ('suspect', 'accused', 'victim')
group by 1, 2, 3
