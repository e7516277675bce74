"""The seeds as every competitor gets them: small tables, worked out beforehand, the same for all.

So a competitor's time goes into the records. That the weights and points here are those of the models shows in the
hash of the list.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from vha.settings import PROJECT_ROOT

Rows = Sequence[Mapping[str, object]]


def _seed(name: str) -> list[dict[str, str]]:
    with (PROJECT_ROOT / "seeds" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _rounded(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def parameters() -> dict[str, str]:
    """The policy, value by parameter."""
    return {row["parameter"]: row["value"] for row in _seed("policy")}


def offences() -> Rows:
    """A row an offence: scope, the exception for private homes, and its weight (None out of scope)."""
    weights = {(row["offence_code"], row["scheme"]): Fraction(row["weight"]) for row in _seed("harm_weights")}
    anchor = parameters()["scale_anchor_offence"]
    scale = weights[anchor, "cchi"] / weights[anchor, "ons_css"]
    rows = []
    for seed in _seed("offences"):
        code = seed["offence_code"]
        cchi, css = weights.get((code, "cchi")), weights.get((code, "ons_css"))
        weight = None
        if seed["scope"] != "never":
            if cchi is not None and css is not None:
                weight = _rounded((cchi + css * scale) / 2)
            elif css is not None:
                weight = _rounded(css * scale)
            else:
                assert cchi is not None
                weight = _rounded(cchi)
        rows.append(
            {
                "offence_code": code,
                "scope": seed["scope"],
                "at_home": seed["counts_in_private_domestic"] == "true",
                "weight": weight,
            }
        )
    return rows


def points() -> Rows:
    """A row an offence in scope and number of completed years: the points left."""
    years = int(parameters()["crime_lookback_years"])
    return [
        {
            "offence_code": row["offence_code"],
            "years": k,
            "points": _rounded(Fraction(str(row["weight"])) * Fraction(2**k, 3**k)),
        }
        for row in offences()
        if row["weight"] is not None
        for k in range(years)
    ]


def intelligence() -> Rows:
    """A row a category, scheme and pair of grades: the points, None for a category out of scope."""
    return [
        {
            "category": category["category"],
            "grading_scheme": pair["grading_scheme"],
            "source_grade": pair["source_grade"],
            "assessment_grade": pair["assessment_grade"],
            "points": _rounded(Fraction(category["base_points"]) * Fraction(pair["reliability"]))
            if category["in_scope"] == "true"
            else None,
        }
        for category in _seed("intelligence_categories")
        for pair in _seed("intelligence_reliability")
    ]


def outcomes() -> Rows:
    """A row an outcome: whether a report with it scores, and whether it says that nobody was identified."""
    return [
        {
            "outcome_code": row["outcome_code"],
            "scores": row["scores"] == "true",
            "no_suspect": row["suspect_identified"] == "false",
        }
        for row in _seed("outcome_codes")
    ]


def codes() -> Rows:
    """A row a code of a list that values are judged by."""
    known = [{"domain": row["domain"], "code": row["code"]} for row in _seed("code_lists")]
    known += [
        {"domain": f"{row['scheme']}_ethnicity", "code": row["code"]} for row in _seed("ethnicity_codes")
    ]
    return known


def write(folder: Path) -> None:
    """Write every table as ``<name>.parquet``, typed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for table in (offences, points, intelligence, outcomes, codes):
        rows = pa.Table.from_pylist([dict(row) for row in table()])
        for name in ("weight", "points"):
            if name in rows.column_names:
                at = rows.column_names.index(name)
                rows = rows.set_column(at, name, rows[name].cast(pa.decimal128(18, 4)))
        pq.write_table(rows, folder / f"{table.__name__}.parquet")
