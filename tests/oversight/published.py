"""An ``oversight.duckdb`` as a release would hold it, with invented figures: what the site is made from.

The figures are plausible, not consistent: nothing here is computed by the models. Each :class:`Shape` is a state of the
world that the pages have to be right about.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from vha.publish.history_tables import HISTORY, QUARTERLY
from vha.report.databases import REPORT_TABLES
from vha.run import Run
from vha.warehouse.seeds import SEEDS, policy_content, policy_version

AS_OF = date(2026, 9, 30)
RUN = Run("manual__2026-09-30T05-00-00-00-00", AS_OF, synthetic=True, started_by="os:starter")
PERIODS = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")

Rows = list[tuple[Any, ...]]
Made = Callable[[str], Path]


@dataclass(frozen=True)
class Shape:
    """A state of the world.

    Attributes:
        periods: quarters that have closed, the earliest first.
        listed: people on the list, as published; None where that is withheld.
        groups: share of each of the five groups among the people listed.
        earlier_releases: releases before this one.
        empty: whether every table of figures is empty.
    """

    periods: Sequence[str] = PERIODS
    listed: int | None = 1305
    groups: tuple[float, ...] = (0.22, 0.06, 0.05, 0.61, 0.02)
    earlier_releases: int = 24
    empty: bool = False


USUAL = Shape()
_LAST = PERIODS[-1:]
SHAPES = {
    "usual": USUAL,
    "no_earlier_release": Shape(_LAST, earlier_releases=0),
    "a_single_quarter": Shape(_LAST),
    "an_empty_group": Shape(_LAST, groups=(0.3, 0.0, 0.1, 0.5, 0.1)),
    "everybody_in_one_group": Shape(_LAST, groups=(0.0, 0.0, 0.0, 1.0, 0.0)),
    "all_ethnicity_missing": Shape(_LAST, groups=(0.0, 0.0, 0.0, 0.0, 0.0)),
    "a_list_of_nine_people": Shape(_LAST, listed=None),
    "every_table_empty": Shape((), earlier_releases=0, empty=True),
}

FIVE = ("White", "Mixed", "Asian", "Black", "Other")
STAGES = ("suspects", "enough_reports", "above_threshold", "listed", "removed")
OTHERS = {
    "sex": {"M": 0.92, "F": 0.07, "X": 0.0},
    "age_band": {"0-9": 0.0, "10-14": 0.03, "15-17": 0.14, "18-24": 0.41, "25-34": 0.26, "35-49": 0.12, "50-64": 0.03,
                 "65+": 0.0},
    "religion": {"none": 0.12, "christian": 0.14, "muslim": 0.07, "sikh": 0.0, "other": 0.01},
    "disability": {"Y": 0.04, "N": 0.2},
    "sexual_orientation": {"heterosexual": 0.11, "gay_lesbian": 0.0, "bisexual": 0.0, "other": 0.0},
    "officer_observed_ethnicity": {"IC1": 0.2, "IC2": 0.03, "IC3": 0.66, "IC4": 0.06, "IC5": 0.0, "IC6": 0.02},
}  # fmt: skip


def write(path: Path, shape: Shape = USUAL) -> Path:
    """Write the database and return where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as database:
        for table in QUARTERLY:
            _create(
                database, table, {name: kind for name, kind in HISTORY[table].items() if name != "run_id"}
            )
        for table, columns in _OTHER_MARTS.items():
            _create(database, table, columns)
        for table, (comment, columns) in REPORT_TABLES.items():
            _create(database, table, {name: kind for name, (kind, _) in columns.items()})
            database.execute(f"comment on table {table} is '{comment.replace(chr(39), chr(39) * 2)}'")
        for table, rows in _content(shape).items():
            if rows:
                # Whole columns at once: row by row it takes seconds.
                columns = ", ".join("unnest(?)" for _ in rows[0])
                database.execute(
                    f"insert into {table} select {columns}", list(map(list, zip(*rows, strict=True)))
                )
    return path


