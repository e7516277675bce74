-- A row is an exact number of people of a group who would enter the list by a variant of the policy, or leave it,
-- beside those of the group who are on the list: never to be published. Characteristic and group `all` is everybody.
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
    inner join {{ ref('int_person_profiles') }} as profiles
        on movers.assessment = profiles.assessment
            and movers.nominal_id = profiles.nominal_id

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

-- Few characteristics: each more is a further table from which a reader could reckon back to few people.
wanted as (

    select
        variants.period,
        variants.variant,
        unnest(['entries', 'exits']) as measure,
        listed.characteristic,
        listed.group_code,
        listed.people as listed
    from {{ ref('int_variants') }} as variants
    inner join {{ ref('int_group_counts') }} as listed
        on variants.period = listed.period
            and listed.population_kind = 'listed'
            and list_contains({{ counted_by }}, listed.characteristic)

)

select
    wanted.period,
    wanted.variant,
    wanted.measure,
    wanted.characteristic,
    wanted.group_code,
    coalesce(found.people, 0) as people,
    wanted.listed
from wanted
left join found using (period, variant, measure, characteristic, group_code)
