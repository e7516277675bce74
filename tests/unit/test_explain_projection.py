"""What time does to a score, and where a weight comes from."""

from __future__ import annotations

import csv
import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from vha.explain import words
from vha.explain.facts import Parameter
from vha.explain.projection import (
    Record,
    Rules,
    completed_on,
    completed_years,
    points_of,
    projection,
    standing,
)
from vha.explain.weights import origin_of
from vha.warehouse.seeds import SEEDS

RULES = Rules("compounding", 5, 3, Decimal(1500), 1, Decimal("0.5"))
LINEAR = dataclasses.replace(RULES, decay_method="linear")


def crime(day: str, weight: str = "1000", ref: str = "C") -> Record:
    return Record("crime", ref, date.fromisoformat(day), Decimal(weight))


def intelligence(day: str, points: str) -> Record:
    return Record("intelligence", "I", date.fromisoformat(day), Decimal(points))


@pytest.mark.parametrize(
    ("since", "years", "on"),
    [
        ("2024-02-29", 1, "2025-03-01"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2023-02-28", 1, "2024-02-28"),
        ("2025-03-10", 1, "2026-03-10"),
    ],
)
def test_a_year_is_completed_on_its_anniversary_and_not_the_day_before(
    since: str, years: int, on: str
) -> None:
    begun, day = date.fromisoformat(since), date.fromisoformat(on)
    assert completed_on(begun, years) == day
    assert completed_years(begun, day) == years
    assert completed_years(begun, day - timedelta(days=1)) == years - 1


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        (RULES, ["1000.0000", "666.6667", "444.4444", "296.2963", "197.5309", None]),
        (LINEAR, ["1000.0000", "666.6667", "333.3333", "0.0000", "0.0000", None]),
    ],
)
def test_a_report_loses_a_third_on_every_anniversary(rules: Rules, left: list[str | None]) -> None:
    found = [points_of(crime("2026-01-01"), rules, date(2026 + years, 6, 1)) for years in range(6)]
    assert found == [points and Decimal(points) for points in left]


def test_halves_are_rounded_away_from_zero() -> None:
    # 0.00045 x 2/3 = 0.0003 exactly; 0.00225 / 3 would be 0.00075, a half, at four places.
    assert points_of(crime("2025-01-01", "0.0003"), RULES, date(2026, 6, 1)) == Decimal("0.0002")
    halves = standing(
        [crime("2026-01-01", "0.0003"), intelligence("2026-01-01", "1")], RULES, date(2026, 6, 1)
    )
    assert halves.intelligence_cap == Decimal("0.0002")


def test_an_unknown_decay_method_is_no_number() -> None:
    with pytest.raises(ValueError, match="unknown decay method"):
        points_of(crime("2026-01-01"), dataclasses.replace(RULES, decay_method="none"), date(2026, 6, 1))


def test_exactly_the_threshold_is_enough() -> None:
    records = [crime("2026-01-01", weight) for weight in ("500", "500", "500")]
    assert standing(records, RULES, date(2026, 6, 1)).is_enough(RULES)
    records[0] = crime("2026-01-01", "499.9999")
    assert not standing(records, RULES, date(2026, 6, 1)).is_enough(RULES)


def test_reports_below_the_minimum_end_it_whatever_the_score() -> None:
    records = [
        crime("2022-01-01", "10", "old"),
        crime("2026-01-01", "9000", "a"),
        crime("2026-01-01", "9000", "b"),
    ]
    steps = list(projection(records, RULES, date(2026, 9, 30)))
    assert [(str(step.on), step.is_listed) for step in steps] == [("2027-01-01", False)]
    assert {record.record_ref: change for record, change in steps[0].changes} == {
        "old": "leaves the look-back window",
        "a": "loses a third",
        "b": "loses a third",
    }


def test_nobody_stays_on_intelligence_alone() -> None:
    generous = dataclasses.replace(RULES, minimum_crime_reports=0, score_threshold=Decimal(0))
    steps = list(
        projection([crime("2022-01-01"), intelligence("2026-09-30", "9000")], generous, date(2026, 9, 30))
    )
    assert steps[-1].on == date(2027, 1, 1)


def test_days_on_which_nothing_is_lost_are_no_steps() -> None:
    rules = dataclasses.replace(
        LINEAR, crime_lookback_years=9, minimum_crime_reports=1, score_threshold=Decimal(1)
    )
    steps = list(
        projection([crime("2020-01-01", "50", "a"), crime("2026-01-01", "50", "b")], rules, date(2026, 9, 30))
    )
    assert [str(step.on) for step in steps] == ["2027-01-01", "2028-01-01", "2029-01-01"]
    # The old report has had no points for years: it leaves its window, but it was no loss.
    assert len(steps[-1].changes) == 2


# Words and weights against the seeds.


def seed(name: str) -> list[dict[str, Any]]:
    with (SEEDS / f"{name}.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_pair_of_grades_has_the_words_of_its_seed() -> None:
    for row in seed("intelligence_reliability"):
        scheme = row["grading_scheme"]
        source = words.SOURCE_GRADES[scheme, row["source_grade"]]
        information = words.ASSESSMENT_GRADES[scheme, row["assessment_grade"]]
        assert f"({source})" in row["source"]
        assert f"({information}" in row["source"]


def policy_of(scheme: str) -> dict[str, Parameter]:
    values = {"harm_weight_scheme": scheme, "scale_anchor_offence": "1"}
    return {name: Parameter(name, value, *[""] * 5) for name, value in values.items()}


@pytest.mark.parametrize(
    ("offence", "scheme", "sentence", "schemes", "is_converted"),
    [
        ("34B", "blend", "the mean of 365.0000, and 746.0000 times 0.686194", ["cchi", "ons_css"], True),
        ("34B", "cchi", "the weight of the Cambridge Crime Harm Index", ["cchi"], False),
        ("34B", "ons_css", "the weight of the ONS Crime Severity Score", ["ons_css"], False),
        ("5D", "blend", "the other scale has none, so it stands alone", ["cchi"], False),
        ("5D", "cchi", "the weight of the Cambridge Crime Harm Index", ["cchi"], False),
        ("5D", "ons_css", "since the ONS Crime Severity Score has no weight, divided by", ["cchi"], True),
        ("28A", "blend", "since the Cambridge Crime Harm Index has no weight, times", ["ons_css"], True),
        ("28A", "cchi", "since the Cambridge Crime Harm Index has no weight, times", ["ons_css"], True),
    ],
)
def test_where_a_weight_comes_from(
    offence: str, scheme: str, sentence: str, schemes: list[str], is_converted: bool
) -> None:
    weights = [{**row, "weight": Decimal(row["weight"])} for row in seed("harm_weights")]
    origin = origin_of(offence, policy_of(scheme), weights)
    assert sentence in origin.sentence
    assert [part.scheme for part in origin.parts] == schemes
    assert origin.is_converted == is_converted
