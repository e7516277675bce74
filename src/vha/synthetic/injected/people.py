"""Faults of the person index."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vha.synthetic.chance import DAY, Bools, chance
from vha.synthetic.injected.edits import always, blank, changed, dates, mapped, moments, put, whole
from vha.synthetic.injected.fault import Delivery, Fault, share

NOMINALS = "nominal"


def _blank_in_a_borough(delivery: Delivery) -> str:
    rows = delivery.tables[NOMINALS]
    of = _borough_of_latest_report(delivery)
    counts = pc.value_counts(of.drop_null())
    common = [entry["values"] for entry in counts.to_pylist() if entry["counts"] >= 0.02 * rows.num_rows]
    borough = sorted(common)[int(delivery.rng.integers(len(common)))]
    theirs = pc.equal(of, borough).fill_null(False).to_numpy(zero_copy_only=False)
    theirs &= chance(delivery.rng, delivery.magnitude, rows.num_rows)
    delivery.tables[NOMINALS] = put(rows, "self_defined_ethnicity", theirs, None)
    return f"self-defined ethnicity is blank for {theirs.sum():,} people last reported on in {borough}"


def _borough_of_latest_report(delivery: Delivery) -> pa.Array:
    """For each row of the index the borough of the latest report that names the person, null for none."""
    reports, links = delivery.tables["crime_report"], delivery.tables["crime_person"]
    linked = moments(links["linked_at"])
    order = np.argsort(np.where(np.isnat(linked), np.datetime64("1900-01-01"), linked), kind="stable")[::-1]
    latest = links.take(pa.array(order))
    of_person = pc.index_in(delivery.tables[NOMINALS]["nominal_id"], value_set=whole(latest["nominal_id"]))
    report = pc.index_in(
        whole(latest["crime_ref"]).take(whole(of_person)), value_set=whole(reports["crime_ref"])
    )
    return whole(reports["borough"]).take(report)


def _misaligned(delivery: Delivery) -> str:
    rows = delivery.tables[NOMINALS]
    codes = whole(rows["officer_observed_ethnicity"])
    where = np.flatnonzero(chance(delivery.rng, delivery.magnitude, len(codes)))
    order = np.arange(len(codes))
    order[where] = delivery.rng.permutation(where)
    delivery.tables[NOMINALS] = put(
        rows, "officer_observed_ethnicity", np.ones(len(codes), dtype=bool), codes.take(pa.array(order))
    )
    return f"{where.size:,} people have the officer-observed ethnicity of somebody else"


def _officers_codes(delivery: Delivery) -> str:
    rows = delivery.tables[NOMINALS]
    chosen = chance(delivery.rng, delivery.magnitude, rows.num_rows)
    values = whole(rows["officer_observed_ethnicity"])
    delivery.tables[NOMINALS] = put(rows, "self_defined_ethnicity", chosen, values)
    return f"{chosen.sum():,} people have officers' codes as their own"


def _minors_defaulted(delivery: Delivery) -> str:
    rows = delivery.tables[NOMINALS]
    birth = dates(rows["date_of_birth"])
    minors = (birth > delivery.today - int(18 * 365.25) * DAY) & (birth <= delivery.today)
    minors &= chance(delivery.rng, delivery.magnitude, rows.num_rows)
    default = ("1900-01-01", "1970-01-01")[int(delivery.rng.integers(2))]
    values = always(default)(whole(rows["date_of_birth"]))
    delivery.tables[NOMINALS] = put(rows, "date_of_birth", minors, values)
    return f"{minors.sum():,} children are born on {default}"


def _born_this_century(rows: pa.Table) -> Bools:
    born: Bools = pc.starts_with(whole(rows["date_of_birth"]), "20").fill_null(False).to_numpy(False)
    return born


FAULTS = (
    Fault(
        name="merged_people_unmerged",
        touches="nominal.merged_into",
        story="The index was restored from a backup of before its last cleaning.",
        harm="One person's records stand under several names, and none of them has enough to be listed.",
        severity="critical",
        caught_by="landing_mix.nominal_merged_into",
        magnitude=share(0.5, 1.0),
        inject=changed(NOMINALS, "merged_into", blank),
    ),
    Fault(
        name="ethnicity_blank_in_a_borough",
        touches="nominal.self_defined_ethnicity",
        story="One borough's custody suite uses a form without the question.",
        harm="Nobody's score changes, but no one can see how the list bears on the people of that borough.",
        severity="warning",
        caught_by="landing_boroughs.self_defined_ethnicity_is_recorded_everywhere",
        magnitude=share(0.8, 1.0, "of the people of one borough"),
        inject=_blank_in_a_borough,
    ),
    Fault(
        name="officer_codes_in_self_defined",
        touches="nominal.self_defined_ethnicity",
        story="Two columns with similar names are mixed up in the export.",
        harm="What officers saw is shown as what people say of themselves.",
        severity="critical",
        caught_by="landing_mix.nominal_self_defined_ethnicity",
        magnitude=share(0.3, 1.0, "of the people"),
        inject=_officers_codes,
    ),
    Fault(
        name="codes_lower_case",
        touches="nominal.self_defined_ethnicity",
        story="A clean-up writes all codes in small letters.",
        harm="Ethnicity is missing from every figure, and nobody can see on whom the list bears.",
        severity="critical",
        caught_by="landing_mix.nominal_self_defined_ethnicity",
        magnitude=share(0.3, 1.0),
        inject=changed(NOMINALS, "self_defined_ethnicity", pc.utf8_lower),
    ),
    Fault(
        name="mixed_group_vanishes",
        touches="nominal.self_defined_ethnicity",
        story="A new form offers no Mixed groups, and their entries are filed under any other group.",
        harm="People of Mixed groups disappear from the figures, and what the list does to them with it.",
        severity="critical",
        caught_by="landing_mix.nominal_self_defined_ethnicity",
        magnitude=share(0.8, 1.0),
        inject=changed(
            NOMINALS, "self_defined_ethnicity", mapped({"M1": "O9", "M2": "O9", "M3": "O9", "M9": "O9"})
        ),
    ),
    Fault(
        name="ethnicity_misaligned",
        touches="nominal.officer_observed_ethnicity",
        story="A spreadsheet was sorted by one column without the others.",
        harm="The mix looks right and is of the wrong people, so every comparison between groups misleads.",
        severity="warning",
        caught_by="landing_mix.nominal_ethnicity_agreement",
        magnitude=share(0.3, 1.0, "of the people"),
        inject=_misaligned,
    ),
    Fault(
        name="sexes_swapped",
        touches="nominal.sex",
        story="A mapping of numbers to letters is turned round.",
        harm="Women are counted as men and men as women in every figure.",
        severity="warning",
        caught_by="landing_mix.nominal_sex",
        magnitude=share(0.6, 1.0),
        inject=changed(NOMINALS, "sex", mapped({"M": "F", "F": "M"})),
    ),
    Fault(
        name="deceased_dates_lost",
        touches="nominal.deceased_on",
        story="The feed of deaths into the index has stopped.",
        harm="Dead people stay on the list, and officers call on their families.",
        severity="critical",
        caught_by="landing_mix.nominal_deceased_on",
        magnitude=share(0.5, 1.0),
        inject=changed(NOMINALS, "deceased_on", blank),
    ),
    Fault(
        name="wrong_century",
        touches="nominal.date_of_birth",
        story="An export with two digits for the year puts everybody into the last century.",
        harm="Children and young adults are assessed as very old people, and no child is shown as one.",
        severity="critical",
        caught_by="landing_mix.nominal_birth_year",
        magnitude=share(0.5, 1.0),
        inject=changed(
            NOMINALS,
            "date_of_birth",
            lambda born: pc.replace_substring_regex(born, "^20", "19"),
            where=_born_this_century,
        ),
    ),
    Fault(
        name="minors_birth_dates_defaulted",
        touches="nominal.date_of_birth",
        story="To protect children the index withholds their dates of birth, and the export fills in its default.",
        harm="Children are assessed and shown as adults, without the shorter review or the word child.",
        severity="critical",
        caught_by="landing_mix.nominal_birth_year",
        magnitude=share(0.3, 1.0, "of the children"),
        inject=_minors_defaulted,
    ),
    Fault(
        name="birth_dates_lost",
        touches="nominal.date_of_birth",
        story="A privacy setting blanks the dates of birth of a group of entries.",
        harm="People without a date of birth cannot be listed, and a child may go unnoticed.",
        severity="critical",
        caught_by="landing_mix.nominal_birth_year",
        magnitude=share(0.05, 0.3, "of the people"),
        inject=changed(NOMINALS, "date_of_birth", blank),
    ),
)
