"""The warehouse: one DuckDB work file a run, built by dbt."""
