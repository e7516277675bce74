"""A world in which every what-if of the seed changes something, and what has to come of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import reference
from harness import Project, Warehouse
from reference import Assessment, Seeds, World, read_seeds, with_policy
from reference.scoring import total
from reference.variants import Variant, variants
from reference.what_if import EVERYBODY, Listed, Rules, Shown, movers, rate_ratios, sizes, span, weight_shares
from scenes import Scene
from worlds import random_world

AS_OF = date(2026, 9, 30)
PERIOD = "2026-Q3"
RULES = Rules(threshold=10, base=5)
WANTED = ("assessment", "int_assessed_people", "what_if", "feedback")
VARIED = (
    "decay_method",
    "harm_weight_scheme",
    "crime_lookback_years",
    "minimum_crime_reports",
    "score_threshold",
    "intelligence_cap_ratio",
)
COLUMNS = ("nominal_id", "total_score", "crime_score", "intelligence_score", "crime_reports", "age")


@dataclass(frozen=True)
class VariedPolicy:
    """A policy by which the random world's people come and go.

    Attributes:
        limits: least and greatest score_threshold, where they are not the policy's.
    """

    name: str
    parameters: Mapping[str, Any]
    limits: tuple[str, str] | None = None

    @property
    def seeds(self) -> Seeds:
        seeds = with_policy(read_seeds(), **self.parameters)
        for row in seeds["policy"]:
            if self.limits and row["parameter"] == "score_threshold":
                row["minimum"], row["maximum"] = self.limits
        return seeds

    @property
    def differing(self) -> dict[str, Variant]:
        """The variants that are not this policy itself, by name."""
        return {variant.name: variant for variant in variants(self.seeds)}


POLICIES = {
    policy.name: policy
    for policy in (
        VariedPolicy("compounding blend", {"score_threshold": 300, "minimum_crime_reports": 2}),
        VariedPolicy(
            "linear cchi",
            {
                "score_threshold": 250,
                "minimum_crime_reports": 1,
                "decay_method": "linear",
                "harm_weight_scheme": "cchi",
                "crime_lookback_years": 1,
                "intelligence_cap_ratio": "0",
            },
        ),
        # Neither a fifth less nor a fifth more is within the limits.
        VariedPolicy("narrow limits", {"score_threshold": 60, "minimum_crime_reports": 2}, ("52", "68")),
    )
}


@cache
def world_of(people: int) -> World:
    """Random records, of homes more often than usual, and of people whose groups are small and large."""
    world = random_world(4, people, AS_OF)
    for report in world["crime_report"][::10]:
        report |= {"offence_code": "31A", "location_kind": "private_domestic"}
    for number, nominal in enumerate(world["nominal"]):
        nominal["sex"] = "X" if number % 83 == 0 else "F" if number % 6 == 0 else "M"
        nominal["self_defined_ethnicity"] = next(
            (
                code
                for each, code in ((61, "O9"), (13, "M1"), (7, "A2"), (5, None), (3, "B1"))
                if number % each == 0
            ),
            "W1",
        )
    return world


def varied(project: Project, policy: str, people: int = 700, **options: Any) -> Warehouse:
    """The models built with every what-if of the seed."""
    names = [row["variant"] for row in read_seeds()["policy_variants"]]
    options = {"variants": names, "wanted": WANTED, **options}
    world = options.pop("world", None) or world_of(people)
    return project.build(world, AS_OF, seeds=POLICIES[policy].seeds, **options)


def listed(built: Warehouse, assessment: str) -> set[tuple[Any, ...]]:
    rows = built.rows(
        f"select {', '.join(COLUMNS)} from intermediate.int_assessed_people "
        f"where is_listed and assessment = '{assessment}'"
    )
    return {tuple(row.values()) for row in rows}


@cache
def expected(policy: str, people: int = 700) -> dict[str, Assessment]:
    """What the reference says, by assessment; that of the policy itself is ``release``."""
    differing = POLICIES[policy].differing
    plain = {"release": Variant("", POLICIES[policy].seeds)}
    named = {f"variant/{name}": variant for name, variant in differing.items()}
    return {
        name: reference.assess(world_of(people), variant.seeds, AS_OF, left_out=variant.left_out)
        for name, variant in (plain | named).items()
    }


def check_lists(built: Warehouse, policy: str, people: int = 700) -> None:
    """Every policy, score and list is the reference's, and there is none for a variant that changes nothing."""
    policies = {row["assessment"]: row for row in built.rows("intermediate.int_assessments")}
    assert policies.keys() == expected(policy, people).keys()
    scores = defaultdict(dict[str, Decimal])
    scored = "select * from intermediate.int_assessed_people where total_score > 0 and not is_in_merge_cycle"
    for row in built.rows(scored):
        scores[row["assessment"]][row["nominal_id"]] = row["total_score"]
    for assessment, by_reference in expected(policy, people).items():
        rows = {tuple(getattr(row, column) for column in COLUMNS) for row in by_reference.listed}
        assert listed(built, assessment) == rows, assessment
        assert [policies[assessment][name] for name in VARIED] == [
            getattr(by_reference.policy, name) for name in VARIED
        ], assessment
        totals = {person: total(found) for person, found in by_reference.scoring.of.items()}
        assert scores[assessment] == {person: score for person, score in totals.items() if score}, assessment


