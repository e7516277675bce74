"""What dbt keeps of a failure, without the values that an engine's message quotes: they may be a person's."""

from __future__ import annotations

import json
import re
from pathlib import Path

_KEPT = ("run_results.json", "console.log", "dbt.log")
_KIND = re.compile(r"[A-Z][A-Za-z ]* Error: ")
_WITHHELD = "(withheld: it may quote a record; the model's compiled SQL says what was tried)"

# A shorter line is a mark below a line of SQL, and would be found everywhere.
_SHORTEST = 8


def withhold(target: Path) -> None:
    """Take the engine's words out of dbt's results and logs, all but what kind of error it was.

    Args:
        target: folder of dbt's artefacts and logs. Without results nothing was read, and nothing can be quoted.
    """
    results = target / _KEPT[0]
    if not results.exists():
        return
    messages = [result["message"] or "" for result in json.loads(results.read_text())["results"]]
    # The first line of a message is dbt's own, and names the model.
    lines = {line.strip() for message in messages for line in message.splitlines()[1:]}
    quoted = sorted((line for line in lines if len(line) >= _SHORTEST), key=len, reverse=True)
    for file in (target / name for name in _KEPT):
        if file.exists():
            text = file.read_text(errors="replace")
            for line in quoted:
                kind = _KIND.match(line)
                kept = (kind.group() if kind else "") + _WITHHELD
                text = text.replace(line, kept).replace(json.dumps(line)[1:-1], kept)
            file.write_text(text)
