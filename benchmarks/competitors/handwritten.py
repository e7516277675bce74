"""One DuckDB script, written for this alone: the list and the quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from benchmarks.policy import parameters
from vha.publish.list_hash import Value


def assess(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The assessment list, in rank order."""
    connection = duckdb.connect(config={"threads": 2, "memory_limit": memory, "temp_directory": str(work)})
    connection.execute("set preserve_insertion_order = false")
    rules = parameters()
    variables = {
        "landing": str(landing),
        "policy": str(policy),
        "as_of": as_of,
        "minimum_age": int(rules["minimum_age"]),
        "adult_age": int(rules["adult_age"]),
        "minimum_reports": int(rules["minimum_crime_reports"]),
        "intelligence_years": int(rules["intelligence_window_years"]),
        "cap": rules["intelligence_cap_ratio"],
        "threshold": Decimal(rules["score_threshold"]),
    }
    for name, value in variables.items():
        connection.execute(f"set variable {name} = ?", [value])
    connection.execute(Path(__file__).with_name("handwritten.sql").read_text())
    return connection.execute('from list order by "rank"').fetchall()
