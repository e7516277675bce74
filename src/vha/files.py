"""Files written whole or not at all, hashed, kept for certain and taken away: the one way to do each."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any


def canonical_json(value: Any) -> str:
    """The one way a value is written before it is hashed: sorted keys, no spaces, a line feed at the end."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a file for this account alone; a reader finds all of it, or what was there before."""
    unfinished = path.with_name(f".{path.name}.partial")
    try:
        unfinished.touch(mode=0o600)
        unfinished.write_text(text)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)  # it is there still if the disk is full


def force_to_disk(folder: Path) -> None:
    """Have every file of a folder on the disk itself, so that a power cut cannot leave half of one."""
    for path in (*folder.rglob("*"), folder):
        force_entry_to_disk(path)


def force_entry_to_disk(path: Path) -> None:
    """Have one file, or the names in one folder, on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Delete a file, or a folder with all that is in it, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
