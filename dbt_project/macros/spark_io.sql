{# What a build on Spark needs besides the models: its inputs, and the way back of what it made. With DuckDB that is
   src/vha/warehouse/prepare.py. #}

{# Views over Parquet. `views` has the place of the files by schema and table. #}
{% macro view_files(views) -%}
    {% for schema, places in views.items() -%}
        {% do run_query('create schema if not exists ' ~ schema) -%}
        {% for table, place in places.items() -%}
            {% do run_query('create or replace view ' ~ schema ~ '.' ~ table ~ ' as select * from parquet.`' ~ place ~ '`') -%}
        {% endfor -%}
    {% endfor -%}
{%- endmacro %}

{# Tables as Parquet. `tables` has the folder of the files by schema and table. #}
{% macro write_files(tables) -%}
    {% for schema, places in tables.items() -%}
        {% for table, place in places.items() -%}
            {% do run_query(
                "insert overwrite directory '" ~ place ~ "' using parquet select * from " ~ schema ~ '.' ~ table
            ) -%}
        {% endfor -%}
    {% endfor -%}
{%- endmacro %}

{# The rows of a seed. In a session dbt-spark's own macro would write an empty value as the text None, and break off
   at an apostrophe. #}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {% set types = model.config.column_types -%}
    {% set statement -%}
        insert into {{ this.render() }} values
        {% for row in agate_table.rows -%}
            (
            {%- for column in agate_table.column_names -%}
                cast({{ 'null' if row[column] is none else "'" ~ row[column] | replace('\\', '\\\\') | replace("'", "\\'") ~ "'" }} as {{ types[column] }})
                {{- ', ' if not loop.last }}
            {%- endfor -%}
            ){{ ', ' if not loop.last }}
        {% endfor -%}
    {%- endset %}
    {% if agate_table.rows -%}
        {% do adapter.add_query(statement, abridge_sql_log=True) -%}
    {% endif -%}
    {{ return(statement) }}
{%- endmacro %}
