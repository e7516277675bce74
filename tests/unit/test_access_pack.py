"""The access pack holds what is held on a person, for the data-protection officer, and nobody else's identifier."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from explained_world import (
    KNOWN,
    LISTED,
    MERGED_IN,
    OTHERS,
    UNKNOWN,
    every_byte,
    make_explained,
    sources,
    uses,
)
from scratch_run import settings_at
from test_explain import assert_accessible

from vha.errors import ConfigurationError
from vha.explain import access_log, command, holdings, words
from vha.explain.command import access_pack_command
from vha.run import RunPaths
from vha.settings import Settings


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = settings_at(tmp_path_factory.mktemp("released"))
    make_explained(settings)
    return settings.home


@pytest.fixture
def settings(released: Path, tmp_path: Path) -> Settings:
    """An installation of its own, with one release."""
    shutil.copytree(released, tmp_path / "home", symlinks=True)
    return settings_at(tmp_path / "home")


def pack_of(settings: Settings, person: str = LISTED, name: str = "pack", refuse: str | None = None) -> Path:
    folder = settings.home.parent / name
    assert access_pack_command(settings, person, "subject_access", str(folder), refuse) == 0
    return folder


def content_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "access-pack.json").read_text())
    return content


def test_all_that_is_held_is_in_it(settings: Settings) -> None:
    content = content_of(pack_of(settings))
    held = content["sources"]
    assert content["identifiers"] == [LISTED, MERGED_IN]
    assert {table: found["count"] for table, found in held.items()} == {
        "crime/crime_report": 4,
        "crime/crime_flag": 4,
        "crime/crime_person": 4,
        "intelligence/intelligence_report": 2,
        "intelligence/intelligence_subject": 2,
        "person/nominal": 3,
        "person/restriction": 1,
        "partnership/safeguarding": 1,
    }
    roles = {(row["crime_ref"], row["role"]) for row in held["crime/crime_person"]["rows"]}
    assert roles == {("CR-1", "suspect"), ("CR-2", "suspect"), ("CR-3", "suspect"), ("CR-4", "victim")}
    for table, found in held.items():
        assert ("sensitivity" in (found["note"] or "")) == table.startswith("intelligence/")
    assert [row["record_key"] for row in content["quarantine"]] == [f"CR-8|{LISTED}|suspect", "CR-4"]
    assert [row["total_score"] for row in content["lists"]] == ["2810.9505"]
    assert len(content["contributions"]) == 6
    assert [row["movement"] for row in content["movements"]] == ["added"]
    assert [row["reason"] for row in content["review_queue"]] == ["suspect_and_victim"]
    assert "Crown Prosecution Service is told when the tool was used" in content["disclosure"]["statement"]
    assert "last 7 runs" in content["retention"]["rule"]
    assert content["retention"]["source_rows_kept_for"] == ["run-1"]
    named = {right["name"] for right in content["rights"]}
    assert {"Access", "Rectification", "Objection", "Complaint", "Check by the Commissioner"} <= named
    assert "ico.org.uk" in content["commissioner"]


def test_the_page_shows_what_the_data_hold(settings: Settings) -> None:
    folder = pack_of(settings)
    page = (folder / "access-pack.html").read_text()
    assert_accessible(page)
    for shown in (
        "CR-4",
        "victim",
        "IR-2",
        "R-1",
        MERGED_IN,
        "suspect and victim".replace(" ", "_"),
        "2810.9505",
    ):
        assert shown in page
    assert page.count("Review every row for sensitivity") == 2


def test_the_history_of_releases_is_in_it(settings: Settings) -> None:
    make_explained(settings, "run-2", date(2026, 12, 31), listed=False)
    content = content_of(pack_of(settings))
    assert content["release"] == {"run_id": "run-2", "as_of": "2026-12-31"}
    assert [row["run_id"] for row in content["lists"]] == ["run-1"]
    assert {row["run_id"] for row in content["contributions"]} == {"run-1"}
    assert [(row["run_id"], row["movement"]) for row in content["movements"]] == [
        ("run-1", "added"),
        ("run-2", "removed"),
    ]


def test_somebody_who_was_never_listed_has_a_pack_too(settings: Settings) -> None:
    content = content_of(pack_of(settings, KNOWN))
    assert [row["role"] for row in content["sources"]["crime/crime_person"]["rows"]] == ["witness"]
    assert content["lists"] == content["contributions"] == content["movements"] == []


def test_of_an_unknown_person_nothing_is_held(settings: Settings) -> None:
    content = content_of(pack_of(settings, UNKNOWN))
    assert all(found["count"] == 0 for found in content["sources"].values())
    assert not uses(settings)[-1]["found"]


def test_what_is_no_longer_kept_is_said_to_be(settings: Settings) -> None:
    paths = RunPaths(settings, "run-1")
    paths.warehouse.unlink()
    shutil.rmtree(paths.landing)
    folder = pack_of(settings, refuse="prejudice_crime")
    content = content_of(folder)
    assert content["sources"] is None
    assert not content["identity_is_resolved"]
    assert len(content["lists"]) == 1
    assert "no longer kept" in (folder / "access-pack.html").read_text()
    assert "no longer kept" in (folder / "record-of-reasons.html").read_text()


# Nobody else.


def nobody_else_is_named(settings: Settings) -> None:
    """Control: others stand in each of the person's reports, and in no byte of what is written."""
    delivered = sources().tables
    for table in ("crime_person", "intelligence_subject"):
        refs = {row[next(iter(row))] for row in delivered[table] if row["nominal_id"].strip() == LISTED}
        assert {row["nominal_id"] for row in delivered[table] if next(iter(row.values())) in refs} >= {
            *OTHERS
        }
    written = every_byte(pack_of(settings, refuse="rights_of_others"))
    assert LISTED.encode() in written
    for other in (KNOWN, *OTHERS):
        assert other.encode() not in written


