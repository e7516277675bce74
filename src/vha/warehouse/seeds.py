"""The seeds as the pipeline knows them outside dbt: their hashes, and the version of the policy that they make."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from vha.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"

SCORING_SEEDS: Mapping[str, tuple[str, ...]] = {
    "code_lists": ("domain", "code"),
    "harm_weights": ("offence_code", "scheme"),
    "intelligence_categories": ("category",),
    "intelligence_reliability": ("grading_scheme", "source_grade", "assessment_grade"),
    "offences": ("offence_code",),
    "outcome_codes": ("outcome_code",),
    "policy": ("parameter",),
}
"""The seeds that decide who is listed, each with the columns that name its rows: weights and parameters, and the
lists that rows are judged by."""


def canonical_form(seed: Path) -> str:
    """A seed's content apart from the order of its rows and the way its CSV is quoted: one line a row, sorted."""
    with seed.open(newline="") as file:
        header, *rows = csv.reader(file)
    return "\n".join("\x1f".join(row) for row in [header, *sorted(rows)]) + "\n"


def policy_version(folder: Path = SEEDS) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of all seeds that scoring reads, in canonical form."""
    digest = hashlib.sha256()
    for name in SCORING_SEEDS:
        digest.update(f"{name}\n{canonical_form(folder / f'{name}.csv')}".encode())
    return digest.hexdigest()[:12]


def row_key(name: str, row: Mapping[str, str]) -> str:
    """What names a row of a scoring seed: the values of its key, joined by ``|``."""
    return "|".join(row[column] for column in SCORING_SEEDS[name])


def policy_content(folder: Path = SEEDS) -> Iterator[tuple[str, str, str, str | None]]:
    """All that :func:`policy_version` is a hash of, value by value: seed, row key, column and value as text."""
    for name, key in SCORING_SEEDS.items():
        with (folder / f"{name}.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                for column, value in row.items():
                    if column not in key:
                        yield name, row_key(name, row), column, value or None
