"""The seeds as the pipeline knows them outside dbt: their hashes, and the version of the policy that they make."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from vha.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"

SCORING_SEEDS = (
    "code_lists",
    "harm_weights",
    "intelligence_categories",
    "intelligence_reliability",
    "offences",
    "outcome_codes",
    "policy",
)
"""The seeds that decide who is listed: weights and parameters, and the lists that rows are judged by."""


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
