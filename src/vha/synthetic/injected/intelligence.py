"""Faults of intelligence reports and their subjects."""

from __future__ import annotations

import pyarrow.compute as pc

from vha.synthetic.chance import DAY
from vha.synthetic.injected.edits import always, changed, is_in, mapped, moments, put, timestamps
from vha.synthetic.injected.fault import Delivery, Fault, days, share

REPORTS, SUBJECTS = "intelligence_report", "intelligence_subject"


def _clock_ahead(delivery: Delivery) -> str:
    rows = delivery.tables[REPORTS]
    submitted = moments(rows["submitted_at"])
    recent = submitted >= delivery.today - 30 * DAY
    recent &= submitted < delivery.today + 2 * DAY
    values = timestamps(submitted + int(delivery.magnitude) * DAY)
    delivery.tables[REPORTS] = put(rows, "submitted_at", recent, values)
    return f"{recent.sum():,} reports of the last 30 days are dated {delivery.magnitude:.0f} days later"


FAULTS = (
    Fault(
        name="grades_under_wrong_scheme",
        touches="intelligence_report.grading_scheme",
        story="The export calls every grading 3x5x2, also those by the older scheme.",
        harm="Grades that mean nothing in the scheme they are given under count for nobody.",
        severity="critical",
        caught_by="quarantine_shares.invalid_grading_is_rare",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "grading_scheme", always("3x5x2"), where=is_in("grading_scheme", "5x5x5")),
    ),
    Fault(
        name="categories_remapped",
        touches="intelligence_report.category",
        story="A mapping table of the bureau's new system puts the supply of drugs and of firearms in one line.",
        harm="People about whom there is word of drugs score as if it were firearms.",
        severity="critical",
        caught_by="landing_mix.intelligence_report_category",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "category", mapped({"drugs_supply": "firearm_supply"})),
    ),
    Fault(
        name="retracted_as_live",
        touches="intelligence_report.record_status",
        story="The export forgets the status and writes its default.",
        harm="Intelligence that was taken back, because it was wrong, counts against people again.",
        severity="critical",
        caught_by="landing_mix.intelligence_report_record_status",
        magnitude=share(0.5, 1.0),
        inject=changed(REPORTS, "record_status", always("live"), where=is_in("record_status", "retracted")),
    ),
    Fault(
        name="future_dated",
        touches="intelligence_report.submitted_at",
        story="The clock of the bureau's new server is wrong.",
        harm="What is dated after the assessment does not count yet, so recent intelligence goes missing.",
        severity="critical",
        caught_by="landing_mix.intelligence_report_submitted_age",
        magnitude=days(2, 30, "days ahead"),
        inject=_clock_ahead,
    ),
    Fault(
        name="intelligence_of_another_force",
        touches="intelligence_subject.nominal_id",
        story="A shared bureau delivers another force's people with ours, under their own index's numbers.",
        harm="The named people are not in our index; if numbers met by chance, the wrong person would be listed.",
        severity="critical",
        caught_by="quarantine_shares.unknown_nominal_is_rare",
        magnitude=share(0.1, 0.5),
        inject=changed(
            SUBJECTS,
            "nominal_id",
            lambda ids: pc.replace_substring_regex(ids, "^SYN-", "SYN-7"),
        ),
    ),
)
