"""One changed byte in anything that a release is or was made from is found and named."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest
from scratch_run import make_release, settings_at, tree_of

from vha.errors import ConfigurationError
from vha.run import RunPaths
from vha.settings import Settings
from vha.verify import verify_command
from vha.verify.command import verify
from vha.verify.findings import Difference, Note, each_compared
from vha.warehouse.connect import connect

COMMIT = "0123456789abcdef0123456789abcdef01234567"
EARLIER, SUBJECT, LATER = "june", "september", "june-corrected"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases: the one to verify, the one it goes on from, and a later correction of that."""
    home = tmp_path_factory.mktemp("releases") / "home"
    settings = settings_at(home)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("vha.publish.provenance.git_commit", lambda: COMMIT)
        make_release(settings, EARLIER, date(2026, 6, 30))
        make_release(settings, SUBJECT, date(2026, 9, 30))
        make_release(settings, LATER, date(2026, 6, 30), correct="A test")
    return home


@pytest.fixture
def settings(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The releases to change at will; of what dbt would do, which is in the slow tests, the seeds are compared."""
    seeds = json.loads((original / "releases" / SUBJECT / "manifest.json").read_text())["seeds"]
    home = tmp_path / "home"
    shutil.copytree(original, home, symlinks=True)
    monkeypatch.setattr("vha.publish.provenance.git_commit", lambda: COMMIT)
    monkeypatch.setattr("vha.warehouse.seeds.policy_version", lambda _: "abc123abc123")
    for recomputed in ("check_tables", "check_seeds"):
        monkeypatch.setattr(
            f"vha.verify.command.{recomputed}",
            lambda _, subject, *__: each_compared("seeds/", subject.manifest["seeds"], seeds),
        )
    return settings_at(home)


def found(settings: Settings, run_id: str = SUBJECT) -> tuple[list[str], list[str]]:
    """The names of what differs, and the notes."""
    findings = list(verify(settings, settings.home / "releases" / run_id))
    return (
        [finding.what for finding in findings if isinstance(finding, Difference)],
        [finding.text for finding in findings if isinstance(finding, Note)],
    )


def change(file: Path, at: float = 0.5) -> None:
    """Change one byte of a file, that many parts of the whole behind its beginning."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * at)] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)


def test_an_untouched_release_is_equal(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    for run_id in (EARLIER, SUBJECT, LATER):
        assert found(settings, run_id) == ([], [])
    assert verify_command(settings) == 0
    said = capsys.readouterr().out
    assert said == f"Verifying release {SUBJECT}.\nAll that could be compared is equal.\n"


def test_verifying_leaves_everything_as_it_was(settings: Settings) -> None:
    before = tree_of(settings.home)
    for run_id in (EARLIER, SUBJECT, LATER):
        verify_command(settings, run_id)
    assert tree_of(settings.home) == before
    assert not list(settings.home.glob(".verify-*"))


@pytest.mark.parametrize(
    "file",
    [
        "restricted/assessment.duckdb",
        "public/oversight.duckdb",
        "public/site/index.html",
        "public/data_docs/index.html",
        "public/data_docs/suites/nominal.html",
        "public/dbt_docs/index.html",
    ],
)
def test_a_changed_file_of_the_release_is_named(settings: Settings, file: str) -> None:
    change(settings.home / "releases" / SUBJECT / file)
    assert file in found(settings)[0]


def test_a_missing_and_an_added_file_are_named(settings: Settings) -> None:
    release = settings.home / "releases" / SUBJECT
    (release / "public/site/index.html").rename(release / "public/site/other.html")
    (release / "public/link").symlink_to("site")
    assert found(settings)[0] == ["public/link"]
    (release / "public/link").unlink()
    assert found(settings)[0] == ["public/site/index.html", "public/site/other.html"]


def test_a_changed_row_is_named_by_its_table(settings: Settings) -> None:
    database = settings.home / "releases" / SUBJECT / "restricted/assessment.duckdb"
    with connect(settings, database) as connection:
        connection.execute("update assessment_list set age = age + 1 where rank = 2")
    assert {
        "restricted/assessment.duckdb",
        "restricted/assessment.duckdb table assessment_list",
        "list hash",
        f"history/assessment_list/{SUBJECT}.parquet",
    } == set(found(settings)[0])


@pytest.mark.parametrize("seed", range(40))
def test_a_byte_of_the_manifest_is_found_wherever_it_is(settings: Settings, seed: int) -> None:
    change(settings.home / "releases" / SUBJECT / "manifest.json", Random(seed).random())
    differences, _ = found(settings)
    assert differences


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("landing/september/crime/crime_report.parquet", "landing/september/crime/crime_report.parquet"),
        ("landing/september/person/marker.json", "landing/september/"),
        ("landing/september/landing.json", "landing/september/landing.json"),
        ("sign_off/september.json", "sign_off/september.json"),
        ("work/september/run.json", "work/september/run.json"),
        *(
            (f"history/{table}/{run_id}.parquet",) * 2
            for table in ("assessment_list", "score_contributions", "quarantine", "quality_checks")
            for run_id in (EARLIER, SUBJECT)
        ),
        *(
            (f"history/{table}/{run_id}.parquet",) * 2
            for table in ("special_category_completeness", "table_volumes", "release_register")
            for run_id in ("0", EARLIER)
        ),
    ],
)
def test_a_changed_input_is_named(settings: Settings, file: str, named: str) -> None:
    change(settings.home / file)
    differences, _ = found(settings)
    assert any(name.startswith(named) for name in differences), differences


