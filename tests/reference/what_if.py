"""The published figures of what-ifs a second time, from lists of people and the published numbers of the listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reference.assessment import Assessment
from reference.policy import Seeds

Cell = tuple[str, str]
"""Characteristic and group; those of everybody are both ``all``."""

CHARACTERISTICS = ("self_defined_ethnicity_5", "age_band", "sex")
EVERYBODY = ("all", "all")


@dataclass(frozen=True)
class Shown:
    """A number of people as it is published."""

    people: int | None
    status: str


@dataclass(frozen=True)
class Rules:
    """What disclosure control goes by."""

    threshold: int
    base: int

    def rounded(self, people: int) -> int:
        return (people + self.base // 2) // self.base * self.base

    def possible(self, shown: Shown) -> tuple[int, int] | None:
        """Least and most people that a published number allows."""
        if shown.status == "suppressed":
            return 1, self.threshold - 1
        if shown.people is None:
            return None
        fitting = [
            people
            for people in range(shown.people + self.base)
            if self.rounded(people) == shown.people and (people == 0 or people >= self.threshold)
        ]
        return min(fitting), max(fitting)


@dataclass(frozen=True)
class Listed:
    """The list at the quarter's end: people, their groups, and what is published of their numbers.

    Attributes:
        populations: exact numbers of the list and of the populations that it lies within.
        hidden: cells that any of these withholds.
    """

    people: Set[str]
    groups: Mapping[str, Mapping[str, str]]
    shown: Mapping[Cell, Shown]
    populations: Mapping[str, Mapping[Cell, int]]
    hidden: Set[Cell]

    def count(self, people: Set[str]) -> dict[Cell, int]:
        """How many of these people are in each group that has a number, and in all."""
        found = Counter(
            (name, self.groups[person][name] if name != "all" else "all")
            for person in people
            for name in ("all", *CHARACTERISTICS)
        )
        return {cell: found[cell] for cell in self.shown if cell[0] in ("all", *CHARACTERISTICS)}


def movers(listed: Listed, varied: Set[str], rules: Rules, parameter: str) -> dict[tuple[str, Cell], Shown]:
    """Entries and exits by a variant whose list is ``varied``, by measure and cell.

    Args:
        parameter: what the variant differs in.
    """
    entered, left = listed.count(varied - listed.people), listed.count(listed.people - varied)
    hidden = {cell for cell, shown in listed.shown.items() if shown.status != "published"}
    match parameter:
        case "score_threshold" | "harm_weight_scheme":
            within, beside = "enough_reports", "above_threshold"
        case "minimum_crime_reports":
            within, beside = "scored", "enough_reports"
        case _:
            within, beside = "suspects", "listed"
    rest = {
        cell: listed.populations[within][cell] - listed.populations[beside][cell] - people
        for cell, people in entered.items()
    }
    stayed = listed.count(listed.people & varied)
    few_stay = {cell for cell, people in stayed.items() if 0 < people < rules.threshold}
    return {
        (measure, cell): shown
        for measure, protected in (
            ("entries", _protected(entered, rest, listed.hidden, set(), rules)),
            ("exits", _protected(left, stayed, hidden, few_stay, rules)),
        )
        for cell, shown in protected.items()
    }


def _protected(
    moved: Mapping[Cell, int],
    rest: Mapping[Cell, int],
    hidden: Set[Cell],
    few_rest: Set[Cell],
    rules: Rules,
) -> dict[Cell, Shown]:
    """Numbers of movers as they may be published.

    Args:
        rest: who could have moved besides, of whom ``few_rest`` are of few people.
        hidden: cells that are withheld of the population that the movers are of.
    """

    def few(people: int) -> bool:
        return 0 < people < rules.threshold

    def is_unsafe(cell: Cell) -> bool:
        return moved[cell] > 0 and (few(moved[cell]) or cell in hidden or cell in few_rest)

    def makes_up(cell: Cell) -> bool:
        return cell not in hidden and min(moved[cell], rest[cell]) >= 2 * (rules.threshold - 1)

    shown: dict[Cell, Shown] = {}
    for name in {name for name, _ in moved}:
        cells = [cell for cell in moved if cell[0] == name]
        unsafe = {cell for cell in cells if is_unsafe(cell)}
        able = sorted((moved[cell], cell) for cell in cells if makes_up(cell))
        withheld = unsafe | ({able[0][1]} if able else set(cells)) if unsafe else unsafe
        whole = name != "all" and bool(unsafe) and not able
        for cell in cells:
            few_could = moved[cell] + rest[cell] < rules.threshold - 1
            if cell not in withheld:
                shown[cell] = Shown(rules.rounded(moved[cell]), "published")
            elif whole or cell in hidden or cell in few_rest or few_could or not few(moved[cell]):
                shown[cell] = Shown(None, "secondary_suppressed")
            else:
                shown[cell] = Shown(None, "suppressed")
    return shown


def sizes(listed: Listed, moved: Mapping[tuple[str, Cell], Shown]) -> dict[str, int | None]:
    """Size of a variant's list and overlap, from published numbers alone."""
    people = listed.shown[EVERYBODY].people
    entries, exits = (moved[measure, EVERYBODY].people for measure in ("entries", "exits"))
    overlap = None if people is None or exits is None else people - exits
    return {
        "list_size": None if overlap is None or entries is None else overlap + entries,
        "overlap": overlap,
    }


