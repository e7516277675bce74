"""The audit as a whole: what it leaves, what it tells, and what it never tells."""

from __future__ import annotations

import getpass
import json
import logging
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Route

import vha.audit
from vha.audit import EXPECTATIONS, audit, declarations
from vha.audit.binding import refuse_others
from vha.errors import BuildError, ConfigurationError, PublishError, QualityBlocked
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, Settings

# A person who exists nowhere else, whose every record breaks a rule.
MARKS = ("SYN-MARKED-1", "CR-MARKED-2", "MARKED-VALUE-3", "1987-06-05")

PLANT = """
insert into landing.nominal (landing_row, nominal_id, date_of_birth, sex, merged_into, updated_at)
select 0, 'SYN-MARKED-1', '1987-06-05', 'MARKED-VALUE-3', 'SYN-MARKED-1', 'MARKED-VALUE-3' from range(200);

insert into landing.crime_report (landing_row, crime_ref, recorded_at, offence_code, borough)
select 0, 'CR-MARKED-2', '1987-06-05', 'MARKED-VALUE-3', 'MARKED-VALUE-3' from range(200);

insert into assessment.assessment_list (as_of_date, "rank", nominal_id, latest_offence_on, run_id)
values ('1987-06-05', 1, 'SYN-MARKED-1', '1987-06-05', 'MARKED-VALUE-3');

insert into assessment.score_contributions (as_of_date, nominal_id, kind, record_ref, event_on)
values ('1987-06-05', 'SYN-MARKED-1', 'MARKED-VALUE-3', 'CR-MARKED-2', '1987-06-05');

insert into assessment.quarantine (source_table, record_key, reason, effect)
values ('MARKED-VALUE-3', 'SYN-MARKED-1', 'MARKED-VALUE-3', 'MARKED-VALUE-3');
"""

# Checks whose evaluation raises, in the database and with a value of the marked person in the message.
RAISING = """
suite: raising
table: landing.nominal
checks:
  - name: sex_is_a_number
    rows: select sex from {batch} where case when sex like 'MARKED%' then cast(sex as integer) end > 0
    severity: warning
    meaning: Nothing.
    owner: nobody
  - name: there_is_a_column
    expectation: expect_column_values_to_not_be_null
    kwargs: {column: no_such_column}
    severity: warning
    meaning: Nothing.
    owner: nobody
"""


