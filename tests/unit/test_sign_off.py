"""A sign-off lets out the one candidate it is about, if approved by another than who started the run."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scratch_run import make_run, settings_at

from vha.errors import ConfigurationError, PublishError, SignOffMissing, SignOffRefused
from vha.orchestrate.decide import sign_off_command
from vha.publish import sign_off
from vha.publish.candidate import read_seal
from vha.report import assemble
from vha.run import Acceptance, Run
from vha.settings import Settings

HASH = "a" * 64
RUN = Run("run-1", date(2026, 9, 30), synthetic=False, started_by="airflow:alice")
SYNTHETIC = dataclasses.replace(RUN, synthetic=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path)


def record(settings: Settings, run: Run = RUN, **changes: Any) -> sign_off.SignOff:
    given: dict[str, Any] = {
        "candidate_sha256": HASH,
        "decision": "approved",
        "kind": "approval",
        "account": "airflow:bob",
        "note": "Seen.",
    }
    return sign_off.record(settings, run, **{**given, **changes})


def record_file(settings: Settings, run_id: str = RUN.run_id) -> Path:
    return settings.home / "sign_off" / f"{run_id}.json"


def edit(settings: Settings, **changes: Any) -> None:
    file = record_file(settings)
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_an_approval_by_somebody_else_holds(settings: Settings) -> None:
    written = record(settings)
    assert sign_off.check(settings, RUN, HASH) == written
    assert written.started_by == "airflow:alice"


def test_the_automatic_sign_off_of_a_synthetic_run_holds(settings: Settings) -> None:
    record(settings, SYNTHETIC, kind="automatic_synthetic", account=RUN.started_by)
    assert sign_off.check(settings, SYNTHETIC, HASH).kind == "automatic_synthetic"


def test_without_a_record_nothing_is_signed_off(settings: Settings) -> None:
    with pytest.raises(
        SignOffMissing, match=r"Nobody has signed off run run-1: .*vha sign-off run-1 --approve"
    ):
        sign_off.check(settings, RUN, HASH)


def test_a_deleted_record_signs_nothing_off(settings: Settings) -> None:
    record(settings)
    record_file(settings).unlink()
    with pytest.raises(SignOffMissing):
        sign_off.check(settings, RUN, HASH)


def replaced_key(settings: Settings) -> None:
    settings.sign_off_key_file.write_bytes(b"k" * 32)


def lost_key(settings: Settings) -> None:
    settings.sign_off_key_file.unlink()


def short_key(settings: Settings) -> None:
    settings.sign_off_key_file.write_bytes(b"k")


def open_key(settings: Settings) -> None:
    settings.sign_off_key_file.chmod(0o640)


@pytest.mark.parametrize(
    ("tamper", "error", "sentence"),
    [
        (lambda s: edit(s, decision="rejected"), SignOffRefused, "changed since"),
        (lambda s: edit(s, account="airflow:carol"), SignOffRefused, "changed since"),
        (lambda s: edit(s, note="Not seen."), SignOffRefused, "changed since"),
        (lambda s: edit(s, hmac_sha256="0" * 64), SignOffRefused, "changed since"),
        (lambda s: edit(s, hmac_sha256=None), SignOffRefused, "changed since"),
        (lambda s: edit(s, one_more="field"), SignOffRefused, "cannot be read"),
        (lambda s: record_file(s).write_text("{"), SignOffRefused, "cannot be read"),
        (lambda s: record_file(s).write_text("[]"), SignOffRefused, "cannot be read"),
        (lambda s: record_file(s).write_text("{}"), SignOffRefused, "cannot be read"),
        (replaced_key, SignOffRefused, "changed since"),
        (lost_key, ConfigurationError, "cannot be read"),
        (short_key, ConfigurationError, "shorter than 32 bytes"),
        (open_key, ConfigurationError, "chmod 600"),
    ],
)
def test_a_record_or_key_that_was_tampered_with_is_refused(
    settings: Settings, tamper: Callable[[Settings], None], error: type[Exception], sentence: str
) -> None:
    record(settings)
    tamper(settings)
    with pytest.raises(error, match=sentence):
        sign_off.check(settings, RUN, HASH)


def test_another_runs_record_signs_nothing_off(settings: Settings) -> None:
    record(settings, dataclasses.replace(RUN, run_id="run-2"))
    record_file(settings, "run-2").rename(record_file(settings))
    with pytest.raises(SignOffRefused, match="made for another run"):
        sign_off.check(settings, RUN, HASH)


def test_another_candidates_approval_signs_nothing_off(settings: Settings) -> None:
    record(settings)
    with pytest.raises(SignOffRefused, match="another candidate"):
        sign_off.check(settings, RUN, "b" * 64)


def test_a_rejected_candidate_is_not_let_out(settings: Settings) -> None:
    record(settings, decision="rejected")
    with pytest.raises(SignOffRefused, match="airflow:bob rejected the candidate"):
        sign_off.check(settings, RUN, HASH)


@pytest.mark.parametrize(
    "account",
    ["airflow:alice", "airflow:Alice", "os:alice", "os:CORP\\alice", "airflow:alice@example.org", "airflow:"],
)
def test_nobody_signs_off_what_they_started(settings: Settings, account: str) -> None:
    run = RUN if account != "airflow:" else dataclasses.replace(RUN, started_by="os:")
    with pytest.raises(SignOffRefused, match="may not sign off"):
        record(settings, run, account=account)
    assert not record_file(settings).exists()


def test_an_approver_who_turns_out_to_have_started_the_run_is_refused(settings: Settings) -> None:
    record(settings)
    with pytest.raises(SignOffRefused, match="another account as the one that started it"):
        sign_off.check(settings, dataclasses.replace(RUN, started_by="os:bob"), HASH)


def test_an_automatic_sign_off_is_never_written_for_a_real_run(settings: Settings) -> None:
    with pytest.raises(SignOffRefused, match="for synthetic data"):
        record(settings, kind="automatic_synthetic")
    assert not record_file(settings).exists()


def test_an_automatic_sign_off_does_not_hold_for_a_real_run(settings: Settings) -> None:
    record(settings, SYNTHETIC, kind="automatic_synthetic")
    with pytest.raises(SignOffRefused, match="for synthetic data"):
        sign_off.check(settings, RUN, HASH)


def test_a_decision_is_made_once(settings: Settings) -> None:
    record(settings, decision="rejected")
    before = record_file(settings).read_bytes()
    with pytest.raises(SignOffRefused, match="decided already"):
        record(settings)
    assert record_file(settings).read_bytes() == before


def test_record_and_key_are_for_their_owner_alone(settings: Settings) -> None:
    record(settings)
    for file in (record_file(settings), settings.sign_off_key_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(file.name for file in record_file(settings).parent.iterdir()) == ["key", "run-1.json"]


def test_the_key_may_be_kept_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "key"
    settings = Settings.from_environment(
        {"VHA_HOME": str(tmp_path / "home"), "VHA_SIGN_OFF_KEY_FILE": str(elsewhere)}
    )
    record(settings)
    assert elsewhere.exists()
    assert not (settings.home / "sign_off" / "key").exists()


@pytest.mark.parametrize(
    ("login_uid", "account"),
    [("0", "os:root"), ("4294967295", None), ("3999999999", "os:3999999999"), ("", None)],
)
def test_the_account_is_that_of_the_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login_uid: str, account: str | None
) -> None:
    """`sudo` changes the user id and the environment, and not the login uid."""
    for variable in ("USER", "LOGNAME", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(variable, "somebody-else")
    (tmp_path / "loginuid").write_text(login_uid)
    monkeypatch.setattr(sign_off, "LOGIN_UID_FILE", tmp_path / "loginuid")
    real = f"os:{sign_off.pwd.getpwuid(os.getuid()).pw_name}"
    assert sign_off.current_account() == (account or real)


class TestCommand:
    """`vha sign-off`."""

    @pytest.fixture
    def run(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
        """A real run of os:starter that got as far as its candidate; os:reviewer is at the keyboard."""
        monkeypatch.setenv("VHA_HOME", str(settings.home))
        monkeypatch.setattr(sign_off, "current_account", lambda: "os:reviewer")
        run = make_run(settings, "run-1", date(2026, 9, 30), synthetic=False)
        assemble(settings, run)
        return run

    def test_an_approval_publishes(
        self, settings: Settings, run: Run, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert sign_off_command(settings, run.run_id, "approved", "Seen.") == 0
        assert (settings.home / "releases" / "current").resolve().name == run.run_id
        record = json.loads(record_file(settings).read_text())
        assert (record["account"], record["note"]) == ("os:reviewer", "Seen.")
        out = capsys.readouterr().out
        assert "2 listed, 1 added, 0 removed" in out
        assert "1 passed, 1 warned, 0 failed" in out
        assert "1 bad_date" in out

    def test_an_approval_that_was_cut_short_is_published_by_repeating_it(
        self, settings: Settings, run: Run
    ) -> None:
        candidate = read_seal(settings, run).candidate_sha256
        sign_off.record(settings, run, candidate, "approved", "approval", "os:reviewer", "Seen.")
        assert sign_off_command(settings, run.run_id, "approved", "Again.") == 0
        assert (settings.home / "releases" / run.run_id).is_dir()
        assert json.loads(record_file(settings).read_text())["note"] == "Seen."

    def test_a_rejection_publishes_nothing_and_stands(self, settings: Settings, run: Run) -> None:
        assert sign_off_command(settings, run.run_id, "rejected", "No.") == 0
        with pytest.raises(SignOffRefused, match="rejected"):
            sign_off_command(settings, run.run_id, "approved", "Yes.")
        assert not (settings.home / "releases" / "current").exists()

    def test_the_same_account_writes_nothing(
        self, settings: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sign_off, "current_account", lambda: "os:starter")
        for decision in ("approved", "rejected"):
            with pytest.raises(SignOffRefused, match="may not sign off"):
                sign_off_command(settings, run.run_id, decision, "Mine.")
        assert not record_file(settings).exists()
        assert not (settings.home / "releases" / "current").exists()

    def test_a_file_changed_before_the_approval_is_not_published(self, settings: Settings, run: Run) -> None:
        page = settings.home / "work" / run.run_id / "candidate" / "public" / "site" / "index.html"
        page.write_text("changed")
        with pytest.raises(PublishError):
            sign_off_command(settings, run.run_id, "approved", "Seen.")
        assert not (settings.home / "releases" / "current").exists()

    def test_an_unknown_run_is_named(self, settings: Settings) -> None:
        with pytest.raises(ConfigurationError, match="no run 'nowhere'"):
            sign_off_command(settings, "nowhere", "approved", "Seen.")

    def test_a_run_without_a_candidate_is_not_decided(self, settings: Settings) -> None:
        Run("early", date(2026, 9, 30), synthetic=False, started_by="os:starter").save(settings)
        with pytest.raises(PublishError, match="no sealed candidate"):
            sign_off_command(settings, "early", "rejected", "No.")


@pytest.mark.parametrize("account", ["airflow:carol", "os:Carol", "airflow:carol@example.org"])
def test_whoever_accepted_a_failed_check_cannot_sign_it_off(settings: Settings, account: str) -> None:
    accepting = dataclasses.replace(RUN, acceptance=Acceptance(("suite.check",), "Carol", "It is right."))
    with pytest.raises(SignOffRefused, match="may not sign off failures that they accepted themselves"):
        record(settings, accepting, account=account)
    assert record(settings, accepting, account="airflow:bob").account == "airflow:bob"
