"""Crime reports: which of them stand at the as-of date, and what they carry from those they replace."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from reference.judging import Records
from reference.policy import Policy
from reference.records import Row, date_of


class Reports:
    def __init__(self, records: Records, policy: Policy, as_of: date) -> None:
        self._policy = policy
        self.sound = {row["crime_ref"]: row for row in records.sound("crime_report")}
        self.standing = {
            ref
            for ref, row in self.sound.items()
            if row["record_status"] == "live" and _is_visible(row["recorded_at"], as_of)
        }
        known = {judged.row["crime_ref"] for judged in records.of["crime_report"]}
        self._older: dict[str, str] = {
            ref: row["migrated_from_ref"]
            for ref, row in self.sound.items()
            if row["migrated_from_ref"] in known and row["migrated_from_ref"] not in (None, ref)
        }
        self._newer: defaultdict[str, set[str]] = defaultdict(set)
        for ref, older in self._older.items():
            self._newer[older].add(ref)
        self._flags: defaultdict[str, set[str]] = defaultdict(set)
        self._manual: defaultdict[str, set[str]] = defaultdict(set)
        # A bad domestic flag counts: doubt works against listing.
        for row in [*records.sound("crime_flag"), *records.bad_domestic_flags()]:
            self._flags[row["crime_ref"]].add(row["flag"])
        for row in records.sound("crime_flag"):
            if row["origin"] == "manual":
                self._manual[row["crime_ref"]].add(row["flag"])

    def is_replaced(self, ref: str) -> bool:
        return not self._newer[ref].isdisjoint(self.standing)

    def same_crime(self, ref: str) -> list[str]:
        """The report and all older ones that it was carried over from."""
        chain: list[str] = []
        at: str | None = ref
        while at is not None and at not in chain:
            chain.append(at)
            at = self._older.get(at)
        return chain

    def meant_by_link(self, ref: str) -> set[str]:
        """The reports that count for this one at the as-of date: itself, or newer ones that carry it on."""
        carrying, waiting = {ref}, [ref]
        while waiting:
            newer = self._newer[waiting.pop()] - carrying
            carrying |= newer
            waiting += newer
        return {report for report in carrying & self.standing if not self.is_replaced(report)}

    def flags(self, ref: str) -> set[str]:
        """Of a bad older report only a domestic flag is believed."""
        held = set(self._flags[ref])
        for older in self.same_crime(ref)[1:]:
            held |= self._flags[older] if older in self.sound else self._flags[older] & {"domestic"}
        return held

    def is_domestic(self, ref: str) -> bool:
        row, left_out = self.sound[ref], self._policy.left_out
        offence = self._policy.offences[row["offence_code"]]
        at_home = row["location_kind"] == "private_domestic"
        counts_at_home = (
            offence["counts_in_private_domestic"] == "true" and left_out != "private_home_exception"
        )
        may_be_home = row["location_kind"] is None and left_out == "unknown_locations"
        return "domestic" in self.flags(ref) or may_be_home or (at_home and not counts_at_home)

    def is_left_out(self, ref: str) -> bool:
        """Whether a variant gives the report no points, whoever is suspected."""
        offence = self._policy.offences[self.sound[ref]["offence_code"]]
        match self._policy.left_out:
            case "police_generated_offences":
                return offence["police_generated"] == "true"
            case "derived_flags":
                of_older = (self._manual[older] for older in self.same_crime(ref) if older in self.sound)
                return not _is_in_scope(offence, set().union(*of_older))
        return False

    def incident(self, ref: str) -> str:
        """The report's incident; one without is an incident of its own."""
        incident = self.sound[ref]["incident_ref"]
        return f"incident {incident}" if incident else f"report {ref}"

    def scores(self, ref: str) -> bool:
        """Whether the report can score for a suspect, whoever it is."""
        row = self.sound[ref]
        outcome = self._policy.outcomes.get(row["outcome_code"])
        return (
            ref in self.standing
            and not self.is_replaced(ref)
            and (outcome is None or outcome["scores"] == "true")
            and _is_in_scope(self._policy.offences[row["offence_code"]], self.flags(ref))
            and not self.is_domestic(ref)
        )

    def crime_area(self, ref: str) -> str:
        offence = self._policy.offences[self.sound[ref]["offence_code"]]
        if offence["scope"] == "always":
            return offence["crime_area"]
        return "gun crime" if "firearm" in self.flags(ref) else "knife crime"


def _is_in_scope(offence: Row, flags: set[str]) -> bool:
    wanted = {"knife": {"knife"}, "firearm": {"firearm"}, "knife_or_firearm": {"knife", "firearm"}}
    return offence["scope"] == "always" or bool(wanted.get(offence["scope"], set()) & flags)


def _is_visible(moment: str | None, as_of: date) -> bool:
    day = date_of(moment)
    return day is not None and day <= as_of
