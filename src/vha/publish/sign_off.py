"""The sign-off: who decided what about exactly which candidate, in a record that shows any later change.

A record is a JSON file ``sign_off/<run_id>.json`` under ``VHA_HOME``, outside Airflow's task state, so that
marking a task as succeeded signs nothing off. It carries an HMAC-SHA256 under a key that only the service
account can read, and it is written once: a second decision about the same run is refused.

What this does not stop: whoever can read the key, that is root and the service account itself, can write a
valid record in any name; so can whoever changes this code, Airflow's database or the run's files as that
account. Root can also set its own login uid. So keep these accounts few, let people use them through ``sudo``
alone, and send the operating system's audit log to another machine.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import os
import pwd
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from vha.errors import ConfigurationError, SignOffMissing, SignOffRefused
from vha.files import canonical_json
from vha.run import Run
from vha.settings import Settings

Decision = Literal["approved", "rejected"]
Kind = Literal["automatic_synthetic", "approval"]

KEY_BYTES = 32
LOGIN_UID_FILE = Path("/proc/self/loginuid")
LOGIN_UID_UNSET = 2**32 - 1


@dataclass(frozen=True)
class SignOff:
    """One decision about one candidate.

    Attributes:
        run_id: the run that made the candidate.
        candidate_sha256: the candidate's hash, see :mod:`vha.publish.candidate`.
        decision: what was decided.
        kind: ``automatic_synthetic`` (nobody decided: the data are synthetic) or ``approval`` (a person did).
        account: who decided, ``os:NAME`` or ``airflow:NAME``.
        started_by: who started the run, in the same form.
        note: the reason given.
        decided_at: UTC, ISO 8601, to the second.
    """

    run_id: str
    candidate_sha256: str
    decision: Decision
    kind: Kind
    account: str
    started_by: str
    note: str
    decided_at: str


def current_account() -> str:
    """``os:NAME`` of the person at the keyboard: by the kernel's login uid, which ``sudo`` and ``su`` do not
    change, or by the real uid where nobody logged in (a service, a container)."""
    try:
        uid = int(LOGIN_UID_FILE.read_text())
    except (OSError, ValueError):
        uid = LOGIN_UID_UNSET
    if uid == LOGIN_UID_UNSET:
        uid = os.getuid()
    try:
        return f"os:{pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"os:{uid}"


def same_person(account: str, other: str) -> bool:
    """Whether two accounts must be taken for one person: ``os:alice``, ``airflow:Alice`` and
    ``airflow:alice@example.org`` are one. Of two people with one name, neither can sign off for the other."""
    return _name(account) == _name(other)


def _name(account: str) -> str:
    return account.partition(":")[2].casefold().rpartition("\\")[2].partition("@")[0]


def record(
    settings: Settings,
    run: Run,
    candidate_sha256: str,
    decision: Decision,
    kind: Kind,
    account: str,
    note: str,
) -> SignOff:
    """Write a decision down, for good.

    Raises:
        SignOffRefused: the account started the run itself, the run was decided already, or an automatic
            sign-off was asked for over real data.
        ConfigurationError: the key cannot be used.
    """
    sign_off = SignOff(
        run_id=run.run_id,
        candidate_sha256=candidate_sha256,
        decision=decision,
        kind=kind,
        account=account,
        started_by=run.started_by,
        note=note,
        decided_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    if fault := _fault(sign_off, run):
        raise SignOffRefused(f"This decision about run {run.run_id} is not recorded: {fault}.")
    fields = dataclasses.asdict(sign_off)
    text = json.dumps({**fields, "hmac_sha256": _hmac(_key(settings, create=True), fields)}, indent=2) + "\n"
    try:
        _write_once(_record_file(settings, run.run_id), text.encode())
    except FileExistsError:
        raise SignOffRefused(
            f"Run {run.run_id} was decided already: a decision is made once, so start a new run for another."
        ) from None
    return sign_off


def check(settings: Settings, run: Run, candidate_sha256: str) -> SignOff:
    """The approval that lets this candidate out.

    Raises:
        SignOffMissing: nobody has decided yet.
        SignOffRefused: the candidate was rejected, or the record does not hold for it.
        ConfigurationError: the key cannot be used.
    """
    try:
        fields = json.loads(_record_file(settings, run.run_id).read_text())
        code = fields.pop("hmac_sha256")
        sign_off = SignOff(**fields)
    except FileNotFoundError:
        raise SignOffMissing(
            f"Nobody has signed off run {run.run_id}: let another account than {run.started_by} "
            f"do `vha sign-off {run.run_id} --approve --note …`."
        ) from None
    except (ValueError, TypeError, AttributeError, KeyError):
        raise SignOffRefused(
            f"The sign-off record of run {run.run_id} cannot be read: start a new run to have it signed off."
        ) from None
    faults = (
        (not _holds(_key(settings, create=False), fields, code), "it or the sign-off key was changed since"),
        (sign_off.run_id != run.run_id, "it was made for another run"),
        (
            sign_off.candidate_sha256 != candidate_sha256,
            "it was made for another candidate than the present one",
        ),
        (sign_off.started_by != run.started_by, "the run names another account as the one that started it"),
        (sign_off.decision != "approved", f"{sign_off.account} rejected the candidate"),
    )
    fault = next((sentence for broken, sentence in faults if broken), None) or _fault(sign_off, run)
    if fault:
        raise SignOffRefused(
            f"The sign-off of run {run.run_id} does not let it out, because {fault}: start a new run."
        )
    return sign_off


def _fault(sign_off: SignOff, run: Run) -> str | None:
    """What forbids this kind of sign-off by this account, if anything."""
    if sign_off.kind == "automatic_synthetic":
        return None if run.synthetic else "an automatic sign-off is for synthetic data, and these are real"
    if same_person(sign_off.account, run.started_by):
        return f"{sign_off.account} may not sign off what {run.started_by} started"
    if run.acceptance and same_person(sign_off.account, f"by:{run.acceptance.by.rpartition(':')[2]}"):
        return f"{sign_off.account} may not sign off failures that they accepted themselves"
    return None


def _record_file(settings: Settings, run_id: str) -> Path:
    return settings.home / "sign_off" / f"{run_id}.json"


def _hmac(key: bytes, fields: dict[str, Any]) -> str:
    return hmac.new(key, canonical_json(fields).encode(), hashlib.sha256).hexdigest()


def _holds(key: bytes, fields: dict[str, Any], code: object) -> bool:
    return hmac.compare_digest(_hmac(key, fields).encode(), str(code).encode())


def _key(settings: Settings, *, create: bool) -> bytes:
    """The key, only if nobody but its owner can read it; made on the first record."""
    file = settings.sign_off_key_file
    if create and not file.exists():
        with suppress(FileExistsError):  # another process was faster: its key is the key
            _write_once(file, secrets.token_bytes(KEY_BYTES))
    try:
        readable_by_others = file.stat().st_mode & 0o077
        key = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"The sign-off key {file} cannot be read ({error.strerror}): restore it, or start a new run."
        ) from None
    if readable_by_others:
        raise ConfigurationError(
            f"Others than its owner have access to the sign-off key {file}: `chmod 600 {file}`."
        )
    if len(key) < KEY_BYTES:
        raise ConfigurationError(f"The sign-off key {file} is shorter than {KEY_BYTES} bytes: restore it.")
    return key


def _write_once(file: Path, content: bytes) -> None:
    """Create the file, whole and for its owner only; an existing one is never replaced.

    Raises:
        FileExistsError: there is one already.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".") as draft:  # created with mode 0600
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
        os.link(draft.name, file)
