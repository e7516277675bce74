"""Faults of what protects people: restrictions and referrals."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from vha.synthetic.chance import DAY, Bools, chance
from vha.synthetic.injected.earlier import as_it_was
from vha.synthetic.injected.edits import blank, changed, kept, put, whole
from vha.synthetic.injected.fault import WHOLE, Delivery, Fault, days, share

RESTRICTIONS, REFERRALS = "restriction", "safeguarding"


def _none(delivery: Delivery) -> Bools:
    return np.zeros(delivery.tables[RESTRICTIONS].num_rows, dtype=bool)


def _ended(delivery: Delivery) -> str:
    rows = delivery.tables[RESTRICTIONS]
    chosen = chance(delivery.rng, delivery.magnitude, rows.num_rows)
    delivery.tables[RESTRICTIONS] = put(rows, "ends_on", chosen, whole(rows["starts_on"]))
    return f"{chosen.sum():,} of {rows.num_rows:,} restrictions end on the day they begin"


def _of_last_month(delivery: Delivery) -> str:
    day = delivery.today - int(delivery.magnitude) * DAY
    delivery.tables[REFERRALS] = as_it_was(delivery.tables, REFERRALS, day)
    return f"the referrals are those of {delivery.magnitude:.0f} days ago"


FAULTS = (
    Fault(
        name="restrictions_empty",
        touches=RESTRICTIONS,
        story="The account that reads the table has lost its rights to the rows, and sees none.",
        harm="People whose objection was upheld, or whose record is contested, are back on the list.",
        severity="critical",
        caught_by="landing_volumes.restrictions_did_not_vanish",
        magnitude=WHOLE,
        inject=kept(RESTRICTIONS, _none),
    ),
    Fault(
        name="restriction_refs_broken",
        touches="restriction.record_ref",
        story="Restrictions name records by the numbers that they had before the migration.",
        harm="Records that must not be used cannot be told from others, and count against people.",
        severity="critical",
        caught_by="landing_restriction.records_are_delivered",
        magnitude=share(0.3, 1.0),
        inject=changed(
            RESTRICTIONS,
            "record_ref",
            lambda refs: pc.replace_substring_regex(refs, "^(CR|IR)-", r"\1-0"),
        ),
    ),
    Fault(
        name="restrictions_ended",
        touches="restriction.ends_on",
        story="The export writes the day a restriction began as the day it ends.",
        harm="Restrictions that still hold are not kept to.",
        severity="critical",
        caught_by="landing_restriction.ends_on_is_after_starts_on",
        magnitude=share(0.3, 1.0, "of the rows"),
        inject=_ended,
    ),
    Fault(
        name="closed_dates_lost",
        touches="safeguarding.closed_on",
        story="The case system no longer delivers when a referral was closed.",
        harm="People are shown as in need of support years after it ended, and those who are get lost among them.",
        severity="warning",
        caught_by="landing_mix.safeguarding_closed_on",
        magnitude=share(0.3, 1.0),
        inject=changed(REFERRALS, "closed_on", blank),
    ),
    Fault(
        name="referrals_from_last_month",
        touches=REFERRALS,
        story="The partners' upload has failed for weeks, and the last good file is delivered again.",
        harm="People who were referred since are not shown as in need of support.",
        severity="warning",
        caught_by="landing_safeguarding.recent_updates_are_there",
        magnitude=days(20, 40, "days old"),
        inject=_of_last_month,
    ),
    Fault(
        name="referrals_of_another_area",
        touches="safeguarding.nominal_id",
        story="The partners' upload holds another area's people, under the numbers of its own index.",
        harm="Support is shown for nobody, or for the wrong person.",
        severity="warning",
        caught_by="landing_safeguarding.people_are_delivered",
        magnitude=share(0.1, 1.0, "of the rows"),
        inject=changed(
            REFERRALS,
            "nominal_id",
            lambda ids: pc.replace_substring_regex(ids, "^SYN-", "SYN-7"),
        ),
    ),
)
