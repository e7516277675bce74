"""The site as the report step leaves it in a candidate: what it says of the release, and that it names nobody."""

import re
from datetime import date
from pathlib import Path

import pytest
from scratch_run import CHECKS, MARKED_PERSON, MARKED_RECORD, make_run, settings_at

from vha.report import assemble
from vha.run import RunPaths

Q3_END = date(2026, 9, 30)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = settings_at(tmp_path_factory.mktemp("site") / "home")
    run = make_run(settings, "manual__2026-09-30T05-00-00-00-00", Q3_END)
    assemble(settings, run)
    return RunPaths(settings, run.run_id).candidate / "public" / "site"


def text_of(page: Path) -> str:
    """What a page says, without what it is written in."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.read_text(), flags=re.DOTALL).split())


def test_the_overview_says_what_the_release_is_and_what_did_not_pass(site: Path) -> None:
    overview = text_of(site / "index.html")
    for fact in ("manual__2026-09-30T05-00-00-00-00", "30 September 2026", "Data synthetic", "abc123abc123"):
        assert fact in overview
    assert "One check of the data did not pass" in overview
    assert "Figures by ethnicity &lt;rest&gt; on fewer people than they should." in overview
    assert "Landing nominal" not in overview
    assert "A date is missing or cannot be a date bad_date 1" in text_of(site / "quality.html")
    kept_out = text_of(site / "quality-kept-out.html")
    assert "Crime reports crime.crime_report A date is missing or cannot be a date bad_date 1" in kept_out


def test_people_are_counted_only_in_protected_figures_of_the_quarter_of_the_page(site: Path) -> None:
    page = text_of(site / "quarters" / "2026-Q2" / "index.html")
    assert "7,777" not in page
    for file in site.rglob("*"):
        if file.is_file():
            for marked in (MARKED_PERSON, MARKED_RECORD, "MARKED"):
                assert marked.encode() not in file.read_bytes(), file.name


def test_the_links_out_of_the_site_lead_to_what_is_there(site: Path) -> None:
    outside = {
        (page.parent / link).resolve()
        for page in site.rglob("*.html")
        for link in re.findall(r'<a href="([^"#]+)', page.read_text())
        if "docs/" in link or link.endswith(".duckdb")
    }
    public = site.parent.resolve()
    assert outside == {
        public / "data_docs/index.html",
        public / "dbt_docs/index.html",
        public / "oversight.duckdb",
    }
    assert all(target.exists() for target in outside)


def test_over_real_data_there_is_no_banner_and_all_that_passed_is_said_to_have(tmp_path: Path) -> None:
    settings = settings_at(tmp_path / "home")
    assemble(settings, make_run(settings, "r1", Q3_END, checks=CHECKS[:1], synthetic=False))
    site = RunPaths(settings, "r1").candidate / "public" / "site"
    for page in site.rglob("*.html"):
        assert "Synthetic data." not in page.read_text()
    assert "Every check passed." in text_of(site / "quality.html")
    assert "did not pass" not in text_of(site / "index.html")
