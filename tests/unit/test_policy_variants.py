"""What-ifs that could not be computed, or not as their author meant them, are refused before a build."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from vha.errors import ConfigurationError
from vha.policy.variants import variant_names
from vha.warehouse.seeds import SEEDS


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the project's own seeds."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def change(seeds: Path, variant: str, values: dict[str, str]) -> None:
    file = seeds / "policy_variants.csv"
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    next(row for row in rows if row["variant"] == variant).update(values)
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_projects_own_what_ifs_are_those_that_oversight_is_promised(seeds: Path) -> None:
    names = variant_names(seeds)
    assert names == variant_names(SEEDS)
    assert {
        "compounding_decay", "linear_decay", "cchi_weights", "css_weights", "blended_weights",
        "without_intelligence", "threshold_minus_20_percent", "threshold_plus_20_percent",
        "lookback_minus_1_year", "lookback_plus_1_year", "reports_minus_1", "reports_plus_1", "charged_only",
        "manual_flags_only", "incidents_not_reports", "without_private_home_exception",
        "without_unknown_locations", "without_police_generated_offences",
    } == {*names}  # fmt: skip


@pytest.mark.parametrize(
    ("variant", "values", "words"),
    [
        ("linear_decay", {"variant": "Linear decay"}, "'Linear decay'.* lower case"),
        ("linear_decay", {"variant": "cchi_weights"}, "'cchi_weights'.* another name"),
        ("linear_decay", {"is_what_if": "yes"}, "true or false"),
        ("linear_decay", {"label": " "}, "say what it changes"),
        ("linear_decay", {"rationale": ""}, "why it is looked at"),
        ("linear_decay", {"change": "replace"}, "one of set, add, multiply, leave_out"),
        ("linear_decay", {"value": "quadratic"}, "set one of compounding, linear"),
        ("linear_decay", {"change": "add"}, "set one of compounding, linear"),
        ("linear_decay", {"parameter": "decay"}, "marks as overridable"),
        ("reports_plus_1", {"parameter": "suppression_threshold"}, "marks as overridable"),
        ("reports_plus_1", {"value": "one"}, "a number"),
        ("charged_only", {"parameter": "victims"}, "one of mere_suspects, .*police_generated_offences"),
    ],
)
def test_a_fault_is_refused_in_one_sentence_that_names_the_variant(
    seeds: Path, variant: str, values: dict[str, str], words: str
) -> None:
    change(seeds, variant, values)
    with pytest.raises(ConfigurationError, match=words) as refused:
        variant_names(seeds)
    [sentence] = str(refused.value).splitlines()
    assert sentence.startswith("In seeds/policy_variants.csv, the variant '")
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "columns variant, label"),
        ("variant,label\na,b\n", "columns variant, label"),
        (
            "variant,label,is_what_if,is_feedback,parameter,change,value,rationale\na,b\n",
            "comma or quotation",
        ),
        ('variant,"label\n', "comma-separated"),
    ],
)
def test_what_is_no_table_of_what_ifs_is_refused(seeds: Path, content: str, words: str) -> None:
    (seeds / "policy_variants.csv").write_text(content)
    with pytest.raises(ConfigurationError, match=words):
        variant_names(seeds)
