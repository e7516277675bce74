"""England and Wales for the benchmark: a landing of Parquet files, without source systems before it.

One region is made row by row like any other world, and repeated in DuckDB under identifiers of its own each time:
every kind of bad row is in it, in known numbers, and no record of one copy has to do with another's.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from vha.extract.contract import TABLES, Table
from vha.extract.landing import ROW_GROUP, write_parquet
from vha.settings import Settings
from vha.synthetic.world import generate
from vha.warehouse.connect import connect

REGION, COPIES = "region", 50

REFERENCES = (
    "crime_ref",
    "incident_ref",
    "migrated_from_ref",
    "intel_ref",
    "linked_crime_ref",
    "nominal_id",
    "merged_into",
    "restriction_id",
    "record_ref",
)
"""Columns that name a record or a person: ``SYN-00000091`` of the eighth copy is ``SYN-0700000091``."""


def create_landing(
    settings: Settings, folder: Path, seed: int, scale: str = REGION, copies: int = COPIES
) -> dict[str, int]:
    """Write the landing of a world that is so many copies of a smaller one.

    Args:
        folder: gets ``<system>/<table>.parquet``, in the form of a run's landing.
        seed: the same seed gives the same rows.
        scale: the world that is repeated, a key of ``scale.SCALES``.
        copies: how often, at most 100.

    Returns:
        Rows by table, ``<system>.<table>``.

    Raises:
        ConfigurationError: there is no such scale, or the seed is below 0.
    """
    region = generate(scale, seed)
    rows = {}
    for table in TABLES:
        once = folder / f"{table.path}.once.parquet"
        once.parent.mkdir(parents=True, exist_ok=True)
        one = region.pop(table.name)  # popped, so that DuckDB has the memory
        write_parquet(one.to_batches(), table, once)
        rows[f"{table.system}.{table.name}"] = one.num_rows * copies
        del one
        pa.default_memory_pool().release_unused()
        with connect(settings, Path(":memory:")) as connection:
            _repeat(connection, table, once, folder / f"{table.path}.parquet", copies)
        once.unlink()
    return rows


def _repeat(
    connection: duckdb.DuckDBPyConnection, table: Table, once: Path, target: Path, copies: int
) -> None:
    columns = ", ".join(
        f"replace({column.name}, '-', '-' || copy) as {column.name}"
        if column.name in REFERENCES
        else column.name
        for column in table.columns
    )
    # The file is read as many times as it stands in the list, and its place there is the copy's number.
    connection.execute(
        f"""
        copy (
            select
                cast(file_index * (select count(*) from read_parquet('{once}')) + landing_row as bigint) as landing_row,
                {columns}
            from (
                select file_index, *, lpad(file_index::varchar, 2, '0') as copy
                from read_parquet({[str(once)] * copies})
            )
        ) to '{target}' (format parquet, compression zstd, compression_level 1, row_group_size {ROW_GROUP})
        """
    )
