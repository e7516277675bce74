"""Rate ratios agree with statsmodels, and say nothing where there is nothing to say."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

import pytest
from comparisons import Comparisons, Count
from harness import Mutations, Project, replacing
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import confint_proportions_2indep

PERIOD = "2026-Q3"
POPULATIONS = ("suspects", "enough_reports", "above_threshold", "listed", "victims")
FIGURES = (
    "rate", "reference_rate", "rate_ratio", "ci_low", "ci_high", "bound_low", "bound_high", "rate_difference",
    "difference_low", "difference_high",
)  # fmt: skip


def random_tables(number: int) -> Iterator[Count]:
    """Suspects, those of them with enough reports, and victims, women and men; each table a quarter."""
    chance = random.Random(4)
    for n in range(number):
        for group in ("F", "M"):
            suspects = chance.randint(20, chance.choice((30, 300, 30_000, 5_000_000)))
            yield f"{n}", "suspects", "sex", group, suspects
            yield f"{n}", "enough_reports", "sex", group, chance.randint(10, suspects - 10)
            yield f"{n}", "victims", "sex", group, chance.randint(10, 100_000)
        for population in ("suspects", "enough_reports", "victims"):
            yield f"{n}", population, "all", "all", None


def differences(project: Project, mutate: Mutations | None = None) -> list[float]:
    """How far each limit is from statsmodels' own, relative to its size where that is above 1."""
    comparisons = Comparisons(project, mutate=mutate)
    comparisons.of_protected(random_tables(400))
    rows = comparisons.unrounded()
    assert len(rows) == 400 * 4
    found: list[float] = []
    certain = 1e300
    for row in rows:
        a, c = row["people"], row["benchmark_people"]
        b, d = row["reference_people"], row["reference_benchmark_people"]
        if row["benchmark"] == "victims":
            ratio = Table2x2([[a, c], [b, d]]).oddsratio_confint(0.05)
            # One rate alone is its ratio to another without chance.
            (p_low, p_high), (q_low, q_high) = (
                Table2x2([pair, [certain, certain]]).oddsratio_confint(0.05) for pair in ((a, c), (b, d))
            )
            low = a / c - b / d - math.hypot(a / c - p_low, q_high - b / d)
            high = a / c - b / d + math.hypot(p_high - a / c, b / d - q_low)
        else:
            ratio = confint_proportions_2indep(a, c, b, d, compare="ratio", method="log")
            low, high = confint_proportions_2indep(a, c, b, d, compare="diff", method="newcomb")
        expected = {
            "rate_ratio": a / c / (b / d),
            "ci_low": ratio[0],
            "ci_high": ratio[1],
            "rate_difference": a / c - b / d,
            "difference_low": low,
            "difference_high": high,
        }
        found += [abs(row[name] - value) / max(1, abs(value)) for name, value in expected.items()]
    return found


def test_figures_are_those_of_statsmodels(project: Project) -> None:
    assert max(differences(project)) < 1e-9


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.6e0", "1.6001e0"),
        ("case when is_share then -1 else 1 end", "1"),
        ("exp(-log_margin)", "exp(-log_margin / 1.96 * 1.95996)"),
        ("(4e0 *", "(4.001e0 *"),
        ("(rate - rate_low)", "(rate - rate_high)"),
    ],
)
def test_a_wrong_formula_is_noticed(project: Project, old: str, new: str) -> None:
    assert max(differences(project, {"int_disproportionality_ratios": replacing(old, new)})) > 1e-9


def of_populations(
    comparisons: Comparisons, people: Callable[[str, str, str], int], period: str = PERIOD
) -> Iterator[Count]:
    """Every cell that the project counts, by population, characteristic and group."""
    for population in (*POPULATIONS, "scored"):
        totals: dict[str, int] = {}
        for characteristic, group in comparisons.cells:
            number = people(population, characteristic, group)
            totals[characteristic] = totals.get(characteristic, 0) + number
            yield period, population, characteristic, group, number
        yield period, population, "all", "all", max(totals.values())


def nobody(population: str, characteristic: str, group: str) -> int:
    return 0


