"""What can be taken away from the site: each table as files, the feed, the transparency record."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import jsonschema
import openpyxl
import pytest
from odf.opendocument import load as load_ods
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.teletype import extractText
from published import PERIODS, RUN, SHAPES, Made, write
from test_site import rows

from vha.report import site
from vha.report.site import exports
from vha.settings import Settings

ATOM = "{http://www.w3.org/2005/Atom}"


def test_each_table_is_a_csv_file_that_its_description_fits(usual: Path) -> None:
    database = usual.parent / "oversight.duckdb"
    tables = [name for (name,) in rows(database, "select table_name from duckdb_tables()")]
    assert {path.name for path in (usual / "downloads").glob("*.csv")} == {f"{table}.csv" for table in tables}
    for table in tables:
        with (usual / "downloads" / f"{table}.csv").open(newline="") as file:
            header, *content = csv.reader(file)
        described = json.loads((usual / "downloads" / f"{table}.csv-metadata.json").read_text())
        assert described["url"] == f"{table}.csv"
        assert [column["name"] for column in described["tableSchema"]["columns"]] == header
        assert len(content) == rows(database, f"select count(*) from {table}")[0][0]
        assert all(all(cell for cell in row) for row in content), f"{table} has a blank cell"


CSVW = {
    "string": str,
    "integer": int,
    "decimal": Decimal,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}
"""The datatypes of CSV on the Web that are used, and what reads a cell of each."""


def misdescribed(folder: Path, table: str) -> list[str]:
    """Where a table's description is none by CSV on the Web, or is not what the file holds."""
    described = json.loads((folder / f"{table}.csv-metadata.json").read_text())
    columns = described["tableSchema"]["columns"]
    # Of the vocabulary for a table; what has a prefix is a common property, which may be any.
    wrong = [name for name in described if name not in ("@context", "url", "notes", "tableSchema", "dc:title",
                                                        "dc:description")]  # fmt: skip
    wrong += [f"{column['name']}: {key}" for column in columns for key in column
              if key not in ("name", "titles", "datatype", "null", "dc:description")]  # fmt: skip
    if described["@context"] != ["http://www.w3.org/ns/csvw", {"@language": "en"}]:
        wrong.append("@context")
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for column in columns:
                cell = row[column["name"]]
                try:
                    _ = cell in column["null"] or CSVW[column["datatype"]](cell)
                except (ArithmeticError, KeyError, ValueError):
                    wrong.append(f"{column['name']}: {cell} is no {column['datatype']}")
    return wrong


def test_each_description_is_csv_on_the_web_and_each_cell_of_the_type_that_it_gives(usual: Path) -> None:
    tables = [path.stem for path in (usual / "downloads").glob("*.csv")]
    assert len(tables) > 15
    for table in tables:
        assert misdescribed(usual / "downloads", table) == [], table


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('"datatype": "integer"', '"datatype": "date"', "is no date"),
        ('"datatype": "integer"', '"datatype": "number of people"', "is no number of people"),
        ('"titles"', '"heading"', "period: heading"),
        ("http://www.w3.org/ns/csvw", "https://example.org", "@context"),
    ],
)
def test_a_description_that_does_not_fit_is_seen(
    usual: Path, tmp_path: Path, old: str, new: str, found: str
) -> None:
    name = "special_category_breakdown"
    for ending in ("csv", "csv-metadata.json"):
        text = (usual / "downloads" / f"{name}.{ending}").read_text()
        (tmp_path / f"{name}.{ending}").write_text(text.replace(old, new) if "json" in ending else text)
    assert any(found in wrong for wrong in misdescribed(tmp_path, name))


def test_a_cell_without_a_value_says_why(usual: Path) -> None:
    def marks(table: str, column: str) -> set[tuple[str, str]]:
        with (usual / "downloads" / f"{table}.csv").open(newline="") as file:
            return {
                (row["status"], row[column]) for row in csv.DictReader(file) if row[column].startswith("[")
            }

    assert marks("special_category_breakdown", "people") == {("suppressed", "[c]")}
    assert marks("disproportionality", "rate_ratio") == {("insufficient_data", "[x]")}
    assert {mark for _, mark in marks("list_trend", "reason")} == {"[z]"}
    assert set(exports.MARKS) == {"[c]", "[x]", "[z]"}
    for mark in exports.MARKS:
        assert mark in (usual / "downloads.html").read_text()


