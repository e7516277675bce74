"""Sheets as an Office Open XML workbook (ISO/IEC 29500), each a table with headings that screen readers announce."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from string import ascii_uppercase
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from vha.report.site.exports import Cell
    from vha.report.site.workbooks import Sheet

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_EPOCH = date(1899, 12, 30)
_PLAIN, _BOLD, _DATE, _WRAPPED = 0, 1, 2, 3
_WIDTH, _PROSE_WIDTH = 24, 60


def members(sheets: Sequence[Sheet], as_of: date) -> Iterator[tuple[str, str]]:
    """The files of the archive, by name."""
    numbers = range(1, len(sheets) + 1)
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
                f'<Override PartName="/xl/tables/table{n}.xml" ContentType="{_KIND}.table+xml"/>'
                for n in numbers
            )
            + "</Types>"
        ),
    )
    yield "_rels/.rels", _relationships((
        (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ))  # fmt: skip
    yield (
        "docProps/core.xml",
        (
            f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            "<dc:title>Violence Harm Assessment: figures for oversight</dc:title><dc:language>en-GB</dc:language>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{as_of.isoformat()}T00:00:00Z</dcterms:created>'
            "</cp:coreProperties>"
        ),
    )
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, 1)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    yield "xl/_rels/workbook.xml.rels", _relationships((
        *((f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers), (f"{_OFFICE}/styles", "styles.xml"),
    ))  # fmt: skip
    yield "xl/styles.xml", _STYLES
    for n, sheet in enumerate(sheets, 1):
        yield f"xl/worksheets/sheet{n}.xml", _sheet(sheet)
        yield (
            f"xl/worksheets/_rels/sheet{n}.xml.rels",
            _relationships(((f"{_OFFICE}/table", f"../tables/table{n}.xml"),)),
        )
        yield f"xl/tables/table{n}.xml", _table(n, sheet)


def _relationships(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _sheet(sheet: Sheet) -> str:
    headings, *rows = sheet.rows
    first = "".join(_text(str(heading), _BOLD) for heading in headings)
    text, width = (_WRAPPED, _PROSE_WIDTH) if sheet.is_prose else (_PLAIN, _WIDTH)
    body = "".join(f"<row>{''.join(_cell(value, text) for value in row)}</row>" for row in rows)
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(headings)}" width="{width}" customWidth="1"/></cols>'
        f'<sheetData><row>{first}</row>{body}</sheetData><tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
        "</worksheet>"
    )


def _table(number: int, sheet: Sheet) -> str:
    headings = sheet.rows[0]
    columns = "".join(
        f'<tableColumn id="{n}" name={quoteattr(str(heading))}/>' for n, heading in enumerate(headings, 1)
    )
    reference = f"A1:{_letters(len(headings))}{len(sheet.rows)}"
    name = "".join(letter if letter.isalnum() else "_" for letter in sheet.name)
    return (
        f'{_HEAD}<table xmlns="{_MAIN}" id="{number}" name="table_{name}" displayName="table_{name}" ref="{reference}">'
        f'<tableColumns count="{len(headings)}">{columns}</tableColumns></table>'
    )


def _letters(column: int) -> str:
    """A column's name: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = ascii_uppercase[letter] + name
    return name


def _cell(value: Cell, text: int) -> str:
    match value:
        case bool():
            return f'<c t="b"><v>{int(value)}</v></c>'
        case Decimal():
            return f"<c><v>{value:f}</v></c>"
        case int() | float():
            return f"<c><v>{value}</v></c>"
        case datetime():
            return _text(value.isoformat(timespec="seconds"), text)
        case date():
            return f'<c s="{_DATE}"><v>{(value - _EPOCH).days}</v></c>'
        case _:
            return _text(value, text)


def _text(value: str, style: int) -> str:
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Arial"/></font>'
    '<font><b/><sz val="11"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
