"""The first page, in a real browser: what it says, and that everybody can read it anywhere."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from scratch_run import CHECKS, MARKED_PERSON, make_run, settings_at

from vha.report import assemble
from vha.run import RunPaths

Q3_END = date(2026, 9, 30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = settings_at(tmp_path_factory.mktemp("site") / "home")
    run = make_run(settings, "manual__2026-09-30T05-00-00-00-00", Q3_END)
    assemble(settings, run)
    return RunPaths(settings, run.run_id).candidate / "public" / "site" / "index.html"


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    page = browser.new_page()
    page.context.set_offline(True)
    page.goto(site.as_uri())
    yield page
    page.close()


def test_it_says_what_the_release_is(page: Page) -> None:
    facts = page.locator(".facts").inner_text()
    for fact in ("manual__2026-09-30T05-00-00-00-00", "30 September 2026", "synthetic", "abc123abc123"):
        assert fact in facts
    assert page.locator(".totals dd").all_inner_texts() == ["1", "1", "0"]
    warning = page.get_by_role("row").filter(has_text="ethnicity is recorded").inner_text()
    assert "Figures by ethnicity <rest> on fewer people than they should." in warning
    assert "1,234" in warning
    assert "data quality" in warning
    assert page.get_by_role("row", name="crime.crime_report bad date 1").count() == 1


def test_people_are_counted_only_in_the_protected_figures_of_the_last_closed_quarter(page: Page) -> None:
    table = page.get_by_role("table", name="Listed, 2026-Q2")
    assert table.get_by_role("row").nth(1).inner_text().split() == ["Religion", "500", "40", "765", "38.3"]
    assert table.get_by_role("row").nth(2).inner_text().split() == ["Sex", "1,300", "[c]", "[c]", "[c]"]
    text = page.locator("body").inner_text()
    assert "7,777" not in text
    assert "rounded to the nearest 5" in text
    assert "below 10" in text
    assert MARKED_PERSON not in page.content()


def test_the_links_lead_to_what_is_there(page: Page, site: Path) -> None:
    links = {link.get_attribute("href") for link in page.get_by_role("link").all()} - {"#main"}
    assert links == {"../data_docs/index.html", "../dbt_docs/index.html", "../oversight.duckdb"}
    for link in links:
        assert (site.parent / link).exists()


def test_it_is_structured_for_those_who_cannot_see_it(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.locator("h1").count() == 1
    for landmark in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(landmark).count() == 1
    for table in page.locator("table").all():
        assert table.locator("caption").inner_text()
        assert table.locator("th:not([scope])").count() == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    named = page.evaluate(
        "[...document.querySelectorAll('[aria-labelledby]')].map(e => e.getAttribute('aria-labelledby'))"
    )
    assert set(named) <= set(ids)


def test_the_first_key_stroke_reaches_the_way_past_the_navigation(page: Page) -> None:
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the release"
    assert focused.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


CONTRASTS = """
() => {
    const luminance = colour => {
        const [r, g, b] = colour.match(/[0-9.]+/g).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = element => {
        const colour = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 255, 255)';
        return colour === 'rgba(0, 0, 0, 0)' ? background(element.parentElement) : colour;
    };
    return [...document.querySelectorAll('body *')].filter(e => e.innerText).map(e => {
        const [a, b] = [luminance(getComputedStyle(e).color), luminance(background(e))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    });
}
"""


def test_text_has_the_contrast_that_reading_takes(page: Page) -> None:
    assert min(page.evaluate(CONTRASTS)) >= 4.5


def test_it_reflows_on_a_narrow_screen(browser: Browser, site: Path) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(site.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_nothing_is_requested_but_the_page_itself(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(site.as_uri(), wait_until="networkidle")
    assert [url for url in sent if not url.startswith("data:")] == [site.as_uri()]
    page.close()


def test_over_real_data_there_is_no_banner_and_all_that_passed_is_said_to_have(
    tmp_path: Path, browser: Browser
) -> None:
    settings = settings_at(tmp_path / "home")
    run = make_run(settings, "r1", Q3_END, checks=CHECKS[:1], synthetic=False)
    assemble(settings, run)
    page = browser.new_page()
    page.goto((RunPaths(settings, "r1").candidate / "public/site/index.html").as_uri())
    assert "Synthetic" not in page.content()
    assert "Every check passed." in page.locator("main").inner_text()
    page.close()
