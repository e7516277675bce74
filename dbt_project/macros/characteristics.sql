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