def test_nobody_else_s_identifier_is_in_it(settings: Settings) -> None:
    nobody_else_is_named(settings)


def _everybody_in_the_reports(read: Callable[..., Any]) -> Callable[..., Any]:
    def broken(connection: Any, table: Any, landing: Path, column: str, values: Any) -> Any:
        if table.name == "crime_person":
            return read(connection, table, landing, "crime_ref", ["CR-1", "CR-2", "CR-3", "CR-4"])
        return read(connection, table, landing, column, values)

    return broken


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("_rows_with", _everybody_in_the_reports(holdings._rows_with)),
        ("_OF_THE_PERSON", "$people is not null"),
        ("_is_about", lambda quarantined, people, found: True),
        ("_ANOTHER", OTHERS[3]),
    ],
    ids=["all of a report", "all of a release", "all of the quarantine", "whoever an entry was merged into"],
)
def test_somebody_else_s_identifier_is_caught(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, broken: Any
) -> None:
    monkeypatch.setattr(holdings, name, broken)
    with pytest.raises(AssertionError):
        nobody_else_is_named(settings)


# Who may read it, and who did.


def test_it_is_for_its_owner_alone(settings: Settings) -> None:
    folder = pack_of(settings, refuse="public_security")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == [
        "access-pack.html",
        "access-pack.json",
        "record-of-reasons.html",
        "refusal-letter.html",
    ]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def uses_are_logged_first(settings: Settings) -> None:
    """Control: a pack without its line in the log is not written."""
    folder = pack_of(settings)
    [use] = uses(settings)
    assert (use["command"], use["nominal_id"], use["reason"], use["found"]) == (
        "access-pack",
        LISTED,
        "subject_access",
        True,
    )
    [shown] = content_of(folder)["disclosure"]["uses"]
    assert shown["at"] == use["at"]
    access_log.log_file(settings).chmod(0o644)
    with pytest.raises(ConfigurationError, match="Nothing is shown"):
        pack_of(settings, name="unlogged")
    assert not (settings.home.parent / "unlogged").exists()


def test_a_pack_is_logged_before_it_is_written(settings: Settings) -> None:
    uses_are_logged_first(settings)


def test_an_unlogged_pack_is_caught(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    use = access_log.Access("access-pack", "2026", "os:x", LISTED, "subject_access", "run-1", True, "0" * 64)
    monkeypatch.setattr(command, "_log", lambda *_, **__: use)
    with pytest.raises(ValueError, match="not enough values to unpack"):
        uses_are_logged_first(settings)


def test_the_pack_says_who_looked_before_and_whether_the_log_holds(settings: Settings) -> None:
    pack_of(settings, KNOWN, name="other")
    command.explain_command(settings, MERGED_IN, "complaint", None, None)
    found = content_of(pack_of(settings))["disclosure"]
    assert [(use["nominal_id"], use["reason"]) for use in found["uses"]] == [
        (MERGED_IN, "complaint"),
        (LISTED, "subject_access"),
    ]
    assert found["log_holds"]
    file = access_log.log_file(settings)
    file.write_text(file.read_text().replace("complaint", "review"))
    folder = pack_of(settings, name="later")
    assert not content_of(folder)["disclosure"]["log_holds"]
    assert "The access log was changed" in (folder / "access-pack.html").read_text()


def test_a_folder_that_is_there_is_left_as_it_is(settings: Settings) -> None:
    folder = pack_of(settings)
    before = every_byte(folder)
    for out in (folder, settings.home / "nowhere" / "pack"):
        with pytest.raises(ConfigurationError, match="needs a new folder"):
            access_pack_command(settings, KNOWN, "subject_access", str(out), None)
    assert every_byte(folder) == before
    assert len(uses(settings)) == 1


# Refusal.


@pytest.mark.parametrize("ground", words.REFUSALS)
def test_a_refusal_names_its_ground_and_the_ways_to_complain(settings: Settings, ground: str) -> None:
    folder = pack_of(settings, refuse=ground)
    paragraph, words_of_the_act = words.REFUSALS[ground]
    letter = " ".join((folder / "refusal-letter.html").read_text().split())
    for said in (
        f"section 45(4)({paragraph})",
        words_of_the_act,
        "section 51",
        "section 165",
        "section 167",
        "ico.org",
    ):
        assert said in letter
    record = (folder / "record-of-reasons.html").read_text()
    for said in (
        f"section 45(4)({paragraph})",
        words_of_the_act,
        "section 45(7)",
        LISTED,
        uses(settings)[0]["at"],
    ):
        assert said in record
    assert_accessible(letter)
    assert_accessible(record)


def test_the_letter_does_not_give_away_whether_anything_is_held(settings: Settings) -> None:
    letters = []
    for person in (LISTED, KNOWN, UNKNOWN):
        folder = pack_of(settings, person, name=f"pack-{person}", refuse="prejudice_crime")
        reference = content_of(folder)["reference"]
        letters.append((folder / "refusal-letter.html").read_text().replace(reference, "REFERENCE"))
        assert person not in letters[-1]
    assert len({*letters}) == 1


def test_a_refusal_needs_a_ground_of_the_law(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="obstruct_inquiry, prejudice_crime"):
        pack_of(settings, refuse="inconvenient")
    assert uses(settings) == []
