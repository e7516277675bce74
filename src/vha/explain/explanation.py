"""An explanation of one person's place on one list, computed from what is known about it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from vha.errors import PublishError
from vha.explain import projection, words
from vha.explain.assumptions import Assumption, assumptions
from vha.explain.facts import Contribution, Facts, Listing, Parameter
from vha.explain.projection import Record, Rules, Standing, Step
from vha.explain.weights import Origin, origin_of


@dataclass(frozen=True)
class Offence:
    """An offence among the crime reports, what it weighs, and where that comes from."""

    offence_code: str
    title: str
    weight: Decimal
    is_imputed: bool
    origin: Origin


@dataclass(frozen=True)
class IntelligenceLine:
    """An intelligence report and what it adds before the cap; ``grades`` are in words, None where not kept."""

    contribution: Contribution
    title: str
    grades: str | None


@dataclass(frozen=True)
class Criterion:
    """One of the conditions that must all hold; ``found`` is the person's value, where there is one."""

    sentence: str
    found: str
    is_met: bool


@dataclass(frozen=True)
class Explanation:
    """Everything that is told about a listing.

    Attributes:
        crimes: crime reports, newest first.
        offences: theirs, by code.
        standing: the scores on the as-of date.
        steps: what time alone will do, up to the day from which the person is not listed any more.
    """

    listing: Listing
    policy: Mapping[str, Parameter]
    policy_version: str
    crimes: tuple[Contribution, ...]
    offences: Mapping[str, Offence]
    intelligence: tuple[IntelligenceLine, ...]
    standing: Standing
    criteria: tuple[Criterion, ...]
    steps: tuple[Step, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def taken_by_the_cap(self) -> Decimal:
        return self.standing.uncapped_intelligence - self.standing.intelligence_score


def explain(facts: Facts) -> Explanation:
    """The explanation of a listing.

    Raises:
        PublishError: the scores, computed once more from the contributions, are not those of the list.
    """
    listing = facts.listing
    rules = rules_of(facts.policy)
    records = records_of(facts.contributions)
    standing = projection.standing(records, rules, listing.as_of_date)
    _refuse_contradiction(facts, records, rules, standing)
    return Explanation(
        listing=listing,
        policy=facts.policy,
        policy_version=facts.policy["score_threshold"].policy_version,
        crimes=tuple(_newest_first(facts, "crime")),
        offences={offence.offence_code: offence for offence in _offences(facts)},
        intelligence=tuple(_intelligence_line(facts, row) for row in _newest_first(facts, "intelligence")),
        standing=standing,
        criteria=tuple(_criteria(listing, rules, int(facts.policy["minimum_age"].value))),
        steps=tuple(projection.projection(records, rules, listing.as_of_date)),
        assumptions=tuple(assumptions(facts)),
    )


def rules_of(policy: Mapping[str, Parameter]) -> Rules:
    """The rules by which scores change with time."""
    return Rules(
        decay_method=policy["decay_method"].value,
        crime_lookback_years=int(policy["crime_lookback_years"].value),
        minimum_crime_reports=int(policy["minimum_crime_reports"].value),
        score_threshold=Decimal(policy["score_threshold"].value),
        intelligence_window_years=int(policy["intelligence_window_years"].value),
        intelligence_cap_ratio=Decimal(policy["intelligence_cap_ratio"].value),
    )


def records_of(contributions: Sequence[Contribution]) -> list[Record]:
    """The records behind the contributions; the cap is none."""
    return [
        Record("crime", row.record_ref, row.event_on, row.weight)
        if row.kind == "crime"
        else Record("intelligence", row.record_ref, row.event_on, row.points)
        for row in contributions
        if row.event_on is not None and row.weight is not None
    ]


def _refuse_contradiction(facts: Facts, records: Sequence[Record], rules: Rules, standing: Standing) -> None:
    """An explanation that does not add up explains nothing."""
    listing = facts.listing
    published = [row.points for row in facts.contributions if row.kind != "intelligence_cap"]
    computed = [projection.points_of(record, rules, listing.as_of_date) for record in records]
    if (
        computed != published
        or sum((row.points for row in facts.contributions), Decimal(0)) != listing.total_score
        or standing.total_score != listing.total_score
        or standing.crime_score != listing.crime_score
        or standing.crime_reports != listing.crime_reports
    ):
        raise PublishError(
            "No explanation is given, because the scores computed from the contributions of run "
            f"{facts.run_id} are not those of its list: check the release with `vha verify {facts.run_id}`."
        )


def _newest_first(facts: Facts, kind: str) -> list[Contribution]:
    of_kind = [row for row in facts.contributions if row.kind == kind]
    return sorted(of_kind, key=lambda row: (str(row.event_on), row.record_ref), reverse=True)


def _offences(facts: Facts) -> Iterator[Offence]:
    titles = {row["offence_code"]: row["title"] for row in facts.seeds["offences"]}
    for row in facts.contributions:
        if row.offence_code is not None and row.weight is not None:
            origin = origin_of(row.offence_code, facts.policy, facts.seeds["harm_weights"])
            title = titles[row.offence_code]
            yield Offence(row.offence_code, title, row.weight, bool(row.weight_is_imputed), origin)


def _intelligence_line(facts: Facts, row: Contribution) -> IntelligenceLine:
    titles = {category["category"]: category["title"] for category in facts.seeds["intelligence_categories"]}
    grades = None
    if facts.grades is not None:
        scheme, source, information = facts.grades[row.record_ref]
        grades = (
            f"source {words.SOURCE_GRADES[scheme, source]} ({source}), information "
            f"{words.ASSESSMENT_GRADES[scheme, information]} ({information}), by scheme {scheme}"
        )
    return IntelligenceLine(row, titles[row.category], grades)


def _criteria(listing: Listing, rules: Rules, minimum_age: int) -> Iterator[Criterion]:
    reports, total = rules.minimum_crime_reports, rules.score_threshold
    for sentence, found, is_met in (
        (
            f"At least {reports} crime reports with points",
            listing.crime_reports,
            listing.crime_reports >= reports,
        ),
        (f"A total score of at least {total:,}", listing.total_score, listing.total_score >= total),
        ("Some of it from crime reports", listing.crime_score, listing.crime_score > 0),
        (f"An age of at least {minimum_age}", listing.age, listing.age >= minimum_age),
    ):
        yield Criterion(sentence, f"{found:,}", is_met)
    # A release has no column for these: whoever fails one is not among its people.
    for sentence in ("Not deceased", "Not merged into another entry", "Not restricted", "Not in quarantine"):
        yield Criterion(sentence, "", True)
