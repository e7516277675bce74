"""The site as files: which there are, what stands in them, and that they are the marts' figures and nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from published import PERIODS, RUN, SHAPES, Made, Shape, write

from vha.extract.contract import TABLES
from vha.report import site
from vha.report.site import drawing, formats, quality_words
from vha.settings import PROJECT_ROOT, Settings


class Document(HTMLParser):
    """What there is to check of a page's structure."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.named_by: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self.ids += [given["id"]] if given.get("id") else []
        self.links += [given["href"]] if tag in ("a", "link") and given.get("href") else []
        self.named_by += (given.get("aria-labelledby") or "").split()


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("name", SHAPES)
def test_whatever_the_world_is_like_there_are_all_pages_and_no_word_of_a_program(
    made: Made, name: str
) -> None:
    folder = made(name)
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    undated = {
        "about",
        "accessibility",
        "downloads",
        "index",
        "method",
        "policy",
        "quality",
        "releases",
        "transparency",
    }
    dated = {"breakdown", "completeness", "disproportionality", "what-if", "feedback"}
    tops = {
        *(f"{page}.html" for page in undated | dated),
        "quarters/index.html",
        *(f"quarters/{period}/{page}.html" for period in SHAPES[name].periods for page in (*dated, "index")),
    }
    assert tops <= pages
    # All others are parts of one of these, beside it.
    for page in pages - tops:
        above = next(top for top in sorted(tops) if page.startswith(top.removesuffix(".html") + "-"))
        assert f'href="{Path(page).name}"' in (folder / above).read_text()
    for page in pages:
        text = (folder / page).read_text()
        assert not re.search(r">\s*None\s*<|\b(nan|NaN|inf|undefined|Undefined)\b|\{\{|\{%", text), page


@pytest.mark.parametrize("name", ["usual", "every_table_empty"])
def test_every_page_is_sound_and_every_link_leads_somewhere(made: Made, name: str) -> None:
    folder = made(name)
    outside = {"../data_docs/index.html", "../dbt_docs/index.html"}
    for page in folder.rglob("*.html"):
        document = Document(page.read_text())
        tags = [tag for tag, _ in document.tags]
        assert [given["lang"] for tag, given in document.tags if tag == "html"] == ["en-GB"]
        assert tags.count("h1") == tags.count("main") == tags.count("header") == tags.count("footer") == 1
        assert tags.count("table") == tags.count("caption")
        assert all(given.get("scope") for tag, given in document.tags if tag == "th")
        assert not {"script", "iframe", "object", "img"} & set(tags)
        assert re.search(
            r'<header>\s*<p class="banner"><strong>Synthetic data\.</strong>', page.read_text()
        ), page
        assert len(document.ids) == len(set(document.ids)), page
        classes = {name for _, given in document.tags for name in (given.get("class") or "").split()}
        assert all(re.fullmatch(r"[\w-]+", name) for name in classes), classes
        assert set(document.named_by) <= set(document.ids)
        for link in document.links:
            file, _, part = link.partition("#")
            target = page if not file else (page.parent / file).resolve()
            if (
                link == "data:,"
                or link.removeprefix("../" * (len(page.relative_to(folder).parts) - 1)) in outside
            ):
                continue
            assert target.exists(), f"{page}: {link}"
            if part:
                assert part in Document(target.read_text()).ids, f"{page}: {link}"


def test_nothing_is_said_by_the_pages_that_an_attack_by_text_could_change(tmp_path: Path) -> None:
    database = write(tmp_path / "oversight.duckdb", SHAPES["no_earlier_release"])
    with duckdb.connect(str(database)) as connection:
        connection.execute("update quality_checks set meaning = '<script>alert(1)</script> & more'")
        connection.execute("update policy_register set rationale = '\"><b>bold</b>'")
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path)})
    site.write(settings, RUN, database, tmp_path / "site")
    text = "".join(page.read_text() for page in (tmp_path / "site").rglob("*.html"))
    assert "<script" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;" in text


def test_the_same_release_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    first = made("no_earlier_release")
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path)})
    site.write(settings, RUN, first.parent / "oversight.duckdb", tmp_path / "site")
    for path in first.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "site" / path.relative_to(first)).read_bytes(), path.name


