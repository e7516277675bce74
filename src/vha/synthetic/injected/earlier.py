"""The sources as they were on an earlier evening: what came later is not there yet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vha.synthetic.chance import Bools, Dates
from vha.synthetic.injected.edits import dates, moments, put, timestamps, whole

END_OF_DAY = np.timedelta64(86_399, "s")

# The moment from which a row of a table is in it. Subjects come with their report, and the index knows everybody.
_CAME = {
    "crime_report": "recorded_at",
    "crime_flag": "updated_at",
    "crime_person": "linked_at",
    "intelligence_report": "submitted_at",
}
_BEGAN = {"restriction": "starts_on", "safeguarding": "opened_on"}
_ENDED = {"nominal": "deceased_on", "safeguarding": "closed_on"}


def as_it_was(tables: Mapping[str, pa.Table], name: str, day: np.datetime64) -> pa.Table:
    """One table as it was at the end of a day: younger rows are missing, later ends not known yet.

    Values that changed since are not turned back, as no source tells what they were. A planted row whose moment
    cannot be read has always been there.
    """
    rows, end = tables[name], day.astype("datetime64[s]") + END_OF_DAY
    rows = rows.filter(pa.array(~_younger(tables, name, end)))
    if name in _ENDED:
        later = dates(rows[_ENDED[name]]) > day
        rows = put(rows, _ENDED[name], later & _possible(dates(rows[_ENDED[name]])), None)
    updated = moments(rows["updated_at"])
    later = (updated > end) & _possible(updated)
    came = moments(rows[_CAME[name]]) if name in _CAME else np.full(rows.num_rows, np.datetime64("NaT"))
    return put(rows, "updated_at", later, timestamps(np.where(np.isnat(came), end, np.minimum(came, end))))


def _younger(tables: Mapping[str, pa.Table], name: str, end: np.datetime64) -> Bools:
    rows = tables[name]
    if name in _CAME:
        came = moments(rows[_CAME[name]])
        return (came > end) & _possible(came)
    if name == "intelligence_subject":
        reports = tables["intelligence_report"]
        known = as_it_was(tables, "intelligence_report", end.astype("datetime64[D]"))["intel_ref"]
        young = reports["intel_ref"].filter(pc.invert(pc.is_in(reports["intel_ref"], value_set=whole(known))))
        found: Bools = pc.is_in(whole(rows["intel_ref"]), value_set=whole(young)).to_numpy(False)
        return found
    if name in _BEGAN:
        began = dates(rows[_BEGAN[name]])
        # What was noted before it begins has been there all the time.
        in_advance = moments(rows["updated_at"]) < began
        return (began > end) & ~in_advance & _possible(began)
    return np.zeros(rows.num_rows, dtype=bool)


def _possible(moment: Dates) -> Bools:
    """Not one of the planted dates that no calendar of a source should hold."""
    possible: Bools = moment < np.datetime64("2900-01-01")
    return possible
