"""What was checked stays checked: no suite, check or severity goes without somebody's word."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest
from marked import pages

import vha.audit
from vha.audit import EXPECTATIONS, audit, declarations
from vha.errors import ConfigurationError, QualityBlocked
from vha.run import Run, RunPaths
from vha.settings import Settings


@pytest.mark.parametrize("suite", ["landing_crime_report", "special_category_breakdown"])
def test_a_suite_that_is_gone_stops_the_audit(
    broken: RunPaths, run: Run, settings: Settings, suite: str
) -> None:
    (vha.audit.EXPECTATIONS / f"{suite}.yml").unlink()
    with pytest.raises(ConfigurationError, match=f"No suite is about .*{suite.removeprefix('landing_')}"):
        audit(settings, run)


@pytest.fixture
def last_release(run: Run, settings: Settings) -> None:
    """The release before the run was held against every check there is, and one long before against another."""
    declared = [
        ("run-before-the-test", suite.name, check.name, check.severity)
        for suite in declarations.load(EXPECTATIONS)
        for check in suite.checks
    ]
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute(
            "insert into history.release_register (run_id, as_of_date, published_at) "
            "values ('long-before', '2026-01-01', '2026-01-02')"
        )
        connection.executemany(
            "insert into history.quality_checks (run_id, suite, check_name, severity) values (?, ?, ?, ?)",
            [("long-before", "landing_nominal", "given_up_since", "critical"), *declared],
        )


def remove(suite: str) -> None:
    (vha.audit.EXPECTATIONS / f"{suite}.yml").unlink()


def edit(suite: str, old: str, new: str) -> None:
    file = vha.audit.EXPECTATIONS / f"{suite}.yml"
    before = file.read_text()
    file.write_text(before.replace(old, new, 1))
    assert file.read_text() != before


def warn_only(suite: str) -> None:
    edit(suite, "    overridable: {policy: acceptable_volume_change}\n", "")
    edit(suite, "severity: critical", "severity: warning")


def withdraw(check: str, now: str) -> None:
    (vha.audit.EXPECTATIONS / "withdrawn.yml").write_text(
        f"withdrawn: [{{check: {check}, now: {now}, by: Head of data, reason: It cried wolf.}}]"
    )


@pytest.mark.parametrize(
    ("weaken", "said"),
    [
        (
            lambda: remove("quarantine_surges"),
            r"would escape: quarantine_surges\.\w+ \(not made\), quarantine_",
        ),
        (lambda: remove("listed_people"), r"listed_people\.\w+ was critical .* and is not made now"),
        (
            lambda: warn_only("landing_volumes"),
            r"escape: landing_volumes\.crime_reports_are_as_many_as_last_time \(a warning\)\.",
        ),
        (
            lambda: edit("landing_mix", "name: nominal_sex\n", "name: nominal_sexes\n"),
            r"escape: landing_mix\.nominal_sex \(not made\)\.",
        ),
    ],
    ids=["one of several suites of a table", "what no policy opens", "a lower severity", "another name"],
)
def test_a_check_of_the_last_release_does_not_go_unnoticed(
    broken: RunPaths, run: Run, settings: Settings, last_release: None, weaken: Callable[[], None], said: str
) -> None:
    weaken()
    with pytest.raises(ConfigurationError, match=said):
        audit(settings, run)


def test_who_withdraws_a_check_is_shown(
    broken: RunPaths, run: Run, settings: Settings, last_release: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "vha.audit.validation.validate", lambda *_: {}
    )  # what is found is not what this is about
    warn_only("landing_volumes")
    withdraw("landing_volumes.crime_reports_are_as_many_as_last_time", "not made")
    with pytest.raises(ConfigurationError, match=r"as_last_time \(a warning\)"):
        audit(settings, run)
    withdraw("landing_volumes.crime_reports_are_as_many_as_last_time", "warning")
    with pytest.raises(QualityBlocked):
        audit(settings, run)
    index = pages(broken.data_docs)["index.html"].decode()
    assert "as_many_as_last_time</code>, now a warning: It cried wolf.\n(Head of data)" in index


@pytest.mark.parametrize(
    "text", ["", "withdrawn: none", "withdrawn: [{check: a.b}]", "withdrawn: [a.b]", "- check: a.b", "{"]
)
def test_withdrawals_have_a_form(broken: RunPaths, run: Run, settings: Settings, text: str) -> None:
    (vha.audit.EXPECTATIONS / "withdrawn.yml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"withdrawn\.yml is no list"):
        audit(settings, run)