def test_the_workbooks_hold_every_table_from_a1_without_blank_or_merged_cells(usual: Path) -> None:
    downloads = usual / "downloads"
    names = [path.stem for path in sorted(downloads.glob("*.csv"))]
    excel = openpyxl.load_workbook(downloads / "violence-harm-assessment.xlsx")
    assert excel.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    short = {"special_category_completeness_by_group": "completeness_by_group"}
    assert excel.sheetnames[3:] == [short.get(name, name) for name in names]
    document = load_ods(str(downloads / "violence-harm-assessment.ods"))
    open_sheets = document.getElementsByType(OdsTable)
    assert [sheet.getAttribute("name") for sheet in open_sheets] == excel.sheetnames
    for name, open_sheet in zip(excel.sheetnames, open_sheets, strict=True):
        sheet = excel[name]
        assert not sheet.merged_cells.ranges
        grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert all(value not in (None, "") for row in grid for value in row), name
        assert len(sheet.tables) == 1
        open_rows = open_sheet.getElementsByType(TableRow)
        assert [len(row.getElementsByType(TableCell)) for row in open_rows] == [len(row) for row in grid]
        texts = [[extractText(cell) for cell in row.getElementsByType(TableCell)] for row in open_rows]
        assert texts[0] == grid[0]
        if name in excel.sheetnames[:3]:
            said = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
            assert all(cell.alignment.wrap_text for cell in said), name
        elif len(table_of(downloads, name)) == 1:
            assert grid[1:] == [["[z]"] * len(grid[0])] == texts[1:]
        else:
            assert (
                without_a_number(grid)
                == without_a_number(texts)
                == without_a_number(table_of(downloads, name))
            )
    assert [row[0].value for row in excel["Notes"].iter_rows(min_row=2, max_row=4)] == list(exports.MARKS)
    people = {row[3].value for row in excel["special_category_breakdown"].iter_rows(min_row=2)} - {"[c]"}
    mart = rows(
        usual.parent / "oversight.duckdb",
        "select people from special_category_breakdown where people is not null",
    )
    assert people == {value for (value,) in mart}
    with zipfile.ZipFile(downloads / "violence-harm-assessment.ods") as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED


def table_of(downloads: Path, sheet: str) -> list[list[str]]:
    [file] = [path for path in downloads.glob("*.csv") if path.stem.endswith(sheet)]
    with file.open(newline="") as text:
        return list(csv.reader(text))


def without_a_number(grid: list[list[Any]]) -> set[tuple[int, int]]:
    """Cells whose value is withheld or not there, by row and column."""
    return {
        (row, column)
        for row, cells in enumerate(grid)
        for column, value in enumerate(cells)
        if value in exports.MARKS
    }


def test_the_feed_tells_of_every_quarter_and_release(usual: Path) -> None:
    feed = ElementTree.parse(usual / "feed.xml").getroot()
    assert [feed.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated", "author")] == [
        True
    ] * 4
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(PERIODS) + SHAPES["usual"].earlier_releases + 1
    moments = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == moments[0]
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert (usual / link.attrib["href"]).exists()
        assert "synthetic data" in (entry.findtext(f"{ATOM}title") or "")


@pytest.mark.parametrize("name", ["usual", "every_table_empty"])
def test_the_transparency_record_keeps_its_schema(made: Made, name: str) -> None:
    record = json.loads((made(name) / "transparency.json").read_text())
    schema = json.loads((made(name) / "transparency.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(record, schema)
    for section, attribute in (
        ("tier_1", "description"),
        ("deployment", "human_review"),
        ("risks", "impact_assessments"),
    ):
        broken = json.loads(json.dumps(record))
        del broken[section][attribute]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)


def test_the_transparency_record_says_what_the_policy_says(usual: Path) -> None:
    record = json.loads((usual / "transparency.json").read_text())
    [[threshold]] = rows(
        usual.parent / "oversight.duckdb",
        "select value from policy_register where parameter = 'score_threshold'",
    )
    assert f"a score of at least {threshold} (assumption)" in " ".join(
        record["description"]["detailed_description"]
    )
    page = (usual / "transparency.html").read_text()
    for section in ("tier_1", "deployment", "risks"):
        for value in record[section].values():
            if isinstance(value, str):
                assert value.replace("'", "&#39;") in page


_COUNTS = {
    "people",
    "population",
    "recorded",
    "not_stated",
    "missing",
    "reference_people",
    "benchmark_people",
}


@pytest.mark.parametrize("name", SHAPES)
def test_no_file_to_take_away_counts_fewer_people_than_may_be_told(made: Made, name: str) -> None:
    folder = made(name)
    for file in (folder / "downloads").glob("*.csv"):
        for row in csv.DictReader(file.open(newline="")):
            counts = [value for column, value in row.items() if column in _COUNTS]
            if row.get("measure") in ("entries", "exits", "list_size", "overlap"):
                counts.append(row.get("value", ""))
            assert not [value for value in counts if value.isdecimal() and 0 < int(value) < 10], (file, row)


def test_a_small_number_in_a_published_file_is_found(made: Made, tmp_path: Path) -> None:
    """That the search above can fail: a database in which somebody forgot to withhold one."""
    database = write(tmp_path / "oversight.duckdb", SHAPES["usual"])
    with duckdb.connect(str(database)) as connection:
        connection.execute("update special_category_breakdown set people = 9 where group_code = 'F'")
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path)})
    site.write(settings, RUN, database, tmp_path / "site")
    with pytest.raises(AssertionError, match="special_category_breakdown"):
        test_no_file_to_take_away_counts_fewer_people_than_may_be_told(lambda _: tmp_path / "site", "usual")


def test_the_transparency_record_says_who_answers_for_the_tool_and_what_has_to_be_replaced(
    usual: Path,
) -> None:
    record = json.loads((usual / "transparency.json").read_text())
    answering = [*[*record["owner"].values()][:3], record["tier_1"]["contact_email"]]
    assert all("to be replaced" in value for value in answering)
    assert "not stated" not in (usual / "transparency.json").read_text()
