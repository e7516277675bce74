"""Which pages there are, what each is given to show, and how they become files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vha.report.site import assumptions
from vha.report.site.content import CONTENT
from vha.report.site.figures import Quarter
from vha.report.site.formats import FILTERS
from vha.report.site.formats import quarter as in_words
from vha.report.site.parts import Part, parts_of
from vha.report.site.published import Published
from vha.run import Run


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes:
        name: of its template and file.
        short: what the navigation calls it.
        about: what there is to read, in a sentence.
        dated: whether it shows a quarter's figures, so that each quarter has one.
    """

    name: str
    short: str
    title: str
    about: str
    dated: bool = False

    @property
    def path(self) -> str:
        """Where it is, from the site's root."""
        return "quarters/index.html" if self.name == "quarters" else f"{self.name}.html"


PAGES: Mapping[str, tuple[Page, ...]] = {
    "The list": (
        Page("index", "Overview", "The list, and whom it falls on", "What matters most, on one page."),
        Page("breakdown", "Breakdown", "Who is on the list",
             "The people listed by ethnicity, age, sex and more.", True),
        Page("completeness", "What is recorded", "How much is recorded",
             "Of how many people each characteristic is known, and of whom it is not.", True),
        Page("disproportionality", "Disparity", "Disparity between groups",
             "How often each group is listed, against four benchmarks and step by step.", True),
        Page("what-if", "What if", "What if the policy were another",
             "Who would leave the list and who would come, were one rule different.", True),
        Page("feedback", "Feedback loop", "Police activity that feeds the list",
             "The list without intelligence, and without what policing itself brings to light.", True),
        Page("quarters", "All quarters", "Every quarter", "The figures of each quarter, at an address that stays."),
    ),
    "How it is made": (
        Page("method", "Method", "How somebody comes to be on the list",
             "The rules in plain words, with the basis of each."),
        Page("policy", "Policy register", "Policy register", "Every number that was chosen, and why."),
        Page("quality", "Data quality", "How good the data are", "What was checked, what failed, and what that means."),
        Page("releases", "Releases", "Releases", "Every release with its hashes."),
        Page("transparency", "Transparency record", "Transparency record",
             "The record by the standard for algorithmic tools in the public sector."),
    ),
    "These pages": (
        Page("downloads", "Downloads", "Downloads", "Each table as CSV, and all in one workbook."),
        Page("about", "About", "About", "What this is, and what it is not."),
        Page("accessibility", "Accessibility", "Accessibility statement", "Who can use these pages, and how."),
    ),
}  # fmt: skip
"""The pages under the headings of the navigation."""

_ALL = {page.name: page for pages in PAGES.values() for page in pages}


def environment(published: Published, run: Run, package: str) -> Environment:
    """What renders a package's pages in the style of the site, with its macros, filters and what every page says.

    Args:
        published: the tables that the pages show.
        run: the release that they are of.
        package: whose folder ``templates`` comes first.
    """
    # One stylesheet for these pages and for those of the audit.
    packages = dict.fromkeys((package, "vha.report", "vha.audit"))
    pages = Environment(
        loader=ChoiceLoader([PackageLoader(each) for each in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters.update(FILTERS, register=assumptions.address)
    style = [pages.get_template(name).render() for name in ("style.css", "site/site.css")]
    policy = published.policy
    pages.globals.update(
        run=run,
        policy=policy,
        policy_version=next((row["policy_version"] for row in policy.values()), None),
        stylesheet=Markup("\n".join(style)),
    )
    return pages


class Site:
    """The pages of one release."""

    def __init__(self, published: Published, run: Run) -> None:
        self.published = published
        self.run = run
        self.latest = published.periods[0] if published.periods else None
        self._read: dict[str | None, Quarter] = {}
        self._parts: dict[tuple[str, str | None], Sequence[Part]] = {}
        self._assumed_rows = assumptions.rows_in_seeds(published)
        self._environment = environment(published, run, "vha.report")
        self._environment.globals.update(latest=self.latest, navigation=list(PAGES.items()), pages=_ALL)

    def write(self, folder: Path) -> None:
        """Write every page into the site's folder."""
        for page in _ALL.values():
            for period in self.published.periods if page.dated else ():
                self._write_with_parts(folder, page, f"quarters/{period}/{page.name}.html", period)
            self._write_with_parts(folder, page, page.path, self.latest)
        for period in self.published.periods:
            page = Page("quarter", period, in_words(period), "", True)
            self._write_with_parts(folder, page, f"quarters/{period}/index.html", period)

    def quarter(self, period: str | None) -> Quarter:
        """A quarter's figures, read and drawn once."""
        if period not in self._read:
            self._read[period] = Quarter(self.published, period)
        return self._read[period]

    def parts(self, name: str, period: str | None) -> Sequence[Part]:
        """The parts of a page for a quarter, put together once."""
        if (name, period) not in self._parts:
            self._parts[name, period] = parts_of(name, self.quarter(period))
        return self._parts[name, period]

    def _write_with_parts(self, folder: Path, page: Page, path: str, period: str | None) -> None:
        quarter = self.quarter(period)
        parts = self.parts(page.name, period)
        content = CONTENT[page.name](quarter, self.run)
        around = {
            "page": page,
            "quarter": quarter,
            "parts": parts,
            "file_of": {part.code: part.file for part in parts},
        }
        self._write(folder / path, path, page.name, part=None, **around, **content)
        for part in parts:
            beside = path.replace(f"{page.name}.html", part.file)
            self._write(folder / beside, beside, part.template, part=part, **around, **part.content)

    def _write(self, target: Path, path: str, template: str, **content: Any) -> None:
        page, quarter = content["page"], content["quarter"]
        root = "../" * path.count("/")
        html = self._environment.get_template(f"site/{template}.html.j2").render(
            name=page.name,
            path=path,
            root=root,
            dated=page.dated and quarter.period is not None,
            # Within the pages of one quarter the navigation leads to others of that quarter.
            within=path.startswith(f"quarters/{quarter.period}/"),
            beside=self._same_in_other_quarters(page, content["part"], quarter.period, root),
            vocabulary=quarter.vocabulary,
            assumed=assumptions.of_page(self.published, page.name),
            assumed_rows=self._assumed_rows if assumptions.rests_on_the_list(page.name) else None,
            **content,
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(html, encoding="utf-8")

    def _same_in_other_quarters(
        self, page: Page, part: Part | None, period: str | None, root: str
    ) -> Mapping[str, Any]:
        """Where other quarters show the same: ``lasting``, ``latest``, and (period, address) of those ``around``."""
        if not page.dated or period is None:
            return {}
        periods = self.published.periods
        here = periods.index(period)
        around = [periods[at] for at in (here + 1, here - 1) if 0 <= at < len(periods)]
        return {
            "lasting": f"{root}quarters/{period}/{self._file_in(period, page, part)}",
            "latest": root + self._file_in(self.latest, page, part),
            "around": [
                (other, f"{root}quarters/{other}/{self._file_in(other, page, part)}") for other in around
            ],
        }

    def _file_in(self, period: str | None, page: Page, part: Part | None) -> str:
        """The file in which a quarter shows a page or part; where it has no such part, the page above it."""
        if part is not None and part.file in (each.file for each in self.parts(page.name, period)):
            return part.file
        return "index.html" if page.name == "quarter" else f"{page.name}.html"
