"""The landing: what the sources delivered, as immutable Parquet, one folder a run.

Until all four systems are in and checked, the folder is ``landing/.<run_id>.partial``; then it is renamed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vha.errors import SourceError
from vha.extract.check import check_delivery, unreadable_columns
from vha.extract.contract import TABLES, Table, tables_of
from vha.extract.engines import open_source
from vha.extract.marker import Marker, common_marker, marker_of
from vha.extract.source import text_schema
from vha.files import force_entry_to_disk, force_to_disk, remove, sha256_of_file, write_whole
from vha.run import Run, RunPaths
from vha.settings import SYSTEMS, Settings
from vha.warehouse.connect import connect

ROW_GROUP = 122_880
"""Rows of a Parquet row group: what DuckDB processes as one piece."""


def extract_system(settings: Settings, run_id: str, system: str) -> dict[str, int]:
    """Copy all tables of one system, as of one moment, to the run's landing in the making.

    A repetition replaces what an earlier attempt of the same system left. Once the run's landing is whole,
    it is immutable, and nothing is read any more.

    Returns:
        ``{"rows": rows of all the system's tables}``.

    Raises:
        SourceUnavailable: the system does not answer; trying again may help.
        SourceError: the system cannot be read, or a table does not have the contract's columns.
    """
    paths = RunPaths(settings, run_id)
    if paths.landing.exists():
        landed = _landing_record(paths)["tables"]
        return {"rows": sum(landed[table.path]["rows"] for table in tables_of(system))}
    partial = _partial(paths)
    partial.mkdir(parents=True, exist_ok=True, mode=0o700)
    writing = partial / f".{system}"
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(mode=0o700)
    try:
        rows = _copy(settings, system, writing)
    except BaseException:
        shutil.rmtree(writing)  # what half a copy takes may be what the disk lacks
        raise
    shutil.rmtree(partial / system, ignore_errors=True)
    writing.rename(partial / system)
    return {"rows": rows}


def _copy(settings: Settings, system: str, folder: Path) -> int:
    """Write every table of a system and its marker into the folder; returns the number of rows."""
    with open_source(settings, system) as source:
        for table in tables_of(system):
            source.check(table)
        marker = marker_of(source)
        rows = sum(
            write_parquet(source.read(table), table, folder / f"{table.name}.parquet")
            for table in tables_of(system)
        )
    (folder / "marker.json").write_text(json.dumps(marker and marker.as_json()) + "\n")
    return rows


def land(settings: Settings, run_id: str) -> dict[str, int]:
    """Check that the delivery is complete and usable, write ``landing.json`` and make the landing immutable.

    A landing that exists already is verified against its ``landing.json`` instead.

    Returns:
        ``{"rows": rows of all tables}``.

    Raises:
        SourceError: a system is missing, the markers do not agree, a table is empty that may not be, no value
            of a date column can be read, or an existing landing has been changed.
    """
    paths = RunPaths(settings, run_id)
    if paths.landing.exists():
        record = refuse_changed_landing(settings, run_id)
    else:
        partial = _partial(paths)
        record = _checked_record(settings, run_id, partial)
        write_whole(partial / "landing.json", json.dumps(record, indent=2) + "\n")
        _seal(partial)
        partial.rename(paths.landing)
        force_entry_to_disk(paths.landing.parent)
    return {"rows": sum(table["rows"] for table in record["tables"].values())}


def refuse_changed_landing(settings: Settings, run_id: str) -> dict[str, Any]:
    """Whether every file of the landing is what was landed, so that what a release says of its inputs is true.

    Returns:
        The content of ``landing.json``.

    Raises:
        SourceError: a file is missing, cut short or changed.
    """
    paths = RunPaths(settings, run_id)
    record = _landing_record(paths)
    for path, table in record["tables"].items():
        file = paths.landing / f"{path}.parquet"
        if not file.is_file() or sha256_of_file(file) != table["sha256"]:
            raise SourceError(
                f"{file} is not what was landed, so it is cut short, damaged or changed: start a new run, and find "
                "out what happened to it."
            )
    return record


def write_parquet(batches: Iterable[pa.RecordBatch], table: Table, path: Path) -> int:
    """Write a stream of text columns, with ``landing_row`` counted from 1 before them, in bounded memory.

    The same rows give the same bytes, however they are cut into batches.

    Returns:
        The number of rows.
    """
    schema = pa.schema([pa.field("landing_row", pa.int64(), nullable=False), *text_schema(table)])
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
        for group in _regrouped(batches, ROW_GROUP):
            numbers = pa.array(np.arange(rows + 1, rows + group.num_rows + 1))
            texts = [column.combine_chunks() for column in group.columns]
            writer.write_table(
                pa.Table.from_arrays([numbers, *texts], schema=schema), row_group_size=ROW_GROUP
            )
            rows += group.num_rows
    return rows


def _partial(paths: RunPaths) -> Path:
    """Where the run's landing is made; beside its final place, so that renaming it is one atomic step."""
    return paths.landing.with_name(f".{paths.run_id}.partial")


def _landing_record(paths: RunPaths) -> dict[str, Any]:
    file = paths.landing / "landing.json"
    try:
        record: dict[str, Any] = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        raise SourceError(
            f"{file} is missing or damaged: start a new run, and find out what happened to it."
        ) from None
    return record


def _checked_record(settings: Settings, run_id: str, partial: Path) -> dict[str, Any]:
    """The content of ``landing.json``, after every check of the delivery as a whole."""
    missing = [system for system in SYSTEMS if not (partial / system).is_dir()]
    if missing:
        raise SourceError(
            f"Run {run_id} has not extracted {', '.join(missing)} yet: extract all four systems first."
        )
    marker = common_marker({system: _extracted_marker(partial / system) for system in SYSTEMS})
    run_file = RunPaths(settings, run_id).run_file
    if run_file.exists() and Run.load(settings, run_id).synthetic != (marker is not None):
        raise SourceError(
            f"The sources changed between synthetic and real after run {run_id} was opened: start a new run."
        )
    tables = {}
    with connect(settings, Path(":memory:")) as connection:
        for table in TABLES:
            file = partial / f"{table.path}.parquet"
            rows = pq.read_metadata(file).num_rows
            relation = "read_parquet('{}')".format(str(file).replace("'", "''"))
            check_delivery(table, rows, unreadable_columns(connection, table, relation))
            tables[table.path] = {"rows": rows, "sha256": sha256_of_file(file), "bytes": file.stat().st_size}
    return {
        "run_id": run_id,
        "synthetic": marker is not None,
        "marker": marker and marker.as_json(),
        "tables": tables,
    }


def _extracted_marker(folder: Path) -> Marker | None:
    record = json.loads((folder / "marker.json").read_text())
    return record and Marker.from_json(record)


def _seal(folder: Path) -> None:
    """Make every file read-only, and have all of it written to the disk; leftovers of broken attempts go."""
    for leftover in folder.glob(".*"):
        remove(leftover)
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o440)
    force_to_disk(folder)


def _regrouped(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.Table]:
    """Cut a stream of batches anew into tables of exactly `size` rows, the last one of what is left."""
    pending: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        while rows + batch.num_rows >= size:
            yield pa.Table.from_batches([*pending, batch.slice(0, size - rows)])
            batch = batch.slice(size - rows)
            pending, rows = [], 0
        pending.append(batch)
        rows += batch.num_rows
    if rows:
        yield pa.Table.from_batches(pending)
