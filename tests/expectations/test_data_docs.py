"""The Data Docs: complete, the same each time, and readable by anybody without a network."""

from __future__ import annotations

import dataclasses
import getpass
import socket
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from marked import pages
from playwright.sync_api import Browser, Route

import vha.audit
from vha.audit import EXPECTATIONS, audit, declarations, docs
from vha.audit.declarations import Suite
from vha.audit.gate import Finding, Status, settle
from vha.audit.withdrawal import Withdrawal
from vha.errors import QualityBlocked
from vha.run import Acceptance, Run, RunPaths
from vha.settings import Settings


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
    folder = RunPaths(settings, run.run_id).data_docs
    for name, page in pages(folder).items():
        links = Links()
        links.feed(page.decode())
        assert links.scripts == 0
        for address in set(links.addresses) - {"data:,", "#main"}:
            assert (folder / name).parent.joinpath(address).exists(), address


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


STATUSES: tuple[Status, ...] = ("passed", "failed", "errored")
WIDER_THAN_ITS_WINDOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_docs_have_no_barrier_and_fit_a_narrow_screen(
    run: Run, suites: dict[str, Suite], tmp_path: Path, browser: Browser
) -> None:
    """With all that they can show: each status, an accepted failure, a check withdrawn and one written anew."""
    names = [(suite.name, check.name) for suite in suites.values() for check in suite.checks]
    findings = {
        name: Finding(status, 1_200_000, 14_221) for name, status in zip(names, cycle(STATUSES), strict=False)
    }
    accepting = dataclasses.replace(
        run, acceptance=Acceptance(("landing_mix.crime_flag_flag",), "A. Responsible", "It was cleared.")
    )
    listed = list(suites.values())
    withdrawn = [Withdrawal("landing_mix.gone", "not made", "A. Responsible", "Nobody records it now.")]
    anew = ["landing_mix.nominal_sex"]
    docs.write(
        tmp_path, accepting, listed, findings, settle(listed, findings), withdrawn, {}, anew, "of the test"
    )
    context = browser.new_context(offline=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    too_wide, barriers = [], []
    for file in sorted(tmp_path.rglob("*.html")):
        page.goto(file.as_uri())
        if page.evaluate(WIDER_THAN_ITS_WINDOW):
            too_wide.append(file.name)
        if file.stem in ("index", "landing_mix", "landing_nominal", "listed_people"):
            barriers += [f"{file.name}: {found['id']}" for found in Axe().run(page).response["violations"]]
    assert (too_wide, barriers) == ([], [])
    page.evaluate("document.querySelector('h1').style.width = '400px'")
    assert page.evaluate(WIDER_THAN_ITS_WINDOW)
    context.close()
