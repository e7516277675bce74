"""An explanation says all there is to say of a listing, nothing of anybody else, and only once the use is logged."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from explained_world import (
    CONTRIBUTIONS,
    KNOWN,
    LISTED,
    MERGED_IN,
    OTHERS,
    UNKNOWN,
    make_explained,
    uses,
)
from scratch_run import settings_at

from vha import cli
from vha.errors import ConfigurationError, PublishError
from vha.explain import access_log, command
from vha.explain.command import explain_command
from vha.publish.manifest import ASSESSMENT
from vha.publish.releases import Release
from vha.publish.sign_off import current_account
from vha.run import RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect

Capture = pytest.CaptureFixture[str]


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


def explained(
    settings: Settings,
    capsys: Capture,
    person: str = LISTED,
    run_id: str | None = None,
    reason: str = "review",
) -> str:
    assert explain_command(settings, person, reason, run_id, None) == 0
    return capsys.readouterr().out


def page_of(settings: Settings, person: str = LISTED) -> str:
    file = settings.home / "page.html"
    assert explain_command(settings, person, "review", None, str(file)) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    return file.read_text()


def test_everything_that_made_the_listing_is_told(settings: Settings, capsys: Capture) -> None:
    told = [explained(settings, capsys), page_of(settings)]
    for text in told:
        for kind, record_ref, *_, points in CONTRIBUTIONS:
            if kind != "intelligence_cap":
                assert record_ref in text
                assert f"{float(points):,.4f}" in text
        for told_of in (
            "2,810.9505", "1,873.9670", "936.9835",
            "605.1415", "1,542.1250",  # the cap
            "Assault with intent to cause serious harm", "he mean of 365.0000, and 746.0000 times 0.686194",
            "stands alone", "Sentencing Council",
            "source untested (2), information known indirectly to the source but corroborated (B), by scheme 3x5x2",
            "source always reliable (A), information known to be true without reservation (1), by scheme 5x5x5",
            "28 April 2027", "31 March 2026", "30 October 2026", "a child",
            "decay_method is compounding.", "Suspicion is not guilt", "not evidence",
        ):  # fmt: skip
            assert told_of in text
        for not_played in ("review_interval_days is", *OTHERS):
            assert not_played not in text


def test_of_whoever_is_not_listed_one_sentence_is_said_and_always_the_same(
    settings: Settings, capsys: Capture
) -> None:
    for show in (
        lambda person: explained(settings, capsys, person),
        lambda person: page_of(settings, person),
    ):
        said = {show(person) for person in (KNOWN, MERGED_IN, UNKNOWN, "", "' or true --", OTHERS[0])}
        assert len(said) == 1
        assert "This person is not on the list of 30 September 2026." in said.pop()
    assert explained(settings, capsys, KNOWN) == "This person is not on the list of 30 September 2026.\n"


def test_an_earlier_release_is_explained_as_it_was(settings: Settings, capsys: Capture) -> None:
    make_explained(settings, "run-2", date(2026, 12, 31), listed=False)
    assert "is on the list of 30 September 2026" in explained(settings, capsys, run_id="run-1")
    assert explained(settings, capsys) == "This person is not on the list of 31 December 2026.\n"
    assert [use["run_id"] for use in uses(settings)] == ["run-1", "run-2"]


@pytest.mark.parametrize("run_id", ["run-9", "current", "../releases/run-1", ""])
def test_a_release_that_is_not_there_is_refused(settings: Settings, run_id: str) -> None:
    with pytest.raises(ConfigurationError, match="There is no release"):
        explain_command(settings, LISTED, "review", run_id, None)


def test_without_a_release_there_is_nothing_to_explain(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no release under .* yet"):
        explain_command(settings_at(tmp_path / "empty"), LISTED, "review", None, None)


def test_grades_that_are_no_longer_kept_are_said_to_be(settings: Settings, capsys: Capture) -> None:
    RunPaths(settings, "run-1").warehouse.unlink()
    assert explained(settings, capsys).count("grades: no longer kept for this run") == 2


@pytest.mark.parametrize("reason", [[], ["--reason", "curiosity"], ["--reason", ""]])
@pytest.mark.parametrize("arguments", [["explain", LISTED], ["access-pack", LISTED, "--out", "pack"]])
def test_without_a_good_reason_nothing_is_shown(
    settings: Settings,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    reason: list[str],
) -> None:
    monkeypatch.setenv("VHA_HOME", str(settings.home))
    monkeypatch.chdir(settings.home)
    assert cli.main([*arguments, *reason]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert "give one of subject_access, review" in shown.err
    assert uses(settings) == []


def test_a_page_without_a_place_is_refused(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="There is no folder for"):
        explain_command(settings, LISTED, "review", None, str(settings.home / "nowhere" / "page.html"))


@pytest.mark.parametrize(
    "change",
    [
        "update score_contributions set points = 1095.0001 where record_ref = 'CR-1'",
        "update score_contributions set event_on = '2025-02-01' where record_ref = 'CR-1'",
        "delete from score_contributions where record_ref = 'cap'",
        "update assessment_list set total_score = 2810.9506",
        "update assessment_list set crime_reports = 4",
    ],
)
def test_what_does_not_add_up_is_not_explained(settings: Settings, capsys: Capture, change: str) -> None:
    with connect(settings, settings.home / "releases" / "run-1" / ASSESSMENT) as assessment:
        assessment.execute(change)
    with pytest.raises(PublishError, match="of run run-1 are not those of its list"):
        explain_command(settings, LISTED, "review", None, None)
    assert capsys.readouterr().out == ""
    assert len(uses(settings)) == 1


# The log.


def uses_are_logged_first(settings: Settings, capsys: Capture) -> None:
    """Control: whatever is shown, a line says who looked at whom, when and why."""
    for person, found in ((LISTED, True), (UNKNOWN, False)):
        explained(settings, capsys, person)
        use = uses(settings)[-1]
        assert use.pop("at").startswith("20")
        assert len(use.pop("previous")) == 64
        assert use == {
            "command": "explain",
            "account": current_account(),
            "nominal_id": person,
            "reason": "review",
            "run_id": "run-1",
            "found": found,
        }
    nothing_is_shown_unlogged(settings, capsys)


def nothing_is_shown_unlogged(settings: Settings, capsys: Capture) -> None:
    """Control: a log that cannot be written shuts everything."""
    file = access_log.log_file(settings)
    file.rename(file.with_name("moved"))
    file.mkdir()
    for person in (LISTED, UNKNOWN):
        with pytest.raises(ConfigurationError, match="Nothing is shown"):
            explain_command(settings, person, "review", None, None)
        with pytest.raises(ConfigurationError, match="Nothing is shown"):
            explain_command(settings, person, "review", None, str(settings.home / "page.html"))
    assert capsys.readouterr().out == ""
    assert not (settings.home / "page.html").exists()


def listing_is_all_that_shows(settings: Settings, capsys: Capture) -> None:
    """Control: nobody can tell a person in the sources from one that nobody knows."""
    assert explained(settings, capsys, KNOWN) == explained(settings, capsys, UNKNOWN)


def test_a_use_is_logged_before_anything_is_shown(settings: Settings, capsys: Capture) -> None:
    uses_are_logged_first(settings, capsys)


def _log_afterwards(log: Callable[..., Any]) -> Callable[..., Any]:
    """Logging as many a program does it: what cannot be logged is let through."""

    def attempt(*arguments: Any, **named: Any) -> Any:
        try:
            return log(*arguments, **named)
        except ConfigurationError:
            return None

    return attempt


@pytest.mark.parametrize(
    "broken",
    [lambda *_, **__: None, _log_afterwards(command._log)],
    ids=["nothing is logged", "a failing log is let through"],
)
def test_an_unlogged_use_is_caught(
    settings: Settings, capsys: Capture, monkeypatch: pytest.MonkeyPatch, broken: Callable[..., Any]
) -> None:
    monkeypatch.setattr(command, "_log", broken)
    with pytest.raises((AssertionError, IndexError, pytest.fail.Exception)):
        uses_are_logged_first(settings, capsys)


def test_existence_is_not_leaked(settings: Settings, capsys: Capture) -> None:
    listing_is_all_that_shows(settings, capsys)


def test_a_leak_of_existence_is_caught(
    settings: Settings, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def talkative(settings: Settings, release: Release, person: str) -> None:
        """Looks the person up in the sources and cannot keep it to itself."""
        print("but known" if person == KNOWN else "and unknown")

    monkeypatch.setattr(command, "facts_of", talkative)
    with pytest.raises(AssertionError):
        listing_is_all_that_shows(settings, capsys)


def test_the_log_is_for_its_owner_alone(settings: Settings, capsys: Capture) -> None:
    before = os.umask(0)
    try:
        explained(settings, capsys)
    finally:
        os.umask(before)
    file = access_log.log_file(settings)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    for path, mode in ((file, 0o640), (file.parent, 0o755)):
        right = path.stat().st_mode & 0o777
        path.chmod(mode)
        with pytest.raises(ConfigurationError, match="others than its owner have access"):
            explain_command(settings, LISTED, "review", None, None)
        path.chmod(right)
    assert len(uses(settings)) == 1


def test_a_broken_off_line_stops_everything_until_somebody_looks(settings: Settings, capsys: Capture) -> None:
    explained(settings, capsys)
    with access_log.log_file(settings).open("a") as lines:
        lines.write('{"account"')
    with pytest.raises(ConfigurationError, match=r"the last line of .* is incomplete"):
        explain_command(settings, LISTED, "review", None, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[0].replace(b"review", b"oversight"), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [*lines, lines[0]],
        lambda lines: [lines[0], b"?\n", *lines[1:]],
        lambda lines: [*lines, b"{}\n"],
    ],
)
def test_a_changed_log_shows(
    settings: Settings, capsys: Capture, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    for person in (LISTED, KNOWN, UNKNOWN):
        explained(settings, capsys, person)
    read, holds = access_log.read(settings)
    assert ([use.nominal_id for use in read], holds) == ([LISTED, KNOWN, UNKNOWN], True)
    file = access_log.log_file(settings)
    file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))
    assert not access_log.read(settings)[1]


# The page.


class Outline(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def assert_accessible(page: str) -> None:
    """Form: language, one heading of the page, landmarks, captions, scopes, and nothing from elsewhere."""
    outline = Outline(page)
    assert outline.all("html") == [{"lang": "en-GB"}]
    for landmark in ("h1", "title", "header", "main", "footer"):
        assert len(outline.all(landmark)) == 1, landmark
    assert len(outline.all("caption")) == len(outline.all("table"))
    assert all(heading.get("scope") in ("col", "row") for heading in outline.all("th"))
    identifiers = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {
        attributes["aria-labelledby"] for _, attributes in outline.tags if "aria-labelledby" in attributes
    } <= {*identifiers}
    assert not outline.all("script") + outline.all("img") + outline.all("iframe")
    assert [link["href"] for link in outline.all("link")] == ["data:,"]
    assert all(str(anchor["href"]).startswith("#") for anchor in outline.all("a"))


def test_the_page_can_be_read_by_everybody(settings: Settings) -> None:
    for person in (LISTED, UNKNOWN):
        page = page_of(settings, person)
        assert_accessible(page)
        assert "Synthetic data." in page


def test_real_data_carry_no_banner(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    make_explained(settings, synthetic=False)
    assert "Synthetic" not in page_of(settings)
