"""How large a synthetic world is."""

from __future__ import annotations

from dataclasses import dataclass

from vha.errors import ConfigurationError


@dataclass(frozen=True)
class Scale:
    """Sizes of one synthetic world, in rows before migration, merging and planted faults.

    Attributes:
        people: nominals who are different people.
        crime_reports: reports as first recorded.
        intelligence_reports: intelligence reports.
        emphasis: how much more often than in public statistics public violence is recorded, see
            ``offences.EMPHASISED``.
        violent_core: the few people whom most public violence with a known suspect is recorded against.
        restrictions: rows of ``restriction``.
        fault_repeats: how often each variant of each kind of bad row is planted (and at least thrice a kind).
        years: how far back crimes and intelligence reports go.
    """

    people: int
    crime_reports: int
    intelligence_reports: int
    emphasis: float
    violent_core: int
    restrictions: int
    fault_repeats: int
    years: int = 6


SCALES = {
    # A fiftieth of London, but for violence, its core and the restrictions: tests need some of each.
    "tiny": Scale(
        people=6_000,
        crime_reports=24_000,
        intelligence_reports=5_000,
        emphasis=3.5,
        violent_core=160,
        restrictions=200,
        fault_repeats=1,
    ),
    "london": Scale(
        people=300_000,
        crime_reports=1_200_000,
        intelligence_reports=250_000,
        emphasis=1.6,
        violent_core=5_000,
        restrictions=1_500,
        fault_repeats=10,
    ),
    # A fiftieth of England and Wales over ten years, of which `england` puts the whole together. All that is
    # recorded is in it, so that violence needs no emphasis.
    "region": Scale(
        people=240_000,
        crime_reports=1_300_000,
        intelligence_reports=400_000,
        emphasis=1.0,
        violent_core=4_000,
        restrictions=1_200,
        fault_repeats=10,
        years=10,
    ),
}


def scale_of(name: str) -> Scale:
    """The sizes of a named scale.

    Raises:
        ConfigurationError: there is no scale of this name.
    """
    if name not in SCALES:
        raise ConfigurationError(
            f"There is no scale {name!r}: choose one of {', '.join(SCALES)}, or england to get Parquet files."
        )
    return SCALES[name]
