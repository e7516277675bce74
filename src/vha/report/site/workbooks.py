"""All published tables in one accessible workbook: a cover, contents, notes, then one table a sheet from cell A1.

No cell is merged and none is blank, so that a screen reader can go from cell to cell. The same sheets are written as
OpenDocument and as Excel's format, without a clock, so that the same release gives the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vha.report.site import ods, xlsx
from vha.report.site.exports import MARKS, Cell, cells
from vha.report.site.formats import day
from vha.report.site.published import Published, Table
from vha.run import Run

NAME = "violence-harm-assessment"
FORMATS: Mapping[str, str] = {"ods": "OpenDocument workbook", "xlsx": "Excel workbook"}

_LONGEST_NAME = 31


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook; its first row are the headings. Where it ``is_prose`` cells are wide and wrapped."""

    name: str
    rows: Sequence[Sequence[Cell]]
    is_prose: bool = False


def write(published: Published, run: Run, folder: Path) -> None:
    """Write the workbook in each format of :data:`FORMATS`."""
    sheets = list(_sheets(published, run))
    _zip(folder / f"{NAME}.ods", ods.members(sheets, run.as_of))
    _zip(folder / f"{NAME}.xlsx", xlsx.members(sheets, run.as_of))


def _sheets(published: Published, run: Run) -> Iterable[Sheet]:
    tables = [_table(published, table) for table in published.tables.values()]
    policy = next(iter(published.policy.values()), None)
    yield Sheet(
        "Cover",
        (
            ("Item", "Text"),
            ("Title", "Violence Harm Assessment: figures for oversight"),
            ("Release", run.run_id),
            ("As-of date", day(run.as_of)),
            ("Data", "Synthetic: nobody in these figures exists." if run.synthetic else "Real"),
            ("Policy version", policy["policy_version"] if policy else "none"),
            (
                "How to read it",
                "The sheet Contents lists the tables, the sheet Notes explains the marks in them.",
            ),
        ),
        is_prose=True,
    )
    described = published.tables
    yield Sheet(
        "Contents",
        (
            ("Sheet", "What a row is", "Rows"),
            *((sheet.name, table.description or table.name, rows)
              for (sheet, rows), table in zip(tables, described.values(), strict=True)),
        ),
        is_prose=True,
    )  # fmt: skip
    yield Sheet(
        "Notes",
        (
            ("Mark or column", "Meaning"),
            *MARKS.items(),
            ("Counts of people", "Protected: small ones are withheld with what would give them away, others rounded."),
            *((f"{table.name}: {column.name}", column.description or "No description")
              for table in described.values() for column in table.columns),
        ),
        is_prose=True,
    )  # fmt: skip
    yield from (sheet for sheet, _ in tables)


def _table(published: Published, table: Table) -> tuple[Sheet, int]:
    """A table's sheet, and how many rows the table has: where it has none the sheet has one that says so."""
    written = cells(table)
    rows = published.database.execute(f'select * from "{table.name}" order by all').fetchall()
    headings = [column.name for column in table.columns]
    name = table.name if len(table.name) <= _LONGEST_NAME else table.name.removeprefix("special_category_")
    body = [written(row) for row in rows] or [["[z]"] * len(headings)]
    return Sheet(name[:_LONGEST_NAME], [headings, *body]), len(rows)


def _zip(path: Path, members: Iterable[tuple[str, str]]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            # What kind of file it is has to come first and plain in OpenDocument.
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, kind, 6)
