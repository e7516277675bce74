"""The seeds as scoring reads them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from reference.arithmetic import rounded

Seeds = dict[str, list[dict[str, str]]]
"""Rows by seed, each a CSV row as text."""

_FOLDER = Path(__file__).parents[2] / "seeds"


def read_seeds() -> Seeds:
    """The project's own seeds."""
    seeds = {}
    for file in sorted(_FOLDER.glob("*.csv")):
        with file.open(newline="") as lines:
            seeds[file.stem] = list(csv.DictReader(lines))
    return seeds


def with_policy(seeds: Seeds, **changes: object) -> Seeds:
    """The same seeds with some parameters of the policy changed."""
    unknown = changes.keys() - {row["parameter"] for row in seeds["policy"]}
    assert not unknown, unknown
    policy = [{**row, "value": str(changes.get(row["parameter"], row["value"]))} for row in seeds["policy"]]
    return {**seeds, "policy": policy}


@dataclass(frozen=True)
class Weight:
    value: Decimal
    is_imputed: bool


class Policy:
    """Parameters, weights and lists of codes; and what a variant leaves out that the method counts."""

    def __init__(self, seeds: Seeds, left_out: str | None = None) -> None:
        self.left_out = left_out
        value = {row["parameter"]: row["value"] for row in seeds["policy"]}
        self.harm_weight_scheme = value["harm_weight_scheme"]
        self.decay_method = value["decay_method"]
        self.crime_lookback_years = int(value["crime_lookback_years"])
        self.minimum_crime_reports = int(value["minimum_crime_reports"])
        self.minimum_age = int(value["minimum_age"])
        self.adult_age = int(value["adult_age"])
        self.score_threshold = Decimal(value["score_threshold"])
        self.intelligence_window_years = int(value["intelligence_window_years"])
        self.intelligence_cap_ratio = Fraction(value["intelligence_cap_ratio"])
        self.review_interval_days = int(value["review_interval_days"])
        self.review_interval_days_child = int(value["review_interval_days_child"])
        self.offences = {row["offence_code"]: row for row in seeds["offences"]}
        self.outcomes = {row["outcome_code"]: row for row in seeds["outcome_codes"]}
        self.categories = {row["category"]: row for row in seeds["intelligence_categories"]}
        self.reliability = {
            (row["grading_scheme"], row["source_grade"], row["assessment_grade"]): Decimal(row["reliability"])
            for row in seeds["intelligence_reliability"]
        }
        self.codes: dict[str, set[str]] = {}
        for row in seeds["code_lists"]:
            self.codes.setdefault(row["domain"], set()).add(row["code"])
        for row in seeds["ethnicity_codes"]:
            self.codes.setdefault(f"{row['scheme']}_ethnicity", set()).add(row["code"])
        self.codes["outcome_code"] = set(self.outcomes)
        self.codes["category"] = set(self.categories)
        self._given = {
            (row["offence_code"], row["scheme"]): Fraction(row["weight"]) for row in seeds["harm_weights"]
        }
        anchor = value["scale_anchor_offence"]
        self._factor = self._given[anchor, "cchi"] / self._given[anchor, "ons_css"]
        self.weights = {
            code: self._weight(code) for code, row in self.offences.items() if row["scope"] != "never"
        }

    def _weight(self, offence: str) -> Weight:
        cchi, css = self._given.get((offence, "cchi")), self._given.get((offence, "ons_css"))
        if self.harm_weight_scheme == "ons_css":
            if css is not None:
                return Weight(rounded(css), False)
            assert cchi is not None, "an offence in scope with no weight at all is a broken policy"
            return Weight(rounded(cchi / self._factor), True)
        if cchi is None:
            assert css is not None, "an offence in scope with no weight at all is a broken policy"
            return Weight(rounded(css * self._factor), True)
        if self.harm_weight_scheme == "cchi":
            return Weight(rounded(cchi), False)
        assert self.harm_weight_scheme == "blend", self.harm_weight_scheme
        if css is None:
            return Weight(rounded(cchi), True)
        return Weight(rounded((cchi + css * self._factor) / 2), False)
