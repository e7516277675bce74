"""``vha weights import``: the official workbooks take the place of what seed ``harm_weights`` has from elsewhere.

Nothing is guessed: a row that the crosswalk does not lead to one offence, and an offence to which the workbook gives
several weights, are told and left as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from vha.errors import ConfigurationError
from vha.policy.workbooks import CCHI, CSS, Entry, Workbook, read_workbook
from vha.warehouse.seeds import SEEDS

Row = dict[str, str]
Key = tuple[str, str]
"""Offence code and scheme."""


@dataclass(frozen=True)
class Plan:
    """What a workbook does to the seed.

    Attributes:
        weights: the new rows of the seed, by key.
        ambiguous: offences that keep what they have, with the entries that disagree.
        unmapped: rows of the workbook that lead nowhere, each with the reason.
    """

    workbook: Workbook
    weights: Mapping[Key, Row]
    ambiguous: Mapping[Key, Sequence[Entry]]
    unmapped: Sequence[tuple[Entry, str]]


def import_weights(cchi: Path | None, css: Path | None, dry_run: bool, folder: Path = SEEDS) -> list[str]:
    """Bring the weights of one or both workbooks into the seed, wholly or not at all.

    Args:
        cchi, css: the workbooks.
        dry_run: whether only to say what would change.
        folder: the seeds.

    Returns:
        Lines that say what was replaced, added, ambiguous and unmapped.

    Raises:
        ConfigurationError: no workbook is given, or one is not what it says it is.
    """
    if not cchi and not css:
        raise ConfigurationError(
            "No workbook is given: name it with --cchi FILE.xlsx, --css FILE.xlsx or both."
        )
    workbooks = [read_workbook(path, shape) for path, shape in ((cchi, CCHI), (css, CSS)) if path]
    offences = [row["offence_code"] for row in _read(folder, "offences")]
    subcodes = {row["subcode"]: row["offence_code"] for row in _read(folder, "offence_subcodes")}
    old = {(row["offence_code"], row["scheme"]): row for row in _read(folder, "harm_weights")}
    plans = [plan(workbook, offences, subcodes) for workbook in workbooks]
    new = {**old, **{key: row for planned in plans for key, row in planned.weights.items()}}
    changed = sum(row != old.get(key) for key, row in new.items())
    lines = [line for planned in plans for line in _table(planned, old)]
    if dry_run or not changed:
        return [*lines, f"seeds/harm_weights.csv: {changed} rows would change; nothing was written."]
    place = {code: number for number, code in enumerate(offences)}
    order = sorted(new, key=lambda key: (place.get(key[0], len(place)), key))
    _write(folder / "harm_weights.csv", [new[key] for key in order])
    return [
        *lines,
        f"seeds/harm_weights.csv: {changed} rows were written. score_threshold was set on the weights before: look at "
        "it, release again, and see with `vha policy diff` who moved.",
    ]


def plan(workbook: Workbook, offences: Sequence[str], subcodes: Mapping[str, str]) -> Plan:
    """What a workbook does to the seed.

    Args:
        offences: the known offence codes.
        subcodes: offence code by Home Office class and subclass (``004/10``).
    """
    found: dict[str, list[Entry]] = {}
    unmapped: list[tuple[Entry, str]] = []
    for entry in workbook.entries:
        codes = _offences_of(entry, workbook.scheme, offences, subcodes)
        if "expired" in entry.title.lower():
            unmapped.append((entry, "expired"))
        elif not codes:
            unmapped.append((entry, "leads to no one offence"))
        elif entry.weight is None:
            unmapped.append((entry, "has no weight"))
        else:
            for code in codes:
                found.setdefault(code, []).append(entry)
    one = {code: entries for code, entries in found.items() if len({entry.weight for entry in entries}) == 1}
    return Plan(
        workbook,
        {(code, workbook.scheme): _row(code, workbook, entries) for code, entries in one.items()},
        {(code, workbook.scheme): entries for code, entries in found.items() if code not in one},
        unmapped,
    )


def _offences_of(
    entry: Entry, scheme: str, offences: Sequence[str], subcodes: Mapping[str, str]
) -> Sequence[str]:
    """The offences that a row of a workbook speaks of; none if that is not certain."""
    if scheme == CCHI.scheme:
        return [subcodes[code]] if (code := str(entry.code)) in subcodes else []
    if not isinstance(entry.code, str):
        # A cell that holds a number cannot tell 4.1 from 4.10.
        same = [code for code in offences if re.fullmatch(r"[\d.]+", code) and float(code) == entry.code]
        return same if len(same) == 1 else []
    if entry.code in offences:
        return [entry.code]
    # Homicide is published as one class of several codes, each of which has its weight. Two codes with a hyphen
    # between them may be a range, which says nothing of what lies within.
    parts = re.split(r"\s*[/,&]\s*" if entry.code.count("-") < 2 else r"\s*-\s*", entry.code)
    return parts if all(part in offences for part in parts) else []


def _row(code: str, workbook: Workbook, entries: Sequence[Entry]) -> Row:
    weight, codes = entries[0].weight, dict.fromkeys(str(entry.code) for entry in entries)
    return {
        "offence_code": code,
        "scheme": workbook.scheme,
        "weight": f"{weight:.4f}",
        "edition": workbook.edition,
        "basis": "published",
        "source": workbook.source,
        "derivation": f"Imported from the workbook with SHA-256 {workbook.sha256[:16]}, as {', '.join(codes)}.",
    }


def _table(planned: Plan, old: Mapping[Key, Row]) -> Iterator[str]:
    """What a person has to see before they believe the seed."""
    workbook = planned.workbook
    yield f"{workbook.source}: {len(workbook.entries):,} rows, edition {workbook.edition}"
    yield f"  taken from it, old and new: {len(planned.weights):,}"
    for (code, scheme), row in planned.weights.items():
        before = old.get((code, scheme))
        yield f"    {code:<6} {before['weight'] if before else 'none':>12} {row['weight']:>12}"
    yield f"  with several weights in it, kept as they are: {len(planned.ambiguous):,}"
    for (code, scheme), entries in planned.ambiguous.items():
        before = old.get((code, scheme))
        given = ", ".join(f"{entry.code} {entry.weight}" for entry in entries)
        yield f"    {code:<6} {before['weight'] if before else 'none':>12} {given}"
    kept = [
        key
        for key in old
        if key[1] == workbook.scheme and key not in {**planned.weights, **planned.ambiguous}
    ]
    yield f"  not in it, kept as they are: {len(kept):,}"
    for code, scheme in kept:
        yield f"    {code:<6} {old[code, scheme]['weight']:>12}"
    yield f"  its rows that are unmapped and not used: {len(planned.unmapped):,}"
    for entry, reason in planned.unmapped:
        yield f"    {entry.code or 'none':<8} {_shown(entry.weight):>12} {entry.title} ({reason})"


def _shown(weight: Decimal | None) -> str:
    return "none" if weight is None else str(weight)


def _read(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _write(file: Path, rows: Sequence[Row]) -> None:
    """Replace the file in one step: a reader finds the old rows or the new ones."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    unfinished = file.with_name(f".{file.name}.partial")
    unfinished.write_text(text.getvalue(), encoding="utf-8")
    unfinished.replace(file)
