"""The pages in a real browser: for everybody and anywhere. Beside each check stands what it must catch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import opened
from playwright.sync_api import Browser, BrowserContext, Page
from published import Made

PAGES = (
    *(f"{name}.html" for name in (
        "index", "breakdown", "disproportionality", "what-if", "feedback", "method", "policy", "quality", "releases",
        "transparency", "downloads", "about", "accessibility", "completeness",
        # One of each kind of part.
        "breakdown-self-defined-ethnicity-18", "breakdown-cross", "breakdown-agreement", "completeness-sex",
        "disproportionality-self-defined-ethnicity-5", "disproportionality-age-band-steps",
        "what-if-self-defined-ethnicity-5", "quality-landing-nominal", "quality-kept-out",
        "method-offences", "policy-limits",
    )),
    "quarters/index.html", "quarters/2026-Q1/index.html", "quarters/2026-Q1/disproportionality-sex.html",
)  # fmt: skip


@pytest.fixture(params=PAGES)
def address(request: pytest.FixtureRequest, made: Made) -> str:
    return (made("usual") / request.param).as_uri()


@pytest.fixture
def page(offline: BrowserContext, address: str) -> Iterator[Page]:
    yield from opened(offline, address)


@pytest.fixture
def overview(offline: BrowserContext, made: Made) -> Iterator[Page]:
    yield from opened(offline, (made("usual") / "index.html").as_uri())


# Barriers


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and good practice."""
    # Of what is in order axe-core tells one element alone: all of them take longer to hand over than to look at.
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def test_axe_finds_no_barrier(page: Page) -> None:
    assert violations(page) == []


@pytest.mark.parametrize("name", ["every_table_empty", "a_list_of_nine_people"])
def test_axe_finds_no_barrier_where_there_is_little_to_show(
    offline: BrowserContext, made: Made, name: str
) -> None:
    for file in ("index.html", "disproportionality.html", "breakdown.html", "completeness.html"):
        for page in opened(offline, (made(name) / file).as_uri()):
            assert violations(page) == []


@pytest.mark.parametrize(
    ("break_it", "rule"),
    [
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("document.querySelector('.lead').style.color = '#999'", "color-contrast"),
        (
            "document.querySelectorAll('svg.chart > title, svg.chart > desc').forEach(e => e.remove())",
            "svg-img-alt",
        ),
        (
            "document.querySelectorAll('h2').forEach(e => e.outerHTML = '<h4>' + e.innerHTML + '</h4>')",
            "heading-order",
        ),
    ],
)
def test_axe_finds_a_barrier_that_is_put_in(overview: Page, break_it: str, rule: str) -> None:
    overview.evaluate(break_it)
    assert rule in {found.partition(":")[0] for found in violations(overview)}


# Requests


def requests(browser: Browser, address: str) -> list[str]:
    """What a page asks for, the network being on."""
    page = browser.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(address, wait_until="load")
    page.close()
    return [url for url in sent if not url.startswith("data:")]


def test_nothing_is_requested_but_the_page_itself(browser: Browser, address: str) -> None:
    assert requests(browser, address) == [address]


def test_a_request_that_leaves_the_page_is_seen(browser: Browser, made: Made, tmp_path: Path) -> None:
    page = (made("usual") / "about.html").read_text()
    policy = page[page.index("<meta http-equiv") : page.index("<link rel")]
    leaky = page.replace(policy, "").replace(
        "</main>", '<img alt="" src="http://127.0.0.1:9/pixel.png"></main>'
    )
    (tmp_path / "leaky.html").write_text(leaky)
    assert "http://127.0.0.1:9/pixel.png" in requests(browser, (tmp_path / "leaky.html").as_uri())


# The keyboard

FOCUSED = """
() => {
    const all = [...document.querySelectorAll('a[href], [tabindex="0"]')];
    const style = getComputedStyle(document.activeElement);
    const box = document.activeElement.getBoundingClientRect();
    const visible = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.right > 0;
    return [all.indexOf(document.activeElement), all.length, visible];
}
"""


def way_through(page: Page) -> list[tuple[int, bool]]:
    """What the Tab key reaches, one after another: the place in the document, and whether the focus is to be seen."""
    way = []
    while True:
        page.keyboard.press("Tab")
        place, length, visible = page.evaluate(FOCUSED)
        way.append((place, visible))
        if len(way) == length:
            return way


