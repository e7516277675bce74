"""Sheets as an OpenDocument spreadsheet (ISO/IEC 26300)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from vha.report.site.exports import Cell
    from vha.report.site.workbooks import Sheet

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{address}:1.0"'
    for name, address in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip


def members(sheets: Sequence[Sheet], as_of: date) -> Iterator[tuple[str, str]]:
    """The files of the archive, by name."""
    yield "mimetype", _MIME
    yield (
        "META-INF/manifest.xml",
        (
            f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
            f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        ),
    )
    yield (
        "meta.xml",
        (
            f"{_HEAD}<office:document-meta {_NAMESPACES} "
            'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
            "<office:meta><dc:title>Violence Harm Assessment: figures for oversight</dc:title>"
            f"<dc:language>en-GB</dc:language><dc:date>{as_of.isoformat()}T00:00:00</dc:date></office:meta>"
            "</office:document-meta>"
        ),
    )
    tables = "".join(_table(sheet) for sheet in sheets)
    yield (
        "content.xml",
        (
            f'{_HEAD}<office:document-content {_NAMESPACES} office:version="1.3"><office:automatic-styles>'
            '<style:style style:name="heading" style:family="table-cell"><style:text-properties fo:font-weight="bold"/>'
            "</style:style>"
            '<style:style style:name="column" style:family="table-column">'
            '<style:table-column-properties style:column-width="4.5cm"/></style:style>'
            '<style:style style:name="prose-column" style:family="table-column">'
            '<style:table-column-properties style:column-width="12cm"/></style:style>'
            '<style:style style:name="prose" style:family="table-cell">'
            '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>"
        ),
    )


def _table(sheet: Sheet) -> str:
    headings, *rows = sheet.rows
    first = "".join(_text(str(heading), ' table:style-name="heading"') for heading in headings)
    body = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    column, default = (
        ("prose-column", ' table:default-cell-style-name="prose"') if sheet.is_prose else ("column", "")
    )
    return (
        f"<table:table table:name={quoteattr(sheet.name)}>"
        f'<table:table-column table:style-name="{column}" table:number-columns-repeated="{len(headings)}"{default}/>'
        f"<table:table-header-rows><table:table-row>{first}</table:table-row></table:table-header-rows>"
        f"{body}</table:table>"
    )


def _cell(value: Cell) -> str:
    match value:
        case bool():
            said = "true" if value else "false"
            return _typed("boolean", f'office:boolean-value="{said}"', said)
        case int() | float() | Decimal():
            number = f"{value:f}" if isinstance(value, Decimal) else str(value)
            return _typed("float", f'office:value="{number}"', number)
        case date():
            said = value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
            return _typed("date", f'office:date-value="{said}"', said)
        case _:
            return _text(value)


def _typed(kind: str, value: str, said: str) -> str:
    return f'<table:table-cell office:value-type="{kind}" {value}><text:p>{said}</text:p></table:table-cell>'


def _text(value: str, style: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{style}><text:p>{escape(value)}</text:p></table:table-cell>'
