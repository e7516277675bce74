"""What would tell a reader about the machine that made a release."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from vha.errors import PublishError
from vha.settings import PROJECT_ROOT, Settings


def machine_paths(settings: Settings) -> re.Pattern[str]:
    """Matches the folders of this installation wherever an absolute path begins with one of them."""
    folders = {settings.home, PROJECT_ROOT, Path(sys.prefix), Path.home()} - {Path("/")}
    longest_first = sorted(map(str, folders), key=len, reverse=True)
    return re.compile(rf"(?<![\w.~-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def refuse_machine_paths(settings: Settings, public: Path) -> None:
    """Look through every byte that is to be published.

    Raises:
        PublishError: a file holds a path of this machine; the message names the file.
    """
    pattern = re.compile(machine_paths(settings).pattern.encode())
    for path in sorted(public.rglob("*")):
        if path.is_file() and pattern.search(path.read_bytes()):
            name = path.relative_to(public.parent)
            raise PublishError(
                f"{name} of the candidate holds a path of this machine: "
                "take it out of the SQL, description or check that the file shows."
            )
