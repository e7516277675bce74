-- A row is the share of the listed people's crime points that rests on weights of one kind: assumed (no publication
-- gives them), converted (from the other scheme's scale) or either. It is withheld where it speaks of few people: those
-- with such points, or those with others.
with

points as (

    select
        closing.closes_period as period,
        points.nominal_id,
        points.points,
        unnest(['assumed', 'converted', 'assumed_or_converted']) as kind,
        unnest([
            weights.weight_is_assumed,
            weights.weight_is_imputed,
            weights.weight_is_assumed or weights.weight_is_imputed
        ]) as is_of_kind
    from {{ ref('int_crime_points') }} as points
    inner join {{ source('run', 'assessment') }} as closing
        on points.assessment = closing.assessment
            and closing.closes_period is not null
    inner join {{ ref('int_assessments') }} as assessments on points.assessment = assessments.assessment
    inner join {{ ref('int_assessed_people') }} as people
        on points.assessment = people.assessment
            and points.nominal_id = people.nominal_id
            and people.is_listed
    inner join {{ ref('int_offence_weights') }} as weights
        on points.offence_code = weights.offence_code
            and assessments.harm_weight_scheme = weights.harm_weight_scheme
            and assessments.scale_anchor_offence = weights.scale_anchor_offence
    where points.points > 0

),

shares as (

    select
        period,
        kind,
        sum(case when is_of_kind then cast(points * 10000 as hugeint) else 0 end) as points_of_kind,
        sum(cast(points * 10000 as hugeint)) as all_points,
        count(distinct case when is_of_kind then nominal_id end) as people_of_kind,
        count(distinct case when not is_of_kind then nominal_id end) as people_of_others
    from points
    group by period, kind

)

select
    shares.period,
    'share_of_points_on_' || shares.kind || '_weights' as measure,
    case
        when
            not (shares.people_of_kind between 1 and policy.suppression_threshold - 1)
            and not (shares.people_of_others between 1 and policy.suppression_threshold - 1)
            then 100 * {{ exact_ratio('shares.points_of_kind', 'shares.all_points', 2) }}
    end as percentage
from shares
cross join {{ ref('int_policy') }} as policy