@pytest.mark.parametrize("seed", range(10))
def test_a_byte_of_landing_json_is_found_wherever_it_is(settings: Settings, seed: int) -> None:
    change(settings.home / "landing" / SUBJECT / "landing.json", Random(seed).random())
    differences, _ = found(settings)
    assert differences
    assert all(name.startswith(f"landing/{SUBJECT}/landing.json") for name in differences)


def test_an_added_and_a_missing_file_of_the_landing_are_named(settings: Settings) -> None:
    landing = RunPaths(settings, SUBJECT).landing
    (landing / "person" / "nominal.parquet").rename(landing / "person" / "surname.parquet")
    (landing / "crime" / "marker.json").unlink()
    assert found(settings)[0] == [
        f"landing/{SUBJECT}/{name}"
        for name in ("person/nominal.parquet", "person/surname.parquet", "crime/marker.json")
    ]


def test_a_lost_file_of_the_history_is_named(settings: Settings) -> None:
    (settings.home / "history" / "quarantine" / f"{EARLIER}.parquet").unlink()
    assert found(settings)[0] == [f"history/quarantine/{EARLIER}.parquet"]


def test_what_a_run_could_not_know_is_not_looked_at(settings: Settings) -> None:
    for table in (settings.home / "history").iterdir():
        change(table / f"{LATER}.parquet")
    assert found(settings) == ([], [])


@pytest.mark.parametrize("database", ["restricted/assessment.duckdb", "public/oversight.duckdb"])
def test_an_earlier_release_that_was_changed_is_named(settings: Settings, database: str) -> None:
    change(settings.home / "releases" / EARLIER / database)
    assert found(settings)[0] == [f"releases/{EARLIER}/{database}"]


def test_an_earlier_release_without_its_manifest_is_named(settings: Settings) -> None:
    remove_manifest(settings.home / "releases" / EARLIER)
    assert found(settings)[0] == [f"releases/{EARLIER}"]


def test_another_policy_than_the_releases_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vha.warehouse.seeds.policy_version", lambda _: "def456def456")
    assert found(settings)[0] == ["seeds policy_version"]


def test_another_commit_is_no_difference_but_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vha.publish.provenance.git_commit", lambda: "another")
    monkeypatch.setattr("vha.publish.provenance.versions", lambda: {"duckdb": "0.0.1"})
    differences, notes = found(settings)
    assert differences == []
    assert notes[0].startswith(
        f"The release was made by commit {COMMIT}, and this is another: tables that differ"
    )
    assert any(note.endswith("and this is 0.0.1.") for note in notes)


def test_a_landing_that_is_no_longer_kept_is_said_and_the_rest_is_verified(settings: Settings) -> None:
    shutil.rmtree(RunPaths(settings, SUBJECT).landing)
    differences, notes = found(settings)
    assert differences == []
    assert f"landing/{SUBJECT}/ is no longer kept" in notes[0]
    assert "The tables are not recomputed" in notes[1]
    assert verify_command(settings) == 0
    change(settings.home / "releases" / SUBJECT / "public/site/index.html")
    assert verify_command(settings) == 1


def test_an_earlier_release_or_a_run_that_is_no_longer_kept_is_said(settings: Settings) -> None:
    shutil.rmtree(settings.home / "releases" / EARLIER)
    shutil.rmtree(settings.home / "work" / SUBJECT)
    differences, notes = found(settings)
    assert differences == []
    assert f"work/{SUBJECT}/run.json is no longer kept" in notes[0]
    assert f"The earlier release {EARLIER}, from which it goes on, is no longer kept." in notes[1]


def remove_manifest(release: Path) -> None:
    (release / "manifest.json").unlink()


def empty_manifest(release: Path) -> None:
    (release / "manifest.json").write_text("{}")


def manifest_of_another_form(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text())
    (release / "manifest.json").write_text(json.dumps({**manifest, "tables": []}))


def manifest_as_a_list(release: Path) -> None:
    (release / "manifest.json").write_text("[]")


@pytest.mark.parametrize(
    "spoil", [remove_manifest, empty_manifest, manifest_of_another_form, manifest_as_a_list]
)
def test_a_manifest_that_is_none_is_named(settings: Settings, spoil: Callable[[Path], None]) -> None:
    spoil(settings.home / "releases" / SUBJECT)
    [name] = found(settings)[0]
    assert name.startswith("manifest.json")


@pytest.mark.parametrize("run_id", ["never", "current", "../releases/june", ""])
def test_a_release_that_there_is_not_ends_in_a_sentence(settings: Settings, run_id: str) -> None:
    with pytest.raises(ConfigurationError, match="There is no release"):
        verify_command(settings, run_id)


def test_without_a_current_release_there_is_nothing_to_verify(settings: Settings) -> None:
    (settings.home / "releases" / "current").unlink()
    with pytest.raises(ConfigurationError, match="There is no current release"):
        verify_command(settings)


def test_what_is_recomputed_is_for_this_account_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []

    def check_tables(
        _settings: Settings, _subject: object, scratch: Path, _history: Path
    ) -> list[Difference]:
        modes.append(oct(stat.S_IMODE(scratch.stat().st_mode)))
        return []

    monkeypatch.setattr("vha.verify.command.check_tables", check_tables)
    assert verify_command(settings) == 0
    assert modes == ["0o700"]
