"""The numbers on the pages are the marts' own, page by page, as a browser shows them; and one that is not is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browsing import crosswise, mart, opened, table
from playwright.sync_api import BrowserContext, Page
from published import FIVE, Made

from vha.report.site import formats
from vha.report.site.quality_words import REASONS, SOURCES, STAGES, SUITES
from vha.report.site.variants import MEASURES
from vha.report.site.vocabulary import CHARACTERISTICS, POPULATIONS

Opened = Callable[[str], Page]
Query = Callable[[str], list[tuple[Any, ...]]]

UNKNOWN = {"not_stated": "Not stated", "missing": "Not recorded"}


@pytest.fixture
def at(offline: BrowserContext, made: Made) -> Iterator[Opened]:
    """Opens a page of the usual world; it is closed at the end."""
    pages: list[Iterator[Page]] = []

    def open_page(file: str) -> Page:
        pages.append(opened(offline, (made("usual") / file).as_uri()))
        return next(pages[-1])

    yield open_page
    for page in pages:
        next(page, None)


@pytest.fixture
def ask(made: Made) -> Query:
    return lambda query: mart(made, query)


@pytest.fixture
def word(ask: Query) -> Callable[[str, str], str]:
    """What a code of a domain is called."""
    labels = {
        (domain, code): label for domain, code, label in ask("select domain, code, label from code_labels")
    }
    return lambda domain, code: UNKNOWN.get(code) or labels.get((domain, code)) or formats.sentence(code)


def file_of(page: str, code: str) -> str:
    return f"{page}-{code.replace('_', '-')}.html"


def rows_of(page: Page, caption: str) -> set[tuple[str, ...]]:
    return {tuple(row) for row in table(page, caption)}


def people(*counts: int | None) -> tuple[str, ...]:
    return tuple(map(formats.figure, counts))


# Who is on the list


def expected_breakdown(ask: Query, word: Any, period: str, code: str) -> set[tuple[str, ...]]:
    return {
        (word(code, group), *people(listed, population), formats.percent(percentage))
        for group, listed, population, percentage in ask(
            "select group_code, people, population, percentage from special_category_breakdown "
            f"where period = '{period}' and characteristic = '{code}'"
        )
    }


def test_the_breakdown_on_each_page_is_the_mart_s(at: Opened, ask: Query, word: Any) -> None:
    codes = [code for (code,) in ask("select distinct characteristic from special_category_breakdown")]
    assert len(codes) == 8
    for code in codes:
        page = at(file_of("breakdown", code))
        expected = expected_breakdown(ask, word, "2026-Q3", code)
        assert rows_of(page, f"table-{code}") == expected
        # The chart says the same as the table.
        said = page.locator(f"#shares-{code.replace('_', '-')}-description").text_content() or ""
        for label, listed, _, percentage in expected:
            assert f"{label} {'[c] withheld' if listed == '[c]' else percentage}" in said
    earlier = at("quarters/2026-Q1/breakdown-sex.html")
    assert rows_of(earlier, "table-sex") == expected_breakdown(ask, word, "2026-Q1", "sex")


def test_a_figure_that_is_not_the_mart_s_is_seen(at: Opened, ask: Query, word: Any) -> None:
    page = at("breakdown-sex.html")
    page.evaluate(
        "document.querySelector('#table-sex').closest('table').rows[1].cells[1].textContent = '1,300'"
    )
    assert rows_of(page, "table-sex") != expected_breakdown(ask, word, "2026-Q3", "sex")
    page = at("breakdown-agreement.html")
    page.evaluate(
        "[...document.querySelector('#agreed').closest('table').rows].at(-1).cells[1].textContent = '7'"
    )
    assert crosswise(page, "agreed") != expected_agreement(ask)


def test_the_largest_groups_and_the_movements_are_the_mart_s(at: Opened, ask: Query, word: Any) -> None:
    page = at("breakdown.html")
    expected = {
        (CHARACTERISTICS[code], word(code, group), *map(formats.percent, shares))
        for code, group, *shares in ask(
            "select characteristic, arg_max(group_code, people) filter (group_code not in ('not_stated', 'missing')), "
            "max(percentage) filter (group_code not in ('not_stated', 'missing')), "
            "max(percentage) filter (group_code = 'not_stated'), max(percentage) filter (group_code = 'missing') "
            "from special_category_breakdown where period = '2026-Q3' group by characteristic"
        )
    }
    assert rows_of(page, "characteristics") == expected
    [(listed,), (added,)] = (
        ask(f"select people from list_trend where period = '2026-Q3' and measure = '{measure}'")[0]
        for measure in ("listed", "added")
    )
    shown = {row[0]: row[2] for row in table(page, "movements")}
    assert (shown["On the list"], shown["Added"]) == people(listed, added)
    assert formats.figure(listed) in at("index.html").locator(".tiles").inner_text()


def expected_agreement(ask: Query) -> set[tuple[str, str, str]]:
    return {
        (said, f"Officer: {UNKNOWN.get(seen, seen)}", formats.figure(counted))
        for said, seen, counted in ask(
            "select self_defined_5, officer_observed_5, people from ethnicity_agreement where period = '2026-Q3'"
        )
    }


def test_the_crosswise_tables_are_the_marts(at: Opened, ask: Query, word: Any) -> None:
    assert crosswise(at("breakdown-agreement.html"), "agreed") == expected_agreement(ask)
    page = at("breakdown-cross.html")
    shown = set().union(*(crosswise(page, f"cross-{number}") for number in (1, 2)))
    assert shown == {
        (ethnicity, word("age_band", band), formats.figure(counted))
        for ethnicity, band, counted in ask(
            "select ethnicity_5, age_band, people from special_category_cross "
            "where period = '2026-Q3' and sex in ('M', 'F')"
        )
    }
    assert {row for row, _, _ in shown} == set(FIVE)


def test_how_much_is_recorded_is_the_marts(at: Opened, ask: Query, word: Any) -> None:
    page = at("completeness.html")
    columns = "recorded, not_stated, missing, percentage_recorded"
    for kind in POPULATIONS:
        assert rows_of(page, f"completeness-{kind}") == {
            (CHARACTERISTICS[code], *people(*counts), formats.percent(percentage))
            for code, *counts, percentage in ask(
                f"select characteristic, {columns} from special_category_completeness "
                f"where period = '2026-Q3' and population_kind = '{kind}'"
            )
        }
    for side in ("sex", "age_band"):
        page = at(file_of("completeness", side))
        for code in ("self_defined_ethnicity", "religion"):
            expected = {
                (word(side, group), *people(*counts), formats.percent(percentage))
                for group, *counts, percentage in ask(
                    f"select by_group, {columns} from special_category_completeness_by_group "
                    f"where period = '2026-Q3' and by_characteristic = '{side}' and characteristic = '{code}'"
                )
            }
            assert expected
            assert rows_of(page, f"completeness-{code}-by-{side}") == expected


# Disparity


def expected_ratios(ask: Query, word: Any, code: str, column: str, where: str) -> set[tuple[str, ...]]:
    return {
        (word(code, group), word(column, against),
         f"{formats.ratio(ratio)} ({formats.ratio(low)} to {formats.ratio(high)})",
         f"{formats.ratio(bound_low)} to {formats.ratio(bound_high)}", formats.rate(rate), formats.rate(reference))
        for group, against, ratio, low, high, bound_low, bound_high, rate, reference in ask(
            f"select group_code, {column}, rate_ratio, ci_low, ci_high, bound_low, bound_high, rate, reference_rate "
            f"from disproportionality where period = '2026-Q3' and characteristic = '{code}' and status = 'published' "
            f"and {where}"
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    "code", ["self_defined_ethnicity_5", "officer_observed_ethnicity", "sex", "age_band"]
)
def test_the_ratios_on_each_page_are_the_mart_s(at: Opened, ask: Query, word: Any, code: str) -> None:
    too_few = "Too few people to say. That is not the same as no disparity."
    for kind, ending, column, where in (
        ("benchmarks", "", "benchmark", "stage = 'listed'"),
        ("steps", "_steps", "stage", "benchmark = 'stage_before'"),
    ):
        page = at(file_of("disproportionality", code + ending))
        rows = table(page, f"{kind}-{code}")
        expected = expected_ratios(ask, word, code, column, where)
        assert expected
        assert {tuple(row[:6]) for row in rows if len(row) > 3} == expected
        assert all(row[2] == too_few for row in rows if len(row) == 3)
        withheld = ask(
            "select distinct group_code from disproportionality where period = '2026-Q3' and status <> 'published' "
            f"and characteristic = '{code}' and {where}"
        )
        assert {row[0] for row in rows if len(row) == 3} == {word(code, group) for (group,) in withheld}


def test_what_is_found_is_told_with_the_mart_s_ratios(at: Opened, ask: Query) -> None:
    page = at("disproportionality.html")
    expected = {
        (group, benchmark, f"{formats.ratio(ratio)} ({formats.ratio(low)} to {formats.ratio(high)})")
        for group, benchmark, ratio, low, high in ask(
            "select group_code, label, rate_ratio, ci_low, ci_high from disproportionality "
            "join code_labels on domain = 'benchmark' and code = benchmark "
            "where period = '2026-Q3' and characteristic = 'self_defined_ethnicity_5' and stage = 'listed'"
        )
    }
    assert crosswise(page, "across") == expected
    flagged = ask(
        "select group_code, rate_ratio, ci_low, ci_high, bound_low, bound_high from disproportionality_flags "
        "join disproportionality using (period, characteristic, group_code, stage) where benchmark = 'stage_before' "
        "and period = '2026-Q3' and is_flagged"
    )
    assert flagged
    found = page.locator(".found").inner_text()
    for group, *figures in flagged:
        ratio, low, high, bound_low, bound_high = map(formats.ratio, figures)
        assert (
            f"{group}: {ratio} times as often ({low} to {high}); {bound_low} to {bound_high} depending"
            in found
        )
        assert (
            f"{group}: {ratio} times as often ({low} to {high}); {bound_low} to {bound_high} depending"
            in at("index.html").locator(".found").inner_text()
        )


# Other policies


@pytest.mark.parametrize(("page", "mart_name"), [("what-if", "what_if"), ("feedback", "feedback")])
def test_what_each_alternative_does_on_the_page_is_what_the_mart_says(
    at: Opened, ask: Query, word: Any, page: str, mart_name: str
) -> None:
    counts = ask(
        f"select variant, characteristic, group_code, measure, value from {mart_name} "
        "where period = '2026-Q3' and measure in ('list_size', 'overlap', 'entries', 'exits')"
    )
    overall = {
        (word("variant", variant), MEASURES[measure], formats.figure(value))
        for variant, characteristic, _, measure, value in counts
        if characteristic == "all"
    }
    assert overall <= crosswise(at(f"{page}.html"), "variants-all")
    code = "self_defined_ethnicity_5"
    by_group = at(file_of(page, code) if page == "what-if" else f"{page}.html")
    for measure in ("entries", "exits"):
        assert crosswise(by_group, f"{measure}-{code}") == {
            (word("variant", variant), group, formats.figure(value))
            for variant, characteristic, group, of, value in counts
            if (characteristic, of) == (code, measure)
        }
    spans = {
        (word("variant", variant), group, f"{formats.ratio(low)} to {formats.ratio(high)}")
        for variant, group, low, high in ask(
            "select variant, group_code, max(value) filter (measure = 'rate_ratio_low'), "
            f"max(value) filter (measure = 'rate_ratio_high') from {mart_name} "
            "where period = '2026-Q3' and measure like 'rate_ratio%' group by all"
        )
    }
    assert crosswise(by_group, f"ratios-{code}") == spans


# How it is made


def test_the_register_the_releases_and_the_quarters_on_the_pages_are_the_marts(
    at: Opened, ask: Query
) -> None:
    policy = at("policy.html")
    register = [*table(policy, "register"), *table(at("policy-limits.html"), "limits-register")]
    assert {tuple(row[:4]) for row in register} == {
        (
            formats.sentence(name),
            f"{formats.stated(value)} {unit.replace('|', ', ')}",
            basis,
            rationale if source == "Assumption of this project" else f"{rationale} Source: {source}",
        )
        for name, value, unit, basis, rationale, source in ask(
            "select parameter, value, unit, basis, rationale, source from policy_register"
        )
    }
    assert {(row[0], row[4], row[5], row[6]) for row in table(at("releases.html"), "register")} == set(
        ask("select run_id, git_commit, inputs_hash, list_hash from release_register")
    )
    assert {(row[0], row[2]) for row in table(at("quarters/index.html"), "quarters")} == {
        (period, formats.figure(listed))
        for period, listed in ask("select period, people from list_trend where measure = 'listed'")
    }


def test_the_checks_and_the_quarantine_on_the_pages_are_the_marts(at: Opened, ask: Query) -> None:
    assert rows_of(at("quality-kept-out.html"), "quarantine") == {
        (f"{SOURCES[source]} {source}", f"{REASONS[reason]} {reason}", formats.figure(count))
        for source, reason, count in ask("select source_table, reason, row_count from quarantine_counts")
    }
    page = at("quality.html")
    assert rows_of(page, "reasons") == {
        (f"{REASONS[reason]} {reason}", formats.figure(count))
        for reason, count in ask(
            "select reason, sum(row_count)::bigint from quarantine_counts group by reason"
        )
    }
    assert rows_of(page, "suites") == {
        (SUITES[suite][1], STAGES[SUITES[suite][0]], formats.figure(made), formats.figure(passed))
        for suite, made, passed in ask(
            "select suite, count(*), count(*) filter (status = 'passed') from quality_checks group by suite"
        )
    }
    result = {"passed": "Passed", "failed": "Did not pass", "errored": "Could not be evaluated"}
    shown = {
        (suite, row[0], row[2])
        for (suite,) in ask("select distinct suite from quality_checks")
        for row in table(at(file_of("quality", suite)), f"suite-{suite}")
    }
    assert shown == {
        (suite, f"{meaning} {name}", result[status])
        for suite, name, meaning, status in ask(
            "select suite, check_name, meaning, status from quality_checks"
        )
    }
