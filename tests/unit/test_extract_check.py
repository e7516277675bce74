"""`vha sources check` finds, table by table, what would stop a run."""

from __future__ import annotations

from pathlib import Path

from factory import Deliver, World, alter_source, settings_of

from vha.extract import check_sources
from vha.settings import SYSTEMS


def test_sources_that_keep_the_contract_are_all_ok(deliver: Deliver) -> None:
    findings = check_sources(deliver(World.small()))
    assert [finding.problem for finding in findings] == [None] * 9
    assert str(findings[0]) == f"{'crime/crime_report':<36} OK"


def test_the_report_goes_on_after_a_problem(deliver: Deliver) -> None:
    world = World.small()
    world.tables["intelligence_subject"] = []
    world.markers.pop("person")
    settings = deliver(world)
    alter_source(settings.source_urls["crime"], "drop table crime_report")
    alter_source(settings.source_urls["crime"], "alter table crime_flag add column surname text")
    problems = {finding.subject: finding.problem for finding in check_sources(settings)}
    assert len(problems) == 9
    assert "crime_report" in (problems["crime/crime_report"] or "")
    assert "column surname" in (problems["crime/crime_flag"] or "")
    assert problems["crime/crime_person"] is None
    assert "is empty" in (problems["intelligence/intelligence_subject"] or "")
    assert problems["person/nominal"] is None
    assert "(person)" in (problems["synthetic marker"] or "")


def test_the_report_finds_unreadable_dates(tmp_path: Path) -> None:
    world = World.small()
    for row in world.tables["nominal"]:
        row["date_of_birth"] = "1 May 2001"
    problems = {
        f.subject: f.problem for f in check_sources(settings_of(tmp_path, world.write_sqlite(tmp_path)))
    }
    assert "no value in column date_of_birth" in (problems["person/nominal"] or "")


def test_a_system_that_is_down_has_one_finding(tmp_path: Path) -> None:
    urls = World.small().write_sqlite(tmp_path)
    findings = check_sources(settings_of(tmp_path, {**urls, "crime": "postgresql://127.0.0.1:1/crime"}))
    assert [finding.subject for finding in findings][:2] == ["crime", "intelligence/intelligence_report"]
    assert "does not answer" in (findings[0].problem or "")
    assert len(findings) == 6


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path / "sources"))
    check_sources(settings)
    assert not (tmp_path / "home").exists()
    assert len(list((tmp_path / "sources").iterdir())) == len(SYSTEMS)