def test_every_quarter_keeps_its_figures_at_its_own_address(usual: Path) -> None:
    sizes = dict(
        rows(
            usual.parent / "oversight.duckdb",
            "select period, people from list_trend where measure = 'listed'",
        )
    )
    assert len(set(sizes.values())) == len(PERIODS)
    for period in PERIODS:
        assert f"{sizes[period]:,}" in (usual / "quarters" / period / "index.html").read_text()
    latest = (usual / "breakdown.html").read_text()
    assert f"{sizes[PERIODS[-1]]:,}" in latest
    assert "You are reading an earlier quarter" not in latest


def test_within_a_quarter_the_navigation_stays_in_it_and_says_which_it_is(usual: Path) -> None:
    latest = PERIODS[-1]
    for period in PERIODS:
        folder = usual / "quarters" / period
        pages = sorted(folder.glob("*.html"))
        assert pages
        for page in pages:
            text = page.read_text()
            navigation = Document(text.partition('<nav class="pages"')[2].partition("</nav>")[0])
            inside = [link for link in navigation.links if "/" not in link]
            assert inside == [
                "index.html", "breakdown.html", "completeness.html", "disproportionality.html", "what-if.html",
                "feedback.html",
            ]  # fmt: skip
            assert all((folder / link).exists() for link in inside)
            assert text.count('aria-current="page"') == 1
            main = text.partition("<main")[2]
            said = f"<strong>{formats.quarter(period)} ({period})</strong>"
            assert said in main
            assert ("You are reading an earlier quarter" in main) == (period != latest)
            [same] = re.findall(r'href="(../../[^"]+)">The same for the latest quarter', main) or [None]
            assert (same is None) == (period == latest)
            if same is not None:
                wanted = "index.html" if page.name == "index.html" else page.name
                assert same == f"../../{wanted}"
    assert (
        f'href="quarters/{latest}/breakdown-sex.html">The address that it keeps'
        in (usual / "breakdown-sex.html").read_text()
    )


def test_what_another_quarter_has_no_part_of_leads_to_the_page_above_it(tmp_path: Path) -> None:
    database = write(tmp_path / "oversight.duckdb", Shape(PERIODS[-3:]))
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "delete from disproportionality where period = '2026-Q3' and characteristic = 'sex'"
        )
    site.write(Settings.from_environment({"VHA_HOME": str(tmp_path)}), RUN, database, tmp_path / "site")
    page = (tmp_path / "site" / "quarters" / "2026-Q2" / "disproportionality-sex.html").read_text()
    assert 'href="../../disproportionality.html">The same for the latest quarter' in page
    assert 'href="../../quarters/2026-Q3/disproportionality.html">July to September 2026</a>' in page
    assert 'href="../../quarters/2026-Q1/disproportionality-sex.html">January to March 2026</a>' in page


def test_each_assumption_is_marked_on_the_pages_that_rest_on_it(usual: Path) -> None:
    for page in (
        "index", "breakdown", "disproportionality", "what-if", "feedback", "method", "transparency",
        "disproportionality-sex", "disproportionality-sex-steps", "breakdown-sex", "what-if-self-defined-ethnicity-5",
        "completeness", "completeness-sex", "quarters/index", "quarters/2026-Q1/index", "quarters/2026-Q1/feedback",
    ):  # fmt: skip
        document = Document((usual / f"{page}.html").read_text())
        links = {link.partition("#")[2] for link in document.links if "policy.html#" in link}
        assert {"score_threshold", "decay_method", "suppression_threshold", "rounding_base"} <= links, page
        assert "minimum_crime_reports" not in links or page == "method", "it was reported, not assumed"
        assert "policy.html#seeds" in "".join(document.links), page
    quality = Document((usual / "quality.html").read_text())
    assert "policy-limits.html#quarantine_limit_bad_date" in quality.links


def test_the_method_page_is_made_from_the_policy_of_the_release(made: Made, tmp_path: Path) -> None:
    database = write(tmp_path / "oversight.duckdb", SHAPES["no_earlier_release"])
    with duckdb.connect(str(database)) as connection:
        connection.execute("update policy_register set value = '4711' where parameter = 'score_threshold'")
        connection.execute(
            "update policy_content set value = '9876.5000' where row_key = '1|cchi' and column_name = 'weight'"
        )
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path)})
    site.write(settings, RUN, database, tmp_path / "site")
    changed, before = (
        "".join((folder / page).read_text() for page in ("method.html", "method-offences.html"))
        for folder in (tmp_path / "site", made("no_earlier_release"))
    )
    for value in ("4,711", "9,876.5"):
        assert value in changed
        assert value not in before


