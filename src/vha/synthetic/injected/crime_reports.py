"""Faults of crime reports."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vha.synthetic.chance import DAY, chance
from vha.synthetic.injected.edits import (
    always,
    blank,
    changed,
    cut,
    is_in,
    mapped,
    moments,
    put,
    shifted,
    timestamps,
    whole,
)
from vha.synthetic.injected.fault import Delivery, Fault, days, share

REPORTS = "crime_report"


def _dates_shifted(delivery: Delivery) -> str:
    rows = delivery.tables[REPORTS]
    values = shifted(whole(rows["committed_from"]), -int(delivery.magnitude))
    delivery.tables[REPORTS] = put(rows, "committed_from", np.ones(rows.num_rows, dtype=bool), values)
    return f"every committed_from is {delivery.magnitude:.0f} days too early"


def _day_month_swapped(values: pa.Array) -> pa.Array:
    day, month = pc.utf8_slice_codeunits(values, 8, 10), pc.utf8_slice_codeunits(values, 5, 7)
    swapped = pc.binary_join_element_wise(pc.utf8_slice_codeunits(values, 0, 4), day, month, "-")
    return pc.if_else(pc.less_equal(day, "12"), swapped, values)


def _hours_slipped(delivery: Delivery) -> str:
    rows = delivery.tables[REPORTS]
    slipped = moments(rows["recorded_at"]) - np.timedelta64(int(delivery.magnitude), "h")
    delivery.tables[REPORTS] = put(rows, "recorded_at", ~np.isnat(slipped), timestamps(slipped))
    return f"every recorded_at is {delivery.magnitude:.0f} hours too early"


def _duplicates(delivery: Delivery) -> str:
    rows = delivery.tables[REPORTS]
    twice = rows.filter(pa.array(chance(delivery.rng, delivery.magnitude, rows.num_rows)))
    lesser = np.ones(twice.num_rows, dtype=bool)
    other = put(twice, "offence_code", lesser, always("8N")(whole(twice["offence_code"])))
    delivery.tables[REPORTS] = pa.concat_tables([rows, other])
    return f"{other.num_rows:,} reports come twice, the second time as another offence, updated at one moment"


def _updates_frozen(delivery: Delivery) -> str:
    rows = delivery.tables[REPORTS]
    updated = moments(rows["updated_at"])
    frozen = (delivery.today - int(delivery.magnitude) * DAY).astype("datetime64[s]")
    late = updated > frozen
    delivery.tables[REPORTS] = put(rows, "updated_at", late, timestamps(np.where(late, frozen, updated)))
    return f"no updated_at is later than {delivery.magnitude:.0f} days ago"


def _keys_truncated(delivery: Delivery) -> str:
    rows = delivery.tables[REPORTS]
    lost = int(delivery.magnitude)
    keys = whole(rows["crime_ref"])
    delivery.tables[REPORTS] = put(rows, "crime_ref", np.ones(len(keys), dtype=bool), cut(lost)(keys))
    return f"every crime_ref lacks its last {lost} characters"


def _month_lost(delivery: Delivery) -> str:
    rows = delivery.tables[REPORTS]
    first = delivery.today - int(delivery.magnitude) * DAY
    recorded = moments(rows["recorded_at"])
    lost = (recorded >= first) & (recorded < first + 30 * DAY)
    delivery.tables[REPORTS] = rows.filter(pa.array(~lost))
    return f"crime_report lacks the 30 days from {first} on"


FAULTS = (
    Fault(
        name="dates_shifted",
        touches="crime_report.committed_from",
        story="A spreadsheet on the way counts days from 1904 and not from 1900, or a patch of the export slips.",
        harm="Offences seem older than they are, so their points decay too far and people drop off the list.",
        severity="critical",
        caught_by="landing_mix.crime_report_committed_age",
        magnitude=days(30, 1462),
        inject=_dates_shifted,
    ),
    Fault(
        name="day_month_swapped",
        touches="crime_report.committed_from",
        story="A server with American settings reads days as months where both are at most 12.",
        harm="Offences move by months in either direction, and what then lies after its report counts for nobody.",
        severity="critical",
        caught_by="quarantine_shares.committed_after_recorded_is_rare",
        magnitude=share(0.3, 1.0),
        inject=changed(REPORTS, "committed_from", _day_month_swapped),
    ),
    Fault(
        name="time_zone_slip",
        touches="crime_report.recorded_at",
        story="The export writes the server's time zone instead of London's.",
        harm="Reports made just after midnight seem to be recorded before the offence, and count for nobody.",
        severity="warning",
        caught_by="landing_mix.crime_links_linking_delay",
        magnitude=days(1, 12, "hours"),
        inject=_hours_slipped,
    ),
    Fault(
        name="offence_codes_changed",
        touches="crime_report.offence_code",
        story="The recording system moves to a new edition of the code list for some offences.",
        harm="Offences with codes that nobody knows score nothing, however grave they were.",
        severity="critical",
        caught_by="quarantine_shares.unknown_offence_is_rare",
        magnitude=share(0.05, 0.5),
        inject=changed(
            REPORTS,
            "offence_code",
            lambda codes: pc.binary_join_element_wise(codes, "/00", ""),
        ),
    ),
    Fault(
        name="offences_remapped",
        touches="crime_report.offence_code",
        story="A mapping table of the new system files violence with injury under assault without injury.",
        harm="The gravest offences score like the lightest, and the people they were recorded against drop off.",
        severity="critical",
        caught_by="landing_mix.crime_report_offence_code",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "offence_code", mapped({"5D": "105A", "8N": "105A", "34B": "105A"})),
    ),
    Fault(
        name="outcomes_blank",
        touches="crime_report.outcome_code",
        story="Outcomes move to a table of their own, and the export still reads the old column.",
        harm="Reports that ended with nobody suspected cannot be told from others, so dropped suspicion counts.",
        severity="critical",
        caught_by="landing_mix.crime_report_outcome_code",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "outcome_code", blank),
    ),
    Fault(
        name="cancelled_as_live",
        touches="crime_report.record_status",
        story="The export forgets the status and writes its default.",
        harm="Reports that were cancelled, because nothing happened, count against people again.",
        severity="critical",
        caught_by="landing_mix.crime_report_record_status",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "record_status", always("live"), where=is_in("record_status", "cancelled")),
    ),
    Fault(
        name="migration_refs_lost",
        touches="crime_report.migrated_from_ref",
        story="The column that links CONNECT's reports to those they were migrated from is dropped in a clean-up.",
        harm="One offence counts twice, once for each system that it was recorded in.",
        severity="critical",
        caught_by="landing_mix.crime_report_migrated_from_ref",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "migrated_from_ref", blank),
    ),
    Fault(
        name="incident_refs_blank",
        touches="crime_report.incident_ref",
        story="Incident numbers stay behind in the command and control system after an upgrade.",
        harm="Several reports of one incident count as several incidents.",
        severity="critical",
        caught_by="landing_mix.crime_report_incident_ref",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "incident_ref", blank),
    ),
    Fault(
        name="location_kinds_lost",
        touches="crime_report.location_kind",
        story="A new form no longer asks what kind of place it was.",
        harm="What happened in somebody's home cannot be told from violence in public, and counts as such.",
        severity="critical",
        caught_by="landing_mix.crime_report_location_kind",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "location_kind", blank),
    ),
    Fault(
        name="boroughs_renamed",
        touches="crime_report.borough",
        story="The gazetteer is updated, and boroughs are called London Borough of … from then on.",
        harm="Nobody's score changes, but no figure can be told by borough any more.",
        severity="warning",
        caught_by="quarantine_shares.invalid_characteristic_is_rare",
        magnitude=share(0.2, 1.0),
        inject=changed(
            REPORTS,
            "borough",
            lambda names: pc.binary_join_element_wise("London Borough of", names, " "),
        ),
    ),
    Fault(
        name="keys_truncated",
        touches="crime_report.crime_ref",
        story="A staging table on the way has a column that is too narrow for the references.",
        harm="Different reports become one, links point nowhere, and people's scores are far too low.",
        severity="critical",
        caught_by="quarantine_shares.unknown_record_is_rare",
        magnitude=days(1, 4, "characters lost"),
        inject=_keys_truncated,
    ),
    Fault(
        name="duplicate_keys",
        touches="crime_report",
        story="Two versions of some reports are both current in the source, changed at the same moment.",
        harm="It is left to chance which of two offences people are judged by.",
        severity="critical",
        caught_by="quarantine_surges.crime_rows",
        magnitude=share(0.01, 0.04, "of the reports"),
        inject=_duplicates,
    ),
    Fault(
        name="month_lost",
        touches=REPORTS,
        story="An archive job has taken one month's partition away with an older one.",
        harm="Whoever was suspected of something in that month scores as if it had not happened.",
        severity="critical",
        caught_by="landing_mix.crime_report_recorded_age",
        magnitude=days(60, 1800, "days ago"),
        inject=_month_lost,
    ),
    Fault(
        name="updated_at_stale",
        touches="crime_report.updated_at",
        story="The trigger that sets the time of change is lost in a migration.",
        harm="Later corrections of a report may lose against the version that they correct.",
        severity="warning",
        caught_by="landing_crime_report.recent_updates_are_there",
        magnitude=days(20, 60, "days ago"),
        inject=_updates_frozen,
    ),
)
