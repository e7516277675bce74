{# Completed years k(d, D): one less while D's month and day come before d's, so that a 29 February completes
   its year on 1 March of a common year. #}
{% macro completed_years(since, as_of) -%}
    cast(
        year({{ as_of }}) - year({{ since }})
        - case
            when month({{ as_of }}) * 100 + day({{ as_of }}) < month({{ since }}) * 100 + day({{ since }}) then 1
            else 0
        end
        as integer
    )
{%- endmacro %}

{# numerator / denominator of whole numbers, rounded half away from zero to that many places. Whole-number
   arithmetic throughout: binary floating point loses people who stand exactly on the threshold. #}
{% macro exact_ratio(numerator, denominator, places) -%}
    cast(
        cast(
            {{ whole_quotient(
                '(2 * cast(' ~ numerator ~ ' as ' ~ whole_number() ~ ') * ' ~ 10 ** places
                ~ ' + cast(' ~ denominator ~ ' as ' ~ whole_number() ~ '))',
                '(2 * cast(' ~ denominator ~ ' as ' ~ whole_number() ~ '))'
            ) }} as decimal(24, 0)
        ) * cast('0.{{ '0' * (places - 1) }}1' as decimal({{ places + 1 }}, {{ places }}))
        as decimal(18, {{ places }})
    )
{%- endmacro %}

{# What is left of a harm weight after k completed years: the decay formula's only home. Also its factor, with
   weight 1 and six places. The weight has at most four places. #}
{% macro decayed(weight, completed_years, decay_method, places=4) -%}
    case {{ decay_method }}
        when 'compounding'
            then {{ exact_ratio(
                'cast(' ~ weight ~ ' * 10000 as bigint) * cast(pow(2, ' ~ completed_years ~ ') as bigint)',
                '10000 * cast(pow(3, ' ~ completed_years ~ ') as bigint)',
                places
            ) }}
        when 'linear'
            then {{ exact_ratio(
                'cast(' ~ weight ~ ' * 10000 as bigint) * greatest(0, 3 - ' ~ completed_years ~ ')',
                '30000',
                places
            ) }}
    end
{%- endmacro %}

{# A record's life: it is there at D from the day it becomes visible until the day something takes its place. #}
{% macro is_active(starts_on, ends_on, as_of) -%}
    {{ starts_on }} <= {{ as_of }} and ({{ ends_on }} is null or {{ ends_on }} > {{ as_of }})
{%- endmacro %}

{# The restrictions that work in an assessment: those of one record of a person, or those of the whole person. #}
{% macro active_restrictions(of_a_record) -%}
    select distinct
        assessments.assessment,
        restrictions.nominal_id,
        restrictions.record_ref
    from {{ ref('int_restrictions') }} as restrictions
    inner join {{ ref('int_assessments') }} as assessments
        on {{ is_active('restrictions.starts_on', 'restrictions.ends_on', 'assessments.as_of_date') }}
    where restrictions.record_ref is {{ 'not null' if of_a_record else 'null' }}
{%- endmacro %}
