"""The benchmark's landing is one world several times over, in the form of any landing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from factory import settings_of

from vha.extract.contract import TABLES
from vha.extract.source import text_schema
from vha.synthetic.england import create_landing

COPIES = 2


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("england")
    return folder, create_landing(settings_of(folder, {}), folder / "landing", 1, "tiny", COPIES)


def test_it_has_the_form_of_a_landing(landed: tuple[Path, dict[str, int]]) -> None:
    folder, rows = landed
    for table in TABLES:
        file = folder / "landing" / f"{table.path}.parquet"
        schema = pa.schema([pa.field("landing_row", pa.int64()), *text_schema(table)])
        assert pq.read_schema(file).equals(schema), table.path
        numbers = duckdb.sql(f"select count(*), count(distinct landing_row), min(landing_row), max(landing_row) "
                             f"from '{file}'").fetchall()  # fmt: skip
        delivered = rows[f"{table.system}.{table.name}"]
        assert numbers == [(delivered, delivered, 1, delivered)], table.path


def test_no_record_of_one_copy_has_to_do_with_anothers(landed: tuple[Path, dict[str, int]]) -> None:
    folder, _ = landed
    links = folder / "landing" / "crime" / "crime_person.parquet"
    copies = duckdb.sql(
        "select distinct split_part(crime_ref, '-', 2)[:2], split_part(nominal_id, '-', 2)[:2] "
        f"from '{links}' where crime_ref like '%-%' and nominal_id like '%-%'"
    ).fetchall()
    assert sorted(copies) == [("00", "00"), ("01", "01")]
