"""What a full disk and too little memory end in, as one sentence that says which it was."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from vha.errors import MachineLimit, VhaError
from vha.settings import Settings

# Memory that DuckDB cannot move to the disk because that is full is the disk's fault: so the disk goes first.
_DISK = "No space left on device|Could not write (all )?|failed to offload data block"
# DuckDB had to use the disk before dbt had so much as opened its second connection: far too little memory.
_MEMORY = "Out of Memory Error|OutOfMemoryException|failed to (allocate|pin block)|Cannot switch temporary directory"
_FULL = 2**20
"""Bytes left of a disk below which whatever failed on it is taken to have failed for that."""


def limit_met(settings: Settings, message: str) -> MachineLimit | None:
    """The limit that an error's message speaks of, if any; nothing of the message itself is passed on."""
    home = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    if re.search(_DISK, message) or shutil.disk_usage(home).free < _FULL:
        return MachineLimit(
            f"The disk of {settings.home} is full: free some of it, or set VHA_HOME to a folder on a larger one."
        )
    if re.search(_MEMORY, message):
        return MachineLimit(
            f"The work does not fit into the {settings.memory_limit} of memory that it may take: "
            "set VHA_MEMORY_LIMIT to more."
        )
    return None


@contextmanager
def within_limits(settings: Settings) -> Iterator[None]:
    """Raise a limit of the machine as such.

    Raises:
        MachineLimit: the disk is full, or there is too little memory.
    """
    try:
        yield
    except VhaError:
        raise
    except Exception as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        if limit := limit_met(
            settings, "No space left on device" if full else f"{type(error).__name__} {error}"
        ):
            raise limit from None
        raise
