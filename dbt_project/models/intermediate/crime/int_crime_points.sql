-- A row is a crime report that scores for a person in an assessment, with its points. What a variant of the policy
-- leaves out has none, and stays a row: it does not come back as intelligence.
{{ config(materialized='table') }}

with

restricted as (

    {{ active_restrictions(of_a_record=true) }}

),

scoring as (

    select
        assessments.assessment,
        assessments.decay_method,
        assessments.harm_weight_scheme,
        assessments.scale_anchor_offence,
        reports.nominal_id,
        reports.crime_ref,
        reports.committed_from,
        reports.offence_code,
        reports.crime_area,
        reports.incident_ref,
        {{ completed_years('reports.committed_from', 'assessments.as_of_date') }} as completed_years,
        assessments.without_mere_suspects and coalesce(reports.accused_on > assessments.as_of_date, true)
        or assessments.without_derived_flags and reports.rests_on_derived_flag
        or assessments.without_private_home_exception and reports.rests_on_private_home_exception
        or assessments.without_unknown_locations and reports.rests_on_unknown_location
        or assessments.without_police_generated_offences and reports.is_police_generated as is_left_out
    from {{ ref('int_suspect_reports') }} as reports
    inner join {{ ref('int_assessments') }} as assessments
        on {{ is_active('reports.stands_from', 'reports.stands_until', 'assessments.as_of_date') }}
    left join restricted
        on assessments.assessment = restricted.assessment
            and reports.nominal_id = restricted.nominal_id
            and reports.crime_ref = restricted.record_ref
    where {{ completed_years('reports.committed_from', 'assessments.as_of_date') }}
        < assessments.crime_lookback_years
        -- Without a date of birth the age counts as met: such a person is never listed.
        and coalesce(reports.age_when_committed >= assessments.minimum_age, true)
        and restricted.record_ref is null

)

select
    scoring.assessment,
    scoring.nominal_id,
    scoring.crime_ref,
    scoring.committed_from,
    scoring.offence_code,
    scoring.crime_area,
    scoring.incident_ref,
    weights.weight,
    weights.weight_is_imputed,
    scoring.completed_years,
    {{ decayed('cast(1 as decimal(5, 4))', 'scoring.completed_years', 'scoring.decay_method', 6) }} as decay_factor,
    case
        when scoring.is_left_out then 0
        else {{ decayed('weights.weight', 'scoring.completed_years', 'scoring.decay_method') }}
    end as points
from scoring
inner join {{ ref('int_offence_weights') }} as weights
    on scoring.offence_code = weights.offence_code
        and scoring.harm_weight_scheme = weights.harm_weight_scheme
        and scoring.scale_anchor_offence = weights.scale_anchor_offence
