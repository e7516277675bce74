-- A row is a person in a population that oversight looks at, in an assessment of the project's own policy: suspects
-- (linked as a suspect to a visible report in scope) hold the scored, who hold those with enough reports, those of them
-- above the threshold, and the listed. Victims stand apart.
{{ config(materialized='table') }}

with

assessments as (

    select
        assessment,
        as_of_date,
        closes_period is not null as closes_a_quarter
    from {{ source('run', 'assessment') }}
    where variant is null

),

stages as (

    select
        people.assessment,
        people.nominal_id,
        unnest([
            'scored',
            case when assessments.closes_a_quarter and people.has_enough_reports then 'enough_reports' end,
            case
                when assessments.closes_a_quarter and people.has_enough_reports and people.is_above_threshold
                    then 'above_threshold'
            end,
            case when people.is_listed then 'listed' end
        ]) as population_kind
    from {{ ref('int_assessed_people') }} as people
    inner join assessments on people.assessment = assessments.assessment
    where people.total_score > 0
        and not people.is_in_merge_cycle

)

select distinct
    assessments.assessment,
    'suspects' as population_kind,
    reports.nominal_id
from {{ ref('int_suspect_reports') }} as reports
inner join assessments
    on {{ is_active('reports.stands_from', 'reports.stands_until', 'assessments.as_of_date') }}
inner join {{ ref('int_people') }} as people
    on reports.nominal_id = people.nominal_id
        and not people.is_in_merge_cycle

union all

select distinct
    assessments.assessment,
    'victims' as population_kind,
    links.nominal_id
from {{ ref('int_crime_links') }} as links
inner join {{ ref('int_reports_in_scope') }} as reports on links.crime_ref = reports.crime_ref
inner join assessments
    on {{ is_active(
        'greatest(reports.recorded_on, links.linked_on)', 'reports.replaced_on', 'assessments.as_of_date'
    ) }}
        and assessments.closes_a_quarter
inner join {{ ref('int_people') }} as people
    on links.nominal_id = people.nominal_id
        and not people.is_in_merge_cycle
where links.side = 'victim'

union all

select
    assessment,
    population_kind,
    nominal_id
from stages
where population_kind is not null
