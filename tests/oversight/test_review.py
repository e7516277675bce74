"""The yearly review: the quarters' own figures and no others, whole, readable, and only where nobody is given away."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from playwright.sync_api import BrowserContext
from published import SHAPES, write
from test_browser import opened, violations

from vha.cli import main
from vha.errors import ConfigurationError, QualityBlocked
from vha.publish.history import add_anchors
from vha.publish.history_tables import QUARTERLY
from vha.publish.manifest import OVERSIGHT
from vha.review import year
from vha.settings import Settings

YEAR = 2026


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("VHA_HOME", str(home))
    # The figures of these releases are invented and contradict each other: the attack has tests of its own.
    monkeypatch.setattr("vha.disclosure.attack.attack", lambda _database, **_others: [])
    settings = Settings.from_environment()
    history = home / "history"
    history.mkdir()
    add_anchors(settings, history)
    return settings


def release(settings: Settings, as_of: date, shape: str = "usual") -> Path:
    """A release with invented figures, made the current one; gives its database."""
    folder = settings.home / "releases" / f"run-{as_of}"
    database = write(folder / OVERSIGHT, SHAPES[shape])
    described = {"run_id": folder.name, "as_of": str(as_of), "kind_of_data": "synthetic"}
    (folder / "manifest.json").write_text(
        json.dumps({**described, "published_at": f"{as_of}T06:00:00+00:00"})
    )
    current = settings.home / "releases" / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(folder.name)
    return database


def rows_of(database: Path, table: str, where: str = "true") -> Sequence[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(f"select * from {table} where {where} order by all").fetchall()


def test_every_figure_is_the_one_that_its_quarter_published(settings: Settings) -> None:
    database = release(settings, date(2026, 9, 30))
    review = year.write_review(settings, YEAR) / "review.duckdb"
    for table in QUARTERLY:
        published = rows_of(database, table, f"period like '{YEAR}-%'")
        assert rows_of(review, table) == published
        assert len(published) < len(rows_of(database, table)) or not published


def test_what_the_years_releases_say_of_themselves_stands_beside_it(settings: Settings) -> None:
    for as_of in (date(2025, 12, 31), date(2026, 6, 30), date(2026, 9, 30)):
        database = release(settings, as_of)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update policy_content set value = '1800' where row_key = 'score_threshold'")
        connection.execute(
            "insert into accepted_failures values ('r', 'nominal', 'sex_is_known', 'A. Officer', 'Known.', now())"
        )
    review = year.write_review(settings, YEAR) / "review.duckdb"
    assert [row[0] for row in rows_of(review, "releases")] == [date(2026, 6, 30), date(2026, 9, 30)]
    assert ("policy", "score_threshold", "value", "1500", "1800") in [
        row[1:] for row in rows_of(review, "policy_changes")
    ]
    assert {row[0] for row in rows_of(review, "policy_changes")} == {date(2026, 9, 30)}
    assert (date(2026, 9, 30), "nominal", "sex_is_known", "A. Officer", "Known.") in rows_of(
        review, "accepted_failures"
    )
    not_passed = rows_of(database, "quality_checks", "status <> 'passed'")
    assert len(rows_of(review, "checks_not_passed")) == 2 * len(not_passed) > 0


def test_the_page_shows_each_quarter_and_names_those_that_are_not_closed(settings: Settings) -> None:
    database = release(settings, date(2026, 9, 30))
    folder = year.write_review(settings, YEAR)
    page = (folder / "index.html").read_text()
    assert {f"{YEAR}-Q{quarter}" for quarter in range(1, 4)} <= set(re.findall(r"2026-Q\d", page))
    assert "<strong>Not closed yet:</strong> 2026-Q4." in page
    assert "2025-Q" not in page
    where = "period = '2026-Q3' and characteristic = 'self_defined_ethnicity_5' and group_code = 'White'"
    [(*_, people, _, percentage, _)] = rows_of(database, "special_category_breakdown", where)
    assert f">{people:,} ({percentage:.1f} %)</td>" in (folder / "breakdown.html").read_text()


def test_each_ratio_stands_with_its_interval_on_the_page_of_its_characteristic(settings: Settings) -> None:
    database = release(settings, date(2026, 9, 30))
    folder = year.write_review(settings, YEAR)
    for code, file in (("self_defined_ethnicity_5", "disparity"), ("sex", "disparity-sex")):
        page = (folder / f"{file}.html").read_text()
        where = f"period like '{YEAR}-%' and characteristic = '{code}' and stage = 'listed' and ci_low is not null"
        with duckdb.connect(str(database), read_only=True) as connection:
            ratios = connection.execute(
                "select rate_ratio, ci_low, ci_high, bound_low, bound_high from disproportionality "
                f"where {where}"
            ).fetchall()
        assert ratios
        for ratio, low, high, least, most in ratios:
            said = f">{ratio:.2f} ({low:.2f} to {high:.2f}) <span"
            unknown = f"unknown: {least:.2f} to {most:.2f}</span></td>"
            assert re.search(f"{re.escape(said)}[^>]*>{re.escape(unknown)}", page)


def test_each_page_with_figures_about_people_marks_what_it_assumes(settings: Settings) -> None:
    release(settings, date(2026, 9, 30))
    folder = year.write_review(settings, YEAR)
    for file in ("index", "breakdown", "disparity", "disparity-sex"):
        page = (folder / f"{file}.html").read_text()
        assert '<dt>Score threshold: 1,500 <span class="basis basis-assumption">' in page, file
        assert "<dt>Suppression threshold: 10 <span" in page, file
        assert "<dt>Minimum crime reports" not in page, "it was reported, not assumed"


def test_nothing_is_written_where_a_number_can_be_inferred(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(settings, date(2026, 9, 30))
    unsafe = [SimpleNamespace(period="2026-Q3", safe=False)]
    monkeypatch.setattr("vha.disclosure.attack.attack", lambda _database, **_others: unsafe)
    with pytest.raises(QualityBlocked, match="2026-Q3"):
        year.write_review(settings, YEAR)
    assert not [*settings.home.glob("oversight_packs/*"), *settings.home.glob("oversight_packs/.*")]


@pytest.mark.parametrize(
    ("shape", "asked", "sentence"),
    [
        (
            "usual",
            2024,
            r"No quarter of 2024 is closed, so there is nothing to review: choose one of 2025, 2026\.",
        ),
        ("every_table_empty", YEAR, r"so there is nothing to review: release a quarter's last day first\."),
        (None, YEAR, r"There is no release to review: publish one first with `vha run`\."),
    ],
)
def test_where_there_is_nothing_to_review_it_says_so(
    settings: Settings, shape: str | None, asked: int, sentence: str
) -> None:
    if shape:
        release(settings, date(2026, 9, 30), shape)
    with pytest.raises(ConfigurationError, match=f"{sentence}$"):
        year.write_review(settings, asked)


def test_the_command_writes_it_once_with_a_hash_of_each_file(
    settings: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    release(settings, date(2026, 9, 30))
    assert main(["review-pack", str(YEAR), "--out", str(tmp_path / "pack")]) == 0
    assert main(["review-pack", str(YEAR), "--out", str(tmp_path / "pack")]) == 1
    assert "needs a new folder" in capsys.readouterr().err
    sums = dict(
        line.split("  ")[::-1] for line in (tmp_path / "pack" / "SHA256SUMS").read_text().splitlines()
    )
    assert {"index.html", "policy.html", "review.duckdb", "tables/disproportionality.csv"} < sums.keys()
    for name, sha256 in sums.items():
        assert hashlib.sha256((tmp_path / "pack" / name).read_bytes()).hexdigest() == sha256


def test_axe_finds_no_barrier_in_the_review(settings: Settings, offline: BrowserContext) -> None:
    release(settings, date(2026, 9, 30))
    folder = year.write_review(settings, YEAR)
    files = {
        "index.html",
        "breakdown.html",
        "disparity.html",
        "disparity-sex.html",
        "quality.html",
        "policy.html",
    }
    reached = set()
    for file in files:
        for page in opened(offline, (folder / file).as_uri()):
            assert violations(page) == []
            links = page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))")
            assert [link for link in links if not link.startswith("#") and not (folder / link).exists()] == []
            assert page.locator('[aria-current="page"]').count() >= 1
            reached |= {link for link in links if link.endswith(".html")}
    assert {path.name for path in folder.glob("*.html")} == reached
