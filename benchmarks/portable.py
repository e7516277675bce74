"""The list in plain SQL, step by step, for engines that have no script of their own: PostgreSQL and Spark."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment

from benchmarks.policy import parameters
from vha.extract.contract import TABLES
from vha.publish.list_hash import Value

POLICY = ("offences", "points", "intelligence", "outcomes", "codes")
"""The tables of ``policy.py``, which an engine has as ``policy_<name>``."""


class Engine(Protocol):
    """What an engine must be able to do; landed tables are there as ``landed_<table>``."""

    def make(self, name: str, select: str) -> int:
        """Keep the rows of a select as a table; returns their number."""

    def rows(self, select: str) -> Sequence[Sequence[Any]]:
        """The rows of a select."""


@dataclass(frozen=True)
class Words:
    """What the engines say differently: each takes the SQL of a text and gives the SQL of its value, or null."""

    clean: Callable[[str], str]
    day: Callable[[str], str]
    moment: Callable[[str], str]


def assess(engine: Engine, words: Words, as_of: date) -> Sequence[Sequence[Value]]:
    """The assessment list, in rank order."""
    for kind, name, select in _steps(words, as_of):
        if kind == "step":
            engine.make(name, select)
        else:
            _close(engine, name)
    listed = engine.rows("select * from assessed order by place")
    return [tuple(_plain(value) for value in row) for row in listed]


def _steps(words: Words, as_of: date) -> Sequence[tuple[str, str, str]]:
    rules = parameters()
    script = Environment().from_string(Path(__file__).with_name("portable.sql").read_text())
    text = script.render(
        tables=TABLES,
        clean=words.clean,
        day=words.day,
        moment=words.moment,
        as_of=f"date '{as_of}'",
        minimum_age=rules["minimum_age"],
        adult_age=rules["adult_age"],
        minimum_reports=rules["minimum_crime_reports"],
        intelligence_years=rules["intelligence_window_years"],
        cap=rules["intelligence_cap_ratio"],
        threshold=rules["score_threshold"],
    )
    parts = re.split(r"^-- (step|closure) (\w+)$", text, flags=re.MULTILINE)[1:]
    return [
        (kind, name, re.sub(r"^--.*$", "", select, flags=re.MULTILINE).strip())
        for kind, name, select in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]


def _close(engine: Engine, name: str) -> None:
    """From steps a to b to everything that can be reached from a: chains are short, circles have an end too."""
    before, walks, turn = -1, name, 0
    found = engine.make(f"{name}_0", f"select distinct a, b from {name}")
    while found != before:
        before, walks, turn = found, f"{name}_{turn}", turn + 1
        found = engine.make(
            f"{name}_{turn}",
            f"select a, b from {walks} union "
            f"select w.a, s.b from {walks} as w inner join {walks} as s on w.b = s.a",
        )
    engine.make(f"{name}_closure", f"select a, b from {walks}")


def _plain(value: Any) -> Value:
    return int(value) if isinstance(value, Decimal) and not value.as_tuple().exponent else value
