"""Pages below a page: one for each characteristic, for each table that was checked, or for each long list.

A page that has parts says what they find and leads to them. Together on one page they took forty thousand pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vha.report.site import assumptions, method, quality, ratios, variants
from vha.report.site.figures import Quarter, grouped, in_order
from vha.report.site.vocabulary import CHARACTERISTICS

MAIN = "self_defined_ethnicity_5"
"""The characteristic that the first page shows, and of which ratios are drawn for every quarter."""

DRAWN_QUARTERS = 4
"""Of so many of the latest quarters the ratios of the other characteristics are drawn too."""

_IN_TABLES_ONLY = "self_defined_ethnicity_18"
"""The characteristic with so many groups that charts of their ratios would bury the others."""


@dataclass(frozen=True)
class Part:
    """A page below another.

    Attributes:
        page: name of the page above it.
        code: what it shows of that; the page above has a row or link of this id.
        template: of ``templates/site/``, without its ending.
        content: what the template is given to show.
    """

    page: str
    code: str
    title: str
    template: str
    content: Mapping[str, Any]

    @property
    def file(self) -> str:
        """Its file, beside that of the page above it."""
        return f"{self.page}-{self.code.replace('_', '-')}.html"


def parts_of(page: str, quarter: Quarter) -> Sequence[Part]:
    """The parts of a page, in their order; none of a page that shows all it has itself."""
    return _PARTS[page](quarter) if page in _PARTS else ()


def _breakdown(quarter: Quarter) -> Sequence[Part]:
    sections = [
        Part("breakdown", section["code"], section["title"], "breakdown-part", {"section": section})
        for section in quarter.breakdown()
    ]
    if not sections:
        return ()
    agreement = quarter.matrix("ethnicity_agreement", "self_defined_5", "officer_observed_5")
    return (
        *sections,
        Part("breakdown", "cross", "Ethnicity with age and sex", "cross", {"cross": quarter.cross_tables()}),
        Part("breakdown", "agreement", "Self-defined and officer-observed ethnicity", "agreement",
             {"agreement": agreement}),
    )  # fmt: skip


def _completeness(quarter: Quarter) -> Sequence[Part]:
    by_side = grouped(quarter.completeness_by_group(), "by_characteristic")
    return [
        Part("completeness", side, f"How much is recorded, by {quarter.vocabulary.characteristic(side).lower()}",
             "completeness-part", {"side": side, "completeness": grouped(by_side[side], "characteristic")})
        for side in in_order(by_side, CHARACTERISTICS)
    ]  # fmt: skip


def _disproportionality(quarter: Quarter) -> Sequence[Part]:
    return [
        Part("disproportionality", code, title, "disproportionality-part",
             {"section": section, "kind": kind, "states": ratios.STATES, "charts": _charts(quarter, section, kind),
              "drawn_quarters": DRAWN_QUARTERS})
        for section in ratios.sections(quarter)
        for kind, code, title in (
            ("benchmarks", section["code"], section["title"]),
            ("steps", f"{section['code']}_steps", f"{section['title']}, step by step"),
        )
    ]  # fmt: skip


def _charts(quarter: Quarter, section: Mapping[str, Any], kind: str) -> Sequence[Mapping[str, Any]] | None:
    """The charts of a characteristic; None where none are drawn."""
    # A chart takes longer than all else of a page: of the quarters before the last year the main ones are drawn.
    is_recent = quarter.period in quarter.published.periods[:DRAWN_QUARTERS]
    if section["code"] == MAIN or (is_recent and section["code"] != _IN_TABLES_ONLY):
        return ratios.charts(quarter, section, kind)
    return None


def _what_if(quarter: Quarter) -> Sequence[Part]:
    content = variants.content(quarter, "what_if")
    return [
        Part("what-if", group["characteristic"], quarter.vocabulary.characteristic(group["characteristic"]),
             "what-if-part", {**content, "by_group": [group]})
        for group in content["by_group"]
    ]  # fmt: skip


def _method(quarter: Quarter) -> Sequence[Part]:
    content = {"method": method.content(quarter.published)}
    titles = {
        "offences": "The offences, and what they weigh",
        "outcomes": "Outcomes, and whether a report counts with them",
        "intelligence": "Intelligence, and what its grades are worth",
    }
    return [Part("method", code, title, f"method-{code}", content) for code, title in titles.items()]


def _policy(quarter: Quarter) -> Sequence[Part]:
    rows = assumptions.register(quarter.published, of_the_list=False)
    title = "What the checks of the data go by, and housekeeping"
    return [Part("policy", "limits", title, "policy-part", {"rows": rows})]


def _quality(quarter: Quarter) -> Sequence[Part]:
    published = quarter.published
    suites = [
        Part("quality", suite["suite"], suite["title"], "quality-part",
             {"suite": suite, "releases": quality.RELEASES})
        for suite in quality.suites(published)
    ]  # fmt: skip
    rows = quality.kept_out(published)
    title = "Records kept out, by where they came from"
    return [*suites, *([Part("quality", "kept_out", title, "kept-out", {"rows": rows})] if rows else [])]


_PARTS: Mapping[str, Callable[[Quarter], Sequence[Part]]] = {
    "breakdown": _breakdown,
    "completeness": _completeness,
    "disproportionality": _disproportionality,
    "what-if": _what_if,
    "method": _method,
    "policy": _policy,
    "quality": _quality,
}
