-- A row is a person in a population that oversight looks at: suspects (linked as a suspect to a visible report in
-- scope), scored (with a score) and listed; one population inside the other, in each assessment.
select
    assessments.assessment,
    'suspects' as population_kind,
    reports.nominal_id
from {{ ref('int_suspect_reports') }} as reports
inner join {{ ref('int_assessments') }} as assessments
    on {{ is_active('reports.stands_from', 'reports.stands_until', 'assessments.as_of_date') }}
inner join {{ ref('int_people') }} as people
    on reports.nominal_id = people.nominal_id
        and not people.is_in_merge_cycle
group by assessments.assessment, reports.nominal_id

union all

select
    assessment,
    'scored' as population_kind,
    nominal_id
from {{ ref('int_assessed_people') }}
where total_score > 0
    and not is_in_merge_cycle

union all

select
    assessment,
    'listed' as population_kind,
    nominal_id
from {{ ref('int_assessed_people') }}
where is_listed
