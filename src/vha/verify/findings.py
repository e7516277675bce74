"""What a verification finds: differences, which make it fail, and notes, which do not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vha.publish.candidate import file_hashes


class _Nothing:
    def __str__(self) -> str:
        return "nothing"


_NOTHING = _Nothing()
"""What there is where there is no entry; null is an entry."""


@dataclass(frozen=True)
class Difference:
    """A file, table or entry of the manifest that is not what it should be.

    Attributes:
        what: its name: a path below ``VHA_HOME`` or the release, a table, or a key of the manifest.
    """

    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True)
class Note:
    """Something that could not be compared, or that explains differences; one sentence."""

    text: str

    def __str__(self) -> str:
        return self.text


Finding = Difference | Note


def compared(what: str, expected: Any, found: Any) -> Iterator[Difference]:
    """The difference of two values, if there is one."""
    if expected != found:
        yield Difference(what, _text(expected), _text(found))


def each_compared(prefix: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """The differences of two mappings, each named ``prefix`` and its key."""
    for name in sorted(expected.keys() | found.keys()):
        yield from compared(f"{prefix}{name}", expected.get(name, _NOTHING), found.get(name, _NOTHING))


def file_differences(
    prefix: str, folder: Path, expected: Mapping[str, Any], besides: Set[str] = frozenset()
) -> Iterator[Difference]:
    """The differences of the files below a folder from their SHA-256, but for the files named ``besides``."""
    irregular = [p for p in folder.rglob("*") if p.is_symlink() or not (p.is_dir() or p.is_file())]
    for path in irregular:
        yield Difference(f"{prefix}{path.relative_to(folder)}", "a regular file or folder", "another thing")
    if not irregular:
        found = {name: sha256 for name, sha256 in file_hashes(folder).items() if name not in besides}
        yield from each_compared(prefix, expected, found)


def _text(value: Any) -> str:
    """A value in one line, a table's content as what it is."""
    match value:
        case {"rows": rows, "sha256": sha256}:
            return f"{rows} rows with hash {sha256}"
        case str() | _Nothing():
            return str(value)
        case _:
            return json.dumps(value)
