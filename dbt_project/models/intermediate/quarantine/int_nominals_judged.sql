-- A row is an entry of the person index with what is wrong with it. A characteristic outside its list is taken
-- as missing; anything else that is wrong keeps the entry out.
{{ config(materialized='table') }}

with

judged as (

    select
        nominals.*,
        nominals.nominal_id is null as missing_key,
        {{ is_unknown(
            'merged_into', ref('stg_person__nominals'), 'nominal_id', ref('base_person__nominal')
        ) | indent(8) }} as unknown_nominal,
        nominals.nominal_id is not null and nominals.nominal_id in (
            select chains.nominal_id from {{ ref('int_merge_chains') }} as chains
            where chains.nominal_id = chains.reaches
        ) as merge_cycle,
        {{ is_outside('sex', 'sex') }} as is_sex_invalid,
        nominals.self_defined_ethnicity is not null and nominals.self_defined_ethnicity not in (
            select codes.code from {{ ref('ethnicity_codes') }} as codes
            where codes.scheme = 'self_defined'
        ) as is_self_defined_ethnicity_invalid,
        nominals.officer_observed_ethnicity is not null and nominals.officer_observed_ethnicity not in (
            select codes.code from {{ ref('ethnicity_codes') }} as codes
            where codes.scheme = 'officer_observed'
        ) as is_officer_observed_ethnicity_invalid,
        {{ is_outside('religion', 'religion') }} as is_religion_invalid,
        {{ is_outside('disability', 'disability') }} as is_disability_invalid,
        {{ is_outside('sexual_orientation', 'sexual_orientation') }} as is_sexual_orientation_invalid
    from {{ ref('stg_person__nominals') }} as nominals

)

select
    nominal_id,
    date_of_birth,
    deceased_on,
    merged_into,
    {% for characteristic in characteristics() -%}
        case when not is_{{ characteristic }}_invalid then {{ characteristic }} end as {{ characteristic }},
    {% endfor -%}
    missing_key,
    bad_date,
    unknown_nominal,
    merge_cycle,
    {% for characteristic in characteristics() -%}
        is_{{ characteristic }}_invalid{{ ' or ' if not loop.last }}
    {%- endfor %} as invalid_characteristic,
    (not (missing_key or bad_date or unknown_nominal or merge_cycle)) as is_sound
from judged
