"""Two real runs, the second of which closes the quarter after the first's, in one process.

A program, because Airflow is configured once in a process: `python two_quarters.py HOME` makes tiny synthetic sources,
does the runs by the function of `vha run`, and writes what each ended with to HOME/results.json.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from real_runs import shown, sqlite_urls

CLOSES = {"2026-Q2": "2026-06-30", "2026-Q3": "2026-09-30"}
"""By quarter the date of the run that closes it."""

# The invented sources are those of one day, so three months later the ages of what was recorded have changed at once.
OLDER = ("crime_report_committed_age", "crime_report_recorded_age", "crime_person_linked_age")


def main(home: Path) -> None:
    os.environ["VHA_HOME"] = str(home)
    urls = sqlite_urls(home / "sources")
    first = next(iter(CLOSES))
    shown(home / "shown" / "create", {}, "sources", "create", "--scale", "tiny", "--seed", "3")
    answered = [word for check in OLDER for word in ("--accept", f"landing_mix.{check}")]
    answered += ["--by", "Head of data", "--reason", "The sources are known to be those of one day."]
    results = {
        period: shown(
            home / "shown" / period, urls, "run", "--as-of", day, *(answered if period != first else ())
        )
        for period, day in CLOSES.items()
    }
    (home / "results.json").write_text(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
