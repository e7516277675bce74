"""The official workbooks of harm weights, read as they are published and refused when they are anything else."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from vha.errors import ConfigurationError

Cells = tuple[Any, ...]

_FIRST_ROWS = 50
"""So far down a header may stand below titles and notes."""

_LEAST = Decimal("0.0001")
_TOO_MUCH = Decimal(10) ** 8


@dataclass(frozen=True)
class Shape:
    """How a workbook is published. Headings are compared by their letters alone.

    Attributes:
        scheme: of seed ``harm_weights``.
        name: what the publication is called; ``{edition}`` stands for its edition.
        sheet: pattern of the sheet's name, in which the group ``edition`` may stand.
        columns: pattern of each heading that must be there.
        title: pattern of the heading of the offences' titles, which serve to recognise them and may be missing.
    """

    scheme: str
    name: str
    sheet: str
    columns: Mapping[str, str]
    title: str


CCHI = Shape(
    "cchi",
    "Cambridge Crime Harm Index {edition} update",
    r"cchi (?P<edition>\d{4}) values sheet",
    {
        "code": "homeofficeclassification",
        "weight": "cchiscore",
        "full offence title": "fulloffencetitle",
        "group": "group",
        "subgroup": "subgroup",
    },
    title="fulloffencetitle",
)
CSS = Shape(
    "ons_css",
    "ONS Crime Severity Score data tool, list of weights",
    r".*\bweights\b.*",
    {"code": "(homeoffice)?(offence)?code", "weight": "weight"},
    title="(detailed)?offence(title|description|name)?",
)


@dataclass(frozen=True)
class Entry:
    """A row of a workbook.

    Attributes:
        code: the offence's code; a number where the cell holds one.
        title: the offence in words.
        weight: rounded to four decimals; None where the workbook gives none.
    """

    code: str | int | float
    title: str
    weight: Decimal | None


@dataclass(frozen=True)
class Workbook:
    """What a workbook says.

    Attributes:
        edition: the year or years that it names, ``not stated`` if it names none.
        source: the publication, for the seed.
        sha256: of the file.
    """

    scheme: str
    edition: str
    source: str
    sha256: str
    entries: Sequence[Entry]


def read_workbook(path: Path, shape: Shape) -> Workbook:
    """Read a workbook.

    Raises:
        ConfigurationError: there is no such file, it is no workbook, or not of this shape; the sentence says where.
    """
    try:
        content = path.read_bytes()
    except OSError:
        raise ConfigurationError(f"{path} cannot be read: give the path of the workbook.") from None
    sheet, rows = _sheet(path, content, shape)
    header = _header(path, rows, shape)
    titles = [
        place for place, heading in enumerate(_headings(rows[header])) if re.fullmatch(shape.title, heading)
    ]
    code, weight = (_places(rows[header], shape)[column][0] for column in ("code", "weight"))
    entries = []
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        cells = defaultdict(lambda: None, enumerate(row))
        title = " ".join(str(cells[place] or "").strip() for place in titles)
        if entry := _entry(path, number, cells[code], title, cells[weight]):
            entries.append(entry)
    if not any(entry.weight for entry in entries):
        raise _unlike(path, f"has no weight in its sheet {sheet!r}", shape)
    named = re.fullmatch(shape.sheet, sheet.strip(), re.IGNORECASE)
    assert named is not None
    edition = named.groupdict().get("edition") or _years(rows[:header])
    source = shape.name.format(edition=edition)
    return Workbook(shape.scheme, edition, source, hashlib.sha256(content).hexdigest(), entries)


def _sheet(path: Path, content: bytes, shape: Shape) -> tuple[str, list[Cells]]:
    """The name and the rows of the one sheet of that shape."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            names = [sheet.title for sheet in workbook.worksheets]
            found = [name for name in names if re.fullmatch(shape.sheet, name.strip(), re.IGNORECASE)]
            rows = list(_rows(workbook[found[0]])) if len(found) == 1 else []
    except Exception:  # openpyxl meets a damaged file with whatever error it runs into
        raise ConfigurationError(
            f"{path} is no .xlsx workbook: save it as one, if it is an older .xls, or download it again."
        ) from None
    if len(found) != 1:
        raise _unlike(path, f"has {len(found)} sheets of weights among {', '.join(names)}", shape)
    return found[0], rows


def _rows(sheet: Any) -> Iterator[Cells]:
    # What a sheet says of its own size is not always so, and would cut it short.
    sheet.reset_dimensions()
    return sheet.iter_rows(values_only=True)  # type: ignore[no-any-return]


def _header(path: Path, rows: Sequence[Cells], shape: Shape) -> int:
    """Which row is the header: the first that has each heading once."""
    fullest: Mapping[str, Sequence[int]] = {}
    for number, row in enumerate(rows[:_FIRST_ROWS]):
        places = _places(row, shape)
        if all(len(found) == 1 for found in places.values()):
            return number
        fullest = max(fullest, places, key=lambda places: sum(map(bool, places.values())))
    missing = [column for column in shape.columns if len(fullest.get(column, ())) != 1]
    raise _unlike(path, f"has no row with one heading each for {', '.join(missing)}", shape)


def _places(row: Cells, shape: Shape) -> dict[str, list[int]]:
    """Where each column's heading stands in a row."""
    headings = _headings(row)
    return {
        column: [place for place, heading in enumerate(headings) if re.fullmatch(pattern, heading)]
        for column, pattern in shape.columns.items()
    }


def _headings(row: Cells) -> list[str]:
    return [re.sub("[^a-z]", "", str(cell or "").lower()) for cell in row]


def _entry(path: Path, number: int, code: object, title: str, weight: object) -> Entry | None:
    if isinstance(code, str):
        code = code.strip()
    if code in (None, "") and weight is None:
        return None
    if isinstance(code, bool) or not isinstance(code, int | float):
        code = str(code or "")
    return Entry(code, title, None if weight is None else _weight(path, number, weight))


def _weight(path: Path, number: int, cell: object) -> Decimal:
    text = str(cell).strip()
    if not re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text):
        fault = "which is no number"
    elif not _LEAST <= Decimal(text) < _TOO_MUCH:
        fault = f"which must be greater than 0 and less than {_TOO_MUCH:,}"
    else:
        return Decimal(text).quantize(_LEAST, ROUND_HALF_UP)
    raise ConfigurationError(
        f"{path} has the weight {text!r} in row {number}, {fault}: nothing was imported; "
        "is it the workbook as published?"
    )


def _years(rows: Sequence[Cells]) -> str:
    """The years that the titles above a table name, from the first to the last."""
    titles = " ".join(str(cell) for row in rows for cell in row if cell is not None)
    years = sorted(set(re.findall(r"\b20\d\d\b", titles)))
    return "-".join(dict.fromkeys((years[0], years[-1]))) if years else "not stated"


def _unlike(path: Path, fault: str, shape: Shape) -> ConfigurationError:
    name = shape.name.replace("{edition} ", "")
    return ConfigurationError(f"{path} {fault}: nothing was imported; is it the workbook of the {name}?")
