{# The parameters that scoring reads, each with its type. #}
{% macro scored_parameters() -%}
    {{ return({
        'harm_weight_scheme': 'string',
        'scale_anchor_offence': 'string',
        'decay_method': 'string',
        'crime_lookback_years': 'integer',
        'minimum_crime_reports': 'integer',
        'minimum_age': 'integer',
        'adult_age': 'integer',
        'score_threshold': 'decimal(18, 4)',
        'intelligence_window_years': 'integer',
        'intelligence_cap_ratio': 'decimal(9, 4)',
        'review_interval_days': 'integer',
        'review_interval_days_child': 'integer',
        'suppression_threshold': 'integer',
        'rounding_base': 'integer',
    }) }}
{%- endmacro %}

{# A column a parameter of the policy, from the rows of its seed. #}
{% macro parameters_in_columns() -%}
    {% for parameter, type in scored_parameters().items() -%}
        cast(max(case when parameter = '{{ parameter }}' then value end) as {{ type }}) as {{ parameter }}
        {{- ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}

{# The parameters of a policy, one of them taken from a change instead. There it is text: a whole number such as
   4.000000 can only be read as one after it was read as a number. #}
{% macro varied_parameters(policy, changes) -%}
    {% for parameter, type in scored_parameters().items() -%}
        {% set number = 'cast(' ~ changes ~ '.value as decimal(18, 6))' -%}
        case
            when {{ changes }}.parameter = '{{ parameter }}'
                then cast({{ changes ~ '.value' if type == 'string' else number }} as {{ type }})
            else {{ policy }}.{{ parameter }}
        end as {{ parameter }}
        {{- ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}

{# What a variant of the policy can leave out that the method counts. #}
{% macro left_out_by_variants() -%}
    {{ return([
        'mere_suspects',
        'derived_flags',
        'repeats_of_an_incident',
        'private_home_exception',
        'unknown_locations',
        'police_generated_offences',
    ]) }}
{%- endmacro %}

{# Whether a change leaves each of these out, a column each. #}
{% macro what_is_left_out(changes) -%}
    {% for kind in left_out_by_variants() -%}
        coalesce({{ changes }}.change = 'leave_out' and {{ changes }}.parameter = '{{ kind }}', false) as without_{{ kind }}
        {{- ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}
