"""Polars: lazy frames in its streaming engine, steps that are used more than once kept as Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from benchmarks.policy import parameters
from vha.extract.contract import TABLES, Table
from vha.publish.list_hash import Value

UNIT = 10_000
"""Points are whole numbers of ten-thousandths here, so that sums are exact."""


def assess(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The assessment list, in rank order; Polars knows no limit of memory."""
    rules = parameters()
    seed = {
        name: pl.read_parquet(policy / f"{name}.parquet").lazy()
        for name in ("offences", "points", "intelligence", "outcomes", "codes")
    }
    for name in ("points", "intelligence"):
        seed[name] = seed[name].with_columns((pl.col("points") * UNIT).cast(pl.Int64))
    t = {table.name: latest(landing, work, table) for table in TABLES}

    def keep(name: str, frame: pl.LazyFrame) -> pl.LazyFrame:
        frame.sink_parquet(work / f"{name}.parquet")
        return pl.scan_parquet(work / f"{name}.parquet")

    def codes(domain: str) -> list[str]:
        return list(seed["codes"].filter(pl.col("domain") == domain).collect()["code"])

    def active(start: pl.Expr, end: pl.Expr) -> pl.Expr:
        return (start <= as_of) & (end.is_null() | (end > as_of))

    # The person index.
    c = pl.col
    merges = t["nominal"].select(a="nominal_id", b="merged_into").drop_nulls().collect(engine="streaming")
    merge_closure = closure(merges)
    circles = merge_closure.filter(c("a") == c("b"))["a"].unique().implode()
    ids = t["nominal"].select(c("nominal_id").alias("merged_into"), known=pl.lit(True)).drop_nulls()
    nominals = keep(
        "nominals",
        t["nominal"]
        .filter(c("nominal_id").is_not_null())
        .join(ids, on="merged_into", how="left")
        .select(
            "nominal_id", "merged_into", born_on=day("date_of_birth"), died_on=day("deceased_on"),
            is_bad=undated() | bad_day("date_of_birth") | bad_day("deceased_on")
            | (c("merged_into").is_not_null() & c("known").is_null()) | c("nominal_id").is_in(circles),
        ),
    )  # fmt: skip
    sound = nominals.filter(c("merged_into").is_not_null() & ~c("is_bad"))
    edges = sound.select(a="nominal_id", b="merged_into").collect(engine="streaming")
    survivors = closure(edges).join(edges, left_on="b", right_on="a", how="anti").lazy()
    survivors = survivors.select(nominal_id="a", reaches="b")
    carried_on = nominals.join(survivors, on="nominal_id", how="left").with_columns(
        person=pl.coalesce("reaches", "nominal_id")
    )
    people = nominals.filter(c("merged_into").is_null() & ~c("is_bad")).select(
        person="nominal_id", born="born_on"
    )
    persons = keep("persons", carried_on.join(people, on="person").select("nominal_id", "person", "born"))

    # Crime reports, and the older ones that they were carried over from.
    older = (
        t["crime_report"]
        .select(c("crime_ref").alias("migrated_from_ref"), older_ref="crime_ref")
        .drop_nulls()
    )
    offences = seed["offences"].select("offence_code", "scope", "at_home")
    reports = keep(
        "reports",
        t["crime_report"]
        .filter(c("crime_ref").is_not_null())
        .join(older, on="migrated_from_ref", how="left")
        .join(offences, on="offence_code", how="left")
        .join(seed["outcomes"], on="outcome_code", how="left")
        .select(
            "crime_ref", "older_ref", "offence_code", "scope", "at_home", "scores", "no_suspect", "location_kind",
            "record_status", recorded_on=moment("recorded_at"), committed_from=day("committed_from"),
            is_sound=~undated() & moment("recorded_at").is_not_null() & day("committed_from").is_not_null()
            & ~bad_day("committed_to") & c("scope").is_not_null()
            & (day("committed_from") <= moment("recorded_at")).fill_null(False)
            & c("source_system").is_in(["CRIS", "CONNECT"]).fill_null(False)
            & c("record_status").is_in(["live", "cancelled", "transferred"]).fill_null(False)
            & c("location_kind")
            .is_in(["public", "private_domestic", "private_other", "custody", "online"])
            .fill_null(True)
            & (c("outcome_code").is_null() | c("scores").is_not_null()),
        ),
    )  # fmt: skip
    renewing = reports.filter(c("is_sound") & (c("older_ref") != c("crime_ref")))
    replaced = (
        renewing.filter(c("record_status") == "live")
        .group_by(crime_ref="older_ref")
        .agg(replaced_on=c("recorded_on").min())
    )
    steps = renewing.select(a="crime_ref", b="older_ref").collect(engine="streaming")
    carried = (
        closure(steps)
        .lazy()
        .filter(c("a") != c("b"))
        .join(reports.select(b="crime_ref", is_older_sound="is_sound"), on="b")
        .select("is_older_sound", crime_ref="a", older_ref="b")
        .collect(engine="streaming")
        .lazy()
    )

    # Flags, and what each report is worth, whoever is linked to it.
    held = t["crime_flag"].filter(
        c("crime_ref").is_not_null()
        & (
            (c("flag") == "domestic")
            | (c("flag").is_in(["knife", "firearm"]) & c("origin").is_in(["manual", "derived"]) & ~undated())
        )
    ).select("crime_ref", "flag")  # fmt: skip
    inherited = (
        carried.join(held, left_on="older_ref", right_on="crime_ref")
        .filter(c("is_older_sound") | (c("flag") == "domestic"))
        .select("crime_ref", "flag")
    )
    flagged = pl.concat([held, inherited]).group_by("crime_ref").agg(
        *((c("flag") == flag).any().alias(flag) for flag in ("domestic", "knife", "firearm"))
    )  # fmt: skip
    knife, firearm = c("knife").fill_null(False), c("firearm").fill_null(False)
    domestic = c("domestic").fill_null(False) | (
        (c("location_kind") == "private_domestic") & ~c("at_home")
    ).fill_null(False)
    in_scope = (
        pl.when(c("scope") == "always").then(True)
        .when(c("scope") == "knife").then(knife)
        .when(c("scope") == "firearm").then(firearm)
        .when(c("scope") == "knife_or_firearm").then(knife | firearm)
        .otherwise(False)
    )  # fmt: skip
    worth = keep(
        "worth",
        reports.join(flagged, on="crime_ref", how="left")
        .join(replaced, on="crime_ref", how="left")
        .with_columns(stands=c("is_sound") & (c("record_status") == "live").fill_null(False), is_domestic=domestic)
        .select(
            "crime_ref", "recorded_on", "replaced_on", "committed_from", "offence_code", "stands", "is_domestic",
            can_score=c("stands") & ~c("is_domestic") & c("scores").fill_null(True)
            & ~c("no_suspect").fill_null(False) & in_scope,
        ),
    )  # fmt: skip

    # Restrictions follow the person and the report; a bad one counts, for the whole person.
    sound_restriction = (
        c("restriction_id").is_not_null() & ~undated() & day("starts_on").is_not_null() & ~bad_day("ends_on")
        & c("reason").is_in(["accuracy_contested", "objection_upheld", "legal_hold"]).fill_null(False)
    )  # fmt: skip
    restricted = (
        t["restriction"]
        .join(nominals.select("nominal_id"), on="nominal_id", how="semi")
        .filter(~sound_restriction | active(day("starts_on"), day("ends_on")))
        .select("nominal_id", record_ref=pl.when(sound_restriction).then(c("record_ref")))
    )
    through = restricted.join(merge_closure.lazy(), left_on="nominal_id", right_on="a").select(
        "record_ref", nominal_id="b"
    )
    everybody = pl.concat([restricted, through.select("nominal_id", "record_ref")]).collect().lazy()
    renewed = everybody.join(carried, left_on="record_ref", right_on="older_ref").select(
        "nominal_id", record_ref="crime_ref"
    )
    barred = pl.concat([everybody, renewed]).unique().collect().lazy()

    # Crime points.
    linked = (
        t["crime_person"]
        .filter(
            (c("link_status") == "live") & c("role").is_in(["suspect", "accused"])
            & ~undated() & moment("linked_at").is_not_null()
        )
        .join(worth.filter("can_score"), on="crime_ref")
        .join(persons, on="nominal_id")
        .group_by("person", "crime_ref")
        .agg(
            c("recorded_on", "replaced_on", "committed_from", "offence_code", "born").first(),
            linked_on=moment("linked_at").min(),
        )
    )  # fmt: skip
    crime = keep(
        "crime",
        linked.filter((c("linked_on") <= as_of) & active(c("recorded_on"), c("replaced_on")))
        .filter(
            (years("born", c("committed_from")) >= int(rules["minimum_age"])).fill_null(True)
        )
        .with_columns(years=years("committed_from", pl.lit(as_of)).cast(pl.Int64))
        .join(seed["points"].with_columns(c("years").cast(pl.Int64)), on=["offence_code", "years"])
        .join(barred, left_on=["person", "crime_ref"], right_on=["nominal_id", "record_ref"], how="anti")
        .select("person", "crime_ref", "committed_from", "points"),
    )  # fmt: skip

    # Intelligence.
    grading = ["category", "grading_scheme", "source_grade", "assessment_grade"]
    told = (
        t["intelligence_report"]
        .with_columns(c(grading[1:]).fill_null(""), submitted_on=moment("submitted_at"))
        .filter(
            (c("record_status") == "live") & ~undated() & ~bad_day("event_on")
            & c("handling_code").is_in(codes("handling_code")) & (c("submitted_on") <= as_of)
            & (years("submitted_on", pl.lit(as_of)) < int(rules["intelligence_window_years"]))
        )
        .join(seed["intelligence"].drop_nulls("points"), on=grading)
        .join(worth.select(linked_crime_ref="crime_ref", known=pl.lit(True)), on="linked_crime_ref", how="left")
        .filter(c("linked_crime_ref").is_null() | c("known"))
        .join(t["intelligence_subject"].filter((c("involvement") == "subject") & ~undated()), on="intel_ref")
        .join(persons, on="nominal_id")
        .join(barred, left_on=["person", "intel_ref"], right_on=["nominal_id", "record_ref"], how="anti")
        .select("person", "intel_ref", "points", "linked_crime_ref")
        .unique()
        .collect(engine="streaming")
        .lazy()
    )  # fmt: skip
    links = told.select("linked_crime_ref").drop_nulls().unique()
    meant = (
        pl.concat(
            [
                links.with_columns(crime_ref="linked_crime_ref"),
                links.join(carried, left_on="linked_crime_ref", right_on="older_ref").select(
                    "linked_crime_ref", "crime_ref"
                ),
            ]
        )
        .join(worth.filter(c("stands") & active(c("recorded_on"), c("replaced_on"))), on="crime_ref")
        .select("linked_crime_ref", "crime_ref", "is_domestic")
    )
    marks = {
        "is_barred": barred.select(c("record_ref").alias("crime_ref"), person="nominal_id"),
        "is_counted": crime.select("crime_ref", "person"),
    }
    about = told.join(meant, on="linked_crime_ref")
    for mark, pairs in marks.items():
        about = about.join(
            pairs.with_columns(pl.lit(True).alias(mark)), on=["person", "crime_ref"], how="left"
        )
    out = about.group_by("person", "intel_ref").agg(
        is_out=(c("is_domestic") | c("is_barred").is_not_null() | c("is_counted").is_not_null()).any()
    )
    informed = (
        told.join(out, on=["person", "intel_ref"], how="left")
        .filter(c("linked_crime_ref").is_null() | ~c("is_out"))
        .group_by("person")
        .agg(uncapped=c("points").sum())
    )

    # The list.
    deaths = (
        carried_on.filter(c("died_on").is_not_null() & ~c("is_bad"))
        .group_by("person")
        .agg(died_on=c("died_on").min())
    )
    referred = (
        t["safeguarding"]
        .filter(
            ~undated() & ~bad_day("closed_on") & c("kind").is_in(codes("safeguarding_kind"))
            & active(day("opened_on"), day("closed_on"))
        )
        .join(survivors, on="nominal_id", how="left")
        .select(person=pl.coalesce("reaches", "nominal_id"), has_referral=pl.lit(True))
        .unique()
    )  # fmt: skip
    cap = int(Decimal(rules["intelligence_cap_ratio"]) * UNIT)
    listed = (
        crime.group_by("person")
        .agg(
            crime_score=c("points").sum(),
            crime_reports=(c("points") > 0).sum(),
            latest=c("committed_from").max(),
        )
        .filter(c("crime_reports") >= int(rules["minimum_crime_reports"]))
        .join(informed, on="person", how="left")
        .with_columns(
            intelligence_score=pl.min_horizontal(
                c("uncapped").fill_null(0), (c("crime_score") * cap + UNIT // 2) // UNIT
            )
        )
        .with_columns(total=c("crime_score") + c("intelligence_score"))
        .filter(c("total") >= int(Decimal(rules["score_threshold"]) * UNIT))
        .join(people, on="person")
        .join(deaths, on="person", how="left")
        .join(referred, on="person", how="left")
        .join(barred.filter(c("record_ref").is_null()), left_on="person", right_on="nominal_id", how="anti")
        .with_columns(age=years("born", pl.lit(as_of)))
        .filter((c("age") >= int(rules["minimum_age"])) & (c("died_on").is_null() | (c("died_on") > as_of)))
        .collect(engine="streaming")
        .sort(["total", "crime_score", "latest", "person"], descending=[True, True, True, False])
        .select(
            "person", "total", "crime_score", "intelligence_score", "crime_reports", "latest", "age",
            c("has_referral").fill_null(False),
        )
    )  # fmt: skip
    return [
        (
            as_of, rank, person, *(Decimal(points).scaleb(-4) for points in scores),
            count, last, age, age < int(rules["adult_age"]), referral,
        )
        for rank, (person, *scores, count, last, age, referral) in enumerate(listed.iter_rows(), 1)
    ]  # fmt: skip


def latest(landing: Path, work: Path, table: Table) -> pl.LazyFrame:
    """A table with clean texts, the latest of duplicates only. Keys that occur twice are few."""
    keys, others = list(table.primary_key), [x.name for x in table.columns if x.name not in table.primary_key]
    texts = [x.name for x in table.columns]
    trimmed = pl.col(texts).str.strip_chars(" \t\n\r")
    rows = pl.scan_parquet(landing / f"{table.path}.parquet").with_columns(trimmed.replace("", None))
    doubled = (
        rows.select(keys)
        .drop_nulls()
        .group_by(keys)
        .len()
        .filter(pl.col("len") > 1)
        .select(keys)
        .collect(engine="streaming")
    )
    versions = (
        rows.join(doubled.lazy(), on=keys, how="semi")
        .collect(engine="streaming")
        .with_columns(at=pl.when(~undated()).then(pl.col("updated_at")))
        .sort(
            "at", *others, "landing_row",
            descending=[True] * (len(others) + 1) + [False], nulls_last=True,
        )
        .unique(keys, keep="first", maintain_order=True)
        .select("landing_row", *texts)
    )  # fmt: skip
    alone = rows.join(doubled.lazy(), on=keys, how="anti").select("landing_row", *texts)
    file = work / f"landed_{table.name}.parquet"
    pl.concat([alone, versions.lazy()]).select(texts).sink_parquet(file)
    return pl.scan_parquet(file)


def closure(edges: pl.DataFrame) -> pl.DataFrame:
    """From steps a to b to everything that can be reached from a."""
    walks = edges.select("a", "b").unique()
    while True:
        further = walks.join(walks, left_on="b", right_on="a").select("a", b="b_right")
        longer = pl.concat([walks, further]).unique()
        if longer.height == walks.height:
            return walks
        walks = longer


def day(column: str) -> pl.Expr:
    text = pl.col(column)
    found = text.str.to_date("%Y-%m-%d", strict=False)
    known = (found.dt.to_string("%Y-%m-%d") == text) & text.is_between(
        pl.lit("1900-01-01"), pl.lit("2100-12-31")
    )
    return pl.when(known).then(found)


def bad_day(column: str) -> pl.Expr:
    return pl.col(column).is_not_null() & day(column).is_null()


def moment(column: str) -> pl.Expr:
    text = pl.col(column)
    found = text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    known = (found.dt.to_string("%Y-%m-%d %H:%M:%S") == text) & text.is_between(
        pl.lit("1900-01-01 00:00:00"), pl.lit("2100-12-31 23:59:59")
    )
    return pl.when(known).then(found.dt.date())


def undated() -> pl.Expr:
    return moment("updated_at").is_null()


def years(since: str, until: pl.Expr) -> pl.Expr:
    def of_year(x: pl.Expr) -> pl.Expr:
        return x.dt.month().cast(pl.Int32) * 100 + x.dt.day().cast(pl.Int32)

    start = pl.col(since)
    return until.dt.year() - start.dt.year() - (of_year(until) < of_year(start)).cast(pl.Int32)
