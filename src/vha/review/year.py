"""The yearly review for the Mayor's office: what the year's releases published, side by side.

Every figure about people is one that a quarter published, under the protection that it had there, and nothing is
added up or set against another: there is nothing new to infer, and the attack on the release that the figures are
taken from is one on the review too. What comes on top counts checks and releases.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from vha.errors import ConfigurationError
from vha.policy.diff import changes, content_of
from vha.publish.candidate import file_hashes
from vha.publish.manifest import OVERSIGHT
from vha.publish.releases import Release, all_releases, current_release, is_synthetic
from vha.report.databases import copy_schema, create_table
from vha.report.site import exports, workbooks
from vha.report.site.published import Published
from vha.review import page
from vha.review.quarter import attack_again, packs
from vha.run import Run
from vha.settings import Settings
from vha.warehouse.connect import connect

# What a release says of itself alone; the tables of the year below take their place.
_OF_ONE_RELEASE = (
    "accepted_failures",
    "policy_content",
    "quality_checks",
    "quality_trend",
    "quarantine_counts",
    "release_register",
)

_CHECK = {
    "as_of_date": ("date", "The as-of date of the release"),
    "suite": ("varchar", "The table that was checked"),
    "check_name": ("varchar", "The check's name within its suite"),
}
_TABLES = {
    "releases": (
        "A row is a release of the year",
        {
            "as_of_date": ("date", "The as-of date of its list"),
            "run_id": ("varchar", "The run that made it"),
            "published_at": ("varchar", "When it was published, UTC"),
            "passed": ("bigint", "Checks of its audit that passed"),
            "warnings": ("bigint", "Checks that failed with a warning"),
            "accepted": ("bigint", "Critical checks that failed and were accepted by somebody named"),
        },
    ),
    "checks_not_passed": (
        "A row is a check that did not pass in the audit of a release of the year",
        {
            **_CHECK,
            "severity": ("varchar", "critical: a failure stops the release; warning: it is shown"),
            "status": ("varchar", "failed, or errored (could not be evaluated)"),
            "meaning": ("varchar", "What a failure means for people on the list"),
            "owner": ("varchar", "Who mends it"),
        },
    ),
    "accepted_failures": (
        "A row is a critical check whose failure somebody accepted, so that a release could be published",
        {
            **_CHECK,
            "accepted_by": ("varchar", "Who accepted it"),
            "reason": ("varchar", "Why"),
        },
    ),
    "policy_changes": (
        "A row is a value of the policy that a release of the year had otherwise than the release before it",
        {
            "as_of_date": ("date", "The as-of date of the first release with the new value"),
            "seed": ("varchar", "The seed"),
            "row_key": ("varchar", "What names the row within it, its parts joined by |"),
            "column_name": ("varchar", "The column"),
            "old_value": ("varchar", "The value before; null where there was none"),
            "new_value": ("varchar", "The value since; null where there is none"),
        },
    ),
}

_OF_AN_AUDIT = {
    "checks_not_passed": """
        select suite, check_name, severity, status, meaning, owner
        from quality_checks
        where status <> 'passed'
        order by all
    """,
    "accepted_failures": "select suite, check_name, accepted_by, reason from accepted_failures order by all",
}


def write_review(settings: Settings, year: int, out: Path | None = None) -> Path:
    """Write the review of a year into a new folder: pages, and each table as a database, CSV and workbook.

    Args:
        out: folder to make; by default ``review-<year>`` beside the packs of the quarters.

    Returns:
        The folder.

    Raises:
        ConfigurationError: there is no release, no quarter of that year is closed, or the folder is there already.
        QualityBlocked: a suppressed number can be inferred from what is published, or that contradicts itself.
    """
    release = current_release(settings)
    if release is None:
        raise ConfigurationError("There is no release to review: publish one first with `vha run`.")
    if out is None:
        out = packs(settings) / f"review-{year}"
        out.parent.mkdir(exist_ok=True)
    if out.exists() or not out.resolve().parent.is_dir():
        raise ConfigurationError(
            f"The review needs a new folder, and {out} is there already, or the folder around it is not: "
            "choose another with `--out`."
        )
    _refuse_an_unclosed_year(settings, release, year)
    attack_again(settings)
    run = Run(release.run_id, release.as_of, is_synthetic(release), started_by="")
    unfinished = out.resolve().with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        unfinished.mkdir()
        with connect(settings, unfinished / "review.duckdb") as review:
            _fill(settings, review, release, year)
            published = Published(review)
            exports.write(published, unfinished / "tables")
            workbooks.write(published, run, unfinished / "tables")
            page.write(published, run, year, unfinished)
        sums = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(file_hashes(unfinished).items()))
        (unfinished / "SHA256SUMS").write_text(sums)
        unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return out


def _refuse_an_unclosed_year(settings: Settings, release: Release, year: int) -> None:
    with connect(settings, release.path / OVERSIGHT, read_only=True) as oversight:
        rows = oversight.execute("select distinct period[:4] from special_category_breakdown").fetchall()
    years = sorted(closed for (closed,) in rows)
    if str(year) not in years:
        raise ConfigurationError(
            f"No quarter of {year} is closed, so there is nothing to review: "
            + (f"choose one of {', '.join(years)}." if years else "release a quarter's last day first.")
        )


def _fill(settings: Settings, review: duckdb.DuckDBPyConnection, release: Release, year: int) -> None:
    """Copy what the quarters of the year published, and add what its releases say of themselves."""
    with connect(settings, release.path / OVERSIGHT, read_only=True) as oversight:
        copy_schema(oversight, review, "main")
    for table in _OF_ONE_RELEASE:
        review.execute(f"drop table if exists {table}")
    for copied in Published(review).tables.values():
        if copied.is_quarterly:
            review.execute(f"delete from {copied.name} where period not like ?", [f"{year}-Q%"])
    before_and_of_the_year = [each for each in all_releases(settings) if each.as_of.year <= year]
    of_the_year = [each for each in before_and_of_the_year if each.as_of.year == year]
    rows = {
        **_audits(settings, of_the_year),
        "policy_changes": [
            [after.as_of, change.seed, change.row, change.column, change.old, change.new]
            for before, after in pairwise(before_and_of_the_year)
            if after in of_the_year
            for change in changes(content_of(settings, before), content_of(settings, after))
        ],
    }
    for name, (comment, columns) in _TABLES.items():
        create_table(review, name, comment, columns)
        if rows[name]:
            review.executemany(f"insert into {name} values ({', '.join('?' * len(columns))})", rows[name])


def _audits(settings: Settings, releases: Sequence[Release]) -> dict[str, list[Sequence[Any]]]:
    """How the audit of each release ended, and which checks did not pass."""
    found: dict[str, list[Sequence[Any]]] = {"releases": [], "checks_not_passed": [], "accepted_failures": []}
    for release in releases:
        with connect(settings, release.path / OVERSIGHT, read_only=True) as oversight:
            [counts] = oversight.execute(
                """
                select
                    count(*) filter (where status = 'passed'),
                    count(*) filter (where status <> 'passed' and severity = 'warning'),
                    count(*) filter (where status <> 'passed' and severity = 'critical')
                from quality_checks
                """
            ).fetchall()
            found["releases"].append((release.as_of, release.run_id, release.published_at, *counts))
            for table, query in _OF_AN_AUDIT.items():
                found[table] += [(release.as_of, *row) for row in oversight.execute(query).fetchall()]
    return found
