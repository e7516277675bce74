"""What changed between the policies of two releases, and who moved because of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from vha.errors import ConfigurationError
from vha.explain import access_log, words
from vha.publish.history import inputs_hash
from vha.publish.manifest import ASSESSMENT, OVERSIGHT
from vha.publish.releases import Release, all_releases
from vha.publish.sign_off import current_account
from vha.settings import Settings
from vha.warehouse.connect import connect

Content = Mapping[tuple[str, str, str], str | None]
"""Values of a policy by seed, row and column."""

Places = Mapping[str, tuple[int, Decimal]]
"""A list: rank and total score by person."""


@dataclass(frozen=True)
class Change:
    """A value of a policy that another policy has differently; None where there is none."""

    seed: str
    row: str
    column: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        return f"{self.seed} {self.row} {self.column}: {_shown(self.old)} → {_shown(self.new)}"


@dataclass(frozen=True)
class Move:
    """A person's way from one list to another; None where they are not on it."""

    nominal_id: str
    old: tuple[int, Decimal] | None
    new: tuple[int, Decimal] | None

    @property
    def kind(self) -> str:
        if self.old is None:
            return "entered"
        if self.new is None:
            return "left"
        (old, _), (new, _) = self.old, self.new
        return "same rank" if old == new else "moved up" if new < old else "moved down"

    def __str__(self) -> str:
        places = (
            f"rank {place[0]}, {place[1]} points" if place else "not listed" for place in (self.old, self.new)
        )
        return f"{self.nominal_id}: {' → '.join(places)}"


KINDS = ("entered", "left", "moved up", "moved down", "same rank")


def changes(old: Content, new: Content) -> list[Change]:
    """Every value that differs: the parameters' values first, then what else is said of them, then other seeds."""
    differing = [
        Change(*key, old.get(key), new.get(key))
        for key in old.keys() | new.keys()
        if old.get(key) != new.get(key)
    ]
    return sorted(
        differing,
        key=lambda change: (
            change.seed != "policy",
            change.seed,
            change.column != "value",
            change.row,
            change.column,
        ),
    )


def moves(old: Places, new: Places) -> list[Move]:
    """What became of everybody on either list, in order of the new ranks and then of the old."""
    there, gone = (
        sorted(new, key=lambda person: new[person]),
        sorted(old.keys() - new, key=lambda person: old[person]),
    )
    return [Move(person, old.get(person), new.get(person)) for person in (*there, *gone)]


def policy_diff(
    settings: Settings, run_a: str, run_b: str, people: bool, reason: str | None = None
) -> Iterator[str]:
    """The lines that ``vha policy diff`` prints.

    Args:
        run_a: the run of the release to compare with.
        run_b: the run of the release that is compared.
        people: whether to name who moved; each of them is logged as looked at, before anything is shown.
        reason: why they are looked at, a code of :data:`vha.explain.words.REASONS`.

    Raises:
        ConfigurationError: there is no such release, or it does not hold its policy; or people are to be named
            without a good reason, or cannot be logged.
    """
    code = words.one_of(words.REASONS, reason, "--reason") if people else ""
    releases = [_release(settings, run_id) for run_id in (run_a, run_b)]
    manifests = [json.loads((release.path / "manifest.json").read_text()) for release in releases]
    old, new = (manifest["policy_version"] for manifest in manifests)
    if old == new:
        yield f"{run_a} and {run_b} go by the same policy, {old}: nobody moved because of it."
        return
    yield f"From policy {old} of {run_a} to policy {new} of {run_b}"
    yield ""
    yield "What changed"
    differing = changes(*(content_of(settings, release) for release in releases))
    yield from (f"  {change}" for change in differing)
    if not differing:
        yield "  no value, only the order of columns"
    yield ""
    yield "Who moved"
    moved = moves(*(_places(settings, release) for release in releases))
    counts = Counter(move.kind for move in moved)
    yield from (f"  {kind:<10} {counts[kind]:>7,}" for kind in KINDS)
    yield f"  {_why(*manifests)}"
    if people:
        yield ""
        yield "By name, from the restricted databases: only for those who may read them"
        named = [move for move in moved if move.kind != "same rank"]
        for move in named:
            access_log.log(
                settings,
                command="policy-diff",
                account=current_account(),
                nominal_id=move.nominal_id,
                reason=code,
                run_id=run_b,
                found=True,
            )
        yield from (f"  {move}" for move in named)


def _why(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Whether the policy is all that can have moved anybody."""
    others = []
    if old["as_of"] != new["as_of"]:
        others.append(f"the date ({old['as_of']}, {new['as_of']})")
    if inputs_hash(old["inputs"]) != inputs_hash(new["inputs"]):
        others.append("the delivered records")
    if others:
        return (
            f"Not by the policy alone: {' and '.join(others)} changed too. To see the policy alone, "
            "release one date again over the same records with `vha run --as-of DATE --correct REASON`."
        )
    commits = old["git_commit"], new["git_commit"]
    # A commit that is unknown, or whose files were edited, says nothing about the code.
    known = all(re.fullmatch("[0-9a-f]{40}", commit) for commit in commits)
    told = (
        f"`git diff {' '.join(commits)} -- src dbt_project` tells" if known else "their commits do not tell"
    )
    return f"By the policy: date and delivered records are the same; whether the code changed too, {told}."


def _release(settings: Settings, run_id: str) -> Release:
    for release in all_releases(settings):
        if release.run_id == run_id:
            return release
    raise ConfigurationError(
        f"There is no release {run_id!r} under {settings.home}: `ls {settings.home}/releases` lists them."
    )


def content_of(settings: Settings, release: Release) -> Content:
    """The policy that a release went by.

    Raises:
        ConfigurationError: it is older than the table that holds it.
    """
    with connect(settings, release.path / OVERSIGHT, read_only=True) as oversight:
        try:
            rows = oversight.execute(
                "select seed, row_key, column_name, value from policy_content"
            ).fetchall()
        except duckdb.CatalogException:
            raise ConfigurationError(
                f"{release.run_id} was released before releases kept their policy: compare later ones."
            ) from None
    return {(seed, row, column): value for seed, row, column, value in rows}


def _places(settings: Settings, release: Release) -> Places:
    with connect(settings, release.path / ASSESSMENT, read_only=True) as assessment:
        rows = assessment.execute("select nominal_id, rank, total_score from assessment_list").fetchall()
    return {person: (rank, score) for person, rank, score in rows}


def _shown(value: str | None) -> str:
    return "nothing" if value is None else value
