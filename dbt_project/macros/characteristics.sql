{# The protected characteristics of the person index: never read by scoring, always monitored. #}
{% macro characteristics() -%}
    {{ return([
        'sex',
        'self_defined_ethnicity',
        'officer_observed_ethnicity',
        'religion',
        'disability',
        'sexual_orientation',
    ]) }}
{%- endmacro %}

{# The characteristics by which people are counted for oversight: ethnicity at both levels, and age. #}
{% macro counted_characteristics() -%}
    {{ return([
        'self_defined_ethnicity_18',
        'self_defined_ethnicity_5',
        'officer_observed_ethnicity',
        'age_band',
        'sex',
        'religion',
        'disability',
        'sexual_orientation',
    ]) }}
{%- endmacro %}

{# The group of a recorded value; what was not stated and what is missing are two groups of their own. #}
{% macro group_of(column) -%}
    case
        when people.{{ column }} is null then 'missing'
        when people.{{ column }} in (
            select code from {{ ref('code_lists') }} where domain = '{{ column }}' and not_stated
        ) then 'not_stated'
        else people.{{ column }}
    end
{%- endmacro %}

{# The populations that are counted by characteristic: each of the first five lies within the next. #}
{% macro population_kinds() -%}
    {{ return(['listed', 'above_threshold', 'enough_reports', 'scored', 'suspects', 'victims']) }}
{%- endmacro %}

{# Where a population stands among those that lie within each other; null outside of them. #}
{% macro nesting(population_kind) -%}
    case {{ population_kind }}
        {% for kind in population_kinds() if kind != 'victims' -%}
            when '{{ kind }}' then {{ loop.index }}
        {% endfor -%}
    end
{%- endmacro %}

{# The tables that divide the groups of others: each with the characteristics whose numbers its cells add up to. #}
{% macro finer_tables() -%}
    {{ return({
        'self_defined_ethnicity_18': ['self_defined_ethnicity_5'],
        'ethnicity_agreement': ['self_defined_ethnicity_5', 'officer_observed_ethnicity'],
        'ethnicity_by_age_and_sex': ['self_defined_ethnicity_5', 'age_band', 'sex'],
        'ethnicity_by_age_band': ['self_defined_ethnicity_5', 'age_band'],
        'ethnicity_by_sex': ['self_defined_ethnicity_5', 'sex'],
    }) }}
{%- endmacro %}
