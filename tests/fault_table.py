"""Writes ``docs/faults.md`` from what the injected faults say of themselves, and from the trials that were made.

.venv/bin/python tests/fault_table.py
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from vha.audit import EXPECTATIONS, declarations
from vha.settings import PROJECT_ROOT
from vha.synthetic.injected import ANY_CHECK, FAULTS, LAND, Fault

FILE = PROJECT_ROOT / "docs" / "faults.md"
TRIALS = Path(__file__).parent / "trials"

_HEAD = """\
# What can go wrong with a delivery, and what notices

<!-- Made by tests/fault_table.py from src/vha/synthetic/injected/, which is to be edited, and tests/trials/. -->

Synthetic sources can be made with exactly one fault, to see what the quality gate makes of it:

```sh
.venv/bin/vha sources faults
.venv/bin/vha sources create --scale tiny --fault feed_doubled
.venv/bin/vha run                                               # exit code 2: nothing is published
```

How bad it is comes from the seed, or from `--magnitude`, in the unit that the table names. A test sends every one
through the models and the gate (`tests/expectations/test_faults.py`), with the five nights before as the history,
and asks that the named check fails with the named severity: critical stops the release, a warning is on its first
page. It also asks that clean sources raise nothing. The faults know nothing of the checks. What was found in trials
that are too long for a test, [twenty clean worlds](#clean-worlds) and [faults at London's size](#at-londons-size),
stands below.

Most checks compare with the last five releases: `landing_mix`, `landing_volumes`, `quarantine_surges`. A first release
has none to compare itself with. What is wrong from the first day on looks normal to them, and only the checks with
limits of their own see it, such as those that notice the doubled feed.
"""

_LANDING = """\
## Refused before anything is built

These end the run at extraction or landing, with exit code 1, a sentence, and the current release untouched.
"""

_VARIATIONS = """\
## Variations

Table, column and size are left to chance, and no check was written against any of them. Some check notices each.
"""

_CLEAN = """\
## Clean worlds

Synthetic sources without a fault, each from a seed of its own, with a release of each of the five nights before; then
the last night, held against every check of every suite that there was then, and its results put before the gate. They
hold the ordinary bad rows of any delivery, in known numbers, so that nothing at all may be raised.
{since}

```sh
.venv/bin/python tests/gate_trials.py clean                     # about {minutes} minutes of CPU
.venv/bin/python tests/gate_trials.py clean --scale london
```

| world | seed | checks | passed | raised | gate |
| --- | --- | --- | --- | --- | --- |"""

_AT_LONDON = """\
## At London's size

The faults of drift and volume in one London-sized world, after the releases of five nights: is what stands out in
thousands of rows seen in a million? Each was held against its own suite and those that compare deliveries.

```sh
.venv/bin/python tests/gate_trials.py faults --scale london     # about {minutes} minutes of CPU
```

| fault | what was done | check | severity | caught | other checks that did not pass | gate |
| --- | --- | --- | --- | --- | --- | --- |"""

# What no check can know is said as plainly as what they catch.
_UNSEEN = """\
## What cannot be seen from inside

A delivery can only be compared with itself, with the other systems and with earlier deliveries. It follows that
nothing here notices:

* **A wrong record that looks like a right one.** One report against the wrong person, a wrong date of birth that is
  a possible one, a wrong offence of a usual kind. Only the person concerned, the officer or the file can tell; the
  access pack, the review of each listing and contested-accuracy restrictions are there for it.
* **A few rows.** Faults below the limits, or of fewer rows than a table takes up in a normal day. A day without
  intelligence in a small force, or a borough with a handful of records, looks like chance.
* **What has always been so.** A fault that was there at the first release is what later ones are compared with; a
  fault that grows by less than the limits from night to night is followed, not noticed.
* **Values exchanged between people of the same kind**, such as two people's dates of birth, where the mix stays the
  same and no second source says otherwise. Officer-observed ethnicity is noticed only because people also say
  theirs themselves.
* **Codes whose meaning changed** while their spelling and frequency did not: two categories of the same size that
  change places, sexes swapped where there are as many women as men.
* **What never reaches a record**: offences nobody reports, a borough where officers search more, suspicion that is
  recorded of one group sooner than of another. The gate asks whether a delivery is like the others, not whether
  any of them is fair. That is what the oversight pages are for, and they too see records only.
* **A consistent forgery.** Somebody who can write to the sources can write what fits.
* **Two faults that hide each other**, such as half of a table lost and the other half delivered twice with new keys.
"""


def page() -> str:
    """The page."""
    faults = list(FAULTS.values())
    at_the_gate = [fault for fault in faults if fault.caught_by not in (LAND, ANY_CHECK)]
    refused = [fault for fault in faults if fault.caught_by == LAND]
    variations = [fault for fault in faults if fault.caught_by == ANY_CHECK]
    return "\n".join(
        [
            _HEAD,
            *_table(at_the_gate),
            _LANDING,
            *_table(refused),
            _VARIATIONS,
            "| fault | what happens | how bad |",
            "| --- | --- | --- |",
            *(f"| `{fault.name}` | {fault.story} | {fault.magnitude} |" for fault in variations),
            "",
            *_clean_worlds(),
            *_at_london(),
            _UNSEEN,
        ]
    )


def keep(trial: str, scale: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep what a trial found, a row for each night, and write the page anew."""
    with (TRIALS / f"{trial}_{scale}.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    FILE.write_text(page())


def kept(trial: str, scale: str) -> list[dict[str, str]]:
    """What a trial found."""
    with (TRIALS / f"{trial}_{scale}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _clean_worlds() -> list[str]:
    worlds = [(scale, row) for scale in ("tiny", "london") for row in kept("clean", scale)]
    tiny = [row for scale, row in worlds if scale == "tiny"]
    return [
        _CLEAN.format(minutes=_minutes(tiny), since=_since({int(row["checks"]) for _, row in worlds})),
        *(
            f"| {scale} | {row['seed']} | {row['checks']} | {row['passed']} | {row['raised'] or 'nothing'} "
            f"| {row['gate']} |"
            for scale, row in worlds
        ),
        "",
    ]


def _since(tried: set[int]) -> str:
    """Whether the trials were made with as many checks as are declared."""
    declared = sum(len(suite.checks) for suite in declarations.load(EXPECTATIONS))
    if tried == {declared}:
        return f"All {declared} checks that are declared were among them."
    return f"Now {declared} are declared: the trials were not repeated since, and say nothing of the others."


def _at_london() -> list[str]:
    nights = kept("faults", "london")
    return [
        _AT_LONDON.format(minutes=_minutes([*kept("clean", "london"), *nights])),
        *(
            f"| `{night['fault']}` | {night['said']} | `{night['check']}` | {night['severity']} "
            f"| {'yes' if night['as_it_must'] == 'True' else 'no'} | {night['others']} | {night['gate']} |"
            for night in nights
        ),
        "",
    ]


def _minutes(nights: Sequence[Mapping[str, str]]) -> int:
    return round(sum(float(night["cpu_seconds"]) for night in nights) / 60)


def _table(faults: list[Fault]) -> list[str]:
    return [
        "| fault | what happens | what it would do to people | how bad | caught by | severity |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| `{fault.name}` | {fault.story} | {fault.harm} | {fault.magnitude} | `{fault.caught_by}` "
            f"| {fault.severity} |"
            for fault in faults
        ),
        "",
    ]


if __name__ == "__main__":
    FILE.write_text(page())