def rate_ratios(
    listed: Listed, moved: Mapping[tuple[str, Cell], Shown] | None, rules: Rules, seeds: Seeds
) -> Iterator[tuple[str, tuple[Decimal, Decimal] | None]]:
    """The span of each group's rate ratio to White, out of residents, with nothing where people may be few."""
    residents = {
        row["group_code"]: int(row["population"])
        for row in seeds["benchmark_population"]
        if row["characteristic"] == "ethnicity_5"
    }
    spans = {group: span(listed, moved, rules, ("self_defined_ethnicity_5", group)) for group in residents}
    reference = spans["White"]
    for group, here in spans.items():
        if group == "White":
            continue
        if not here or not reference or min(here[0], reference[0]) < rules.threshold:
            yield group, None
            continue
        scale = Fraction(residents["White"], residents[group])
        low, high = scale * here[0] / reference[1], scale * here[1] / reference[0]
        yield group, (Decimal(int(low * 100)) / 100, Decimal(-int(-high * 100 // 1)) / 100)


def span(
    listed: Listed, moved: Mapping[tuple[str, Cell], Shown] | None, rules: Rules, cell: Cell
) -> tuple[int, int] | None:
    """Least and most people of a cell on a variant's list, or without movers on the list itself."""
    now = rules.possible(listed.shown[cell])
    if moved is None or now is None:
        return now
    entered, left = (rules.possible(moved[measure, cell]) for measure in ("entries", "exits"))
    if entered is None or left is None:
        return None
    return now[0] + entered[0] - left[1], now[1] + entered[1] - left[0]


def weight_shares(assessment: Assessment, seeds: Seeds, rules: Rules) -> dict[str, Decimal | None]:
    """Shares of the listed people's crime points by what their weights rest on, in whole per cent."""
    bases: dict[str, dict[str, str]] = {}
    for row in seeds["harm_weights"]:
        bases.setdefault(row["offence_code"], {})[row["scheme"]] = row["basis"]
    schemes = {"blend": ("cchi", "ons_css"), "cchi": ("cchi",), "ons_css": ("ons_css",)}
    wanted = schemes[assessment.policy.harm_weight_scheme]
    crimes = [c for c in assessment.contributions if c.kind == "crime" and c.points > 0]

    def assumed(offence: str | None) -> bool:
        given = bases[offence or ""]
        used = [given[scheme] for scheme in wanted if scheme in given] or list(given.values())
        return "assumption" in used

    kinds = {
        "assumed": [assumed(crime.offence_code) for crime in crimes],
        "converted": [bool(crime.weight_is_imputed) for crime in crimes],
    }
    kinds["assumed_or_converted"] = [any(pair) for pair in zip(*kinds.values(), strict=True)]
    shares: dict[str, Decimal | None] = {}
    for kind, marks in kinds.items():
        marked = list(zip(crimes, marks, strict=True))
        sides = [
            {crime.nominal_id for crime, is_of_kind in marked if is_of_kind is side} for side in (True, False)
        ]
        share = None
        if crimes and not any(0 < len(side) < rules.threshold for side in sides):
            of_kind = sum((Fraction(crime.points) for crime, is_of_kind in marked if is_of_kind), Fraction(0))
            all_points = sum((Fraction(crime.points) for crime in crimes), Fraction(0))
            share = Decimal(int(100 * of_kind / all_points + Fraction(1, 2)))
        shares[f"share_of_points_on_{kind}_weights"] = share
    return shares
