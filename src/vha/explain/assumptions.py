"""What played a part in a listing although no public source gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vha.explain import words
from vha.explain.facts import Facts, Row
from vha.explain.weights import origin_of

_ALWAYS = frozenset({
    "adult_age",
    "crime_lookback_years",
    "decay_method",
    "harm_weight_scheme",
    "minimum_age",
    "minimum_crime_reports",
    "score_threshold",
})  # fmt: skip
_WITH_INTELLIGENCE = frozenset({"intelligence_cap_ratio", "intelligence_window_years"})


@dataclass(frozen=True)
class Assumption:
    """What is assumed, and what the policy or seed gives as its reason."""

    what: str
    why: str


def assumptions(facts: Facts) -> Iterator[Assumption]:
    """Rules, parameters, scopes, weights and reliabilities with basis ``assumption``, in this order."""
    offences = sorted({row.offence_code for row in facts.contributions if row.offence_code is not None})
    intelligence = [row for row in facts.contributions if row.kind == "intelligence"]
    origins = [origin_of(offence, facts.policy, facts.seeds["harm_weights"]) for offence in offences]
    for sentence in words.RULES_ASSUMED:
        yield Assumption(sentence, "A reading of this project: docs/method.md.")

    played = {*_ALWAYS, "review_interval_days_child" if facts.listing.is_child else "review_interval_days"}
    if any(origin.is_converted for origin in origins):
        played.add("scale_anchor_offence")
    if intelligence:
        played |= _WITH_INTELLIGENCE
    for name, parameter in facts.policy.items():
        if name in played and parameter.basis == "assumption":
            yield Assumption(f"{name} is {parameter.value}.", parameter.rationale or "")

    yield from _assumed(
        facts.seeds["offences"],
        lambda row: row["offence_code"] in offences,
        "{offence_code} {title} is in scope.",
    )
    for part in (part for origin in origins for part in origin.parts if part.basis == "assumption"):
        yield Assumption(
            f"{part.offence_code} weighs {part.weight:,} in the {words.SCHEMES[part.scheme]}.",
            part.derivation or part.source,
        )

    categories = {row.category for row in intelligence}
    yield from _assumed(
        facts.seeds["intelligence_categories"],
        lambda row: row["category"] in categories,
        "Intelligence of the category {title} has {base_points:,} points before its reliability.",
    )
    grades = {(facts.grades or {}).get(row.record_ref) for row in intelligence}
    yield from _assumed(
        facts.seeds["intelligence_reliability"],
        lambda row: (row["grading_scheme"], row["source_grade"], row["assessment_grade"]) in grades,
        "Grades {source_grade} and {assessment_grade} of scheme {grading_scheme} have reliability {reliability}.",
    )


def _assumed(seed: Sequence[Row], plays: Callable[[Row], bool], sentence: str) -> Iterator[Assumption]:
    for row in seed:
        if plays(row) and row["basis"] == "assumption":
            yield Assumption(sentence.format(**row), row["source"].removeprefix("Assumption: "))
