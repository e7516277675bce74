"""Which database engine a source system runs on: its connection URL says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vha.errors import SourceError
from vha.extract import postgresql, sqlite
from vha.extract.source import URL_FORMS, Source, variable_of
from vha.settings import Settings


@contextmanager
def open_source(settings: Settings, system: str) -> Iterator[Source]:
    """Open a system's database and one read-only transaction in it, which ends without a trace.

    Raises:
        SourceUnavailable: it does not answer; trying again may help.
        SourceError: the URL is wrong, or what it names is no database that may be read.
    """
    url = settings.source_urls[system]
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" and separator:
        source: Source = sqlite.open_file(system, rest, configured=settings.sources_configured)
    elif scheme in ("postgresql", "postgres") and separator:
        source = postgresql.open_server(system, url)
    else:
        # What is no URL at all may hold a password: only a scheme is repeated.
        given = f"begins with {scheme}://" if separator else "is no connection URL"
        raise SourceError(f"{variable_of(system)} {given}: set it to {URL_FORMS}.")
    with source:
        yield source