@pytest.fixture
def broken(run: Run, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunPaths:
    """The run with the marked person in its work file, and checks that raise."""
    folder = tmp_path / "expectations"
    shutil.copytree(EXPECTATIONS, folder)
    (folder / "raising.yml").write_text(RAISING)
    monkeypatch.setattr(vha.audit, "EXPECTATIONS", folder)
    paths = RunPaths(settings, run.run_id)
    with duckdb.connect(str(paths.warehouse)) as connection:
        connection.execute(PLANT)
    return paths


def results_of(paths: RunPaths) -> dict[str, dict[str, object]]:
    results = json.loads(paths.audit_results.read_text())
    return {f"{result['suite']}.{result['check_name']}": result for result in results}


def pages(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_good_run_passes_and_leaves_its_results(run: Run, settings: Settings) -> None:
    paths = RunPaths(settings, run.run_id)
    before = paths.warehouse.read_bytes()
    counts = audit(settings, run)
    declared = sum(len(suite.checks) for suite in declarations.load(EXPECTATIONS))
    assert counts == {"rows": declared, "passed": declared, "warned": 0, "failed": 0, "accepted": 0}
    assert len(results_of(paths)) == declared
    assert list(results_of(paths)["landing_nominal.sex_is_complete"]) == [
        *("suite", "check_name", "severity", "status"),
        *("evaluated", "unexpected", "percentage", "meaning", "owner"),
    ]
    assert paths.warehouse.read_bytes() == before
    assert not list(paths.warehouse.parent.glob("*.wal"))


def test_a_critical_failure_blocks_and_keeps_results_and_docs(
    broken: RunPaths, run: Run, settings: Settings
) -> None:
    with pytest.raises(
        QualityBlocked, match=r"landing_nominal\.nominal_id_is_unique failed for 199 of 500 rows"
    ):
        audit(settings, run)
    assert results_of(broken)["landing_nominal.nominal_id_is_unique"]["status"] == "failed"
    assert b"Nominal id is unique" in pages(broken.data_docs)["suites/landing_nominal.html"]


def test_a_warning_does_not_block(run: Run, settings: Settings) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute("update landing.nominal set sex = null")
    counts = audit(settings, run)
    assert (counts["warned"], counts["failed"]) == (1, 0)


def test_a_table_that_is_missing_blocks(run: Run, settings: Settings) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute("drop table assessment.review_queue")
    with pytest.raises(QualityBlocked, match=r"review_queue\.nominal_id_is_there could not be evaluated"):
        audit(settings, run)


UNSAFE = "('2026-Q3', 'sex/X', 3, 3, false)"
CONTRADICTING = "('2026-Q3', 'all', null, null, false)"


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (
            UNSAFE,
            r"no_withheld_number_can_be_worked_out failed for 1 of 3 rows: .*, sex of 2026-Q3: have the",
        ),
        (CONTRADICTING, r"figures_do_not_contradict_each_other failed for 1 of 3 rows"),
    ],
)
def test_a_quarter_that_would_give_somebody_away_blocks(
    run: Run, settings: Settings, found: str, message: str
) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute(f"insert into run.disclosure_audit values {found}")
    with pytest.raises(QualityBlocked, match=r"disclosure_audit\." + message):
        audit(settings, run)


def test_an_attack_that_was_not_made_blocks(run: Run, settings: Settings) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute("drop table run.disclosure_audit")
    with pytest.raises(QualityBlocked, match="no_withheld_number_can_be_worked_out could not be evaluated"):
        audit(settings, run)


def test_results_hold_for_the_work_file_that_was_judged_and_no_other(run: Run, settings: Settings) -> None:
    paths = RunPaths(settings, run.run_id)
    audit(settings, run)
    refuse_others(paths)
    judged = paths.warehouse.read_bytes()
    with duckdb.connect(str(paths.warehouse)) as connection:
        connection.execute("delete from assessment.assessment_list where rank = 1")
    with pytest.raises(PublishError, match="changed after the audit"):
        refuse_others(paths)
    paths.warehouse.write_bytes(judged)
    refuse_others(paths)
    paths.audit_results.write_text(paths.audit_results.read_text().replace("critical", "warning"))
    with pytest.raises(PublishError, match="changed after the audit"):
        refuse_others(paths)


def test_a_check_that_raises_has_errored(broken: RunPaths, run: Run, settings: Settings) -> None:
    with pytest.raises(QualityBlocked):
        audit(settings, run)
    results = results_of(broken)
    assert results["raising.sex_is_a_number"]["status"] == "errored"
    assert results["raising.there_is_a_column"]["status"] == "errored"


def test_no_value_of_a_person_is_in_results_docs_logs_or_message(
    broken: RunPaths,
    run: Run,
    settings: Settings,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "vha")
    with pytest.raises(QualityBlocked) as blocked:
        audit(settings, run)
    printed = capfd.readouterr()
    told = [
        str(blocked.value),
        caplog.text,
        printed.out,
        printed.err,
        *(repr(left) for left in pages(broken.work).values()),
    ]
    assert "ConversionException" in caplog.text
    assert [mark for mark in MARKS for text in told if mark in text] == []


def test_docs_are_the_same_each_time_and_say_nothing_of_the_machine(run: Run, settings: Settings) -> None:
    paths = RunPaths(settings, run.run_id)
    audit(settings, run)
    first = {**pages(paths.data_docs), "audit.json": paths.audit_results.read_bytes()}
    audit(settings, run)
    assert {**pages(paths.data_docs), "audit.json": paths.audit_results.read_bytes()} == first
    text = b"".join(first.values()).decode()
    for secret in (
        str(settings.home),
        str(EXPECTATIONS),
        socket.gethostname(),
        f"/{getpass.getuser()}",
        "os:somebody",
    ):
        assert secret not in text


