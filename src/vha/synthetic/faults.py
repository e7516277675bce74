"""Which bad rows are planted in which table: every kind that the method names, in numbers that are known.

Faults that the quality gate treats as critical whatever their number are left out, so that default sources
pass it: bad restrictions, bad domestic flags, and merge cycles of people who are suspected of anything. Dates
that are no dates can be stored as text only; in PostgreSQL they are null, so they are planted in required
columns, where both are as bad.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vha.extract.contract import TABLES
from vha.synthetic.chance import Bools, Rng
from vha.synthetic.planting import SUPERSEDED, Bed, Change, Row, older, to

NO_DATES = ("2023-02-29", "2024-02-30", "31/12/2023", "not known")
NO_TIMESTAMPS = ("2023-02-29 12:00:00", "2024-13-01 08:30:00", "31/12/2023 10:15", "not known")
TOO_EARLY, TOO_LATE = "1066-10-14", "2999-12-31"
MIDNIGHT = " 00:00:00"


def plant(
    rng: Mapping[str, Rng],
    data: dict[str, pa.Table],
    repeats: int,
    without_suspect: Bools,
    innocuous: Bools,
) -> tuple[dict[tuple[str, str], int], int]:
    """Plant bad rows in all tables of ``data``, in place.

    Args:
        rng: a generator for each table.
        data: table name to its good rows.
        repeats: how often each variant is planted.
        without_suspect: the rows of ``crime_person`` that are victims of reports with outcome 14 or 18.
        innocuous: the rows of ``nominal`` of people who are in no merge, and neither suspect nor subject of
            anything.

    Returns:
        Rows by table (``system.table``) and reason, and the number of values with spaces around them.
    """
    beds = {table.name: Bed(rng[table.name], table, data[table.name], repeats) for table in TABLES}
    _people(beds["nominal"], innocuous)
    contradicted = _links(beds["crime_person"], without_suspect)
    # A report keeps the outcome that a planted suspect contradicts.
    crime_refs = data["crime_report"]["crime_ref"]
    beds["crime_report"].spare(
        pc.is_in(crime_refs, value_set=data["crime_person"]["crime_ref"].take(contradicted)).to_numpy()
    )
    _reports(beds["crime_report"])
    _flags(beds["crime_flag"])
    _intelligence(beds["intelligence_report"])
    _subjects(beds["intelligence_subject"])
    _referrals(beds["safeguarding"])
    beds["restriction"].add(SUPERSEDED, older, _same)
    planted = {
        (f"{table.system}.{table.name}", reason): count
        for table in TABLES
        for reason, count in sorted(beds[table.name].planted.items())
    }
    padded = sum(bed.padded for bed in beds.values())
    for name in list(beds):
        data[name] = beds.pop(name).result()  # popped, so that no more than one table is held twice
    return planted, padded


def _reports(bed: Bed) -> None:
    bed.add("missing_key", to(crime_ref=None), to(crime_ref="  "))
    bed.change(
        "bad_date",
        *_bad_timestamps("recorded_at", TOO_LATE),
        *_bad_dates("committed_from", TOO_EARLY),
        to(committed_to=TOO_EARLY),
        to(committed_to=TOO_LATE),
        *_bad_timestamps("updated_at", TOO_EARLY, TOO_LATE),
    )
    bed.change("unknown_offence", to(offence_code="999"), to(offence_code="5d"), to(offence_code="MURDER"))
    bed.change(
        "unknown_record", _unknown("migrated_from_ref", "CR-"), where=bed.where(migrated_from_ref=None)
    )
    bed.change("committed_after_recorded", _committed_later)
    bed.change(
        "invalid_code",
        to(source_system="cris"),
        to(record_status="LIVE"),
        to(record_status="closed"),
        to(outcome_code="23"),
        to(outcome_code="0"),
        to(location_kind="street"),
    )
    bed.change("invalid_characteristic", to(borough="Surrey"), to(borough="LAMBETH"))
    bed.overtake("unknown_offence", to(offence_code="13Z"))
    bed.pad("offence_code", where=bed.where(offence_code="5D"))
    bed.pad("borough", where=bed.where(borough="Lambeth"))
    live = bed.where(record_status="live")
    bed.add(SUPERSEDED, older, _same, _unreadable, to(record_status="cancelled"), where=live)


def _flags(bed: Bed) -> None:
    knife, firearm = bed.where(flag="knife", origin="manual"), bed.where(flag="firearm")
    bed.add("missing_key", to(crime_ref=None), to(flag=None), to(origin=None), where=knife)
    bed.change("bad_date", *_bad_timestamps("updated_at", TOO_EARLY, TOO_LATE), where=knife)
    bed.change("unknown_record", _unknown("crime_ref", "CR-"), where=knife | firearm)
    bed.change("invalid_code", to(flag="blade"), to(flag="KNIFE"), to(origin="guessed"), where=knife)
    bed.add(SUPERSEDED, older, _same, _unreadable)


def _links(bed: Bed, without_suspect: Bools) -> np.ndarray:
    victim = bed.where(role="victim")
    contradicted = bed.change(
        "suspect_contradicts_outcome", to(role="suspect"), to(role="accused"), where=without_suspect
    )
    bed.add("missing_key", to(crime_ref=None), to(nominal_id=None), to(role=None))
    bed.change(
        "bad_date",
        *_bad_timestamps("linked_at", TOO_EARLY, TOO_LATE),
        *_bad_timestamps("updated_at", TOO_EARLY, TOO_LATE),
    )
    bed.change("unknown_nominal", _unknown("nominal_id", "SYN-"))
    bed.change("unknown_record", _unknown("crime_ref", "CR-"))
    bed.change("invalid_role", to(role="VICTIM"), to(role="offender"), to(role="bystander"), where=victim)
    bed.change("invalid_code", to(link_status="LIVE"), to(link_status="deleted"))
    bed.overtake("invalid_code", to(link_status="removed"))
    bed.pad("role", where=victim)
    bed.add(SUPERSEDED, older, _same, _unreadable, to(link_status="withdrawn"))
    return contradicted


def _intelligence(bed: Bed) -> None:
    new, old = bed.where(grading_scheme="3x5x2"), bed.where(grading_scheme="5x5x5")
    bed.add("missing_key", to(intel_ref=None))
    bed.change(
        "bad_date",
        *_bad_timestamps("submitted_at", TOO_EARLY, TOO_LATE),
        to(event_on=TOO_EARLY),
        to(event_on=TOO_LATE),
        *_bad_timestamps("updated_at", TOO_EARLY, TOO_LATE),
    )
    bed.change("unknown_record", _unknown("linked_crime_ref", "CR-"), where=bed.where(linked_crime_ref=None))
    # Grades of one scheme under the name of the other; E is a source in one and an assessment in the other.
    bed.change("invalid_grading", to(source_grade="B", assessment_grade="2"), to(source_grade="E"), where=new)
    bed.change(
        "invalid_grading", to(source_grade="1", assessment_grade="A"), to(assessment_grade="E"), where=old
    )
    bed.change(
        "invalid_grading", to(grading_scheme="4x4"), to(source_grade="4"), to(assessment_grade="F"), where=new
    )
    bed.change("invalid_code", to(category="gossip"), to(handling_code="9"), to(record_status="deleted"))
    bed.add(SUPERSEDED, older, _same, _unreadable, to(record_status="retracted"))


def _subjects(bed: Bed) -> None:
    bed.add("missing_key", to(intel_ref=None), to(nominal_id=None), to(involvement=None))
    bed.change("bad_date", *_bad_timestamps("updated_at", TOO_EARLY, TOO_LATE))
    bed.change("unknown_nominal", _unknown("nominal_id", "SYN-"))
    bed.change("unknown_record", _unknown("intel_ref", "IR-"))
    bed.change("invalid_role", to(involvement="SUBJECT"), to(involvement="target"))
    bed.add(SUPERSEDED, older, _same, _unreadable)


def _people(bed: Bed, innocuous: Bools) -> None:
    alone = innocuous & bed.where(merged_into=None)
    bed.cycle("nominal_id", "merged_into", where=alone)
    bed.change("unknown_nominal", _unknown("merged_into", "SYN-"), where=alone)
    bed.add("missing_key", to(nominal_id=None), to(nominal_id="  "))
    bed.change(
        "bad_date",
        *(
            to(**{column: day})
            for column in ("date_of_birth", "deceased_on")
            for day in (TOO_EARLY, TOO_LATE)
        ),
        *_bad_timestamps("updated_at", TOO_EARLY, TOO_LATE),
        where=bed.where(merged_into=None),
    )
    bed.change(
        "invalid_characteristic",
        *(to(sex="male"), to(self_defined_ethnicity="Z1"), to(self_defined_ethnicity="IC3")),
        *(to(officer_observed_ethnicity="IC7"), to(officer_observed_ethnicity="3"), to(religion="Jedi")),
        *(to(disability="yes"), to(sexual_orientation="not asked")),
    )
    bed.pad("sex", where=bed.where(sex="M"))
    bed.add(SUPERSEDED, older, _same, _unreadable, to(disability="N"))


def _referrals(bed: Bed) -> None:
    bed.add("missing_key", to(nominal_id=None), to(kind=None), to(opened_on=None))
    bed.change("bad_date", to(opened_on=TOO_EARLY), to(closed_on=TOO_LATE), to(updated_at=None))
    bed.change("invalid_code", to(kind="other"))
    bed.add(SUPERSEDED, older, _same, _unreadable)


def _bad_dates(column: str, *out_of_range: str) -> list[Change]:
    return [to(**{column: value}) for value in (None, *out_of_range, *NO_DATES)]


def _bad_timestamps(column: str, *out_of_range: str) -> list[Change]:
    return [
        to(**{column: value}) for value in (None, *(day + MIDNIGHT for day in out_of_range), *NO_TIMESTAMPS)
    ]


def _unknown(column: str, prefix: str) -> Change:
    # Nine digits: every delivered reference has eight.
    return lambda _row, number: {column: f"{prefix}9{number:08d}"}


def _committed_later(row: Row, number: int) -> Row:
    recorded = np.datetime64(str(row["recorded_at"])[:10])
    return {"committed_from": str(recorded + 1 + number), "committed_to": None}


def _same(_row: Row, _number: int) -> Row:
    return {}


def _unreadable(_row: Row, _number: int) -> Row:
    return {"updated_at": None}