def _create(database: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    database.execute(f"create table if not exists {table} ({declared})")


_OTHER_MARTS = {
    "disproportionality_flags": {
        "period": "varchar", "characteristic": "varchar", "group_code": "varchar", "stage": "varchar",
        "comparisons": "bigint", "is_flagged": "boolean",
    },
    "disclosure_audit": {
        "period": "varchar", "cell": "varchar", "lower": "bigint", "upper": "bigint", "safe": "boolean",
    },
    "quarantine_counts": {"run_id": "varchar", "source_table": "varchar", "reason": "varchar", "row_count": "bigint"},
    "policy_register": {
        "parameter": "varchar", "value": "varchar", "unit": "varchar", "basis": "varchar", "source": "varchar",
        "rationale": "varchar", "effective_from": "date", "policy_version": "varchar",
    },
    "release_register": {
        "run_id": "varchar", "as_of_date": "date", "published_at": "timestamp", "git_commit": "varchar",
        "inputs_hash": "varchar", "list_hash": "varchar", "sign_off_kind": "varchar",
    },
}  # fmt: skip


def _content(shape: Shape) -> dict[str, Rows]:
    """The rows of each table."""
    quarterly: dict[str, Rows] = {name: [] for name in QUARTERLY}
    quarterly["disproportionality_flags"] = []
    for number, period in enumerate(shape.periods):
        listed = None if shape.listed is None else shape.listed + 15 * number
        quarterly["special_category_breakdown"] += _breakdown(period, listed, shape)
        quarterly["special_category_cross"] += _cross(period, listed)
        quarterly["special_category_completeness"] += _completeness(period, listed, shape)
        quarterly["special_category_completeness_by_group"] += _completeness_by_group(period, listed)
        quarterly["ethnicity_agreement"] += _agreement(period, listed)
        ratios = list(_ratios(period, listed, shape))
        quarterly["disproportionality"] += ratios
        quarterly["disproportionality_flags"] += [
            (*row[:3], row[4], 40, row[3 - 1] == "Black" and row[4] == "enough_reports")
            for row in ratios
            if row[5] == "stage_before" and row[-2] == "published"
        ]
        quarterly["list_trend"] += _trend(period, listed)
        quarterly["what_if"] += _variants(period, listed, WHAT_IF)
        quarterly["feedback"] += _variants(period, listed, FEEDBACK)
    if shape.empty:
        return quarterly
    return {**quarterly, **_standing(shape)}


def _people(listed: int | None, share: float) -> tuple[int | None, str]:
    """A protected count: to the nearest 5, or withheld."""
    if listed is None:
        return None, "suppressed"
    people = listed * share
    return (None, "suppressed") if 0 < people < 10 else (int(5 * round(people / 5)), "published")


def _shares(shape: Shape) -> dict[str, dict[str, float]]:
    five = dict(zip(FIVE, shape.groups, strict=True))
    codes = {"White": "W1", "Mixed": "M1", "Asian": "A3", "Black": "B1", "Other": "O2"}
    return {
        "self_defined_ethnicity_5": five,
        "self_defined_ethnicity_18": {code: five[group] for group, code in codes.items()},
        **OTHERS,
    }


def _breakdown(period: str, listed: int | None, shape: Shape) -> Rows:
    rows: Rows = []
    for characteristic, shares in _shares(shape).items():
        unknown = max(0.0, 1 - sum(shares.values()))
        whole = {**shares, "not_stated": unknown / 4, "missing": unknown * 3 / 4}
        for group, share in whole.items():
            people, status = _people(listed, share)
            total = listed if status == "published" else None
            percentage = None if people is None or not total else 100 * people / total
            rows.append((period, characteristic, group, people, total, percentage, status))
    return rows


def _cross(period: str, listed: int | None) -> Rows:
    return [
        (period, ethnicity, band, sex, *_people(listed, share * part * half))
        for ethnicity, share in zip(FIVE, USUAL.groups, strict=True)
        for band, part in OTHERS["age_band"].items()
        for sex, half in OTHERS["sex"].items()
    ]


def _completeness(period: str, listed: int | None, shape: Shape) -> Rows:
    rows: Rows = []
    for kind, scale in (("listed", 1), ("scored", 30), ("suspects", 90)):
        for characteristic, shares in _shares(shape).items():
            if characteristic == "self_defined_ethnicity_18":
                continue
            known = min(1.0, sum(shares.values()))
            total = None if listed is None else listed * scale
            (recorded, first), (missing, second) = _people(total, known), _people(total, 1 - known)
            whole = first == second == "published"
            name = characteristic.removesuffix("_5")
            rows.append(
                (period, kind, name, recorded, 0 if whole else None, missing, 100 * known if whole else None,
                 "published" if whole else "suppressed")
            )  # fmt: skip
    return rows


def _completeness_by_group(period: str, listed: int | None) -> Rows:
    by = {"sex": {"F": 8, "M": 80, "X": 0.001}, "age_band": {"18-24": 40, "25-34": 48}}
    rows: Rows = []
    for characteristic in ("self_defined_ethnicity", "religion"):
        for side, groups in by.items():
            for group, scale in groups.items():
                if listed is None or listed * scale < 100:
                    rows.append(
                        (period, characteristic, side, group, None, None, None, None, "secondary_suppressed")
                    )
                else:
                    people = int(5 * round(listed * scale / 10))
                    rows.append((period, characteristic, side, group, people, 0, people, 50, "published"))
    return rows


def _agreement(period: str, listed: int | None) -> Rows:
    return [
        (period, said, seen, *_people(listed, share * (0.9 if said == seen else 0.03)))
        for said, share in zip(FIVE, USUAL.groups, strict=True)
        for seen in ("White", "Asian", "Black", "Other", "missing")
    ]


def _ratios(period: str, listed: int | None, shape: Shape) -> Iterator[tuple[Any, ...]]:
    with (SEEDS / "benchmarks.csv").open(newline="") as file:
        limits = {row["benchmark"]: row["limitation"] for row in csv.DictReader(file)}
    size = {"residents": 800_000, "suspects": 40_000, "victims": 30_000, "stage_before": 4_000}
    for characteristic, reference in (("self_defined_ethnicity_5", "White"), ("officer_observed_ethnicity", "IC1"),
                                      ("sex", "F"), ("age_band", "25-34")):  # fmt: skip
        shares = _shares(shape)[characteristic]
        for place, (group, share) in enumerate(shares.items()):
            if group == reference:
                continue
            for stage in STAGES:
                for benchmark, limitation in limits.items():
                    if stage != "listed" and benchmark != "stage_before":
                        continue
                    people, status = _people(listed, share)
                    other, other_status = _people(listed, shares[reference])
                    head = (period, characteristic, group, reference, stage, benchmark)
                    if not people or not other or "suppressed" in (status, other_status):
                        yield (*head, *[None] * 14, "insufficient_data", limitation)
                        continue
                    ratio = 0.6 + place * 0.85 + (0.9 if benchmark == "residents" else 0)
                    base = size[benchmark]
                    rate, against = people / base, people / base / ratio
                    yield (
                        *head, people, other, base, base * 2, rate, against, ratio, ratio * 0.86, ratio * 1.16,
                        ratio * 0.62, ratio * 1.61, rate - against, rate - against * 1.2, rate - against * 0.8,
                        "published", limitation,
                    )  # fmt: skip


def _trend(period: str, listed: int | None) -> Rows:
    year, quarter = int(period[:4]), int(period[-1])
    day = date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)
    return [
        (period, day, "listed", None, None, *_people(listed, 1)),
        (period, day, "added", None, None, *_people(listed, 0.11)),
        (period, day, "removed", None, None, *_people(listed, 0.09)),
        (period, day, "removed", "score_below_threshold", "passage_of_time", *_people(listed, 0.07)),
        (period, day, "removed", "too_few_reports", "source_change", *_people(listed, 0.015)),
        (period, day, "removed", "deceased", "source_change", *_people(listed, 0.003)),
    ]


