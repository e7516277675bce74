"""pandas: frames in memory, one operation after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd

from benchmarks.policy import parameters
from vha.extract.contract import TABLES, Table
from vha.publish.list_hash import Value

UNIT = 10_000
"""Points are whole numbers of ten-thousandths here, so that sums are exact."""

_DATE = r"(?:(?:19|20)\d\d|2100)-\d\d-\d\d"


def assess(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The assessment list, in rank order; pandas knows no limit of memory."""
    rules, now = parameters(), pd.Timestamp(as_of)
    seed = {
        name: pd.read_parquet(policy / f"{name}.parquet")
        for name in ("offences", "points", "intelligence", "outcomes", "codes")
    }
    for name in ("points", "intelligence"):
        seed[name] = seed[name].dropna(subset=["points"])
        seed[name]["points"] = (seed[name]["points"] * UNIT).astype("int64")
    codes = {domain: set(rows) for domain, rows in seed["codes"].groupby("domain")["code"]}
    t = {table.name: latest(landing, table) for table in TABLES}

    def active(start: pd.Series, end: pd.Series) -> pd.Series:
        return (start <= now) & (end.isna() | (end > now))

    # The person index.
    nominals = t.pop("nominal")
    nominals = nominals[nominals["nominal_id"].notna()]
    merges = nominals[["nominal_id", "merged_into"]].dropna().set_axis(["a", "b"], axis=1)
    merge_closure = closure(merges)
    circles = merge_closure.loc[merge_closure["a"] == merge_closure["b"], "a"]
    nominals = nominals.assign(born=day(nominals["date_of_birth"]), died_on=day(nominals["deceased_on"]))
    nominals["is_bad"] = (
        nominals["undated"]
        | (nominals["date_of_birth"].notna() & nominals["born"].isna())
        | (nominals["deceased_on"].notna() & nominals["died_on"].isna())
        | (nominals["merged_into"].notna() & ~nominals["merged_into"].isin(nominals["nominal_id"]))
        | nominals["nominal_id"].isin(circles)
    )
    edges = merges[merges["a"].isin(nominals.loc[~nominals["is_bad"], "nominal_id"])]
    reached = closure(edges)
    survivors = reached[~reached["b"].isin(edges["a"])].set_index("a")["b"]

    def carried_on(ids: pd.Series) -> pd.Series:
        return ids.map(survivors).fillna(ids)

    nominals["person"] = carried_on(nominals["nominal_id"])
    people = nominals[nominals["merged_into"].isna() & ~nominals["is_bad"]].set_index("nominal_id")["born"]
    persons = nominals.loc[nominals["person"].isin(people.index), ["nominal_id", "person"]]

    # Crime reports, and the older ones that they were carried over from.
    reports = t.pop("crime_report")
    reports = reports[reports["crime_ref"].notna()]
    reports = reports.merge(seed["offences"], on="offence_code", how="left")
    reports = reports.merge(seed["outcomes"], on="outcome_code", how="left")
    reports["recorded_on"] = moment(reports["recorded_at"])
    reports["from_on"] = day(reports["committed_from"])
    reports["older_ref"] = reports["migrated_from_ref"].where(
        reports["migrated_from_ref"].isin(reports["crime_ref"])
    )
    places = ["public", "private_domestic", "private_other", "custody", "online"]
    reports["is_sound"] = (
        ~reports["undated"]
        & (reports["from_on"] <= reports["recorded_on"])
        & (reports["committed_to"].isna() | day(reports["committed_to"]).notna())
        & reports["scope"].notna()
        & reports["source_system"].isin(["CRIS", "CONNECT"])
        & reports["record_status"].isin(["live", "cancelled", "transferred"])
        & (reports["location_kind"].isna() | reports["location_kind"].isin(places))
        & (reports["outcome_code"].isna() | reports["scores"].notna())
    )
    reports["stands"] = reports["is_sound"] & (reports["record_status"] == "live")
    renewing = reports[
        reports["is_sound"] & reports["older_ref"].notna() & (reports["older_ref"] != reports["crime_ref"])
    ]
    replaced = renewing[renewing["stands"]].groupby("older_ref")["recorded_on"].min()
    carried = closure(renewing[["crime_ref", "older_ref"]].set_axis(["a", "b"], axis=1))
    carried = carried[carried["a"] != carried["b"]].set_axis(["crime_ref", "older_ref"], axis=1)
    sound_refs = reports.loc[reports["is_sound"], "crime_ref"]

    # Flags, and what each report is worth, whoever is linked to it.
    flags = t.pop("crime_flag")
    is_weapon = flags["flag"].isin(["knife", "firearm"]) & flags["origin"].isin(["manual", "derived"])
    held = flags.loc[
        flags["crime_ref"].notna() & ((flags["flag"] == "domestic") | (is_weapon & ~flags["undated"])),
        ["crime_ref", "flag"],
    ]
    inherited = carried.merge(held.set_axis(["older_ref", "flag"], axis=1), on="older_ref")
    inherited = inherited[inherited["older_ref"].isin(sound_refs) | (inherited["flag"] == "domestic")]
    held = pd.concat([held, inherited[["crime_ref", "flag"]]])

    def flagged(flag: str) -> pd.Series:
        return reports["crime_ref"].isin(held.loc[held["flag"] == flag, "crime_ref"])

    knife, firearm = flagged("knife"), flagged("firearm")
    reports["is_domestic"] = flagged("domestic") | (
        (reports["location_kind"] == "private_domestic") & (reports["at_home"] == False)  # noqa: E712
    )
    in_scope = (
        (reports["scope"] == "always")
        | ((reports["scope"] == "knife") & knife)
        | ((reports["scope"] == "firearm") & firearm)
        | ((reports["scope"] == "knife_or_firearm") & (knife | firearm))
    )
    reports["replaced_on"] = reports["crime_ref"].map(replaced)
    reports["is_live"] = reports["stands"] & active(reports["recorded_on"], reports["replaced_on"])
    can_score = (
        reports["stands"] & ~reports["is_domestic"] & in_scope
        & (reports["scores"] != False) & (reports["no_suspect"] != True)  # noqa: E712
    )  # fmt: skip
    worth = reports[["crime_ref", "is_domestic", "is_live"]]
    scoring = reports.loc[
        can_score & reports["is_live"], ["crime_ref", "recorded_on", "from_on", "offence_code"]
    ]

    # Restrictions follow the person and the report; a bad one counts, for the whole person.
    rows = t.pop("restriction")
    rows = rows[rows["nominal_id"].isin(nominals["nominal_id"])]
    starts, ends = day(rows["starts_on"]), day(rows["ends_on"])
    is_sound = (
        rows["restriction_id"].notna() & ~rows["undated"] & starts.notna()
        & (rows["ends_on"].isna() | ends.notna())
        & rows["reason"].isin(["accuracy_contested", "objection_upheld", "legal_hold"])
    )  # fmt: skip
    rows = rows.assign(record_ref=rows["record_ref"].where(is_sound))[~is_sound | active(starts, ends)]
    barred = rows[["nominal_id", "record_ref"]]
    through = barred.merge(merge_closure, left_on="nominal_id", right_on="a")
    barred = pd.concat([barred, through[["b", "record_ref"]].set_axis(barred.columns, axis=1)])
    renewed = barred.dropna().merge(carried, left_on="record_ref", right_on="older_ref")
    barred = pd.concat(
        [barred, renewed[["nominal_id", "crime_ref"]].set_axis(barred.columns, axis=1)]
    ).drop_duplicates()
    barred = barred.set_axis(["person", "ref"], axis=1)

    # Crime points.
    links = t.pop("crime_person")
    links["linked_on"] = moment(links["linked_at"])
    links = links[
        (links["link_status"] == "live") & links["role"].isin(["suspect", "accused"])
        & ~links["undated"] & (links["linked_on"] <= now)
    ]  # fmt: skip
    crime = (
        links[["crime_ref", "nominal_id"]]
        .merge(scoring, on="crime_ref")
        .merge(persons, on="nominal_id")
        .drop_duplicates(["person", "crime_ref"])
    )
    born = crime["person"].map(people)
    crime = crime[born.isna() | (years(born, crime["from_on"]) >= int(rules["minimum_age"]))]
    crime = crime.assign(years=years(crime["from_on"], now)).merge(
        seed["points"], on=["offence_code", "years"]
    )
    crime = without(crime, "crime_ref", barred)

    # Intelligence.
    told = t.pop("intelligence_report")
    grading = ["category", "grading_scheme", "source_grade", "assessment_grade"]
    told[grading[1:]] = told[grading[1:]].fillna("")
    told["submitted_on"] = moment(told["submitted_at"])
    told = told[
        (told["record_status"] == "live") & ~told["undated"]
        & (told["event_on"].isna() | day(told["event_on"]).notna())
        & told["handling_code"].isin(codes["handling_code"]) & (told["submitted_on"] <= now)
        & (years(told["submitted_on"], now) < int(rules["intelligence_window_years"]))
        & (told["linked_crime_ref"].isna() | told["linked_crime_ref"].isin(worth["crime_ref"]))
    ]  # fmt: skip
    subjects = t.pop("intelligence_subject")
    subjects = subjects[(subjects["involvement"] == "subject") & ~subjects["undated"]]
    told = (
        told.merge(seed["intelligence"], on=grading)
        .merge(subjects[["intel_ref", "nominal_id"]].dropna(), on="intel_ref")
        .merge(persons, on="nominal_id")
        .drop_duplicates(["person", "intel_ref"])
    )
    told = without(told, "intel_ref", barred)[["person", "intel_ref", "linked_crime_ref", "points"]]
    links = told[["linked_crime_ref"]].dropna().drop_duplicates()
    newer = links.merge(carried, left_on="linked_crime_ref", right_on="older_ref")
    meant = pd.concat(
        [links.assign(crime_ref=links["linked_crime_ref"]), newer[["linked_crime_ref", "crime_ref"]]]
    ).merge(worth[worth["is_live"]], on="crime_ref")
    about = told.merge(meant, on="linked_crime_ref")
    used = pd.concat([barred, crime[["person", "crime_ref"]].set_axis(["person", "ref"], axis=1)])
    about["is_out"] = about["is_domestic"] | is_among(about, "crime_ref", used)
    out = about.groupby(["person", "intel_ref"])["is_out"].any().rename("is_out").reset_index()
    told = told.merge(out, on=["person", "intel_ref"], how="left")
    told = told[told["linked_crime_ref"].isna() | (told["is_out"] == False)]  # noqa: E712

    # The list.
    totals = crime.groupby("person").agg(
        crime_score=("points", "sum"),
        crime_reports=("points", lambda points: (points > 0).sum()),
        latest=("from_on", "max"),
    )
    totals = totals[totals["crime_reports"] >= int(rules["minimum_crime_reports"])]
    uncapped = told.groupby("person")["points"].sum().reindex(totals.index).fillna(0).astype("int64")
    cap = int(Decimal(rules["intelligence_cap_ratio"]) * UNIT)
    highest = (totals["crime_score"] * cap + UNIT // 2) // UNIT
    totals["intelligence_score"] = uncapped.where(uncapped <= highest, highest)
    totals["total"] = totals["crime_score"] + totals["intelligence_score"]
    totals["age"] = years(pd.Series(totals.index.map(people), totals.index), now)
    known_dead = nominals[nominals["died_on"].notna() & ~nominals["is_bad"] & (nominals["died_on"] <= now)]
    listed = totals[
        (totals["total"] >= int(Decimal(rules["score_threshold"]) * UNIT))
        & (totals["age"] >= int(rules["minimum_age"]))
        & ~totals.index.isin(known_dead["person"])
        & ~totals.index.isin(barred.loc[barred["ref"].isna(), "person"])
    ]
    rows = t.pop("safeguarding")
    opened, closed = day(rows["opened_on"]), day(rows["closed_on"])
    rows = rows[
        ~rows["undated"] & rows["nominal_id"].notna() & rows["kind"].isin(codes["safeguarding_kind"])
        & (rows["closed_on"].isna() | closed.notna()) & active(opened, closed)
    ]  # fmt: skip
    referred = set(carried_on(rows["nominal_id"]))
    order = ["total", "crime_score", "latest", "person"]
    listed = listed.reset_index().sort_values(order, ascending=[False, False, False, True])
    return [
        (
            as_of, rank, row.person,
            *(Decimal(int(points)).scaleb(-4) for points in (row.total, row.crime_score, row.intelligence_score)),
            int(row.crime_reports), row.latest.date(), int(row.age), row.age < int(rules["adult_age"]),
            row.person in referred,
        )
        for rank, row in enumerate(listed.itertuples(), 1)
    ]  # fmt: skip


def latest(landing: Path, table: Table) -> pd.DataFrame:
    """A table with clean texts, the latest of duplicates only, and whether its last change has no sound date."""
    keys, texts = list(table.primary_key), [x.name for x in table.columns]
    rows = pd.read_parquet(landing / f"{table.path}.parquet")
    for name in texts:
        column = rows[name].astype("str").str.strip(" \t\n\r")
        rows[name] = column.mask(column == "")
    rows["undated"] = moment(rows["updated_at"]).isna()
    twice = rows.duplicated(keys, keep=False) & rows[keys].notna().all(axis=1)
    others = [name for name in texts if name not in keys]
    order = ["at", *others, "landing_row"]
    versions = rows[twice].assign(at=rows["updated_at"].mask(rows["undated"]))
    versions = versions.sort_values(order, ascending=[False] * (len(order) - 1) + [True]).drop_duplicates(
        keys
    )
    return pd.concat([rows[~twice], versions[rows.columns]]).drop(columns="landing_row")


def closure(edges: pd.DataFrame) -> pd.DataFrame:
    """From steps a to b to everything that can be reached from a."""
    walks = edges.drop_duplicates()
    while True:
        further = walks.merge(walks, left_on="b", right_on="a")[["a_x", "b_y"]].set_axis(["a", "b"], axis=1)
        longer = pd.concat([walks, further]).drop_duplicates()
        if len(longer) == len(walks):
            return walks
        walks = longer


def day(text: pd.Series) -> pd.Series:
    known = text.str.fullmatch(_DATE).fillna(False).astype(bool)
    return pd.to_datetime(text.where(known), format="%Y-%m-%d", errors="coerce")


def moment(text: pd.Series) -> pd.Series:
    known = text.str.fullmatch(rf"{_DATE} \d\d:\d\d:\d\d").fillna(False).astype(bool)
    return pd.to_datetime(text.where(known), format="%Y-%m-%d %H:%M:%S", errors="coerce").dt.normalize()


def years(since: pd.Series, until: pd.Series | pd.Timestamp) -> pd.Series:
    until = pd.Series(until, since.index)
    before = until.dt.month * 100 + until.dt.day < since.dt.month * 100 + since.dt.day
    return until.dt.year - since.dt.year - before.astype("int64")


def is_among(rows: pd.DataFrame, ref: str, pairs: pd.DataFrame) -> pd.Series:
    """Whether a row's person and record are one of the pairs."""
    found = pd.MultiIndex.from_frame(rows[["person", ref]]).isin(pd.MultiIndex.from_frame(pairs.dropna()))
    return pd.Series(found, rows.index)


def without(rows: pd.DataFrame, ref: str, pairs: pd.DataFrame) -> pd.DataFrame:
    return rows[~is_among(rows, ref, pairs)]