def test_there_is_nothing_to_audit_before_the_build(settings: Settings, run: Run) -> None:
    RunPaths(settings, run.run_id).warehouse.unlink()
    with pytest.raises(BuildError, match="build it first"):
        audit(settings, run)


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


def test_a_limit_that_the_policy_lacks_is_named(run: Run, settings: Settings) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute("delete from seeds.policy where parameter = 'completeness_minimum_sex'")
    with pytest.raises(ConfigurationError, match=r"'completeness_minimum_sex': add it to seeds/policy\.csv"):
        audit(settings, run)


def test_kwargs_that_an_expectation_does_not_take_are_named(
    broken: RunPaths, run: Run, settings: Settings
) -> None:
    raising = vha.audit.EXPECTATIONS / "raising.yml"
    raising.write_text(raising.read_text().replace("{column:", "{colum:"))
    with pytest.raises(
        ConfigurationError, match=r"raising\.yml, check there_is_a_column .*: correct colum, column\."
    ):
        audit(settings, run)


def test_one_module_imports_great_expectations_and_only_when_an_audit_is_made() -> None:
    sources = (PROJECT_ROOT / "src").rglob("*.py")
    imports = re.compile(r"^\s*(import|from) great_expectations", re.MULTILINE)
    importing = [file.name for file in sources if imports.search(file.read_text())]
    assert importing == ["validation.py"]
    loaded = "import sys, vha.audit; sys.exit('great_expectations' in sys.modules)"
    subprocess.run([sys.executable, "-c", loaded], check=True)


class Links(HTMLParser):
    """Collects what a page refers to, and the scripts it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "data")]


def test_pages_hold_no_script_and_link_to_each_other_alone(run: Run, settings: Settings) -> None:
    audit(settings, run)
    docs = RunPaths(settings, run.run_id).data_docs
    for name, page in pages(docs).items():
        links = Links()
        links.feed(page.decode())
        assert links.scripts == 0
        for address in set(links.addresses) - {"data:,", "#main"}:
            assert (docs / name).parent.joinpath(address).exists(), address


def test_docs_can_be_read_without_a_network(
    broken: RunPaths, run: Run, settings: Settings, browser: Browser
) -> None:
    with pytest.raises(QualityBlocked):
        audit(settings, run)
    requested: list[str] = []

    def refuse_the_network(route: Route) -> None:
        requested.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    context = browser.new_context(
        java_script_enabled=False, offline=True, viewport={"width": 1280, "height": 900}
    )
    context.route("**/*", refuse_the_network)
    page = context.new_page()
    page.goto((broken.data_docs / "index.html").as_uri())
    suites = declarations.load(vha.audit.EXPECTATIONS)
    rows = page.get_by_role("row")
    assert rows.count() == len(suites) + 1
    statuses = dict(
        zip([suite.name for suite in suites], page.locator(".status").all_inner_texts(), strict=True)
    )
    assert statuses["landing_nominal"] == "Failed"
    assert statuses["raising"] == "Warning"
    assert statuses["landing_safeguarding"] == "Passed"

    page.get_by_role("link", name="Landing nominal").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Landing nominal"
    assert page.locator("#nominal_id_is_unique .status").inner_text() == "Failed"
    assert page.locator("#some_were_delivered .status").inner_text() == "Passed"
    assert page.get_by_text("Entries that come twice leave it to chance").is_visible()
    page.get_by_role("link", name="Data Docs").click()
    page.get_by_role("link", name="Raising").click()
    assert page.locator("#sex_is_a_number .status").inner_text() == "Warning: could not be evaluated"
    assert requested
    assert [address for address in requested if not address.startswith("file:")] == []
    context.close()
