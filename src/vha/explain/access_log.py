"""Who looked at whom, when and why: one line a use, written before anything is shown.

``access_log/access.jsonl`` under ``VHA_HOME`` is only ever added to. Each line carries the SHA-256 of the line before
it, so that a line changed, taken out or put in shows; lines cut off at the end do not, and who owns the file can write
it anew: send it to another machine as it grows.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from vha.errors import ConfigurationError
from vha.files import canonical_json
from vha.settings import Settings

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Access:
    """One use.

    Attributes:
        command: ``explain``, ``access-pack`` or ``policy-diff``.
        at: UTC, ISO 8601, to the microsecond.
        account: who, see :func:`vha.publish.sign_off.current_account`.
        nominal_id: whom it was about, as it was typed.
        reason: a code of :data:`vha.explain.words.REASONS`.
        run_id: the release that was looked at.
        found: whether there was anything to show.
        previous: SHA-256 of the line before, :data:`BEGINNING` in the first.
    """

    command: str
    at: str
    account: str
    nominal_id: str
    reason: str
    run_id: str
    found: bool
    previous: str

    @property
    def line(self) -> bytes:
        return canonical_json(asdict(self)).encode()

    @property
    def reference(self) -> str:
        """The use's name in letters and records: it names no person."""
        return hashlib.sha256(self.line).hexdigest()[:12]


def log_file(settings: Settings) -> Path:
    return settings.home / "access_log" / "access.jsonl"


def log(
    settings: Settings, *, command: str, account: str, nominal_id: str, reason: str, run_id: str, found: bool
) -> Access:
    """Write a use down, on the disk itself, before it happens.

    Raises:
        ConfigurationError: it cannot be written, so nothing may be shown.
    """
    file = log_file(settings)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as lines:
            fcntl.flock(lines, fcntl.LOCK_EX)
            for path in (file.parent, file):
                if path.stat().st_mode & 0o077:
                    raise ConfigurationError(
                        f"Nothing is shown, because others than its owner have access to {path}: "
                        f"`chmod go= {path}`, and ask who had it."
                    )
            written = lines.read()
            if written and not written.endswith(b"\n"):
                raise ConfigurationError(
                    f"Nothing is shown, because the last line of {file} is incomplete: "
                    "find out why, and end it with a line feed."
                )
            access = Access(
                command=command,
                at=datetime.now(UTC).isoformat(timespec="microseconds"),
                account=account,
                nominal_id=nominal_id,
                reason=reason,
                run_id=run_id,
                found=found,
                previous=hashlib.sha256(written.splitlines(keepends=True)[-1]).hexdigest()
                if written
                else BEGINNING,
            )
            lines.write(access.line)
            lines.flush()
            os.fsync(lines.fileno())
    except OSError as error:
        raise ConfigurationError(
            f"Nothing is shown, because the access log {file} cannot be written ({error.strerror}): "
            "see to it that this account may write there."
        ) from None
    return access


def read(settings: Settings) -> tuple[list[Access], bool]:
    """All uses, in order, and whether the chain of hashes holds; lines that cannot be read break it."""
    uses: list[Access] = []
    holds, previous = True, BEGINNING
    for line in _lines(log_file(settings)):
        try:
            use = Access(**json.loads(line))
        except (ValueError, TypeError):
            holds = False
        else:
            uses.append(use)
            holds = holds and use.previous == previous and use.line == line
        previous = hashlib.sha256(line).hexdigest()
    return uses, holds


def _lines(file: Path) -> Iterator[bytes]:
    if file.exists():
        with file.open("rb") as lines:
            yield from lines
