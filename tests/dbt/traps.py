"""People and records that each stand exactly where one rule of the method decides."""

from __future__ import annotations

from itertools import product

from reference import World
from reference.records import TABLES
from trap_sources import TOMORROW, Changes, Traps

_LATELY: Changes = {"committed_from": "2026-03-01", "recorded_at": "2026-03-02 10:00:00"}


def world_now() -> World:
    world = Traps()
    for section in (
        _dates,
        _texts,
        _duplicates,
        _merges,
        _carried,
        _homes,
        _restrictions,
        _points,
        _intelligence,
        _criteria,
        _bad_rows,
    ):
        section(world)
    _moving(world, is_now=True)
    world.person("returned")
    return world.tables


def world_before(*, is_older: bool) -> World:
    """The sources at an earlier release."""
    world = Traps()
    _moving(world, is_now=False)
    if is_older:
        world.person("returned")
    _bad_rows(world)
    return world.tables


def _dates(world: Traps) -> None:
    world.person("dates")
    world.crime("recorded tomorrow", "dates", recorded_at=TOMORROW)
    world.crime("recorded today", "dates", recorded_at="2027-02-28 23:59:59", updated_at=TOMORROW)
    world.crime("linked tomorrow")
    world.link("linked tomorrow", "dates", linked_at=TOMORROW)
    world.crime("linked again tomorrow", "dates")
    world.link("linked again tomorrow", "dates", role="accused", linked_at=TOMORROW)
    world.crime("victim tomorrow", "dates")
    world.link("victim tomorrow", "dates", role="victim", linked_at=TOMORROW)
    for day in ("2024-02-29", "2025-02-28", "2025-03-01", "2022-02-28", "2022-03-01"):
        world.crime(f"committed {day}", "dates", committed_from=day)
    for moment in (TOMORROW, "2027-02-28 23:59:59", "2026-02-28 00:00:00", "2026-03-01 00:00:00"):
        world.known(f"submitted {moment}", "dates", submitted_at=moment)
    for day in ("2009-02-28", "2009-03-01", "2004-02-29", "2016-02-02", "2016-02-03"):
        world.person(f"born {day}", date_of_birth=day)


def _texts(world: Traps) -> None:
    world.person("texts")
    for ref, changes in {
        "with a fraction": {"recorded_at": "2026-02-03 09:30:00.5"},
        "without a zero": {"committed_from": "2026-2-02"},
        "with five digits": {"committed_from": "20260-02-02"},
    }.items():
        world.crime(ref, "texts", **changes)
    world.crime("\twith space around ", "texts ", location_kind="")
    for kind, blank in {"a tab": "\t", "a line feed": "\n", "a carriage return": "\r"}.items():
        world.crime(f"with {kind} behind the person", f"texts{blank}")
    world.crime("linked in 2101")
    world.link("linked in 2101", "texts", linked_at="2101-01-01 00:00:00")
    for day in ("1899-12-31", "1900-01-01"):
        world.person(f"born {day}", date_of_birth=day)
    for day in ("2100-12-31", "2101-01-01"):
        world.nominal(f"restricted until {day}")
        world.restriction(f"until {day}", f"restricted until {day}", ends_on=day)


def _duplicates(world: Traps) -> None:
    """Two versions for each column that the method decides by, the greater one visibly bad."""
    world.nominal("under two versions")
    make = {
        "crime_report": world.report,
        "crime_flag": world.flag,
        "crime_person": lambda ref: world.link(ref, "nobody"),
        "intelligence_report": world.intelligence,
        "intelligence_subject": lambda ref: world.subject(ref, "nobody"),
        "nominal": world.nominal,
        "restriction": lambda ref: world.restriction(ref, "under two versions"),
        "safeguarding": world.referral,
    }
    for name, table in TABLES.items():
        for column in table.columns:
            if column not in (*table.key, "updated_at"):
                lesser = make[name](f"two versions by {column}")
                world.tables[name].append({**lesser, column: "zzz"})
                # These two are of no use to anybody: what follows them has to show which version stands.
                if column == "incident_ref":
                    lesser["migrated_from_ref"] = "unknown"
                if column == "record_ref":
                    lesser["reason"] = "unknown"
    for updated_at in ("2026-02-03 09:30:00", "2026-02-04 09:30:00"):
        is_newer = updated_at > "2026-02-04"
        day = "never" if is_newer else "2026-02-02"
        world.report("the newer is bad", committed_from=day, updated_at=updated_at)
    for _ in range(2):
        world.report("")
        for origin in ("manual", "derived"):
            world.flag("the newer is bad", origin=origin)


