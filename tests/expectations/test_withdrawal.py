"""What was checked stays checked: no suite, check or severity goes without somebody's word."""

from __future__ import annotations

import json
from collections.abc import Callable

import duckdb
import pytest
import yaml
from marked import RAISING, pages

import vha.audit
from vha.audit import EXPECTATIONS, audit, declarations, inventory, rules
from vha.errors import ConfigurationError, QualityBlocked
from vha.run import Run, RunPaths
from vha.settings import Settings


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


def index_what_there_is() -> None:
    """What a careless engineer does about the index, so that the last release alone still tells."""
    counts = inventory.counts_of(declarations.load(vha.audit.EXPECTATIONS))
    (vha.audit.EXPECTATIONS / "index.yml").write_text(yaml.safe_dump(counts))


def withdraw(check: str, now: str) -> None:
    (vha.audit.EXPECTATIONS / "withdrawn.yml").write_text(
        f"withdrawn: [{{check: {check}, now: {now}, by: Head of data, reason: It cried wolf.}}]"
    )


@pytest.mark.parametrize("suite", ["landing_crime_report", "special_category_breakdown"])
def test_a_suite_that_is_gone_stops_the_audit(
    broken: RunPaths, run: Run, settings: Settings, suite: str
) -> None:
    remove(suite)
    index_what_there_is()
    with pytest.raises(ConfigurationError, match=f"No suite is about .*{suite.removeprefix('landing_')}"):
        audit(settings, run)


FIRST_RELEASE = [
    (
        lambda: remove("listed_people"),
        r"listed_people \(\d+ critical and \d+ warning expected, none declared\)\.",
    ),
    (lambda: remove("quarantine_surges"), r"quarantine_surges .* none declared"),
    (
        lambda: warn_only("landing_volumes"),
        r"landing_volumes \((\d+) critical and 1 warning expected, \d+ critical and 2 warning declared\)",
    ),
    (
        lambda: (vha.audit.EXPECTATIONS / "more.yml").write_text(RAISING.replace("raising", "more")),
        r"more \(none expected, 0 critical and 2 warning declared\)",
    ),
    (lambda: (vha.audit.EXPECTATIONS / "index.yml").unlink(), r"index\.yml is no list of suites"),
    (lambda: (vha.audit.EXPECTATIONS / "index.yml").write_text("- a"), r"index\.yml is no list of suites"),
]


@pytest.mark.parametrize(
    ("weaken", "said"),
    FIRST_RELEASE,
    ids=[
        "all of a table's completeness",
        "one of several",
        "a severity",
        "a stray file",
        "no index",
        "no list",
    ],
)
def test_the_first_release_has_every_check_that_the_index_says(
    broken: RunPaths, run: Run, settings: Settings, weaken: Callable[[], None], said: str
) -> None:
    weaken()
    with pytest.raises(ConfigurationError, match=said):
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
    index_what_there_is()
    with pytest.raises(ConfigurationError, match=said):
        audit(settings, run)


def test_a_history_that_has_forgotten_the_checks_is_no_leave_to_drop_them(
    broken: RunPaths, run: Run, settings: Settings, last_release: None
) -> None:
    with duckdb.connect(str(broken.warehouse)) as connection:
        connection.execute("delete from history.quality_checks")
    with pytest.raises(ConfigurationError, match="has forgotten which checks the last release"):
        audit(settings, run)


def test_who_withdraws_a_check_is_shown(
    broken: RunPaths, run: Run, settings: Settings, last_release: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "vha.audit.validation.validate", lambda *_: {}
    )  # what is found is not what this is about
    warn_only("landing_volumes")
    index_what_there_is()
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


def test_the_index_says_what_is_declared() -> None:
    inventory.refuse_others(EXPECTATIONS, declarations.load(EXPECTATIONS))


def test_a_rule_that_is_written_anew_is_shown(
    broken: RunPaths, run: Run, settings: Settings, last_release: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can tell whether a rule that was rewritten can still fail: somebody has to look at it."""
    monkeypatch.setattr("vha.audit.validation.validate", lambda *_: {})
    earlier = RunPaths(settings, "run-before-the-test").release / "public" / "data_docs"
    earlier.mkdir(parents=True)
    (earlier / "rules.json").write_text(json.dumps(rules.rules_of(declarations.load(vha.audit.EXPECTATIONS))))
    for anew in ([], ["assessment_list.everybody_reaches_the_threshold"]):
        if anew:
            edit("assessment_list", "${score_threshold}, true)", "${score_threshold}, true) and false")
        with pytest.raises(QualityBlocked):
            audit(settings, run)
        index = pages(broken.data_docs)["index.html"].decode()
        assert ("written anew" in index) == bool(anew)
        assert all(f">{name}</a>" in index for name in anew)
    assert "and false" in pages(broken.data_docs)["rules.json"].decode()
