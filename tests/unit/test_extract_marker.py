"""Synthetic and real data never mix, and the markers decide which is which."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from factory import MARKER, Deliver, World, alter_source, settings_of

from vha.errors import SourceError
from vha.extract import Marker, extract_system, land, read_markers
from vha.settings import SYSTEMS, Settings


def refusals(settings: Settings) -> list[str]:
    """What :func:`read_markers` and :func:`land` say; both must refuse."""
    for system in SYSTEMS:
        extract_system(settings, "r1", system)
    said = []
    for step in (lambda: read_markers(settings), lambda: land(settings, "r1")):
        with pytest.raises(SourceError) as caught:
            step()
        said.append(str(caught.value))
    return said


def test_four_equal_markers_are_one(deliver: Deliver) -> None:
    assert read_markers(deliver(World.small())) == Marker("test", 1, date(2026, 9, 30))


def test_no_marker_is_real_data(deliver: Deliver) -> None:
    world = World.small()
    world.markers.clear()
    assert read_markers(deliver(world)) is None


@pytest.mark.parametrize(
    "without", [["crime"], ["person", "partnership"], ["crime", "intelligence", "person"]]
)
def test_a_mixture_is_refused(deliver: Deliver, without: list[str]) -> None:
    world = World.small()
    for system in without:
        del world.markers[system]
    for sentence in refusals(deliver(world)):
        assert f"others do not ({', '.join(without)})" in sentence


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"generator_version": "other"}, {"reference_date": "2026-06-30"}]
)
def test_markers_that_differ_are_refused(deliver: Deliver, change: dict[str, object]) -> None:
    world = World.small()
    world.markers["person"] = {**MARKER, **change}
    for sentence in refusals(deliver(world)):
        assert sentence.startswith(
            "The synthetic sources were not made together (crime: version test, seed 1, 2026"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "delete from synthetic_marker",
        "insert into synthetic_marker select * from synthetic_marker",
        "update synthetic_marker set seed = null",
        "update synthetic_marker set reference_date = 'today'",
    ],
)
def test_a_marker_that_cannot_be_read_is_not_taken_for_real_data(tmp_path: Path, statement: str) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    alter_source(settings.source_urls["partnership"], statement)
    with pytest.raises(
        SourceError, match=r"synthetic_marker of the partnership system \(VHA_PARTNERSHIP_URL\)"
    ):
        read_markers(settings)


def test_a_marker_of_other_columns_is_refused(deliver: Deliver) -> None:
    settings = deliver(World.small())
    alter_source(settings.source_urls["crime"], "alter table synthetic_marker drop column seed")
    with pytest.raises(SourceError, match="synthetic_marker"):
        read_markers(settings)
