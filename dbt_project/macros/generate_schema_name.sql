{# A layer's name is its schema's name, on every machine: analysts and the audit address tables by it. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
