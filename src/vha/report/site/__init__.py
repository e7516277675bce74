"""The oversight site of a release: static pages, tables to take away, a feed and a transparency record.

It is made from ``oversight.duckdb`` alone, so that it can show nothing that may not be published. The figures are
the marts' own: here they are only put in order, written and drawn.
"""

from __future__ import annotations

import json
from pathlib import Path

from vha.report.site import exports, transparency, workbooks
from vha.report.site.feed import feed
from vha.report.site.pages import Site
from vha.report.site.published import Published
from vha.run import Run
from vha.settings import Settings
from vha.warehouse.connect import connect

_SCHEMA = Path(__file__).with_name("transparency.schema.json")


def write(settings: Settings, run: Run, oversight: Path, folder: Path) -> None:
    """Write the site into a new folder.

    Args:
        oversight: the candidate's ``oversight.duckdb``.
    """
    folder.mkdir()
    with connect(settings, oversight, read_only=True) as database:
        published = Published(database)
        exports.write(published, folder / "downloads")
        workbooks.write(published, run, folder / "downloads")
        (folder / "feed.xml").write_bytes(feed(published, run))
        text = json.dumps(transparency.as_json(published, run), indent=2, ensure_ascii=False) + "\n"
        (folder / "transparency.json").write_text(text, encoding="utf-8")
        (folder / "transparency.schema.json").write_text(
            _SCHEMA.read_text(encoding="utf-8"), encoding="utf-8"
        )
        Site(published, run).write(folder)
