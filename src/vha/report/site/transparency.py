"""The record by the Algorithmic Transparency Recording Standard, made from the policy that the release went by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vha.report.site.formats import words
from vha.report.site.published import Published
from vha.run import Run

_FIELDS = Path(__file__).with_name("transparency.yml")


def sections(published: Published, run: Run) -> Sequence[Mapping[str, Any]]:
    """The record as a page shows it: sections with ``id``, ``title`` and ``fields``.

    A field has the ``number`` and ``name`` of the standard's template, its ``attribute`` in JSON, and its ``value``: a
    text, or a list of texts or of objects.
    """
    import yaml

    register = list(published.policy.values())
    said = {row["parameter"]: f"{words(row['value'])} ({row['basis']})" for row in register}
    said["policy_version"] = register[0]["policy_version"] if register else "none"
    said["kind_of_data"] = "synthetic" if run.synthetic else "real"
    said["phase"] = "Development, over synthetic data: nobody is listed" if run.synthetic else "Production"
    organisation = published.rows("select code, label from code_labels where domain = 'organisation'")
    said |= {row["code"]: row["label"] for row in organisation}
    found: Sequence[Mapping[str, Any]] = _filled(
        yaml.safe_load(_FIELDS.read_text(encoding="utf-8")), _Stated(said)
    )
    return found


def as_json(published: Published, run: Run) -> dict[str, Any]:
    """The record as an object that keeps ``transparency.schema.json``."""
    return {
        "standard": "Algorithmic Transparency Recording Standard",
        "standard_version": "4.0",
        "release": {
            "run_id": run.run_id,
            "as_of": run.as_of.isoformat(),
            "kind_of_data": "synthetic" if run.synthetic else "real",
        },
        **{
            section["id"]: {field["attribute"]: field["value"] for field in section["fields"]}
            for section in sections(published, run)
        },
    }


class _Stated(dict[str, str]):
    """What names in braces stand for; a parameter that the release's policy lacks is said to be lacking."""

    def __missing__(self, name: str) -> str:
        return "not stated"


def _filled(value: Any, said: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {key: _filled(item, said) for key, item in value.items()}
        case list():
            return [_filled(item, said) for item in value]
        case _:
            return value.format_map(said)
