"""What ``vha run`` ends by saying about a release: in counts, never about anyone."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from textwrap import wrap

from vha.run import RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect


def summary(settings: Settings, run_id: str) -> list[str]:
    """Lines about a release, in counts only."""
    paths = RunPaths(settings, run_id)
    manifest = json.loads((paths.release / "manifest.json").read_text())
    counts = manifest["counts"]
    accepted = [
        f"{failure['suite']}.{failure['check_name']}, by {failure['accepted_by']}"
        for failure in manifest["accepted_failures"]
    ]
    checks = Counter(_outcome(check) for check in json.loads(paths.audit_results.read_text()))
    return [
        f"people       {counts['listed']:,} listed, {counts['added']:,} added, {counts['removed']:,} removed",
        f"checks       {checks['passed']:,} passed, {checks['warned']:,} warned, {checks['failed']:,} failed",
        *(f"accepted     {check}" for check in accepted),
        *wrap(f"quarantined  {_quarantined(settings, run_id)}", 100, subsequent_indent=" " * 13),
        f"release      {paths.release}",
    ]


def _outcome(check: dict[str, str]) -> str:
    if check["status"] == "passed":
        return "passed"
    return "failed" if check["severity"] == "critical" else "warned"


def _quarantined(settings: Settings, run_id: str) -> str:
    oversight = RunPaths(settings, run_id).release / "public" / "oversight.duckdb"
    with closing(connect(settings, oversight, read_only=True)) as connection:
        reasons = connection.execute(
            "select reason, sum(row_count) as row_count from quarantine_counts where run_id = ? "
            "group by all order by row_count desc, reason",
            [run_id],
        ).fetchall()
    return ", ".join(f"{count:,} {reason}" for reason, count in reasons) or "nothing"
