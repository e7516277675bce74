"""The documentation agrees with what it speaks of."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import data_dictionary
import pytest

from vha.report.site.vocabulary import SHOWN_ON
from vha.settings import PROJECT_ROOT

PAGES = [*PROJECT_ROOT.glob("*.md"), *(PROJECT_ROOT / "docs").rglob("*.md")]
METHOD = (PROJECT_ROOT / "docs" / "method.md").read_text()
SOURCES = (PROJECT_ROOT / "docs" / "sources.md").read_text()

NOT_OF_THE_METHOD = re.compile(
    r"acceptable_|borough_|compared_releases|completeness_|daily_|dangling_|date_order_|freshness_|keep_landings|mix_|"
    r"other_case_|padded_text_|profile_|quarantine_limit_|quarantine_surge_|volume_"
)
"""Parameters of the audit and of housekeeping, which explain themselves in the seed."""


def rows_of(seed: str) -> list[dict[str, str]]:
    with (PROJECT_ROOT / "seeds" / f"{seed}.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


def anchors_of(page: Path) -> set[str]:
    """The names that a link may have after ``#``, one for each heading."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors_of(file), target


def test_the_data_dictionary_says_what_the_tables_say() -> None:
    assert data_dictionary.FILE.read_text() == data_dictionary.dictionary(), (
        "run tests/data_dictionary.py and commit what it writes"
    )
    assert "{{" not in data_dictionary.dictionary()


def test_the_method_says_what_every_table_of_a_release_is_for_and_the_site_knows_the_page_of_each() -> None:
    restricted, public = (
        set(re.findall(r"^### (\w+)$", part, re.MULTILINE))
        for part in data_dictionary.dictionary().split("## public/")
    )
    assert restricted | public <= set(re.findall(r"`(\w+)`", METHOD))
    assert set(SHOWN_ON) == public


def test_the_method_names_every_parameter_of_its_rules() -> None:
    parameters = {row["parameter"] for row in rows_of("policy")}
    of_its_rules = {name for name in parameters if not NOT_OF_THE_METHOD.match(name)}
    assert of_its_rules <= set(re.findall(r"`(\w+)`", METHOD))


def test_the_method_names_every_reason_for_quarantine() -> None:
    prefix = "quarantine_limit_"
    reasons = {
        row["parameter"].removeprefix(prefix) for row in rows_of("policy") if prefix in row["parameter"]
    }
    assert reasons <= set(re.findall(r"^\| `(\w+)` \|", METHOD, re.MULTILINE))


def test_every_source_of_a_seed_is_listed() -> None:
    listed = tuple(name.lower() for name in re.findall(r"^\| ([^|]+) \|", SOURCES, re.MULTILINE))
    seeds = ("offences", "harm_weights", "policy", "benchmark_population")
    given = {row["source"] for seed in seeds for row in rows_of(seed)}
    for source in (source for source in given if not source.startswith("Assumption")):
        for part in source.lower().split(";"):
            assert part.strip().startswith(listed), source
