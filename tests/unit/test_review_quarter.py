"""Handing over a quarter: once, whole, exactly as it was signed off, and not if it gives anybody away."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from scratch_run import settings_at

from vha.errors import PublishError, QualityBlocked
from vha.publish.candidate import file_hashes
from vha.publish.history import ensure_history
from vha.publish.manifest import OVERSIGHT
from vha.review import quarter
from vha.settings import Settings
from vha.warehouse.connect import connect


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


def release(settings: Settings, as_of: date, *periods: str, kind: str = "real") -> Path:
    """A release with these quarters' figures, made the current one."""
    folder = settings.home / "releases" / f"run-{as_of}"
    (folder / "public" / "site").mkdir(parents=True)
    (folder / "restricted").mkdir()
    (folder / "restricted" / "assessment.duckdb").write_text("people")
    (folder / "public" / "site" / "index.html").write_text(f"<h1>{as_of}</h1>")
    with connect(settings, folder / OVERSIGHT) as oversight:
        oversight.execute("create table special_category_breakdown (period varchar)")
        oversight.executemany(
            "insert into special_category_breakdown select * from (values (?)) where $1 <> ''",
            [[period] for period in periods or [""]],
        )
    manifest = {
        "run_id": folder.name,
        "as_of": as_of.isoformat(),
        "published_at": f"{as_of}T06:00:00.000000+00:00",
        "kind_of_data": kind,
        "files": file_hashes(folder),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    current = settings.home / "releases" / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(folder.name)
    return folder


def test_the_latest_closed_quarter_is_handed_over_once(settings: Settings) -> None:
    release(settings, date(2026, 9, 30), "2026-Q2", "2026-Q3")
    assert quarter.quarter_to_hand_over(settings, None) == "2026-Q3"
    quarter.hand_over(settings, "2026-Q3")
    assert quarter.quarter_to_hand_over(settings, None) is None
    release(settings, date(2026, 12, 31), "2026-Q3", "2026-Q4")
    assert quarter.quarter_to_hand_over(settings, date(2027, 1, 3)) == "2026-Q4"


def test_before_the_first_quarter_there_is_nothing_to_hand_over(settings: Settings) -> None:
    release(settings, date(2026, 9, 29))
    assert quarter.quarter_to_hand_over(settings, None) is None


def test_a_quarter_that_is_late_is_a_failure_over_real_data(settings: Settings) -> None:
    release(settings, date(2026, 9, 30), "2026-Q3")
    with pytest.raises(PublishError, match="No release has closed 2026-Q4 by 2027-01-03"):
        quarter.quarter_to_hand_over(settings, date(2027, 1, 3))
    assert quarter.quarter_to_hand_over(settings, date(2026, 10, 3)) == "2026-Q3"


def test_synthetic_sources_end_on_their_reference_date_and_are_never_late(settings: Settings) -> None:
    release(settings, date(2026, 9, 30), "2026-Q3", kind="synthetic")
    assert quarter.quarter_to_hand_over(settings, date(2027, 1, 3)) == "2026-Q3"


def test_without_a_release_each_step_says_what_to_do(settings: Settings) -> None:
    for step in (
        lambda: quarter.quarter_to_hand_over(settings, None),
        lambda: quarter.attack_again(settings),
        lambda: quarter.hand_over(settings, "2026-Q3"),
    ):
        with pytest.raises(PublishError, match=r"publish one first with `vha run`\.$"):
            step()


def test_the_pack_is_what_was_signed_off_and_nothing_about_people(settings: Settings) -> None:
    folder = release(settings, date(2026, 9, 30), "2026-Q3")
    pack = quarter.hand_over(settings, "2026-Q3")
    with zipfile.ZipFile(pack) as archive:
        assert archive.namelist() == ["public/oversight.duckdb", "public/site/index.html", "SHA256SUMS"]
        sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        for name, sha256 in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == sha256
            assert archive.read(name) == (folder / name).read_bytes()
    named = pack.with_name(f"{pack.name}.sha256").read_text().split()
    assert named == [hashlib.sha256(pack.read_bytes()).hexdigest(), pack.name]


def test_the_same_release_gives_the_same_archive(settings: Settings) -> None:
    folder = release(settings, date(2026, 9, 30), "2026-Q3")
    first = quarter.hand_over(settings, "2026-Q3").read_bytes()
    os.utime(folder / "public" / "site" / "index.html", (0, 0))
    assert quarter.hand_over(settings, "2026-Q3").read_bytes() == first


@pytest.mark.parametrize("tampered", ["public/site/index.html", "public/site/more.html"])
def test_a_file_that_was_not_signed_off_is_not_handed_over(settings: Settings, tampered: str) -> None:
    folder = release(settings, date(2026, 9, 30), "2026-Q3")
    (folder / tampered).write_text("<h1>Other figures</h1>")
    with pytest.raises(PublishError, match=tampered):
        quarter.hand_over(settings, "2026-Q3")
    assert not list(settings.home.glob("oversight_packs/*.zip"))


@pytest.mark.parametrize("safe", [True, False])
def test_figures_that_give_somebody_away_stop_the_pack(
    settings: Settings, safe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_history(settings)
    release(settings, date(2026, 9, 30), "2026-Q3")
    found = [SimpleNamespace(period="2026-Q2", safe=safe), SimpleNamespace(period="2026-Q3", safe=True)]
    monkeypatch.setattr(
        "vha.disclosure.attack.attack", lambda _database, everything, history: found if everything else []
    )
    if safe:
        assert quarter.attack_again(settings) == 2
    else:
        with pytest.raises(QualityBlocked, match=r"reveals suppressed numbers of 2026-Q2: take"):
            quarter.attack_again(settings)


def test_figures_that_contradict_each_other_stop_the_pack(settings: Settings) -> None:
    """Sexes of another number of people than ages: what is published cannot be true."""
    ensure_history(settings)
    folder = release(settings, date(2026, 9, 30), "2026-Q3")
    with connect(settings, folder / OVERSIGHT) as oversight:
        oversight.execute(
            """
            create table policy_register as
            select * from (values ('suppression_threshold', '10'), ('rounding_base', '5')) as policy(parameter, value);
            create or replace table special_category_breakdown as
            select '2026-Q3' as period, *
            from (values
                ('sex', 'M', 500, 'published'), ('sex', 'F', null, 'suppressed'), ('age_band', '18-24', 90, 'published')
            ) as cells(characteristic, group_code, people, status);
            create table list_trend as
            select '2026-Q3' as period, 'listed' as measure, cast(null as varchar) as reason,
                cast(null as varchar) as driver, 90 as people, 'published' as status;
            """
        )
    with pytest.raises(QualityBlocked, match=r"contradict each other.*release again\.$") as blocked:
        quarter.attack_again(settings)
    assert blocked.value.exit_code == 2
