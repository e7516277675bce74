"""The access pack: what is held on a person, as a page and as JSON, and the papers of a refusal."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from vha.errors import ConfigurationError
from vha.explain import access_log, rights, words
from vha.explain.access_log import Access
from vha.explain.facts import policy_of
from vha.explain.holdings import Holdings
from vha.explain.pages import render
from vha.files import write_whole
from vha.publish.releases import Release, is_synthetic
from vha.settings import Settings

SENSITIVE = "Review every row for sensitivity before any of it is disclosed."

DISCLOSED = (
    "The list itself is never given outside the force. The Crown Prosecution Service is told when the tool was used; "
    "whether it was in this person's case is not recorded here."
)


def write_pack(
    settings: Settings, folder: Path, release: Release, holdings: Holdings, access: Access, ground: str | None
) -> None:
    """Write the pack into a new folder: folder 0700, files 0600.

    Args:
        access: the use of which this is the result, already logged.
        ground: a code of :data:`vha.explain.words.REFUSALS`, for the letter and the record of reasons.

    Raises:
        ConfigurationError: the folder cannot be made.
    """
    content = content_of(settings, release, holdings, access)
    files = {
        "access-pack.html": render(
            "access_pack.html.j2", pack=content, **_frame(release, "What is held on a person")
        ),
        "access-pack.json": json.dumps(content, indent=2, default=str, ensure_ascii=False) + "\n",
    }
    if ground is not None:
        paragraph, words_of_the_act = words.REFUSALS[ground]
        papers: dict[str, Any] = {
            "pack": content,
            "provision": f"{rights.ACT}, section 45(4)({paragraph})",
            "ground": words_of_the_act,
        }
        for name, title in (
            ("refusal_letter", "Your request for access to personal data"),
            ("record_of_reasons", "Record of the reasons for restricting access"),
        ):
            page = render(f"{name}.html.j2", **papers, **_frame(release, title))
            files[f"{name.replace('_', '-')}.html"] = page
    try:
        folder.mkdir(mode=0o700)
        for name, text in files.items():
            write_whole(folder / name, text)
    except OSError as error:
        raise ConfigurationError(
            f"The pack cannot be written to {folder} ({error.strerror}): choose another folder with `--out`."
        ) from None


def content_of(settings: Settings, release: Release, holdings: Holdings, access: Access) -> dict[str, Any]:
    """The whole pack as data: what the JSON holds and the page shows."""
    uses, chain_holds = access_log.read(settings)
    return {
        "reference": access.reference,
        "made_at": access.at,
        "reason": words.REASONS[access.reason],
        "release": {"run_id": release.run_id, "as_of": release.as_of},
        "identifiers": list(holdings.people),
        "identity_is_resolved": holdings.identity_is_resolved,
        "sources": None
        if holdings.sources is None
        else {
            path: {
                "count": len(rows),
                "note": SENSITIVE if path.startswith("intelligence/") else None,
                "rows": rows,
            }
            for path, rows in holdings.sources.items()
        },
        "quarantine": holdings.quarantine,
        "lists": holdings.lists,
        "contributions": holdings.contributions,
        "movements": holdings.movements,
        "review_queue": holdings.review_queue,
        "disclosure": {
            "statement": DISCLOSED,
            "log_holds": chain_holds,
            "uses": [
                {name: value for name, value in dataclasses.asdict(use).items() if name != "previous"}
                for use in uses
                if use.nominal_id in holdings.people
            ],
        },
        "retention": {
            "rule": f"Source rows are kept for the last {policy_of(settings, release)['keep_landings'].value} runs and "
            "for the last release of every quarter. Releases, and the history made from them, are removed by no rule "
            "of this pipeline: the force's own schedule decides.",
            "source_rows_kept_for": sorted(
                file.parent.name for file in settings.home.glob("landing/[!.]*/landing.json")
            ),
        },
        "rights": [dataclasses.asdict(right) for right in rights.RIGHTS],
        "commissioner": rights.COMMISSIONER,
    }


def _frame(release: Release, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "run_id": release.run_id,
        "as_of": release.as_of,
        "synthetic": is_synthetic(release),
    }
