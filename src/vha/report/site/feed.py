"""The feed that tells of new quarters and releases (Atom, RFC 4287)."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ElementTree
from datetime import datetime, time

from vha.report.site.formats import day, quarter
from vha.report.site.published import Published
from vha.run import Run

_ATOM = "http://www.w3.org/2005/Atom"
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "violence-harm-assessment")


def feed(published: Published, run: Run) -> bytes:
    """The feed as XML: this release and the earlier ones, and the quarters that have closed, the latest first.

    No clock is read, and a release cannot know when it will be published: each is dated by its as-of date, so that its
    entry stays as it is and the latest comes first.
    """
    entries = [
        (
            f"release {run.run_id}",
            f"Release as of {day(run.as_of)}",
            datetime.combine(run.as_of, time()),
            "index.html",
        )
    ]
    for row in published.rows(
        "select * from release_register order by as_of_date desc, published_at desc, run_id"
    ):
        title = f"Release as of {day(row['as_of_date'])}"
        as_of = datetime.combine(row["as_of_date"], time())
        entries.append((f"release {row['run_id']}", title, as_of, "releases.html"))
    for period, closed in _closed(published):
        entries.append(
            (f"quarter {period}", f"Figures of {quarter(period)}", closed, f"quarters/{period}/index.html")
        )
    entries.sort(key=lambda entry: entry[2], reverse=True)

    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"})
    synthetic = " (synthetic data)" if run.synthetic else ""
    _text(root, "title", f"Violence Harm Assessment: quarters and releases{synthetic}")
    _text(root, "id", _urn("feed"))
    _text(root, "updated", _utc(entries[0][2]))
    _text(
        ElementTree.SubElement(root, f"{{{_ATOM}}}author"),
        "name",
        "Violence Harm Assessment, figures for oversight",
    )
    _link(root, "feed.xml", "self")
    for name, title, moment, page in entries:
        entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
        _text(entry, "title", title + synthetic)
        _text(entry, "id", _urn(name))
        _text(entry, "updated", _utc(moment))
        _link(entry, page, "alternate")
        _text(entry, "summary", "People are counted only in protected figures; nobody is named.")
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _closed(published: Published) -> list[tuple[str, datetime]]:
    """The quarters with the date of their list."""
    rows = published.rows(
        "select period, max(as_of_date) as closed from list_trend group by period order by period"
    )
    return [(row["period"], datetime.combine(row["closed"], time())) for row in rows]


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMES, name)}"


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds") + "Z"


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _link(parent: ElementTree.Element, address: str, relation: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}link", {"href": address, "rel": relation})
