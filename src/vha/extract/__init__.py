"""From the source systems to the landing: one read-only snapshot a system, immutable Parquet a run."""

from vha.extract.check import check_sources
from vha.extract.landing import extract_system, land, refuse_changed_landing
from vha.extract.marker import Marker, read_markers

__all__ = ["Marker", "check_sources", "extract_system", "land", "read_markers", "refuse_changed_landing"]
