{# A count of people as it may be published once it is not suppressed: to the nearest multiple of the policy's
   rounding base. #}
{% macro rounded_to_base(people) -%}
    cast(({{ people }} + rounding_base // 2) // rounding_base * rounding_base as bigint)
{%- endmacro %}
