"""Every published table as a file of its own: CSV with its description by CSV on the Web."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from vha.report.site.published import Published, Table

MARKS: Mapping[str, str] = {
    "[c]": "Confidential: the number is withheld so that nobody can be picked out.",
    "[x]": "Not available: there are too few people, or nothing to compare with, to give a figure; or, of a check, "
    "what it counts are people.",
    "[z]": "Does not apply to this row.",
}
"""What stands in a cell that has no value: no cell is left blank."""

Cell = str | int | float | Decimal | bool | date | datetime

_DATATYPES = {
    "BIGINT": "integer",
    "INTEGER": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


def cells(table: Table) -> Callable[[tuple[Any, ...]], list[Cell]]:
    """What writes a row of a table without blanks: a null becomes the mark that says why there is no value."""
    names = [column.name for column in table.columns]
    status = names.index("status") if "status" in names else None
    is_text = [column.kind == "VARCHAR" for column in table.columns]

    def written(row: tuple[Any, ...]) -> list[Cell]:
        said = row[status] if status is not None else None
        return [
            _mark(said, text) if value is None else value for value, text in zip(row, is_text, strict=True)
        ]

    return written


def _mark(status: str | None, is_text: bool) -> str:
    if is_text or status is None:
        return "[z]"
    if status in ("suppressed", "secondary_suppressed"):
        return "[c]"
    return "[z]" if status == "published" else "[x]"


def write(published: Published, folder: Path) -> None:
    """Write ``<table>.csv`` and ``<table>.csv-metadata.json`` for each table into a new folder."""
    folder.mkdir()
    for table in published.tables.values():
        written = cells(table)
        with (folder / f"{table.name}.csv").open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(column.name for column in table.columns)
            for row in published.database.execute(f'select * from "{table.name}" order by all').fetchall():
                out.writerow(map(_text, written(row)))
        text = json.dumps(metadata(table), indent=2, ensure_ascii=False) + "\n"
        (folder / f"{table.name}.csv-metadata.json").write_text(text, encoding="utf-8")


def metadata(table: Table) -> dict[str, Any]:
    """A table's description by CSV on the Web (W3C, tabular metadata)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table.name}.csv",
        "dc:title": table.name.replace("_", " "),
        "dc:description": table.description,
        "notes": [{"mark": mark, "meaning": meaning} for mark, meaning in MARKS.items()],
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "dc:description": column.description,
                    "datatype": _datatype(column.kind),
                    "null": list(MARKS),
                }
                for column in table.columns
            ]
        },
    }


def _datatype(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return "decimal"
    return _DATATYPES.get(kind, "string")


def _text(cell: Cell) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.isoformat(timespec="seconds")
        case Decimal():
            return f"{cell:f}"
        case _:
            return str(cell)
