"""What changed between two policies is told value by value, and who moved in counts unless names are asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from scratch_run import settings_at

from vha.cli import main
from vha.errors import ConfigurationError
from vha.explain import access_log
from vha.policy.diff import Change, changes, moves, policy_diff
from vha.publish.manifest import ASSESSMENT, OVERSIGHT
from vha.settings import Settings
from vha.warehouse.connect import connect

BEFORE = {
    ("policy", "score_threshold", "value"): "1500",
    ("policy", "score_threshold", "rationale"): "Because.",
    ("policy", "minimum_age", "value"): "10",
    ("harm_weights", "5D|cchi", "weight"): "1095.0000",
    ("harm_weights", "3B|cchi", "weight"): "10.0000",
}
AFTER = {
    ("policy", "score_threshold", "value"): "1800",
    ("policy", "score_threshold", "rationale"): "Because of the weights.",
    ("policy", "minimum_age", "value"): "10",
    ("harm_weights", "5D|cchi", "weight"): "1460.0000",
    ("offences", "5D", "crime_area"): "serious violence",
}
LIST = {"SYN-1": 1, "SYN-2": 2, "SYN-3": 3, "SYN-4": 4}
LATER = {"SYN-1": 1, "SYN-3": 2, "SYN-4": 3, "SYN-9": 4}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


def release(
    settings: Settings,
    run_id: str,
    policy_version: str,
    content: Mapping[tuple[str, str, str], str] | None = None,
    ranks: Mapping[str, int] = LIST,
    **manifest: Any,
) -> None:
    """A release as far as the comparison reads it; without ``content`` one that did not keep its policy."""
    folder = settings.home / "releases" / run_id
    for database in (ASSESSMENT, OVERSIGHT):
        (folder / database).parent.mkdir(parents=True)
    described = {
        "run_id": run_id,
        "as_of": "2026-09-30",
        "published_at": f"2026-10-01T00:00:00+00:00{run_id}",
        "policy_version": policy_version,
        "git_commit": "unknown",
        "inputs": {"crime/crime_report": {"sha256": "0"}},
    }
    (folder / "manifest.json").write_text(json.dumps({**described, **manifest}))
    with connect(settings, folder / ASSESSMENT) as assessment:
        assessment.execute(
            "create table assessment_list (nominal_id varchar, rank int, total_score decimal(18, 4))"
        )
        assessment.executemany(
            "insert into assessment_list values (?, ?, ?)",
            [[person, rank, 5000 - rank] for person, rank in ranks.items()],
        )
    with connect(settings, folder / OVERSIGHT) as oversight:
        oversight.execute("create table policy_register (parameter varchar)")
        if content is not None:
            oversight.execute(
                "create table policy_content (seed varchar, row_key varchar, column_name varchar, value varchar)"
            )
            oversight.executemany(
                "insert into policy_content values (?, ?, ?, ?)",
                [[*key, value] for key, value in content.items()],
            )


def compared(settings: Settings, run_a: str, run_b: str, people: bool = False) -> str:
    return "\n".join(policy_diff(settings, run_a, run_b, people, "review"))


def test_parameters_come_first_and_then_what_else_is_said_of_them() -> None:
    assert changes(BEFORE, AFTER) == [
        Change("policy", "score_threshold", "value", "1500", "1800"),
        Change("policy", "score_threshold", "rationale", "Because.", "Because of the weights."),
        Change("harm_weights", "3B|cchi", "weight", "10.0000", None),
        Change("harm_weights", "5D|cchi", "weight", "1095.0000", "1460.0000"),
        Change("offences", "5D", "crime_area", None, "serious violence"),
    ]
    assert changes(BEFORE, BEFORE) == []


def test_everybody_on_either_list_is_told_once() -> None:
    old = {"a": (1, Decimal(9)), "b": (2, Decimal(8)), "c": (3, Decimal(7)), "d": (4, Decimal(6))}
    new = {"b": (1, Decimal(8)), "a": (2, Decimal(7)), "c": (3, Decimal(5)), "e": (4, Decimal(4))}
    assert [(move.nominal_id, move.kind) for move in moves(old, new)] == [
        ("b", "moved up"),
        ("a", "moved down"),
        ("c", "same rank"),
        ("e", "entered"),
        ("d", "left"),
    ]


def test_what_changed_and_who_moved_is_told_in_counts(settings: Settings) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    release(settings, "b", "bbbbbbbbbbbb", AFTER, LATER)
    told = compared(settings, "a", "b")
    assert "policy score_threshold value: 1500 → 1800" in told
    assert "harm_weights 3B|cchi weight: 10.0000 → nothing" in told
    assert "offences 5D crime_area: nothing → serious violence" in told
    assert "minimum_age" not in told
    counts = {line[:12].strip(): line[12:].strip() for line in told.splitlines()}
    assert [counts[kind] for kind in ("entered", "left", "moved up", "moved down", "same rank")] == [
        "1", "1", "2", "0", "1",
    ]  # fmt: skip
    assert "SYN-" not in told


def test_names_are_told_only_where_they_are_asked_for(settings: Settings) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    release(settings, "b", "bbbbbbbbbbbb", AFTER, LATER)
    told = compared(settings, "a", "b", people=True)
    assert "restricted" in told
    assert "SYN-9: not listed → rank 4, 4996.0000 points" in told
    assert "SYN-2: rank 2, 4998.0000 points → not listed" in told
    assert "SYN-1" not in told, "who kept their rank did not move"


def test_a_move_is_put_down_to_the_policy_only_where_nothing_else_differs(settings: Settings) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    release(settings, "b", "bbbbbbbbbbbb", AFTER)
    release(settings, "c", "bbbbbbbbbbbb", AFTER, as_of="2026-10-01")
    release(settings, "d", "bbbbbbbbbbbb", AFTER, inputs={"crime/crime_report": {"sha256": "1"}})
    assert "By the policy:" in compared(settings, "a", "b")
    assert "Not by the policy alone: the date (2026-09-30, 2026-10-01) changed too" in compared(
        settings, "a", "c"
    )
    assert "Not by the policy alone: the delivered records changed too" in compared(settings, "a", "d")


def test_changed_code_is_not_passed_over(settings: Settings) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE, git_commit="a" * 40)
    release(settings, "b", "bbbbbbbbbbbb", AFTER, git_commit="b" * 40)
    release(settings, "c", "bbbbbbbbbbbb", AFTER, git_commit="b" * 40 + "-dirty")
    assert f"git diff {'a' * 40} {'b' * 40} -- src dbt_project" in compared(settings, "a", "b")
    assert "commits do not tell" in compared(settings, "a", "c")


def test_the_same_policy_is_said_to_be_the_same(settings: Settings) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    release(settings, "b", "aaaaaaaaaaaa", BEFORE, LATER)
    assert compared(settings, "a", "b") == (
        "a and b go by the same policy, aaaaaaaaaaaa: nobody moved because of it."
    )


def test_versions_that_differ_in_no_value_are_explained(settings: Settings) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    release(settings, "b", "bbbbbbbbbbbb", BEFORE)
    assert "no value, only the order of columns" in compared(settings, "a", "b")


def test_a_release_that_kept_no_policy_is_refused(settings: Settings) -> None:
    release(settings, "a", "aaaaaaaaaaaa")
    release(settings, "b", "bbbbbbbbbbbb", AFTER)
    with pytest.raises(ConfigurationError, match="a was released before releases kept their policy"):
        compared(settings, "a", "b")


@pytest.mark.parametrize("unknown", ["b", "current", "../home/releases/a", ""])
def test_an_unknown_run_ends_in_one_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, unknown: str
) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    monkeypatch.setenv("VHA_HOME", str(settings.home))
    assert main(["policy", "diff", "a", unknown]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"vha: There is no release {unknown!r}")
    assert len(told.err.splitlines()) == 1


def test_the_command_prints_the_comparison(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    release(settings, "b", "bbbbbbbbbbbb", AFTER, LATER)
    monkeypatch.setenv("VHA_HOME", str(settings.home))
    assert main(["policy", "diff", "a", "b", "--people", "--reason", "review"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("From policy aaaaaaaaaaaa of a to policy bbbbbbbbbbbb of b")
    assert "SYN-9" in told


def test_whoever_is_named_is_logged_as_looked_at(settings: Settings) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    release(settings, "b", "bbbbbbbbbbbb", AFTER, LATER)
    told = compared(settings, "a", "b", people=True)
    uses, holds = access_log.read(settings)
    assert holds
    assert {use.nominal_id for use in uses} == set(re.findall(r"SYN-\w+", told))
    assert {(use.command, use.reason, use.run_id) for use in uses} == {("policy-diff", "review", "b")}


def test_nobody_is_named_without_a_reason_and_counts_alone_are_not_logged(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release(settings, "a", "aaaaaaaaaaaa", BEFORE)
    release(settings, "b", "bbbbbbbbbbbb", AFTER, LATER)
    monkeypatch.setenv("VHA_HOME", str(settings.home))
    assert main(["policy", "diff", "a", "b", "--people"]) == 1
    assert main(["policy", "diff", "a", "b", "--people", "--reason", "curiosity"]) == 1
    assert "SYN-" not in capsys.readouterr().out
    assert main(["policy", "diff", "a", "b"]) == 0
    assert not access_log.log_file(settings).exists()