def check_figures(built: Warehouse, policy: str, people: int = 700) -> None:
    """What is published of every variant follows from the lists and from what is published of the listed."""
    seeds = POLICIES[policy].seeds
    figures = _figures(built, expected(policy, people), seeds)
    for mart, mark in (("what_if", "is_what_if"), ("feedback", "is_feedback")):
        shown = {row["variant"] for row in seeds["policy_variants"] if row[mark] == "true"} | {"as_published"}
        wanted = {
            key: figure
            for key, figure in figures.items()
            if key[0] in shown and (mart == "what_if" or not key[1].startswith("share_of_points"))
        }
        rows = built.rows(f"select * from oversight.{mart}")
        columns = ("variant", "measure", "characteristic", "group_code")
        assert {tuple(row[c] for c in columns): (row["value"], row["status"]) for row in rows} == wanted, mart
        assert {row["period"] for row in rows} == {PERIOD}
        assert len(rows) == len(wanted)
    _check_spans(built, people=expected(policy, people))


def scene_of_what_ifs(project: Project) -> Scene:
    """A small world that shows every switch and every rule of publishing what-ifs."""
    policy, people = "narrow limits", 1400
    built = varied(project, policy, people, threads=1)

    def check(built: Warehouse) -> None:
        check_lists(built, policy, people)
        check_figures(built, policy, people)

    return Scene("what if", built, check)


def _check_spans(built: Warehouse, people: Mapping[str, Assessment]) -> None:
    now = _listed(built, people)
    found = {
        (row["variant"], row["characteristic"], row["group_code"]): (row["least_people"], row["most_people"])
        for row in built.rows("intermediate.int_variant_sizes")
    }
    for name, by_reference in people.items():
        variant = "as_published" if name == "release" else name.removeprefix("variant/")
        moved = movers(
            now, {row.nominal_id for row in by_reference.listed}, RULES, _PARAMETERS.get(variant, "")
        )
        for _, cell in moved:
            span_of = span(now, None if name == "release" else moved, RULES, cell)
            assert found[variant, *cell] == (span_of or (None, None)), (variant, cell)


def _listed(built: Warehouse, lists: Mapping[str, Assessment]) -> Listed:
    populations: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for row in built.rows("intermediate.int_group_counts"):
        populations[row["population_kind"]][row["characteristic"], row["group_code"]] = row["people"]
    hidden = built.rows(
        "select characteristic, group_code from intermediate.int_protected_counts "
        "where status <> 'published' and population_kind not in ('victims', 'removed')"
    )
    return Listed(
        {row.nominal_id for row in lists["release"].listed},
        _groups(built),
        _shown(built),
        populations,
        {(row["characteristic"], row["group_code"]) for row in hidden},
    )


_PARAMETERS = {row["variant"]: row["parameter"] for row in read_seeds()["policy_variants"]}


Figures = dict[tuple[str, str, str, str], tuple[Any, str]]


def _figures(built: Warehouse, lists: Mapping[str, Assessment], seeds: Seeds) -> Figures:
    people = {name: {row.nominal_id for row in found.listed} for name, found in lists.items()}
    now = _listed(built, lists)
    figures: Figures = {}

    def add(
        variant: str, measure: str, value: Any, otherwise: str, cell: tuple[str, str] = EVERYBODY
    ) -> None:
        figures[(variant, measure, *cell)] = (value, "published" if value is not None else otherwise)

    def add_ratios(variant: str, moved: Any) -> None:
        for group, ratios in rate_ratios(now, moved, RULES, seeds):
            for measure, value in zip(
                ("rate_ratio_low", "rate_ratio_high"), ratios or (None, None), strict=True
            ):
                add(variant, measure, value, "insufficient_data", ("self_defined_ethnicity_5", group))

    size = now.shown[EVERYBODY]
    add("as_published", "list_size", size.people, size.status)
    add_ratios("as_published", None)
    for measure, share in weight_shares(lists["release"], seeds, RULES).items():
        add("as_published", measure, share, "suppressed")
    for name in people.keys() - {"release"}:
        variant = name.removeprefix("variant/")
        moved = movers(now, people[name], RULES, _PARAMETERS[variant])
        for (measure, cell), shown in moved.items():
            add(variant, measure, shown.people, shown.status, cell)
        withheld = "suppressed" if size.status == "suppressed" else "secondary_suppressed"
        for measure, value in sizes(now, moved).items():
            add(variant, measure, value, withheld)
        add_ratios(variant, moved)
    return figures


def _groups(built: Warehouse) -> dict[str, dict[str, str]]:
    return {row["nominal_id"]: row for row in built.rows("intermediate.int_person_profiles")}


def _shown(built: Warehouse) -> dict[tuple[str, str], Shown]:
    rows = built.rows("select * from intermediate.int_protected_counts where population_kind = 'listed'")
    return {(row["characteristic"], row["group_code"]): Shown(row["people"], row["status"]) for row in rows}