WHAT_IF = {
    "linear_decay": (0.02, 0.31), "cchi_weights": (0.09, 0.12), "css_weights": (0.16, 0.05),
    "without_intelligence": (0.0, 0.08), "threshold_plus_20_percent": (0.0, 0.24),
    "threshold_minus_20_percent": (0.29, 0.0), "lookback_plus_1_year": (0.05, 0.0),
    "lookback_minus_1_year": (0.0, 0.04), "reports_plus_1": (0.0, 0.38), "reports_minus_1": (0.33, 0.0),
    "charged_only": (0.0, 0.57), "manual_flags_only": (0.0, 0.13), "incidents_not_reports": (0.0, 0.19),
}  # fmt: skip
FEEDBACK = {"without_intelligence": (0.0, 0.08), "without_police_generated_offences": (0.0, 0.21)}


def _variants(period: str, listed: int | None, variants: dict[str, tuple[float, float]]) -> Rows:
    """What each variant would do to the list; ``as_published`` is the list as it is."""
    everybody = ("all", "all")
    rows: Rows = [(period, "as_published", "list_size", *everybody, *_people(listed, 1))]
    if "charged_only" in variants:
        for kind, percentage in (("assumed", 31), ("converted", 7), ("assumed_or_converted", 36)):
            measure = f"share_of_points_on_{kind}_weights"
            rows.append((period, "as_published", measure, *everybody, percentage, "published"))
    for variant, (enters, leaves) in variants.items():
        sizes = {"list_size": 1 + enters - leaves, "overlap": 1 - leaves}
        rows += [(period, variant, name, *everybody, *_people(listed, part)) for name, part in sizes.items()]
        for measure, share in {"entries": enters, "exits": leaves}.items():
            rows.append((period, variant, measure, *everybody, *_people(listed, share)))
            for group, part in zip(FIVE, USUAL.groups, strict=True):
                people = _people(listed, share * part)
                rows.append((period, variant, measure, "self_defined_ethnicity_5", group, *people))
    for variant, (enters, leaves) in {"as_published": (0.0, 0.0), **variants}.items():
        for group, ratio in (("Black", 4.1), ("Asian", 0.9), ("Mixed", 1.7)):
            for measure, off in (("rate_ratio_low", -0.05), ("rate_ratio_high", 0.05)):
                value = None if listed is None else ratio - 2 * leaves + enters + off
                status = "insufficient_data" if listed is None else "published"
                rows.append((period, variant, measure, "self_defined_ethnicity_5", group, value, status))
    return rows


