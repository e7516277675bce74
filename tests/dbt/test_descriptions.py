"""Every model is described and keeps the rules of form, and every rule finds a model that breaks it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from harness import Project

from vha.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models"
LONGEST = 80

LONGER = {
    "score_contributions": "three kinds in one form, each of which names every column of the contract",
}
"""Models that may be longer, and why."""

_CLOCK = re.compile(
    r"\b(current_date|current_time|current_timestamp|localtime|localtimestamp|get_current_\w+|run_started_at)\b"
    r"|\b(now|today|random|uuid)\s*\(|modules\.datetime"
)


@dataclass(frozen=True)
class Described:
    """A model with everything that is said of it.

    Attributes:
        written: its file.
        compiled: the same once dbt has filled in its macros and references.
        columns: the names that it has once it is built.
        column_descriptions: as its property file has them, by name.
    """

    layer: str
    name: str
    written: str
    compiled: str
    columns: frozenset[str]
    description: str
    column_descriptions: Mapping[str, str]


Faults = Iterator[str]


def it_is_described(model: Described) -> Faults:
    if not model.description.strip():
        yield "has no description"


def each_column_is_described(model: Described) -> Faults:
    for column in sorted(model.columns):
        if not model.column_descriptions.get(column, "").strip():
            yield f"has no description of column {column}"


def each_described_column_is_there(model: Described) -> Faults:
    for column in sorted(model.column_descriptions.keys() - model.columns):
        yield f"has no column {column}, which is described"


def it_says_atop_what_a_row_is(model: Described) -> Faults:
    if not re.match(r"-- (A row is|One row:|At most one row:) \w", model.written):
        yield "does not begin with a comment that says what a row is"


def only_staging_reads_the_landing(model: Described) -> Faults:
    if model.layer != "staging" and '"landing".' in model.compiled:
        yield "reads the landing past staging"


def staging_never_joins(model: Described) -> Faults:
    if model.layer == "staging" and re.search(r"\bjoin\b", _without_comments(model.compiled)):
        yield "joins, though it is staging"


def it_reads_no_clock(model: Described) -> Faults:
    for text in (model.written, model.compiled):
        if found := _CLOCK.search(_without_comments(text)):
            yield f"depends on more than its inputs: {found[0]}"


def it_is_short(model: Described) -> Faults:
    lines = model.written.count("\n")
    if (lines > LONGEST) != (model.name in LONGER):
        yield (
            f"has {lines} lines, {LONGEST} being the most"
            if lines > LONGEST
            else "needs no exception any more"
        )


# Each rule with a model, and a change that makes it break the rule.
RULES: dict[Callable[[Described], Faults], list[tuple[str, Callable[[Described], Described]]]] = {
    it_is_described: [("int_people", lambda model: replace(model, description=" "))],
    each_column_is_described: [
        ("int_people", lambda model: replace(model, columns=model.columns | {"shoe_size"})),
        ("int_people", lambda model: replace(model, column_descriptions={})),
    ],
    each_described_column_is_there: [("int_people", lambda model: replace(model, columns=frozenset()))],
    it_says_atop_what_a_row_is: [
        ("int_people", lambda model: replace(model, written=model.written.partition("\n")[2])),
        ("int_people", lambda model: replace(model, written="-- People.\n" + model.written)),
    ],
    only_staging_reads_the_landing: [
        ("int_people", lambda model: replace(model, compiled='select * from "work"."landing"."nominal"')),
    ],
    staging_never_joins: [
        ("stg_crime__flags", lambda model: replace(model, compiled="select * from x left join y using (z)")),
    ],
    it_reads_no_clock: [
        ("int_people", lambda model: replace(model, written="select current_date")),
        ("int_people", lambda model: replace(model, written="select '{{ run_started_at }}'")),
        ("int_people", lambda model: replace(model, compiled="select now() as seen_at")),
    ],
    it_is_short: [
        ("int_people", lambda model: replace(model, written=model.written + LONGEST * "\n")),
        ("score_contributions", lambda model: replace(model, written="-- A row is short.\n")),
    ],
}
BREACHES = [
    pytest.param(rule, name, breach, id=f"{rule.__name__}-{number}")
    for rule, breaches in RULES.items()
    for number, (name, breach) in enumerate(breaches, 1)
]


@pytest.fixture(scope="module")
def models(project: Project) -> dict[str, Described]:
    """Every model of the project, built over sources that delivered nothing."""
    built = project.build({}, date(2026, 6, 30), wanted=list(project.models))
    columns: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in built.rows("select table_schema, table_name, column_name from information_schema.columns"):
        columns[row["table_schema"], row["table_name"]].add(row["column_name"])
    files = {file.stem: file for file in MODELS.rglob("*.sql")}
    properties = _properties()
    return {
        name: _described(
            files[name], model.sql, frozenset(columns[model.schema, name]), properties.get(name, {})
        )
        for name, model in project.models.items()
    }


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.__name__) for rule in RULES])
def test_every_model_keeps_the_rule(
    rule: Callable[[Described], Faults], models: dict[str, Described]
) -> None:
    assert [f"{model.name} {fault}" for model in models.values() for fault in rule(model)] == []


@pytest.mark.parametrize(("rule", "name", "breach"), BREACHES)
def test_the_rule_finds_the_breach(
    rule: Callable[[Described], Faults],
    name: str,
    breach: Callable[[Described], Described],
    models: dict[str, Described],
) -> None:
    assert list(rule(breach(models[name])))


def test_no_macro_reads_a_clock() -> None:
    macros = "".join(file.read_text() for file in (PROJECT_ROOT / "dbt_project" / "macros").glob("*.sql"))
    assert not _CLOCK.search(re.sub(r"{#.*?#}", "", macros, flags=re.DOTALL))


def test_every_shared_description_is_used() -> None:
    defined = re.findall(r"{% docs (\w+) %}", (MODELS / "columns.md").read_text())
    used = {
        name for file in MODELS.rglob("*.yml") for name in re.findall(r"doc\('(\w+)'\)", file.read_text())
    }
    assert set(defined) == used
    assert len(defined) == len(used)


def _without_comments(sql: str) -> str:
    return re.sub(r"--.*|{#.*?#}|/\*.*?\*/", "", sql)


def _properties() -> dict[str, dict[str, Any]]:
    """What the property files say, by model."""
    said = [yaml.safe_load(file.read_text()) for file in MODELS.rglob("*.yml")]
    return {model["name"]: model for content in said for model in content.get("models", [])}


def _described(
    file: Path, compiled: str, columns: frozenset[str], properties: Mapping[str, Any]
) -> Described:
    return Described(
        layer=file.relative_to(MODELS).parts[0],
        name=file.stem,
        written=file.read_text(),
        compiled=compiled,
        columns=columns,
        description=properties.get("description", ""),
        column_descriptions={
            column["name"]: column.get("description", "") for column in properties.get("columns", [])
        },
    )
