"""The templates' one environment: pages escape what they show, plain text does not."""

from __future__ import annotations

from datetime import date
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from vha.explain import words

_environment = Environment(
    # One stylesheet for these pages and for those of the audit.
    loader=ChoiceLoader([PackageLoader("vha.explain"), PackageLoader("vha.audit")]),
    autoescape=lambda name: name is not None and name.endswith(".html.j2"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(words=words)


def day(value: date) -> str:
    """A date in words, such as 30 September 2026."""
    return f"{value.day} {value:%B %Y}"


def render(template: str, **content: Any) -> str:
    """A page, or a plain text, from one of the templates beside this module."""
    return _environment.get_template(template).render(**content)


_environment.filters.update(day=day, figure="{:,}".format, words=lambda name: str(name).replace("_", " "))
