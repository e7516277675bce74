"""Writes ``docs/data-dictionary.md`` from what the tables of a release say of themselves.

.venv/bin/python tests/data_dictionary.py
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from vha.publish.manifest import ASSESSMENT, OVERSIGHT
from vha.report.databases import REPORT_TABLES
from vha.settings import PROJECT_ROOT

FILE = PROJECT_ROOT / "docs" / "data-dictionary.md"

_MODELS = PROJECT_ROOT / "dbt_project" / "models"
_MARTS = _MODELS / "marts"
_RECURRING = dict(
    re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", (_MODELS / "columns.md").read_text(), re.DOTALL)
)
_HEAD = """\
# Data dictionary

<!-- Made by tests/data_dictionary.py from the models' property files: edit those. -->

The tables that a release holds, column by column. The same texts are comments in the databases themselves,
and the dbt documentation in `public/dbt_docs/` of each release has every model on the way to them. What the
words mean is in the [glossary](glossary.md); where the codes come from is in `seeds/`.
"""

Column = tuple[str, str, str]


def dictionary() -> str:
    """The page."""
    return "\n".join([_HEAD, *_section(ASSESSMENT, "assessment"), *_section(OVERSIGHT, "oversight")])


def _section(database: str, folder: str) -> Iterator[str]:
    yield f"## {database}\n"
    models = yaml.safe_load((_MARTS / folder / f"_{folder}.yml").read_text())["models"]
    for model in models:
        yield from _table(model["name"], model["description"], map(_column, model["columns"]))
    if database == OVERSIGHT:
        for name, (comment, columns) in REPORT_TABLES.items():
            yield from _table(name, comment, ((column, *said) for column, said in columns.items()))


def _column(properties: dict[str, Any]) -> Column:
    return properties["name"], properties["data_type"], properties["description"]


def _table(name: str, description: str, columns: Iterable[Column]) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{_sentence(description)}\n"
    yield "| column | type | meaning |"
    yield "| --- | --- | --- |"
    for column, kind, meaning in columns:
        yield f"| `{column}` | {kind} | {_sentence(meaning).replace('|', chr(92) + '|')} |"
    yield ""


def _sentence(text: str) -> str:
    """A description as a sentence, with the texts that it takes from ``columns.md`` in their places."""
    said = re.sub(r"\{\{ doc\('(\w+)'\) \}\}", lambda found: _RECURRING[found[1]].strip(), text)
    return " ".join(said.split()).rstrip(".") + "."


if __name__ == "__main__":
    FILE.write_text(dictionary())