def _standing(shape: Shape) -> dict[str, Rows]:
    """The tables that do not go by the quarter."""
    with duckdb.connect() as seeds:

        def read(seed: str, columns: str) -> Rows:
            return seeds.execute(
                f"select {columns} from read_csv('{SEEDS}/{seed}.csv', header = true, all_varchar = true) order by all"
            ).fetchall()

        ethnicity = read("ethnicity_codes", "case scheme when 'self_defined' then 'self_defined_ethnicity_18' "
                                            "else 'officer_observed_ethnicity' end, code, label, null")  # fmt: skip
        labels = [row for row in read("code_lists", "domain, code, label, null") if row[0] in OTHERS]
        variants = read("policy_variants", "'variant', variant, label, rationale")
        stages = read("stages", "'stage', stage, title, description")
        benchmarks = read("benchmarks", "'benchmark', benchmark, title, limitation")
        reasons = read("removal_reasons", "'removal_reason', reason, replace(reason, '_', ' '), description")
        organisation = read("organisation", "'organisation', field, value, note")
        register = read("policy", "parameter, value, unit, basis, source, rationale, effective_from")
    version = policy_version()
    runs = [(f"scheduled__{day}", day) for day in
            (AS_OF - timedelta(days=number) for number in range(shape.earlier_releases, 0, -1))]  # fmt: skip
    return {
        "policy_register": [(*row, version) for row in register],
        "policy_content": list(policy_content()),
        "code_labels": [*ethnicity, *labels, *reasons, *variants, *stages, *benchmarks, *organisation],
        "quarantine_counts": [
            (RUN.run_id, "crime.crime_report", "bad_date", 312),
            (RUN.run_id, "crime.crime_person", "unknown_nominal", 1204),
            (RUN.run_id, "person.nominal", "invalid_characteristic", 2871),
        ],
        "release_register": [
            (run_id, day, datetime(day.year, day.month, day.day, 6, 12), "0" * 40, "a1" * 32, "b2" * 32,
             "automatic_synthetic")
            for run_id, day in runs
        ],
        "quality_checks": [(RUN.run_id, *check) for check in CHECKS],
        "quality_trend": [
            (day, suite, name, "passed" if status == "passed" or number < 9 else status, percentage)
            for number, day in enumerate([*(day for _, day in runs[-20:]), AS_OF])
            for suite, name, _, status, _, _, percentage, _, _ in CHECKS
        ],
        "disclosure_audit": [(period, f"sex X {period}", 0, 14, True) for period in shape.periods],
    }  # fmt: skip


CHECKS: Rows = [
    ("assessment_list", "ranks_are_unique", "critical", "passed", None, None, None,
     "Two people would share a place.", "analytics"),
    ("landing_crime_report", "outcomes_are_recorded", "warning", "passed", 1_200_000, 14_221, 1.1851,
     "Reports without an outcome count for a person although they might not.", "data quality"),
    ("landing_crime_report", "reports_are_recent", "warning", "errored", None, None, None,
     "A feed that stopped would leave people on the list for what is long over.", "data engineering"),
    ("landing_nominal", "ethnicity_is_recorded", "warning", "failed", 300_000, 121_234, 40.4113,
     "Figures by ethnicity rest on fewer people than they should.", "data quality"),
    ("quarantine_shares", "bad_dates_are_few", "critical", "failed", 1_200_000, 30_221, 2.5184,
     "Reports whose date cannot be read do not count for anybody.", "data engineering"),
]  # fmt: skip
