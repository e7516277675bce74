"""Airflow around the pipeline: the DAG in one process, the sign-off, and a served Airflow."""
