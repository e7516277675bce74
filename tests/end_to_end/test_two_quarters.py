"""What an oversight reader finds after a second quarter has closed: both, each at the address that it keeps."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest
from two_quarters import CLOSES

from vha.publish.history_tables import QUARTERLY
from vha.report.site import formats

pytestmark = pytest.mark.slow

EARLIER, LATEST = CLOSES


class Cells(HTMLParser):
    """The texts of each table's rows, by the id of its caption."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] = []
        self.in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "caption":
            self.rows = self.tables.setdefault(dict(attrs)["id"] or "", [])
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.in_cell = self.in_cell and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.rows[-1][-1] += data


def table(page: Path, caption: str) -> list[list[str]]:
    """The body of a table of a page."""
    return [[cell.strip() for cell in row] for row in Cells(page.read_text()).tables[caption][1:]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    program = Path(__file__).with_name("two_quarters.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VHA_")}
    subprocess.run([sys.executable, str(program), str(home)], check=True, timeout=900, env=environment)
    return home


@pytest.fixture(scope="module")
def public(home: Path) -> dict[str, Path]:
    """The public files of the release that closed each quarter."""
    results = json.loads((home / "results.json").read_text())
    assert {period: (each["code"], each["err"]) for period, each in results.items()} == dict.fromkeys(
        CLOSES, (0, "")
    )
    return {period: home / "releases" / each["current"] / "public" for period, each in results.items()}


def rows(public: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(public / "oversight.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_what_a_quarter_published_stays_and_keeps_its_address(public: dict[str, Path]) -> None:
    before, after = public[EARLIER], public[LATEST]
    for name in QUARTERLY:
        query = f"select * from {name} where period = '{EARLIER}' order by all"
        assert rows(after, query) == rows(before, query), name
    addresses = {
        path.relative_to(before / "site") for path in (before / "site" / "quarters" / EARLIER).glob("*.html")
    }
    assert len(addresses) > 20
    assert [address for address in addresses if not (after / "site" / address).exists()] == []
    assert f"quarters/{LATEST}/index.html" in (after / "site" / "feed.xml").read_text()
    assert [row[0] for row in table(after / "site" / "quarters" / "index.html", "quarters")] == [
        LATEST,
        EARLIER,
    ]


@pytest.mark.parametrize("period", CLOSES)
def test_the_figures_on_the_pages_of_each_quarter_are_the_mart_s(
    public: dict[str, Path], period: str
) -> None:
    after = public[LATEST]
    folder = after / "site" / "quarters" / period
    for code in ("self_defined_ethnicity_5", "sex", "age_band"):
        page = folder / f"breakdown-{code.replace('_', '-')}.html"
        expected = rows(
            after,
            "select people, population, percentage from special_category_breakdown "
            f"where period = '{period}' and characteristic = '{code}'",
        )
        assert sorted(tuple(row[1:]) for row in table(page, f"table-{code}")) == sorted(
            (formats.figure(people), formats.figure(of_all), formats.percent(percentage))
            for people, of_all, percentage in expected
        )
    expected = rows(
        after,
        "select recorded, not_stated, missing, percentage_recorded from special_category_completeness "
        f"where period = '{period}' and population_kind = 'suspects'",
    )
    assert sorted(
        tuple(row[1:]) for row in table(folder / "completeness.html", "completeness-suspects")
    ) == sorted(
        (*map(formats.figure, counts), formats.percent(percentage)) for *counts, percentage in expected
    )
    text = (folder / "breakdown.html").read_text()
    assert f"<strong>{formats.quarter(period)} ({period})</strong>" in text
    assert ("You are reading an earlier quarter" in text) == (period == EARLIER)


def test_what_changed_from_one_quarter_to_the_next_is_told(home: Path, public: dict[str, Path]) -> None:
    after = public[LATEST]
    sizes = {
        period: formats.figure(people)
        for period, people in rows(after, "select period, people from list_trend where measure = 'listed'")
    }
    assert sizes.keys() == CLOSES.keys()
    overview = (after / "site" / "index.html").read_text()
    said = re.search(r'id="sizes-description">([^<]+)<', overview)
    assert said is not None
    assert f"{EARLIER}: {sizes[EARLIER]}; {LATEST}: {sizes[LATEST]}" in said[1]
    told = {row[0]: row[2] for row in table(after / "site" / "breakdown.html", "movements")}
    [(added,)] = rows(after, f"select people from list_trend where period = '{LATEST}' and measure = 'added'")
    assert (told["On the list"], told["Added"]) == (sizes[LATEST], formats.figure(added))
    # The two lists themselves: what is told of who came is the truth, rounded or withheld.
    lists = []
    for release in public.values():
        with duckdb.connect(
            str(release.parent / "restricted" / "assessment.duckdb"), read_only=True
        ) as people:
            lists.append(
                {row[0] for row in people.execute("select nominal_id from assessment_list").fetchall()}
            )
    came, went = len(lists[1] - lists[0]), len(lists[0] - lists[1])
    assert came + went > 0
    for told_of, really in (("Added", came), ("Removed", went)):
        withheld = told[told_of] == "[c]"
        assert withheld or abs(int(told[told_of].replace(",", "")) - really) <= 2, told_of
        assert withheld or not 0 < really < 10, told_of
    for page in ("breakdown", "disproportionality"):
        assert "the first quarter that closed" not in (after / "site" / f"{page}.html").read_text()
    assert "the first quarter that closed" in (public[EARLIER] / "site" / "breakdown.html").read_text()


def test_a_figure_that_is_not_the_mart_s_would_be_seen(public: dict[str, Path], tmp_path: Path) -> None:
    page = public[LATEST] / "site" / "quarters" / EARLIER / "breakdown-sex.html"
    right = table(page, "table-sex")
    shown = next(cell for row in right for cell in row[1:] if cell != "[c]")
    (tmp_path / "wrong.html").write_text(page.read_text().replace(f">{shown}</td>", ">4,711</td>"))
    assert table(tmp_path / "wrong.html", "table-sex") != right
