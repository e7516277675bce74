-- A row is an exact number of people of a group who would enter the list by a variant of the policy, or leave it,
-- beside all of the group who could: never to be published. Characteristic and group `all` is everybody.
{{ config(materialized='table') }}

{%- set counted_by = ['all', 'self_defined_ethnicity_5', 'age_band', 'sex'] %}

with

movers as (

    select
        movers.period,
        movers.variant,
        movers.measure,
        profiles.*
    from {{ ref('int_variant_movers') }} as movers
    inner join {{ ref('int_person_profiles') }} as profiles using (assessment, nominal_id)

),

found as (

    {% for characteristic in counted_by -%}
        select
            period,
            variant,
            measure,
            '{{ characteristic }}' as characteristic,
            {{ characteristic if characteristic != 'all' else "'all'" }} as group_code,
            count(*) as people
        from movers
        group by period, variant, measure, group_code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

groups as (

    -- Few characteristics: each more is a further table from which a reader could reckon back to few people.
    select
        {% for kind in population_kinds() if kind != 'victims' -%}
            cast(sum(case when population_kind = '{{ kind }}' then people else 0 end) as bigint) as {{ kind }},
        {% endfor -%}
        period,
        characteristic,
        group_code
    from {{ ref('int_group_counts') }}
    where list_contains({{ counted_by }}, characteristic)
    group by period, characteristic, group_code

),

wanted as (

    select
        variants.period,
        variants.variant,
        groups.characteristic,
        groups.group_code,
        unnest(['entries', 'exits']) as measure,
        unnest([
            case
                when changes.parameter in ('score_threshold', 'harm_weight_scheme')
                    then groups.enough_reports - groups.above_threshold
                when changes.parameter = 'minimum_crime_reports' then groups.scored - groups.enough_reports
                else groups.suspects - groups.listed
            end,
            groups.listed
        ]) as pool
    from {{ ref('int_variants') }} as variants
    inner join {{ ref('policy_variants') }} as changes on variants.variant = changes.variant
    inner join groups on variants.period = groups.period

)

select
    wanted.*,
    coalesce(found.people, 0) as people
from wanted
left join found using (period, variant, measure, characteristic, group_code)