def _merges(world: Traps) -> None:
    world.person("end of a chain", deceased_on="2027-03-05", date_of_birth=None)
    world.nominal("end of a chain/2", merged_into="end of a chain", deceased_on="2027-02-28")
    world.nominal("end of a chain/1", merged_into="end of a chain/2")
    world.nominal("end of a chain of the living")
    world.nominal("halfway", merged_into="end of a chain of the living")
    world.person("begin of a chain", merged_into="halfway")
    world.person("restricted survivor")
    world.nominal("restricted and merged", merged_into="restricted survivor")
    world.restriction("of the merged", "restricted and merged")
    world.person("survivor of a quarantined entry")
    world.nominal("quarantined", merged_into="survivor of a quarantined entry", updated_at=None)
    world.nominal("merged into the quarantined", merged_into="quarantined")
    world.crime("of the merged into the quarantined", "merged into the quarantined")
    world.person("restricted through a quarantined entry")
    world.nominal(
        "quarantined and restricted", merged_into="restricted through a quarantined entry", updated_at=None
    )
    world.restriction("of the quarantined", "quarantined and restricted")
    for n, following in ((1, 2), (2, 3), (3, 1)):
        world.nominal(f"circle/{n}", merged_into=f"circle/{following}", date_of_birth=None)
        world.crime(f"of circle/{n}", f"circle/{n}")
    for n, following in ((1, 2), (2, 1)):
        world.nominal(f"small circle/{n}", merged_into=f"small circle/{following}")
    world.crime("of the small circle", "small circle/1")


def _carried(world: Traps) -> None:
    """Reports that were carried over, each named after what is to come of the newer."""
    world.person("carried")

    def carry(ref: str, *, older: Changes | None = None, newer: Changes | None = None) -> str:
        world.crime(f"{ref}/old", "carried", source_system="CRIS", **(older or {}))
        world.crime(ref, "carried", **{"migrated_from_ref": f"{ref}/old", **(newer or {})})
        return f"{ref}/old"

    unknown_offence = {"offence_code": "zzz"}
    carry("replaced by a bad one", newer=unknown_offence)
    carry("replaced tomorrow", newer={"recorded_at": TOMORROW})
    carry("replaced today", newer={"recorded_at": "2027-02-28 12:00:00"})
    first = carry("replaced, and again tomorrow")
    world.crime("replaced, and again tomorrow/2", "carried", migrated_from_ref=first, recorded_at=TOMORROW)
    world.flag(carry("domestic since two steps", newer={"migrated_from_ref": "domestic/1"}), "domestic")
    world.crime("domestic/1", "carried", migrated_from_ref="domestic since two steps/old")
    world.flag(carry("not domestic by a bad report", newer={"migrated_from_ref": "bad/1"}), "domestic")
    world.crime("bad/1", "carried", migrated_from_ref="not domestic by a bad report/old", **unknown_offence)
    world.flag(carry("domestic by a bad older report", older=unknown_offence), "domestic")
    old = carry("restricted as the older")
    world.restriction("of an older report", "carried", record_ref=old)
    world.nominal("bystander")
    world.person("known by an older report")
    for ref, place in (("for another", "public"), ("for another, once at home", "private_domestic")):
        world.crime(f"{ref}/old", "bystander", location_kind=place)
        world.crime(ref, "bystander", migrated_from_ref=f"{ref}/old")
        world.known(f"linked, {ref}", "known by an older report", linked_crime_ref=f"{ref}/old")


def _homes(world: Traps) -> None:
    world.person("homes")
    places = ("private_domestic", "private_other", None)
    for offence, place in product(("1", "29", "5D"), places):
        world.crime(f"{offence} at {place}", "homes", offence_code=offence, location_kind=place)
    for offence, origin in product(("1", "5D"), ("manual", "derived")):
        world.crime(f"{offence} {origin} domestic", "homes", offence_code=offence)
        world.flag(f"{offence} {origin} domestic", "domestic", origin=origin)
    world.crime("below the age of responsibility", "homes", outcome_code="11")
    world.crime("badly linked")
    world.link("badly linked", "homes", updated_at=None)


