"""The first page of a release: what it is, how good its data are, and what there is to read.

It is made from ``oversight.duckdb`` alone, so that it can show nothing that may not be published.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from vha.run import Run
from vha.settings import Settings
from vha.warehouse.connect import connect


def render(settings: Settings, run: Run, oversight: Path) -> str:
    """The page as HTML.

    Args:
        oversight: the candidate's ``oversight.duckdb``.
    """
    with connect(settings, oversight, read_only=True) as database:
        checks = _rows(database, "select * from quality_checks order by suite, check_name")
        register = _rows(database, "select * from policy_register order by parameter")
        quarantined = _rows(database, "select * from quarantine_counts order by source_table, reason")
        completeness = _rows(
            database,
            "select * from special_category_completeness "
            "where period = (select max(period) from special_category_completeness) "
            "order by population_kind, characteristic",
        )
    policy = {row["parameter"]: row["value"] for row in register}
    not_passed = [check for check in checks if check["status"] != "passed"]
    severities = Counter(check["severity"] for check in not_passed)
    environment = Environment(
        # One stylesheet for these pages and for those of the audit.
        loader=ChoiceLoader([PackageLoader("vha.report"), PackageLoader("vha.audit")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = figure
    environment.filters["words"] = lambda name: str(name).replace("_", " ")
    return environment.get_template("release.html.j2").render(
        run=run,
        policy=policy,
        policy_version=register[0]["policy_version"],
        passed=len(checks) - len(not_passed),
        warned=severities["warning"],
        failed=severities["critical"],
        not_passed=not_passed,
        quarantined=quarantined,
        quarantined_rows=sum(row["row_count"] for row in quarantined),
        completeness=completeness,
        suppressed=any(row["status"] != "published" for row in completeness),
    )


def figure(value: int | Decimal | float | None) -> str:
    """A published number with its thousands apart, or ``[c]`` (confidential) where it is suppressed."""
    match value:
        case None:
            return "[c]"
        case int():
            return f"{value:,}"
        case _:
            return f"{value:.1f}"


def _rows(database: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = database.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
