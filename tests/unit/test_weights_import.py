"""Official workbooks give the weights that they name without doubt, and a file that is anything else gives none."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vha.cli import main
from vha.errors import ConfigurationError
from vha.policy.check import check
from vha.policy.weights import import_weights
from vha.warehouse.seeds import SEEDS

Rows = Sequence[Sequence[Any]]

CCHI_SHEET = "CCHI 2026 values sheet"
CCHI_HEADER = (
    "ATHENA URN", "FULL_OFFENCE_TITLE", "CCHI Score", "Starting Point", "GROUP", "SUB_GROUP",
    "HOME_OFFICE_CLASSIFICATION", "HO_CODE", "HO_SUB_CODE",
)  # fmt: skip
CSS_HEADER = ("Offence category", "Offence code", "Offence", "Weight")
CSS_TITLES = (("Crime Severity Score data tool",), ("Weights 2019 to 2023",), ())


def cchi_row(classification: Any, title: str | None, score: Any) -> tuple[Any, ...]:
    return ("1", title, score, "", "VIOLENCE AGAINST THE PERSON", "HOMICIDE", classification, "", "")


CCHI_ROWS = (
    cchi_row("001/01", "Murder, victim aged 1 year or over", 5475),
    cchi_row("001/02", "Murder, victim under 1 year", 5475.0),
    cchi_row("004/01", "Manslaughter", 2190),
    cchi_row("004/10", "Corporate manslaughter", 182.625),
    cchi_row("004/04", "Causing death by dangerous driving", 1095),
    cchi_row("004/04", "Causing death by dangerous driving", 730),
    cchi_row("004/01", "Manslaughter EXPIRED 31/03/17", 99),
    cchi_row("004/03", "Intentional destruction of a viable unborn child", None),
    cchi_row("005/01", "Wounding with intent", 1460),
    cchi_row(None, "An offence without classification", 5),
)
CSS_ROWS = (
    ("Violence", "1/4.1/4.10/4.2", "Homicide", 8123.45678),
    (None, "2", "Attempted murder", 4700),
    (None, "5D", "Assault with intent to cause serious harm", "1595.2"),
    (None, "8N", "Assault with injury", 203.07),
    (None, "8N", "Assault with injury", 203.08),
    (None, 36, "Kidnapping", 1918.8),
    (None, 4.3, "Intentional destruction of a viable unborn child", 1492.2),
    (None, 4.1, "Manslaughter, or corporate manslaughter", 1),
    (None, "5Z", "An offence that nobody knows", 7),
    (None, True, "An offence whose code is no code", 1),
    (None, "34A-36", "A range of offences", 400),
    ("Notes", None, None, None),
)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return shutil.copytree(SEEDS, tmp_path / "seeds")


def workbook(file: Path, sheet: str, rows: Rows) -> Path:
    """A workbook with a cover and one more sheet."""
    book = openpyxl.Workbook()
    book.active.title = "Cover page"
    book.active.append(["For information only"])
    filled = book.create_sheet(sheet)
    for row in rows:
        filled.append(list(row))
    book.save(file)
    return file


def cchi(folder: Path, rows: Rows = CCHI_ROWS, sheet: str = CCHI_SHEET, above: Rows = ()) -> Path:
    return workbook(folder / "cchi.xlsx", sheet, [*above, CCHI_HEADER, *rows])


def css(
    folder: Path, rows: Rows = CSS_ROWS, sheet: str = "List of weights", above: Rows = CSS_TITLES
) -> Path:
    return workbook(folder / "css.xlsx", sheet, [*above, CSS_HEADER, *rows])


def weights(seeds: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (seeds / "harm_weights.csv").open(newline="") as lines:
        return {(row["offence_code"], row["scheme"]): row for row in csv.DictReader(lines)}


def test_the_index_takes_the_place_of_what_was_derived(seeds: Path, tmp_path: Path) -> None:
    before = weights(seeds)
    import_weights(cchi(tmp_path), None, False, seeds)
    after = weights(seeds)
    assert before["4.1", "cchi"]["weight"] == "730.0000"
    assert {column: after["4.1", "cchi"][column] for column in ("weight", "edition", "basis", "source")} == {
        "weight": "2190.0000",
        "edition": "2026",
        "basis": "published",
        "source": "Cambridge Crime Harm Index 2026 update",
    }
    assert after["1", "cchi"]["weight"] == "5475.0000"
    assert after["1", "cchi"]["derivation"].endswith("as 001/01, 001/02.")
    assert after["4.10", "cchi"]["weight"] == "182.6250"
    replaced = {("1", "cchi"), ("4.1", "cchi"), ("4.10", "cchi")}
    assert {key: row for key, row in after.items() if key not in replaced} == {
        key: row for key, row in before.items() if key not in replaced
    }
    check(seeds)


def test_the_severity_scores_are_found_by_class(seeds: Path, tmp_path: Path) -> None:
    before = weights(seeds)
    import_weights(None, css(tmp_path), False, seeds)
    after = weights(seeds)
    given = {key: row["weight"] for key, row in after.items() if row != before.get(key)}
    assert given == {
        **{(code, "ons_css"): "8123.4568" for code in ("1", "4.1", "4.2", "4.10")},
        ("2", "ons_css"): "4700.0000",
        ("5D", "ons_css"): "1595.2000",
        ("36", "ons_css"): "1918.8000",
        ("4.3", "ons_css"): "1492.2000",
    }
    assert {after[key]["edition"] for key in given} == {"2019-2023"}
    assert {after[key]["source"] for key in given} == {"ONS Crime Severity Score data tool, list of weights"}
    check(seeds)


def test_rows_stay_in_the_order_of_the_offences(seeds: Path, tmp_path: Path) -> None:
    import_weights(cchi(tmp_path), css(tmp_path), False, seeds)
    with (seeds / "offences.csv").open(newline="") as lines:
        order = [row["offence_code"] for row in csv.DictReader(lines)]
    keys = list(weights(seeds))
    assert keys == sorted(keys, key=lambda key: (order.index(key[0]), key[1]))


def test_several_weights_of_one_offence_are_told_and_none_is_taken(seeds: Path, tmp_path: Path) -> None:
    told = "\n".join(import_weights(cchi(tmp_path), css(tmp_path), False, seeds))
    assert ("4.4", "cchi") not in weights(seeds)
    assert ("8N", "ons_css") not in weights(seeds)
    assert "004/04 1095.0000, 004/04 730.0000" in told
    assert "8N 203.0700, 8N 203.0800" in told


def test_all_that_was_not_used_is_told_with_the_reason(seeds: Path, tmp_path: Path) -> None:
    told = import_weights(cchi(tmp_path), css(tmp_path), False, seeds)
    [cchi_unmapped, css_unmapped] = [line for line in told if "unmapped" in line]
    assert cchi_unmapped.split()[-1] == "4"
    assert css_unmapped.split()[-1] == "4"
    for words in (
        "Manslaughter EXPIRED 31/03/17 (expired)",
        "Intentional destruction of a viable unborn child (has no weight)",
        "Wounding with intent (leads to no one offence)",
        "An offence without classification (leads to no one offence)",
        "Manslaughter, or corporate manslaughter (leads to no one offence)",
        "An offence that nobody knows (leads to no one offence)",
        "An offence whose code is no code (leads to no one offence)",
        "A range of offences (leads to no one offence)",
    ):
        assert sum(words in line for line in told) == 1, words


def test_old_and_new_stand_side_by_side(seeds: Path, tmp_path: Path) -> None:
    told = [line.split() for line in import_weights(cchi(tmp_path), None, False, seeds)]
    assert ["4.1", "730.0000", "2190.0000"] in told
    assert ["4.10", "none", "182.6250"] in told
    assert ["3B", "10.0000"] in told, "what the workbook does not have is kept, and told"


def test_a_dry_run_says_the_same_and_writes_nothing(seeds: Path, tmp_path: Path) -> None:
    before = (seeds / "harm_weights.csv").read_bytes()
    dry = import_weights(cchi(tmp_path), css(tmp_path), True, seeds)
    assert (seeds / "harm_weights.csv").read_bytes() == before
    assert dry[-1].endswith("nothing was written.")
    assert import_weights(tmp_path / "cchi.xlsx", tmp_path / "css.xlsx", False, seeds)[:-1] == dry[:-1]


def test_the_same_workbook_again_changes_nothing(seeds: Path, tmp_path: Path) -> None:
    import_weights(cchi(tmp_path), css(tmp_path), False, seeds)
    once = (seeds / "harm_weights.csv").read_bytes()
    again = import_weights(tmp_path / "cchi.xlsx", tmp_path / "css.xlsx", False, seeds)
    assert again[-1] == "seeds/harm_weights.csv: 0 rows would change; nothing was written."
    assert (seeds / "harm_weights.csv").read_bytes() == once


def test_titles_above_the_header_and_spaces_around_names_do_no_harm(seeds: Path, tmp_path: Path) -> None:
    above = [("Cambridge Crime Harm Index",), (None, "GROUP of notes"), ()]
    import_weights(cchi(tmp_path, above=above, sheet=f" {CCHI_SHEET.upper()}"), None, False, seeds)
    assert weights(seeds)["4.1", "cchi"]["weight"] == "2190.0000"


def test_an_edition_is_not_made_up(seeds: Path, tmp_path: Path) -> None:
    import_weights(None, css(tmp_path, above=()), False, seeds)
    assert weights(seeds)["2", "ons_css"]["edition"] == "not stated"


def with_row(row: Sequence[Any]) -> Callable[[Path], Path]:
    return lambda folder: cchi(folder, [*CCHI_ROWS, row])


def with_header(*header: str) -> Callable[[Path], Path]:
    return lambda folder: workbook(folder / "cchi.xlsx", CCHI_SHEET, [header, *CCHI_ROWS])


def written(content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / "cchi.xlsx").write_bytes(content)
        return folder / "cchi.xlsx"

    return write


def cut_short(folder: Path) -> Path:
    file = cchi(folder)
    file.write_bytes(file.read_bytes()[:-200])
    return file


def two_sheets(folder: Path) -> Path:
    book = openpyxl.load_workbook(cchi(folder))
    book.copy_worksheet(book[CCHI_SHEET]).title = "CCHI 2027 values sheet"
    book.save(folder / "cchi.xlsx")
    return folder / "cchi.xlsx"


# Each file that is not the index as published, with what the sentence must say.
REFUSED: dict[str, tuple[Callable[[Path], Path], list[str]]] = {
    "no file": (lambda folder: folder / "nowhere.xlsx", ["nowhere.xlsx", "cannot be read"]),
    "a folder": (lambda folder: folder, ["cannot be read"]),
    "an empty file": (written(b""), ["no .xlsx workbook"]),
    "a table as text": (written(b"code,weight\n1,2\n"), ["no .xlsx workbook"]),
    "an older workbook": (written(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600), ["no .xlsx", ".xls"]),
    "a damaged workbook": (cut_short, ["no .xlsx workbook"]),
    "the wrong sheet": (
        lambda folder: cchi(folder, sheet="Expired offences"),
        ["0 sheets", "Expired offences"],
    ),
    "the other workbook": (css, ["0 sheets", "List of weights", "Cambridge Crime Harm Index"]),
    "two editions": (two_sheets, ["2 sheets", "CCHI 2027 values sheet"]),
    "an empty sheet": (
        lambda folder: workbook(folder / "cchi.xlsx", CCHI_SHEET, []),
        ["no row", "code, weight"],
    ),
    "only a header": (lambda folder: cchi(folder, []), ["no weight in its sheet", CCHI_SHEET]),
    "no weights": (lambda folder: cchi(folder, [cchi_row("001/01", "Murder", None)]), ["no weight"]),
    "no score": (with_header(*(name for name in CCHI_HEADER if "Score" not in name)), ["heading", "weight"]),
    "no classification": (with_header(*(n for n in CCHI_HEADER if n[:4] != "HOME")), ["heading", "code"]),
    "no subgroup": (with_header(*(n for n in CCHI_HEADER if n != "SUB_GROUP")), ["heading", "subgroup"]),
    "two scores": (with_header(*CCHI_HEADER[:-1], "CCHI score"), ["one heading each for weight"]),
    "words for a score": (with_row(cchi_row("001/01", "Murder", "life")), ["'life'", "row 12", "no number"]),
    "truth for a score": (with_row(cchi_row("001/01", "Murder", True)), ["'True'", "no number"]),
    "zero": (with_row(cchi_row("001/01", "Murder", 0)), ["'0'", "row 12", "greater than 0"]),
    "less than zero": (with_row(cchi_row("005/01", "Wounding", -365)), ["'-365'", "greater than 0"]),
    "next to nothing": (with_row(cchi_row("001/01", "Murder", 0.00001)), ["1e-05", "greater than 0"]),
    "far too much": (with_row(cchi_row("001/01", "Murder", 1e30)), ["1e+30", "less than"]),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_what_it_says_it_is_changes_nothing(
    seeds: Path, tmp_path: Path, make: Callable[[Path], Path], words: list[str]
) -> None:
    before = {file.name: file.read_bytes() for file in seeds.iterdir()}
    good = css(tmp_path) if make is not css else None
    with pytest.raises(ConfigurationError) as refused:
        import_weights(make(tmp_path), good, False, seeds)
    [sentence] = str(refused.value).splitlines()
    for word in words:
        assert word in sentence
    assert {file.name: file.read_bytes() for file in seeds.iterdir()} == before


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: css(folder, sheet="Data"), ["0 sheets", "Crime Severity Score"]),
        (lambda folder: css(folder, [("", "2", "Attempted murder", "-")]), ["'-'", "row 5", "no number"]),
        (lambda folder: css(folder, [("", "2", "Attempted murder", 0)]), ["greater than 0"]),
        (lambda folder: css(folder, [], above=[("Offence code", "Rate")]), ["no weight"]),
        (
            lambda folder: workbook(folder / "css.xlsx", "List of weights", [("Offence", "Weight")]),
            ["one heading each for code"],
        ),
        (cchi, ["0 sheets", CCHI_SHEET]),
    ],
)
def test_so_does_another_file_in_place_of_the_severity_scores(
    seeds: Path, tmp_path: Path, make: Callable[[Path], Path], words: list[str]
) -> None:
    before = (seeds / "harm_weights.csv").read_bytes()
    with pytest.raises(ConfigurationError) as refused:
        import_weights(None, make(tmp_path), False, seeds)
    for word in words:
        assert word in str(refused.value)
    assert (seeds / "harm_weights.csv").read_bytes() == before


def test_a_write_that_fails_leaves_the_seed_whole(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (seeds / "harm_weights.csv").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="full"):
        import_weights(cchi(tmp_path), None, False, seeds)
    assert (seeds / "harm_weights.csv").read_bytes() == before


def test_the_command_prints_the_table_or_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["weights", "import", "--cchi", str(cchi(tmp_path)), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Cambridge Crime Harm Index 2026 update: 10 rows, edition 2026")
    assert told.err == ""
    assert main(["weights", "import"]) == 1
    assert main(["weights", "import", "--css", str(tmp_path / "cchi.xlsx")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert [line[:5] for line in told.err.splitlines()] == ["vha: ", "vha: "]


@pytest.mark.parametrize("code", ["1/4.1/4.10/4.2", "1-4.1-4.10-4.2", "1, 4.1, 4.10 & 4.2"])
def test_a_class_of_several_codes_gives_each_of_them_its_weight(
    seeds: Path, tmp_path: Path, code: str
) -> None:
    import_weights(None, css(tmp_path, [("Violence", code, "Homicide", 8000)]), False, seeds)
    after = weights(seeds)
    assert {after[part, "ons_css"]["weight"] for part in ("1", "4.1", "4.10", "4.2")} == {"8000.0000"}
