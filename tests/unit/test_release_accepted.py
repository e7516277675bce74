"""Publishing with failures that somebody answers for: which, by whom and why is what the release says."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scratch_run import CHECKS, approve, make_run, settings_at

from vha.audit.binding import bind, work_file_hash
from vha.errors import ConfigurationError, PublishError
from vha.publish.release import publish
from vha.report import assemble
from vha.run import Acceptance, Run, RunPaths
from vha.settings import Settings

Q3_END = date(2026, 9, 30)
MIX = "landing_mix.nominal_merged_into"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


def accepted_candidate(settings: Settings, name: str = MIX) -> Run:
    """A candidate in which one check failed, and somebody answers for it."""
    suite, check = name.split(".")
    failed = [{**CHECKS[0], "suite": suite, "check_name": check, "status": "failed"}]
    acceptance = Acceptance((name,), "A. Responsible", "The index was cleaned.")
    run = dataclasses.replace(make_run(settings, "r1", Q3_END, checks=failed), acceptance=acceptance)
    run.save(settings)
    paths = RunPaths(settings, run.run_id)
    failure = {
        "suite": suite,
        "check_name": check,
        "accepted_by": acceptance.by,
        "reason": acceptance.reason,
        "accepted_at": "2026-07-01T05:00:00+00:00",
    }
    paths.accepted_failures.write_text(json.dumps([failure]))
    bind(paths, work_file_hash(paths))
    assemble(settings, run)
    approve(settings, run)
    return run


def test_an_accepted_failure_is_stamped_on_the_release_and_shown_to_oversight(settings: Settings) -> None:
    release = publish(settings, accepted_candidate(settings))
    [stamped] = json.loads((release / "manifest.json").read_text())["accepted_failures"]
    with duckdb.connect(str(release / "public/oversight.duckdb"), read_only=True) as oversight:
        [shown] = oversight.execute("select * from accepted_failures").fetchall()
    assert shown == ("r1", *stamped.values())
    assert (stamped["accepted_by"], stamped["reason"]) == ("A. Responsible", "The index was cleaned.")


@pytest.mark.parametrize(
    "changes",
    [{"checks": ("landing_mix.nominal_sex",)}, {"by": "Somebody else"}, {"reason": "Another."}, None],
)
def test_a_run_cannot_accept_other_failures_than_its_candidate_says(
    settings: Settings, changes: dict[str, Any] | None
) -> None:
    run = accepted_candidate(settings)
    assert run.acceptance is not None
    acceptance = None if changes is None else dataclasses.replace(run.acceptance, **changes)
    with pytest.raises(PublishError, match="accepts other failures than the run does"):
        publish(settings, dataclasses.replace(run, acceptance=acceptance))
    assert not (settings.home / "releases" / "current").exists()


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("landing_nominal.some_were_delivered", "policy does not let anybody accept"),
        ("listed_people.self_defined_ethnicity_is_recorded", "Nobody can accept"),
        ("landing_mix.Nominal_merged_into", "There is no check"),
    ],
)
def test_what_nobody_can_accept_is_not_published_whatever_the_run_s_files_say(
    settings: Settings, check: str, sentence: str
) -> None:
    """As if somebody had written the acceptance into them after the audit."""
    run = accepted_candidate(settings, check)
    with pytest.raises(ConfigurationError, match=sentence):
        publish(settings, run)
    assert not (settings.home / "releases" / "current").exists()


def test_what_was_accepted_cannot_be_changed_after_the_audit(settings: Settings) -> None:
    run = accepted_candidate(settings)
    file = RunPaths(settings, run.run_id).accepted_failures
    file.write_text(file.read_text().replace("A. Responsible", "Somebody else"))
    with pytest.raises(PublishError, match="changed after the audit"):
        assemble(settings, run)
