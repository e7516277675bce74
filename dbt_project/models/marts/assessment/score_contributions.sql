-- A row is what one record adds to the score of a person on the list, or (kind intelligence_cap) what the cap on
-- intelligence takes away.
with

listed as (

    select
        as_of_date,
        nominal_id
    from {{ ref('assessment_list') }}

),

contributions as (

    select
        nominal_id,
        'crime' as kind,
        crime_ref as record_ref,
        committed_from as event_on,
        offence_code,
        cast(null as string) as category,
        crime_area,
        weight,
        weight_is_imputed,
        completed_years,
        decay_factor,
        cast(null as decimal(5, 4)) as reliability,
        points
    from {{ ref('int_crime_points') }}
    where assessment = 'release'

    union all

    select
        nominal_id,
        'intelligence' as kind,
        intel_ref as record_ref,
        submitted_on as event_on,
        cast(null as string) as offence_code,
        category,
        crime_area,
        base_points as weight,
        false as weight_is_imputed,
        completed_years,
        1 as decay_factor,
        reliability,
        points
    from {{ ref('int_intelligence_points') }}
    where assessment = 'release'

    union all

    select
        nominal_id,
        'intelligence_cap' as kind,
        'cap' as record_ref,
        cast(null as date) as event_on,
        cast(null as string) as offence_code,
        cast(null as string) as category,
        cast(null as string) as crime_area,
        cast(null as decimal(18, 4)) as weight,
        cast(null as boolean) as weight_is_imputed,
        cast(null as integer) as completed_years,
        cast(null as decimal(18, 6)) as decay_factor,
        cast(null as decimal(5, 4)) as reliability,
        -intelligence_over_cap as points
    from {{ ref('int_person_scores') }}
    where assessment = 'release'
        and intelligence_over_cap > 0

)

select
    listed.as_of_date,
    contributions.nominal_id,
    contributions.kind,
    contributions.record_ref,
    contributions.event_on,
    contributions.offence_code,
    contributions.category,
    contributions.crime_area,
    cast(contributions.weight as decimal(18, 4)) as weight,
    contributions.weight_is_imputed,
    contributions.completed_years,
    cast(contributions.decay_factor as decimal(18, 6)) as decay_factor,
    contributions.reliability,
    cast(contributions.points as decimal(18, 4)) as points
from contributions
inner join listed on contributions.nominal_id = listed.nominal_id
order by contributions.nominal_id, contributions.kind, contributions.record_ref
