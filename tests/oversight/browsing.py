"""How the tests look at a page, and at the marts that it must agree with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
from playwright.sync_api import BrowserContext, Page
from published import Made

_TABLE = "document.getElementById(id).closest('table')"
_CELLS = "row => [...row.cells].map(cell => cell.innerText.trim().replace(/\\s+/g, ' '))"


def opened(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page of its own, closed afterwards."""
    page = context.new_page()
    page.goto(address)
    yield page
    page.close()


def table(page: Page, caption: str) -> list[list[str]]:
    """The text of a table's rows, without its headings."""
    found: list[list[str]] = page.evaluate(f"id => [...{_TABLE}.tBodies[0].rows].map({_CELLS})", caption)
    return found


def crosswise(page: Page, caption: str) -> set[tuple[str, str, str]]:
    """The cells of a table by the texts of their row's and column's headings."""
    [heads] = page.evaluate(f"id => [...{_TABLE}.tHead.rows].map({_CELLS})", caption)
    return {
        (row, column, cell)
        for row, *cells in table(page, caption)
        for column, cell in zip(heads[1:], cells, strict=True)
    }


def mart(made: Made, query: str) -> list[tuple[Any, ...]]:
    """What a query of the usual world's published tables gives."""
    with duckdb.connect(str(made("usual").parent / "oversight.duckdb"), read_only=True) as database:
        return database.execute(query).fetchall()
