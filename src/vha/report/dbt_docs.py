"""dbt's documentation as one page that asks nothing of any network and says nothing of a machine."""

from __future__ import annotations

import json
import re
from typing import Any

from vha.errors import PublishError

# The page carries dbt's artefacts as literals: `var n={manifest: {…},catalog:{…}}`.
_ARTEFACT = re.compile(r'\b(manifest|catalog): ?(?=\{"metadata")')

_METADATA = ("dbt_schema_version", "dbt_version", "project_name", "adapter_type")
_OF_THE_MACHINE = {"root_path", "build_path", "compiled_path", "created_at", "owner", "invocation_id", "env"}

# The page's own scripts need eval; nothing may be fetched from anywhere. Its icon is an unfinished template.
_BROKEN_ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')
_POLICY = (
    '<link rel="icon" href="data:,">'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'\">"
)


def scrub(page: str, machine_paths: re.Pattern[str]) -> str:
    """The page without environment, user, invocation and times, and with the machine's paths cut to ``…``.

    Args:
        page: what ``dbt docs generate --static`` wrote.
        machine_paths: matches what to cut from every text in it.

    Raises:
        PublishError: the page is not built as dbt 1.11 builds it, so that nothing can be vouched for.
    """
    artefacts = {match[1]: match.end() for match in _ARTEFACT.finditer(page)}
    if artefacts.keys() != {"manifest", "catalog"} or "<head>" not in page:
        raise PublishError(
            "dbt's static_index.html is not built as expected, so that it cannot be cleaned for publication: "
            "install the locked version of dbt-core."
        )
    parts, position = [], 0
    for start in sorted(artefacts.values()):
        content, end = json.JSONDecoder().raw_decode(page, start)
        content["metadata"] = {key: content["metadata"].get(key) for key in _METADATA}
        # "<" is escaped so that no text in a model can end the script that holds it.
        literal = json.dumps(_cleaned(content, machine_paths)).replace("<", "\\u003c")
        parts += [page[position:start], literal]
        position = end
    cleaned = "".join([*parts, page[position:]])
    return _BROKEN_ICON.sub("", cleaned, count=1).replace("<head>", f"<head>{_POLICY}", 1)


def _cleaned(value: Any, machine_paths: re.Pattern[str]) -> Any:
    match value:
        case dict():
            kept = {key: item for key, item in value.items() if key not in _OF_THE_MACHINE}
            return {machine_paths.sub("…", key): _cleaned(item, machine_paths) for key, item in kept.items()}
        case list():
            return [_cleaned(item, machine_paths) for item in value]
        case str():
            return machine_paths.sub("…", value)
        case _:
            return value