def _restrictions(world: Traps) -> None:
    world.person("restrictions")
    spans = (
        ("2027-02-28", None),
        ("2027-03-01", None),
        ("2026-01-01", "2027-02-28"),
        ("2026-01-01", "2027-03-01"),
    )
    for n, (start, end) in enumerate(spans):
        days = {"starts_on": start, "ends_on": end}
        world.crime(f"restricted/{n}", "restrictions")
        world.restriction(f"of a crime/{n}", "restrictions", record_ref=f"restricted/{n}", **days)
        world.known(f"restricted intelligence/{n}", "restrictions")
        world.restriction(
            f"of intelligence/{n}", "restrictions", record_ref=f"restricted intelligence/{n}", **days
        )
        world.person(f"restricted person/{n}")
        world.restriction(f"of a person/{n}", f"restricted person/{n}", **days)
        world.person(f"badly restricted/{n}")
        world.restriction(f"bad/{n}", f"badly restricted/{n}", reason="unknown", **days)
    world.known("linked to a restricted crime", "restrictions", linked_crime_ref="restricted/0")
    world.person("not restricted")
    world.known("linked to a crime restricted for another", "not restricted", linked_crime_ref="restricted/0")


def _points(world: Traps) -> None:
    for name, offences in {
        "exactly on the threshold": ("10B", "81", "90"),
        "just below the threshold": ("10B", "81", "3A"),
        # Half of its score has five places, the fourth of them even.
        "half a cap": ("10A", "5D"),
    }.items():
        world.nominal(name)
        for offence in offences:
            world.crime(f"{name}/{offence}", name, offence_code=offence, **_LATELY)
    for n in (1, 2):
        world.known(f"half a cap/{n}", "half a cap", category="firearm_supply")
    world.person("half a point")
    world.known(
        "half a point",
        "half a point",
        category="retaliation",
        grading_scheme="5x5x5",
        source_grade="B",
        assessment_grade="2",
    )


def _intelligence(world: Traps) -> None:
    world.person("intelligence")
    for ref, changes in {
        "an associate": {"involvement": "associate"},
        "a badly named subject": {"updated_at": None},
    }.items():
        world.intelligence(ref)
        world.subject(ref, "intelligence", **changes)
    world.known("bad intelligence", "intelligence", updated_at=None)
    world.known("linked to what is not visible", "intelligence", linked_crime_ref="recorded tomorrow")


def _criteria(world: Traps) -> None:
    world.person("dies tomorrow", deceased_on="2027-03-01")
    world.nominal("one report")
    world.crime("one report", "one report", offence_code="1")
    # The same total and the same latest offence; what one of them has by intelligence the other has by a crime.
    for name in ("a tie by intelligence", "tie by crime alone"):
        world.person(name, crimes={"offence_code": "10D"})
        world.crime(f"{name}/3", name, **_LATELY, offence_code="1")
    world.known("a tie by intelligence", "a tie by intelligence")
    world.crime("tie by crime alone/4", "tie by crime alone", **_LATELY, offence_code="10D")
    for name, changes in {
        "referred today": {"opened_on": "2027-02-28"},
        "referred until today": {"closed_on": "2027-02-28"},
        "badly referred": {"kind": "unknown"},
    }.items():
        world.person(name)
        world.referral(name, **changes)


def _bad_rows(world: Traps) -> None:
    """Some of the reasons that random worlds hardly meet."""
    world.nominal("bad rows")
    world.report("")
    world.link("", "bad rows")
    world.intelligence("")
    world.nominal("")
    world.restriction("", "bad rows", starts_on="never")
    world.referral("bad rows", opened_on=None)
    world.referral("bad rows", closed_on="never")


def _moving(world: Traps, *, is_now: bool) -> None:
    """People on the previous list, and what has come between them and this one."""
    for name, changes in {
        "merged and restricted": {"merged_into": "dead and restricted"},
        "dead and restricted": {"deceased_on": "2027-01-01"},
        "bad and restricted": {"updated_at": None},
        "of no known age and restricted": {"date_of_birth": None},
    }.items():
        world.person(name, **(changes if is_now else {}))
        if is_now:
            world.restriction(name, name)
    long_ago: Changes = {"committed_from": "2021-12-15", "offence_code": "1"}
    world.person("grown out", crimes=long_ago)
    world.person(
        "grown out and a child", crimes=long_ago, date_of_birth="2018-01-01" if is_now else "2000-01-01"
    )
    not_quite: Changes = {"committed_from": "2026-05-01", "recorded_at": "2026-05-02 00:00:00"}
    not_quite |= {"offence_code": "10B"}
    world.person("known no more", crimes=not_quite)
    world.known("retracted", "known no more", record_status="retracted" if is_now else "live")
    world.person("known long ago", crimes=not_quite)
    world.known("of last year", "known long ago", submitted_at="2026-02-01 00:00:00")
    world.person("capped", crimes={"committed_from": "2026-01-15", "offence_code": "10B"})
    world.known("capped", "capped", category="firearm_supply")