def test_a_benchmark_without_a_count_is_told_in_words(tmp_path: Path) -> None:
    database = write(tmp_path / "oversight.duckdb", SHAPES["a_single_quarter"])
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update disproportionality set status = 'not_comparable', "
            "limitation = limitation || ' No count was found.' "
            "where benchmark = 'residents' and characteristic = 'officer_observed_ethnicity'"
        )
    site.write(Settings.from_environment({"VHA_HOME": str(tmp_path)}), RUN, database, tmp_path / "site")
    page = (tmp_path / "site" / "disproportionality-officer-observed-ethnicity.html").read_text()
    assert "“Residents” is left out for every group. No count was found." in page
    assert "cannot be compared" not in page


def test_too_few_people_to_say_is_never_told_as_no_disparity(made: Made) -> None:
    few = (made("a_list_of_nine_people") / "disproportionality.html").read_text()
    assert "At every step there are too few people to say. That is not the same as no disparity." in few
    assert "by more than chance" not in few
    overview = (made("a_list_of_nine_people") / "index.html").read_text()
    assert "At every step there are too few people to say. That is not the same as no disparity." in overview
    assert "larger than chance" not in overview
    one_missing = (made("all_ethnicity_missing") / "index.html").read_text()
    assert (
        "Too few people to say, which is not the same as no disparity: Ethnicity, self-defined" in one_missing
    )
    for part in ("sex", "self-defined-ethnicity-5-steps"):
        page = (made("a_list_of_nine_people") / f"disproportionality-{part}.html").read_text()
        assert "There are too few people of every group for a chart." in page
        assert "Too few people to say. That is not the same as no disparity." in page
    enough = (made("usual") / "disproportionality.html").read_text()
    assert "At these steps a group goes on more or less often" in enough


def test_a_critical_failure_that_somebody_answers_for_is_shown(tmp_path: Path) -> None:
    database = write(tmp_path / "oversight.duckdb", SHAPES["no_earlier_release"])
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path)})
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into accepted_failures values "
            "('r1', 'quarantine_shares', 'bad_dates_are_few', 'The data owner', 'Known since Monday', "
            "'2026-09-30 04:12:00')"
        )
    site.write(settings, RUN, database, tmp_path / "site")
    page = (tmp_path / "site" / "quality.html").read_text()
    for said in (
        "The data owner",
        "Known since Monday",
        "2026-09-30 04:12:00",
        "Reports whose date cannot be read",
    ):
        assert said in page
    assert "quality.html#accepted" in (tmp_path / "site" / "index.html").read_text()


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("quality", "passed without having compared anything"),
        ("index", "some without anything to compare with"),
    ],
)
def test_comparisons_that_had_nothing_to_compare_with_are_not_told_as_passed_alone(
    made: Made, page: str, said: str
) -> None:
    assert said in (made("no_earlier_release") / f"{page}.html").read_text()
    assert said not in (made("usual") / f"{page}.html").read_text()


def test_a_check_that_is_not_made_any_more_is_named(tmp_path: Path) -> None:
    database = write(tmp_path / "oversight.duckdb", SHAPES["a_single_quarter"])
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path)})
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into quality_trend values ('2026-09-01', 'landing_mix', 'grades_are_usual', 'passed', 0), "
            "('2026-09-02', 'landing_mix', 'grades_are_usual', 'failed', 1)"
        )
    site.write(settings, RUN, database, tmp_path / "site")
    page = (tmp_path / "site" / "quality.html").read_text()
    assert "not any more: <code>landing_mix.grades_are_usual</code> (last on 2 September 2026)." in page


def test_everything_that_is_checked_or_kept_out_has_a_plain_name() -> None:
    declared = [yaml.safe_load(path.read_text()) for path in (PROJECT_ROOT / "expectations").glob("*.yml")]
    assert {each["suite"] for each in declared if "suite" in each} == set(quality_words.SUITES)
    assert {stage for stage, _ in quality_words.SUITES.values()} == set(quality_words.STAGES)
    words = (PROJECT_ROOT / "dbt_project" / "models" / "columns.md").read_text()
    section = words.partition("# Why a row does not count")[2].partition("docs is_sound")[0]
    assert {*re.findall(r"docs (\w+) %", section), "superseded"} == set(quality_words.REASONS)
    assert {f"{table.system}.{table.name}" for table in TABLES} == set(quality_words.SOURCES)