@pytest.mark.parametrize(
    "file",
    [
        "index.html",
        "disproportionality.html",
        "disproportionality-sex.html",
        "quality.html",
        "quarters/2026-Q1/index.html",
    ],
)
def test_the_keyboard_goes_through_a_page_in_its_order_and_shows_where_it_is(
    offline: BrowserContext, made: Made, file: str
) -> None:
    for page in opened(offline, (made("usual") / file).as_uri()):
        way = way_through(page)
        assert way == [(place, True) for place in range(len(way))]


def test_the_first_key_stroke_reaches_the_way_past_the_navigation(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    # The browser tells of a new fragment a moment after the key.
    page.wait_for_url(lambda url: url.endswith("#main"))
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(
    "break_it",
    [
        "document.querySelectorAll('main a')[1].tabIndex = 5",
        "document.head.insertAdjacentHTML('beforeend', '<style>* { outline: none !important }</style>')",
    ],
)
def test_a_wrong_order_or_a_hidden_focus_is_seen(overview: Page, break_it: str) -> None:
    overview.evaluate(break_it)
    way = way_through(overview)
    assert way != [(place, True) for place in range(len(way))]


# A narrow window

OVERLAPS = """
() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
    const boxes = [...chart.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]);
    const frame = chart.getBoundingClientRect();
    return boxes.flatMap(([text, box], i) => [
        ...(box.left < frame.left - 6 || box.right > frame.right + 6 ? ['cut off: ' + text] : []),
        ...boxes.slice(i + 1)
            .filter(([_, other]) => box.left < other.right - 1 && other.left < box.right - 1
                && box.top < other.bottom - 2 && other.top < box.bottom - 2)
            .map(([other]) => text + ' over ' + other),
    ]);
})
"""


def test_at_320_pixels_nothing_has_to_be_scrolled_sideways_or_is_cut_off(
    narrow: BrowserContext, address: str
) -> None:
    for page in opened(narrow, address):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate(OVERLAPS) == []


def test_words_of_a_chart_that_run_into_each_other_or_out_of_it_are_seen(
    narrow: BrowserContext, made: Made
) -> None:
    for page in opened(narrow, (made("usual") / "index.html").as_uri()):
        page.evaluate("document.querySelector('svg.chart text').textContent = 'wide '.repeat(20)")
        assert page.evaluate(OVERLAPS) != []
        page.evaluate("document.querySelector('h1').style.minWidth = '40rem'")
        assert page.evaluate("document.documentElement.scrollWidth") > 320


# Paper

CUT_OFF_ON_PAPER = """
() => [...document.querySelectorAll('main table, main p, main svg')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 40))
"""


def put_on_paper(page: Page) -> None:
    """Shows a page as it is printed, within the margins of a sheet of A4."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})


def test_on_paper_a_page_is_whole_and_without_what_only_a_screen_needs(page: Page) -> None:
    put_on_paper(page)
    assert page.evaluate(CUT_OFF_ON_PAPER) == []
    assert not page.locator("nav.pages").is_visible()
    assert page.locator("h1").is_visible()
    if page.locator(".banner").count():
        assert page.locator(".banner").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_what_paper_would_cut_off_is_seen(overview: Page) -> None:
    put_on_paper(overview)
    overview.evaluate("document.querySelector('main p').style.minWidth = '60rem'")
    assert overview.evaluate(CUT_OFF_ON_PAPER) != []


# All of them


@pytest.mark.slow
def test_every_single_page_of_a_site_keeps_all_of_this(
    browser: Browser, offline: BrowserContext, narrow: BrowserContext, made: Made
) -> None:
    files = sorted(made("a_single_quarter").rglob("*.html"))
    assert len(files) > 50
    for file in files:
        address = file.as_uri()
        assert requests(browser, address) == [address]
        for page in opened(offline, address):
            assert violations(page) == [], file
            put_on_paper(page)
            assert page.evaluate(CUT_OFF_ON_PAPER) == [], file
        for page in opened(narrow, address):
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, file
            assert page.evaluate(OVERLAPS) == [], file
