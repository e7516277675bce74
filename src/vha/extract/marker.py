"""The synthetic marker: what tells sources that the generator made from sources of real data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vha.errors import SourceError
from vha.extract.engines import open_source
from vha.extract.source import Source, variable_of
from vha.settings import SYSTEMS, Settings


@dataclass(frozen=True)
class Marker:
    """The one row of ``synthetic_marker``, the same in all four systems of a synthetic delivery."""

    generator_version: str
    seed: int
    reference_date: date

    def as_json(self) -> dict[str, str | int]:
        return {**dataclasses.asdict(self), "reference_date": self.reference_date.isoformat()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Marker:
        return cls(
            generator_version=str(record["generator_version"]),
            seed=int(record["seed"]),
            reference_date=date.fromisoformat(str(record["reference_date"])),
        )


def read_markers(settings: Settings) -> Marker | None:
    """The marker that all four systems carry; None if none of them does, so that the data are real.

    Raises:
        SourceUnavailable: a system does not answer.
        SourceError: a system cannot be read, or the markers do not agree.
    """
    found = {}
    for system in SYSTEMS:
        with open_source(settings, system) as source:
            found[system] = marker_of(source)
    return common_marker(found)


def marker_of(source: Source) -> Marker | None:
    """One system's marker; None if it has no table ``synthetic_marker``.

    Raises:
        SourceError: the table does not hold exactly one row that can be read.
    """
    rows = source.marker_rows()
    if rows is None:
        return None
    try:
        ((generator_version, seed, reference_date),) = rows
        return Marker.from_json(
            {"generator_version": generator_version, "seed": seed, "reference_date": reference_date}
        )
    except (TypeError, ValueError):
        raise SourceError(
            f"The table synthetic_marker of the {source.system} system ({variable_of(source.system)}) is not "
            "one readable row: make the synthetic sources anew, or drop the table if the data are real."
        ) from None


def common_marker(found: Mapping[str, Marker | None]) -> Marker | None:
    """The marker that all systems have in common, None if none has one.

    Raises:
        SourceError: only some have one, or they differ: synthetic and real data never mix.
    """
    with_marker = [system for system, marker in found.items() if marker]
    without = [system for system, marker in found.items() if not marker]
    if with_marker and without:
        raise SourceError(
            f"Only some sources carry the synthetic marker ({', '.join(with_marker)}), others do not "
            f"({', '.join(without)}): synthetic and real data never mix, so correct "
            f"{', '.join(variable_of(system) for system in min(with_marker, without, key=len))}."
        )
    if len(set(found.values())) > 1:
        made = "; ".join(
            f"{system}: version {marker.generator_version}, seed {marker.seed}, {marker.reference_date}"
            for system, marker in found.items()
            if marker
        )
        raise SourceError(
            f"The synthetic sources were not made together ({made}): make all four anew "
            "with `vha sources create`."
        )
    return next(iter(found.values()))