def everybody_in_one_group(population: str, characteristic: str, group: str) -> int:
    return 1000 if group in ("B2", "Black", "IC3", "M", "18-24", "christian", "Y", "bisexual") else 0


def all_ethnicity_missing(population: str, characteristic: str, group: str) -> int:
    return (
        group == "missing" if "ethnicity" in characteristic else group not in ("missing", "not_stated")
    ) * 1000


def a_list_of_nine(population: str, characteristic: str, group: str) -> int:
    return (9 if population == "listed" else 500) * (group in ("W1", "White", "IC1", "M", "25-34", "N"))


def an_empty_group(population: str, characteristic: str, group: str) -> int:
    return {"listed": 100, "above_threshold": 120, "scored": 900, "victims": 800}.get(population, 500) * (
        group not in ("Other", "O2", "O9", "X", "sikh")
    )


@pytest.mark.parametrize(
    "people", [nobody, everybody_in_one_group, all_ethnicity_missing, a_list_of_nine, an_empty_group]
)
def test_bad_input_has_every_row_and_no_figure_that_does_not_follow(
    project: Project, people: Callable[[str, str, str], int]
) -> None:
    comparisons = Comparisons(project)
    comparisons.of_exact(of_populations(comparisons, people))
    rows = comparisons.rows("select * from disproportionality")
    groups = sum(group not in ("not_stated", "missing") for _, group in comparisons.cells)
    assert len(rows) == (groups - 8) * 15
    for row in rows:
        counts = [row[name] for name in row if name.endswith("people")]
        shown = [row[name] for name in FIGURES if row[name] is not None]
        assert all(math.isfinite(value) for value in shown)
        assert bool(shown) == (row["status"] == "published")
        if shown:
            assert all(count >= 10 for count in counts)
            assert row["bound_low"] <= row["rate_ratio"] <= row["bound_high"]
            assert row["rate_ratio"] > 0
    statuses = {row["status"] for row in rows}
    assert ("published" in statuses) == (people in (all_ethnicity_missing, an_empty_group))
    flags = comparisons.rows("select * from disproportionality_flags")
    assert not any(flag["is_flagged"] for flag in flags)


def test_officers_codes_are_never_held_against_the_census(project: Project) -> None:
    comparisons = Comparisons(project)
    comparisons.of_exact(of_populations(comparisons, an_empty_group))
    found = comparisons.query(
        "select distinct characteristic from disproportionality where benchmark = 'residents' "
        "and status <> 'not_comparable' order by all"
    )
    assert found == [("self_defined_ethnicity_18",), ("self_defined_ethnicity_5",)]


def test_the_removed_are_held_against_the_list_of_the_quarter_before(project: Project) -> None:
    comparisons = Comparisons(project)
    groups = {"F": 200, "M": 1100}
    counts = [
        *((PERIOD, "removed", "sex", group, number // 4) for group, number in groups.items()),
        (PERIOD, "removed", "all", "all", 325),
    ]
    comparisons.of_protected(counts)
    (first,) = comparisons.rows("select * from disproportionality")
    assert (first["status"], first["benchmark_people"]) == ("not_comparable", None)

    comparisons.published_before(
        "2026-Q2", {("sex", group): number for group, number in groups.items()}, 1300
    )
    comparisons.of_protected(counts)
    (later,) = comparisons.rows("select * from disproportionality")
    assert (later["status"], later["benchmark_people"], float(later["rate_ratio"])) == ("published", 200, 1)


def test_counts_that_are_withheld_are_never_shown_as_no_disparity(project: Project) -> None:
    comparisons = Comparisons(project)
    comparisons.of_protected(
        (PERIOD, population, characteristic, group, number)
        for population in ("suspects", "enough_reports")
        for characteristic, group, number in (("sex", "F", None), ("sex", "M", 500), ("all", "all", 600))
    )
    rows = comparisons.rows("select * from disproportionality where benchmark = 'stage_before'")
    assert [(row["status"], row["rate_ratio"], row["people"]) for row in rows] == [
        ("insufficient_data", None, None)
    ]
    assert "does not mean that there is no disparity" in rows[0]["limitation"]
    assert comparisons.rows("select * from disproportionality_flags") == []
