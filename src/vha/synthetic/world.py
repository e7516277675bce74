"""The generator's two entry points, and the order in which a world is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vha.errors import ConfigurationError
from vha.extract.contract import TABLES
from vha.synthetic import crimes as crime
from vha.synthetic import faults, injected, intelligence, links, people, protection, store
from vha.synthetic.chance import Dates, streams
from vha.synthetic.report import Report
from vha.synthetic.scale import scale_of

GENERATOR_VERSION = "1"
REFERENCE_DATE = date(2026, 9, 30)


def create(
    scale: str,
    seed: int,
    urls: Mapping[str, str],
    reference_date: date = REFERENCE_DATE,
    fault: str | None = None,
    magnitude: float | None = None,
) -> Report:
    """Make synthetic sources and write them into the systems' databases, replacing earlier synthetic ones.

    Args:
        scale: a key of ``scale.SCALES``.
        seed: the same seed gives the same bytes.
        urls: connection URL of each system; several systems may share a database.
        reference_date: the last day of the records.
        fault: a key of ``injected.FAULTS``: what is wrong with these sources besides the usual bad rows.
        magnitude: how bad it is, in the fault's own unit; drawn from the seed unless given.

    Raises:
        ConfigurationError: no such scale or fault, a seed below 0, a magnitude that the fault cannot have, an
            unsupported URL, or a database with tables of another origin.
        SourceUnavailable: a database cannot be reached.
    """
    if fault is not None:
        injected.fault_of(fault)  # before anything is made
    elif magnitude is not None:
        raise ConfigurationError("A magnitude is that of a fault: name one with --fault.")
    data, report = _make(scale, seed, reference_date)
    if fault is not None:
        data, done = injected.inject(fault, data, seed, np.datetime64(reference_date), magnitude)
        rows = {f"{table.system}.{table.name}": data[table.name].num_rows for table in TABLES}
        report = dataclasses.replace(report, rows=rows, injected=done)
    marker = {
        "generator_version": GENERATOR_VERSION,
        "seed": str(seed),
        "reference_date": reference_date.isoformat(),
    }
    data[store.MARKER] = pa.table({name: [value] for name, value in marker.items()})
    store.write(store.by_database(urls, TABLES), data)
    return report


def generate(scale: str, seed: int, reference_date: date = REFERENCE_DATE) -> dict[str, pa.Table]:
    """The tables by name, all columns text in the contract's form and order.

    Raises:
        ConfigurationError: there is no such scale, or the seed is below 0.
    """
    return _make(scale, seed, reference_date)[0]


def _make(scale_name: str, seed: int, reference_date: date) -> tuple[dict[str, pa.Table], Report]:
    scale = scale_of(scale_name)
    if seed < 0:
        raise ConfigurationError(f"The seed is {seed}: use a whole number of at least 0.")
    end = np.datetime64(reference_date) + np.timedelta64(86_399, "s")
    rng = streams(seed, "people", "crimes", "links", *(table.name for table in TABLES))

    everybody = people.populate(rng["people"], scale, np.datetime64(reference_date))
    committed = crime.commit(rng["crimes"], scale, end)
    linked = links.link(rng["links"], everybody, committed)
    informed = intelligence.inform(rng["intelligence_report"], scale, everybody, committed, linked, end)
    crime_person, order = links.link_table(rng["crime_person"], everybody, committed, linked, end)
    last_suspected = _last_suspected(everybody, committed, linked)
    data = {
        "crime_report": crime.report_table(rng["crime_report"], committed, end),
        "crime_flag": crime.flag_table(rng["crime_flag"], committed, end),
        "crime_person": crime_person,
        "intelligence_report": informed[0],
        "intelligence_subject": informed[1],
        "nominal": people.nominal_table(rng["nominal"], everybody, last_suspected, end),
        "restriction": protection.restriction_table(
            rng["restriction"], scale, everybody, committed, linked, informed, end
        ),
        "safeguarding": protection.safeguarding_table(rng["safeguarding"], everybody, end),
    }
    facts = _facts(everybody, committed, linked, data)

    ordered = linked.where(order)
    closed = committed.outcome.is_in("14", "18")[ordered.crime] & (ordered.role == links.VICTIM)
    never = everybody.ids.filter(np.isnat(last_suspected) & ~everybody.in_a_merge)
    innocuous = pc.and_(
        pc.is_in(data["nominal"]["nominal_id"], value_set=never),
        pc.invert(pc.is_in(data["nominal"]["nominal_id"], value_set=informed[1]["nominal_id"])),
    ).to_numpy()
    planted, padded = faults.plant(
        rng, data, scale.fault_repeats, without_suspect=closed, innocuous=innocuous
    )
    return data, Report(
        scale=scale_name,
        seed=seed,
        reference_date=reference_date,
        rows={f"{table.system}.{table.name}": data[table.name].num_rows for table in TABLES},
        planted=planted,
        facts={**facts, "values with spaces around them": padded},
    )


def _facts(
    everybody: people.People, committed: crime.Crimes, linked: links.Links, data: Mapping[str, pa.Table]
) -> dict[str, int]:
    merged = everybody.merged_into
    suspected = linked.where(linked.suspected & ~linked.withdrawn)
    victims = linked.where(linked.role == links.VICTIM)
    violent = suspected.where(
        committed.public_violence[suspected.crime] & (committed.older[suspected.crime] < 0)
    )
    per_person = np.bincount(everybody.person[violent.nominal], minlength=everybody.size)
    return {
        "people of the violent core": int(everybody.core[merged < 0].sum()),
        "suspects of public violence, 3 or more": int((per_person >= 3).sum()),
        "nominals merged into another": int((merged >= 0).sum()),
        "of those, through a third one": int((merged[merged] >= 0)[merged >= 0].sum()),
        "incidents of several reports": int((np.bincount(committed.incident[committed.older < 0]) > 1).sum()),
        "reports migrated to CONNECT": int((committed.older >= 0).sum()),
        "suspects who are victims in a report": int(np.intersect1d(suspected.pairs, victims.pairs).size),
        "restrictions of a whole person": data["restriction"]["record_ref"].null_count,
        "restrictions with an end": len(data["restriction"]) - data["restriction"]["ends_on"].null_count,
        "referrals still open": data["safeguarding"]["closed_on"].null_count,
        "nominals without a date of birth": data["nominal"]["date_of_birth"].null_count,
        "intelligence about a recorded crime": len(data["intelligence_report"])
        - data["intelligence_report"]["linked_crime_ref"].null_count,
    }


def _last_suspected(everybody: people.People, committed: crime.Crimes, linked: links.Links) -> Dates:
    """The last day of an offence each person is suspected of, for all their nominals; NaT for never."""
    last = np.full(everybody.size, np.datetime64("NaT"), dtype="datetime64[D]")
    suspected = linked.where(linked.suspected)
    np.fmax.at(last, everybody.person[suspected.nominal], committed.day[suspected.crime])
    return last[everybody.person]
