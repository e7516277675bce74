"""Faults of the links and flags of crime reports, and of what one system delivers together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vha.synthetic.chance import DAY, Bools, chance
from vha.synthetic.injected.earlier import as_it_was
from vha.synthetic.injected.edits import always, changed, is_in, kept, moments
from vha.synthetic.injected.fault import Delivery, Fault, days, share

LINKS, FLAGS = "crime_person", "crime_flag"


def _day_dropped(delivery: Delivery) -> str:
    missing = delivery.today - int(delivery.magnitude) * DAY
    for name, column in (("crime_report", "recorded_at"), (LINKS, "linked_at"), (FLAGS, "updated_at")):
        rows = delivery.tables[name]
        of_the_day = moments(rows[column]).astype("datetime64[D]") == missing
        delivery.tables[name] = rows.filter(pa.array(~of_the_day))
    return f"nothing that crime recording wrote {delivery.magnitude:.0f} days before the last is there"


def _doubled(delivery: Delivery) -> str:
    rows = delivery.tables[LINKS]
    again = rows.slice(0, int(delivery.magnitude * rows.num_rows))
    delivery.tables[LINKS] = pa.concat_tables([rows, again])
    return f"{again.num_rows:,} of {rows.num_rows:,} links come twice"


def _the_first(delivery: Delivery) -> Bools:
    n = delivery.tables[LINKS].num_rows
    return np.arange(n) < int(delivery.magnitude * n)


def _all_but(column: str, code: str) -> Callable[[Delivery], Bools]:
    def which(delivery: Delivery) -> Bools:
        rows = delivery.tables[FLAGS]
        lost = is_in(column, code)(rows) & chance(delivery.rng, delivery.magnitude, rows.num_rows)
        return ~lost

    return which


def _of_last_month(delivery: Delivery) -> str:
    day = delivery.today - int(delivery.magnitude) * DAY
    delivery.tables[LINKS] = as_it_was(delivery.tables, LINKS, day)
    return f"the links are those of {delivery.magnitude:.0f} days ago"


FAULTS = (
    Fault(
        name="day_dropped",
        touches="crime",
        story="One night's load of the crime system failed, and the next one went on from the day after.",
        harm="Whoever was suspected of something on that day scores as if it had not happened.",
        severity="critical",
        caught_by="landing_days.crime_reports_of_every_day_are_there",
        magnitude=days(1, 6, "days before the last"),
        inject=_day_dropped,
    ),
    Fault(
        name="feed_doubled",
        touches=LINKS,
        story="A load was repeated after a time-out, and appended to what was there already.",
        harm="Each link comes twice; if one were missed, people would score double.",
        severity="critical",
        caught_by="quarantine_shares.superseded_is_rare",
        magnitude=share(0.5, 1.0, "of the rows"),
        inject=_doubled,
    ),
    Fault(
        name="links_halved",
        touches=LINKS,
        story="The disk of the export server was full, and the file ends in the middle.",
        harm="People score by the half of their links that arrived, and drop off the list for no other reason.",
        severity="critical",
        caught_by="landing_volumes.crime_links_are_as_many_as_last_time",
        magnitude=share(0.4, 0.6, "of the rows arrive"),
        inject=kept(LINKS, _the_first),
    ),
    Fault(
        name="links_from_last_month",
        touches=LINKS,
        story="The export of one table has failed for weeks, and its last good file is delivered again.",
        harm="Nobody is linked to what was recorded since, and withdrawn suspicion still stands.",
        severity="critical",
        caught_by="landing_days.crime_links_of_every_day_are_there",
        magnitude=days(20, 40, "days old"),
        inject=_of_last_month,
    ),
    Fault(
        name="withdrawn_as_live",
        touches="crime_person.link_status",
        story="The export joins links without their status and writes its default.",
        harm="People whom the investigation has ruled out count as suspects again.",
        severity="critical",
        caught_by="landing_mix.crime_person_link_status",
        magnitude=share(0.5, 1.0),
        inject=changed(LINKS, "link_status", always("live"), where=is_in("link_status", "withdrawn")),
    ),
    Fault(
        name="roles_collapsed",
        touches="crime_person.role",
        story="A new interface knows one role only, and calls everybody who is linked a suspect.",
        harm="Victims and witnesses score as if they had done what was done to them.",
        severity="critical",
        caught_by="landing_mix.crime_person_role",
        magnitude=share(0.3, 1.0),
        inject=changed(LINKS, "role", always("suspect"), where=is_in("role", "victim", "witness", "other")),
    ),
    Fault(
        name="roles_upper_case",
        touches="crime_person.role",
        story="The new database writes code words in capitals.",
        harm="Links with a role that nobody knows count for nobody, and the list empties.",
        severity="critical",
        caught_by="quarantine_shares.invalid_role_is_rare",
        magnitude=share(0.3, 1.0),
        inject=changed(LINKS, "role", pc.utf8_upper),
    ),
    Fault(
        name="leading_zeros_lost",
        touches="crime_person.nominal_id",
        story="A tool on the way reads the digits of references as numbers.",
        harm="A tenth of all people are not found in the person index, and what is recorded of them counts for nobody.",
        severity="critical",
        caught_by="quarantine_shares.unknown_nominal_is_rare",
        magnitude=share(0.5, 1.0),
        inject=changed(LINKS, "nominal_id", lambda ids: pc.replace_substring_regex(ids, "^SYN-0+", "SYN-")),
    ),
    Fault(
        name="domestic_flags_lost",
        touches=FLAGS,
        story="The domestic abuse marker moves to a case system of its own.",
        harm="Violence at home counts as violence in public, which the list is not about.",
        severity="critical",
        caught_by="landing_mix.crime_flag_flag",
        magnitude=share(0.5, 1.0),
        inject=kept(FLAGS, _all_but("flag", "domestic")),
    ),
    Fault(
        name="derived_flags_not_delivered",
        touches=FLAGS,
        story="The nightly job that derives flags did not run before the export.",
        harm="Knives and firearms that nobody flagged by hand go unnoticed, and so does domestic violence.",
        severity="critical",
        caught_by="landing_mix.crime_flag_origin",
        magnitude=share(0.9, 1.0),
        inject=kept(FLAGS, _all_but("origin", "derived")),
    ),
)
