"""The override: somebody answers by name for critical checks that failed, in one run and for a stated reason.

What the policy does not leave open cannot be accepted, nor what :func:`vha.audit.gate.is_never_accepted` names,
nor a check that could not be evaluated: of that nobody knows what they would be answering for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from vha.audit.declarations import Suite
from vha.audit.gate import CheckResult, is_never_accepted
from vha.errors import ConfigurationError
from vha.run import Acceptance

_LOOK_ALIKE = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"}
# Letters and signs without any ink, which Unicode does not count among its control characters.
_WITHOUT_INK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_IN_PIECES = 5
"""Into so many words an identifier may be broken up and still be found."""
_RECORDS = {
    "nominal": ("nominal_id",),
    "crime_report": ("crime_ref", "incident_ref"),
    "intelligence_report": ("intel_ref",),
    "restriction": ("restriction_id",),
}


@dataclass(frozen=True)
class AcceptedFailure:
    """One row of ``accepted_failures`` less ``run_id``; ``accepted_at`` is UTC, ISO 8601."""

    suite: str
    check_name: str
    accepted_by: str
    reason: str
    accepted_at: str


def acceptance_of(checks: Sequence[str], by: str | None, reason: str | None) -> Acceptance | None:
    """What was asked for with ``--accept``, ``--by`` and ``--reason``; None if nothing was.

    Raises:
        ConfigurationError: checks without a name or a reason, or the reverse; or no ``SUITE.CHECK``.
    """
    # One spelling of each sign, so that a name written in another width is the same name.
    by, reason = (unicodedata.normalize("NFKC", text or "").strip() for text in (by, reason))
    if not checks:
        if by or reason:
            raise ConfigurationError(
                "A name and a reason were given, and nothing to accept: add `--accept SUITE.CHECK`."
            )
        return None
    # Signs, letters without ink, and spaces that strip() does not know, are no name.
    nameless, without_reason = (
        not re.search(r"[^\W\d_]{2}", _WITHOUT_INK.sub("", text)) for text in (by, reason)
    )
    for missing, option in ((nameless, "--by NAME"), (without_reason, "--reason …")):
        if missing:
            raise ConfigurationError(
                f"Whoever accepts a failed check answers for it, by name and for a reason: add `{option}`."
            )
    for text, option in ((by, "--by NAME"), (reason, "--reason …")):
        if _deceives(text):
            raise ConfigurationError(
                f"What `{option}` says is published, and holds signs that nobody sees, or letters of two scripts in "
                "one word: write it in plain letters."
            )
    for check in checks:
        if not re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", check):
            raise ConfigurationError(
                f"{check!r} names no check: write it as SUITE.CHECK, as the message of the blocked run does."
            )
    return Acceptance(tuple(dict.fromkeys(checks)), by, reason)


def _deceives(text: str) -> bool:
    """Whether a text may be another than it seems: invisible signs, or a word that mixes look-alike alphabets."""
    if _WITHOUT_INK.search(text) or any(unicodedata.category(sign).startswith("C") for sign in text):
        return True
    return any(
        len({unicodedata.name(letter, "").partition(" ")[0] for letter in word} & _LOOK_ALIKE) > 1
        for word in re.findall(r"[^\W\d_]+", text)
    )


def refuse_unacceptable(acceptance: Acceptance, suites: Iterable[Suite]) -> None:
    """Whether each check that is to be accepted is one, and may be.

    Args:
        suites: as declared; with their limits filled in, the policy's word counts too.

    Raises:
        ConfigurationError: a check is unknown, only warns, or can never be accepted.
    """
    declared = {f"{suite.name}.{check.name}": check for suite in suites for check in suite.checks}
    for name in acceptance.checks:
        if name not in declared:
            raise ConfigurationError(
                f"There is no check {name} to accept: take its name from the message of the blocked run."
            )
        check = declared[name]
        if check.severity == "warning":
            raise ConfigurationError(
                f"The check {name} stops no release, so there is nothing to accept: leave it out."
            )
        if is_never_accepted(*name.split(".")):
            raise ConfigurationError(
                f"Nobody can accept a failure of {name}, because no release may go out with it: {_remedy(check.owner)}."
            )
        if not check.overridable:
            raise ConfigurationError(
                f"The policy does not let anybody accept a failure of {name}: {_remedy(check.owner)}."
            )


def accept(
    acceptance: Acceptance, results: Iterable[CheckResult], warehouse: duckdb.DuckDBPyConnection
) -> list[AcceptedFailure]:
    """What is accepted of an audit's results.

    Args:
        warehouse: the run's work file, in which the reason is looked up: it is published, and may name nobody.

    Raises:
        ConfigurationError: a check passed, or could not be evaluated, or the words name a person or a record.
    """
    status = {f"{result.suite}.{result.check_name}": result.status for result in results}
    for name in acceptance.checks:
        if status[name] == "passed":
            raise ConfigurationError(
                f"The check {name} did not fail, so there is nothing to accept: start a run without it."
            )
        if status[name] == "errored":
            raise ConfigurationError(
                f"The check {name} could not be evaluated, and nobody can answer for what nobody knows: mend it."
            )
    words = _identifiers_in(f"{acceptance.by} {acceptance.reason}")
    for table, columns in _RECORDS.items():
        for column in columns:
            named = warehouse.execute(
                f"select count(*) from landing.{table} "
                f"where regexp_replace(lower({column}), '[^\\p{{L}}\\p{{N}}]', '', 'g') in (select unnest(?))",
                [words],
            ).fetchall()
            if named != [(0,)]:
                raise ConfigurationError(
                    "The reason for accepting names a person or a record, and it is published: write it without."
                )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    split = (name.split(".") for name in acceptance.checks)
    return [AcceptedFailure(suite, check, acceptance.by, acceptance.reason, now) for suite, check in split]


def _identifiers_in(text: str) -> list[str]:
    """Whatever could be an identifier in a text: its letters and digits in lower case, however they are broken up."""
    digits = "".join(str(unicodedata.digit(sign, sign)) for sign in text)
    pieces = re.findall(r"[^\W_]+", digits.lower())
    ends = range(1, _IN_PIECES + 1)
    return sorted({"".join(pieces[at : at + end]) for at in range(len(pieces)) for end in ends})


def _remedy(owner: str) -> str:
    return f"have it mended ({owner}) and start a new run"