def test_a_trend_is_told_in_marks_and_in_words(usual: Path) -> None:
    page = "".join(part.read_text() for part in usual.glob("quality-*.html"))
    assert re.search(
        r'aria-label="did not pass in 12 of the last 20 releases [^"]*; not passed since 19 September 2026"',
        page,
    )
    assert "●●●●●●●●✕✕✕✕✕✕✕✕✕✕✕✕" in page
    assert (
        'aria-label="passed in all of the last 20 releases in which it was made">●●●●●●●●●●●●●●●●●●●●<'
        in page
    )


PALETTE = {"#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"}
"""The Analysis Function's, for categories."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2.2 defines it."""
    lighter, darker = sorted(map(_luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_a_chart_says_stands_out_from_what_is_behind_it_in_colours_of_the_palette(usual: Path) -> None:
    colours = set()
    for page in usual.rglob("*.html"):
        for drawn in re.findall(r"<svg.*?</svg>", page.read_text(), re.DOTALL):
            used = set(re.findall(r'(?:fill|stroke)="(#\w+)"', drawn)) - {drawing.INK, drawing.TRACK}
            assert len(used) <= 4, page
            colours |= used
    assert colours == {drawing.NAVY, drawing.PLUM, drawing.LILAC, drawing.GREY}
    assert colours <= PALETTE
    assert all(contrast(colour, "#ffffff") >= 3 for colour in colours)
    # The interval lies on the band of what the unknown leave open.
    assert contrast(drawing.NAVY, drawing.LILAC) >= 3
    assert contrast("#cdbce6", "#ffffff") < 3 < contrast("#767676", "#ffffff")


def test_no_rule_of_the_style_is_taken_back_by_one_further_down() -> None:
    text = (Path(site.__file__).parents[1] / "templates" / "site" / "site.css").read_text()
    outside_media = re.sub(r"/\*.*?\*/|@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text, flags=re.DOTALL)
    selectors = [selector.strip() for selector in re.findall(r"([^{}]+)\{[^{}]*\}", outside_media)]
    assert len(selectors) > 100
    assert [selector for selector in selectors if selectors.count(selector) > 1] == []


def _compared(rate: float, reference: float, difference: float) -> dict[str, float]:
    return {
        "rate": rate,
        "reference_rate": reference,
        "rate_difference": difference,
        "difference_low": difference - 0.0001,
        "difference_high": difference + 0.0001,
    }


def test_where_every_number_is_withheld_no_empty_chart_is_drawn(made: Made) -> None:
    few = made("a_list_of_nine_people")
    for page in ("index", "breakdown-sex", "what-if", "feedback", "quarters/2026-Q3/index"):
        assert "<svg xmlns" not in (few / f"{page}.html").read_text(), page
        assert "<svg xmlns" in (made("usual") / f"{page}.html").read_text(), page
    assert "every number is withheld in this quarter" in (few / "breakdown-sex.html").read_text()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formats.figure(1305), "1,305"),
        (formats.figure(None), "[c]"),
        (formats.percent(66.649), "66.6 %"),
        (formats.rate(0.000823), "82.3 in 100,000"),
        (formats.rate(0.348), "34.8 in 100"),
        (formats.rate(0), "0 in 100"),
        (formats.rate(None), formats.NOT_APPLICABLE),
        (formats.difference(_compared(0.0877, 0.1, -0.0123)), "\N{MINUS SIGN}1.23 in 100"),
        (formats.difference(_compared(0.0004, 0.0001, 0.0003)), "+30.0 in 100,000"),
        (formats.difference(_compared(0.0014, 0.0009, 0.0005)), "+0.0500 in 100"),
        (formats.difference_interval(_compared(0.0004, 0.0001, 0.0003)), "(+20.0 to +40.0)"),
        (formats.ratio(4.2204), "4.22"),
        (formats.quarter("2026-Q3"), "July to September 2026"),
        (formats.words("no_longer_in_source"), "no longer in source"),
    ],
)
def test_values_are_written_so_that_they_can_be_read(written: str, expected: str) -> None:
    assert written == expected
