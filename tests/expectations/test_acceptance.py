"""The override: what somebody may answer for, what nobody may, and how it shows."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import duckdb
import pytest

from vha.audit import EXPECTATIONS, audit, declarations
from vha.audit.acceptance import AcceptedFailure, accept, acceptance_of, refuse_unacceptable
from vha.audit.gate import CheckResult, is_never_accepted
from vha.errors import ConfigurationError, QualityBlocked
from vha.run import Acceptance, Run, RunPaths
from vha.settings import Settings

VOLUME = "landing_volumes.crime_links_are_as_many_as_last_time"
MIX = "landing_mix.crime_flag_flag"
BREAK_VOLUME = "insert into landing.crime_person select * from landing.crime_person limit 1000"
BREAK_MIX = (
    "update intermediate.int_profile_changes set row_count = case value_code when 'rare' then 0 else 730 end "
    "where source_table = 'crime.crime_flag' and column_name = 'flag' and value_code in ('rare', 'common')"
)
REASON = "The system was cleared of double entries."


def accepting(run: Run, *checks: str) -> Run:
    return dataclasses.replace(run, acceptance=Acceptance(checks, "A. Responsible", REASON))


def broken(run: Run, settings: Settings, *sql: str) -> RunPaths:
    paths = RunPaths(settings, run.run_id)
    with duckdb.connect(str(paths.warehouse)) as connection:
        for statement in sql:
            connection.execute(statement)
    return paths


def test_an_accepted_failure_stops_nothing_and_is_kept_and_shown(run: Run, settings: Settings) -> None:
    paths = broken(run, settings, BREAK_MIX)
    with pytest.raises(QualityBlocked):
        audit(settings, run)
    counts = audit(settings, accepting(run, MIX))
    assert (counts["failed"], counts["accepted"]) == (1, 1)
    [accepted] = json.loads(paths.accepted_failures.read_text())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", accepted.pop("accepted_at"))
    assert accepted == {
        "suite": "landing_mix",
        "check_name": "crime_flag_flag",
        "accepted_by": "A. Responsible",
        "reason": REASON,
    }
    index = (paths.data_docs / "index.html").read_text()
    assert "A. Responsible answers for the failure" in index
    assert REASON in index
    assert "Failed: accepted" in (paths.data_docs / "suites" / "landing_mix.html").read_text()


def test_what_is_not_accepted_still_blocks(run: Run, settings: Settings) -> None:
    broken(run, settings, BREAK_MIX, BREAK_VOLUME)
    with pytest.raises(QualityBlocked) as blocked:
        audit(settings, accepting(run, MIX))
    assert VOLUME in str(blocked.value)
    assert MIX not in str(blocked.value)


def test_a_check_that_passed_is_nothing_to_accept(run: Run, settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="did not fail, so there is nothing to accept"):
        audit(settings, accepting(run, MIX))


def test_nobody_answers_for_what_could_not_be_evaluated(run: Run, settings: Settings) -> None:
    broken(run, settings, "drop table intermediate.int_profile_changes")
    with pytest.raises(ConfigurationError, match="could not be evaluated, and nobody can answer"):
        audit(settings, accepting(run, MIX))


@pytest.mark.parametrize(
    "named",
    [
        *("SYN-00000001", "CR1", "IR1", "#cr1", "syn-00000001", "Syn 0000 0001", "SYN00000001"),
        *("_SYN-00000001_", "x/SYN\N{EN DASH}00000001-x"),
        "SYN-" + "\N{ARABIC-INDIC DIGIT ZERO}" * 7 + "\N{ARABIC-INDIC DIGIT ONE}",
    ],
)
def test_the_reason_names_no_person_and_no_record(named: str, good_warehouse: Path) -> None:
    """Nor does the name; and however it is written."""
    told = f"It is all because of {named}."
    for acceptance in (Acceptance((MIX,), "A. Responsible", told), Acceptance((MIX,), told, REASON)):
        with pytest.raises(ConfigurationError, match="names a person or a record") as refused:
            accepted_in(good_warehouse, acceptance)
        assert named not in str(refused.value)


def test_a_reason_that_names_nobody_is_taken(good_warehouse: Path) -> None:
    reason = "On 2026-09-30 the system was cleared of 1,000 double entries, see change 00000001."
    [accepted] = accepted_in(good_warehouse, Acceptance((MIX,), "A. Responsible", reason))
    assert accepted.reason == reason


def accepted_in(warehouse: Path, acceptance: Acceptance) -> list[AcceptedFailure]:
    [suite, check] = MIX.split(".")
    failure = CheckResult(suite, check, "critical", "failed", 1, 1, 100.0, "It is.", "somebody")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return accept(acceptance, [failure], connection)


def test_the_policy_says_what_may_be_accepted(run: Run, settings: Settings) -> None:
    broken(
        run,
        settings,
        BREAK_MIX,
        "update seeds.policy set \"value\" = '0' where parameter = 'acceptable_mix_change'",
    )
    with pytest.raises(
        ConfigurationError, match="policy does not let anybody accept a failure of landing_mix"
    ):
        audit(settings, accepting(run, MIX))


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("landing_mix.no_such_check", "There is no check landing_mix.no_such_check"),
        ("landing_mix.nominal_sex", "stops no release"),
        ("landing_nominal.some_were_delivered", "policy does not let anybody"),
        ("assessment_list.contributions_add_up_to_the_total", "Nobody can accept"),
        ("listed_people.self_defined_ethnicity_is_recorded", "Nobody can accept"),
    ],
)
def test_what_cannot_be_accepted_is_refused_before_the_run(check: str, sentence: str) -> None:
    acceptance = Acceptance((check,), "A. Responsible", REASON)
    with pytest.raises(ConfigurationError, match=re.escape(sentence)):
        refuse_unacceptable(acceptance, declarations.load(EXPECTATIONS))


def test_identities_and_completeness_of_ethnicity_are_closed_to_any_policy() -> None:
    closed = [
        (suite, check)
        for suite in declarations.load(EXPECTATIONS)
        for check in suite.checks
        if is_never_accepted(suite.name, check.name)
    ]
    names = {f"{suite.name}.{check.name}" for suite, check in closed}
    assert {
        "assessment_list.total_is_crime_plus_intelligence",
        "score_contributions.no_record_counts_twice",
        "list_movements.nobody_moves_twice",
        "listed_people.self_defined_ethnicity_is_recorded",
        "listed_people.officer_observed_ethnicity_is_recorded",
    } <= names
    assert not any(check.overridable for _, check in closed)
    # Even where a declaration and the policy would let it through.
    suite, check = next((s, c) for s, c in closed if s.name == "listed_people" and c.severity == "critical")
    opened = dataclasses.replace(suite, checks=(dataclasses.replace(check, overridable=True),))
    with pytest.raises(ConfigurationError, match="Nobody can accept"):
        refuse_unacceptable(Acceptance((f"{suite.name}.{check.name}",), "A", REASON), [opened])


@pytest.mark.parametrize(
    ("checks", "by", "reason", "sentence"),
    [
        ([MIX], None, REASON, "add `--by NAME`"),
        ([MIX], "  ", REASON, "add `--by NAME`"),
        ([MIX], "\u200b\u2060", REASON, "add `--by NAME`"),
        ([MIX], "\N{HANGUL FILLER}\N{HANGUL FILLER}", REASON, "add `--by NAME`"),
        ([MIX], "A. Responsible", "\N{HANGUL CHOSEONG FILLER}\N{BRAILLE PATTERN BLANK}", "add `--reason …`"),
        ([MIX], "Ali\N{COMBINING GRAPHEME JOINER}ce", REASON, "`--by NAME` says is published"),
        ([MIX], "Al\N{VARIATION SELECTOR-17}ice", REASON, "`--by NAME` says is published, and holds signs"),
        ([MIX], "A. Responsible", None, "add `--reason …`"),
        ([MIX], "A. Responsible", " . - 1", "add `--reason …`"),
        ([MIX], "\N{CYRILLIC SMALL LETTER A}lice", REASON, "`--by NAME` says is published, and holds signs"),
        ([MIX], "ali\N{ZERO WIDTH SPACE}ce", REASON, "`--by NAME` says is published, and holds signs"),
        ([MIX], "Alice\nBob", REASON, "`--by NAME` says is published, and holds signs"),
        ([MIX], "Alice", "For SYN\N{ZERO WIDTH JOINER}-00000001.", "`--reason …` says is published"),
        ([MIX.upper()], "A. Responsible", REASON, "write it as SUITE.CHECK"),
        ([f"{MIX} "], "A. Responsible", REASON, "write it as SUITE.CHECK"),
        ([], "A. Responsible", REASON, "add `--accept SUITE.CHECK`"),
        (["everything"], "A. Responsible", REASON, "write it as SUITE.CHECK"),
    ],
)
def test_an_acceptance_has_checks_a_name_and_a_reason(
    checks: list[str], by: str | None, reason: str | None, sentence: str
) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(sentence)):
        acceptance_of(checks, by, reason)


def test_nothing_asked_for_is_nothing_accepted() -> None:
    assert acceptance_of([], None, None) is None
    assert acceptance_of([MIX, MIX], " \N{FULLWIDTH LATIN CAPITAL LETTER A}l ", f" {REASON} ") == Acceptance(
        (MIX,), "Al", REASON
    )


def test_an_acceptance_is_the_run_s_own(run: Run, settings: Settings) -> None:
    accepting(run, MIX).save(settings)
    assert Run.load(settings, run.run_id) == accepting(run, MIX)
    run.save(settings)
    assert Run.load(settings, run.run_id).acceptance is None
