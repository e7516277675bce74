"""All faults by name, and the one way to inject one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from vha.errors import ConfigurationError
from vha.synthetic.chance import streams
from vha.synthetic.injected import crime_links, crime_reports, delivery, intelligence, people, protection
from vha.synthetic.injected.fault import Delivery, Fault
from vha.synthetic.injected.variations import VARIATIONS

FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for faults in (
        crime_reports.FAULTS,
        crime_links.FAULTS,
        intelligence.FAULTS,
        people.FAULTS,
        protection.FAULTS,
        delivery.FAULTS,
        VARIATIONS,
    )
    for fault in faults
}


def fault_of(name: str) -> Fault:
    """A fault by its name.

    Raises:
        ConfigurationError: there is no fault of this name.
    """
    if name not in FAULTS:
        raise ConfigurationError(f"There is no fault {name!r}: choose one of {', '.join(sorted(FAULTS))}.")
    return FAULTS[name]


def inject(
    name: str, tables: Mapping[str, pa.Table], seed: int, today: np.datetime64, magnitude: float | None = None
) -> tuple[dict[str, pa.Table], str]:
    """Spoil good tables by one fault.

    Args:
        name: a key of ``FAULTS``.
        tables: table name to its rows, all text; they stay as they are.
        seed: the same seed does the same.
        today: the last day of the records.
        magnitude: how bad it is, in the fault's own unit; drawn from the seed unless given.

    Returns:
        The spoilt tables, and a sentence that says what was done.

    Raises:
        ConfigurationError: there is no such fault, or the magnitude is none of its.
    """
    fault = fault_of(name)
    rng = streams(seed, name)[name]
    drawn = fault.magnitude.drawn(rng)
    if magnitude is not None and magnitude not in fault.magnitude:
        raise ConfigurationError(f"The magnitude of {name} is {magnitude:g}: use {fault.magnitude}.")
    spoilt = Delivery(dict(tables), rng, drawn if magnitude is None else magnitude, today)
    done = fault.inject(spoilt)
    return spoilt.tables, f"{name}, {spoilt.magnitude:g} {fault.magnitude.unit}: {done}."


def listing() -> str:
    """Every fault with what happens, a line each."""
    width = max(map(len, FAULTS))
    return "\n".join(f"{fault.name:<{width}}  {fault.story}" for fault in FAULTS.values())
