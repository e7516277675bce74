"""The words of the site for the codes of the tables."""

from __future__ import annotations

from collections.abc import Mapping

from vha.report.site.formats import sentence
from vha.report.site.published import Published

CHARACTERISTICS: Mapping[str, str] = {
    "self_defined_ethnicity_5": "Ethnicity, self-defined (five groups)",
    "self_defined_ethnicity_18": "Ethnicity, self-defined (eighteen groups)",
    "self_defined_ethnicity": "Ethnicity, self-defined",
    "officer_observed_ethnicity": "Ethnicity, officer-observed",
    "age_band": "Age",
    "sex": "Sex",
    "religion": "Religion",
    "disability": "Disability",
    "sexual_orientation": "Sexual orientation",
    "date_of_birth": "Date of birth",
    "all": "Everybody",
}
"""The characteristics in the order of the pages."""

POPULATIONS: Mapping[str, str] = {
    "listed": "People on the list",
    "scored": "Everybody with a score",
    "suspects": "Everybody recorded as a suspect in scope",
}

SHOWN_ON: Mapping[str, str | None] = {
    "accepted_failures": "quality",
    "code_labels": None,
    "disclosure_audit": "quality",
    "disproportionality": "disproportionality",
    "disproportionality_flags": "disproportionality",
    "ethnicity_agreement": "breakdown",
    "feedback": "feedback",
    "list_trend": "breakdown",
    "policy_content": "method",
    "policy_register": "policy",
    "quality_checks": "quality",
    "quality_trend": "quality",
    "quarantine_counts": "quality",
    "release_register": "releases",
    "special_category_breakdown": "breakdown",
    "special_category_completeness": "completeness",
    "special_category_completeness_by_group": "completeness",
    "special_category_cross": "breakdown",
    "what_if": "what-if",
}
"""The page that shows a table; None for words that stand on every page."""

STAGES = ("suspects", "enough_reports", "above_threshold", "listed", "removed")
BENCHMARKS = ("residents", "suspects", "victims", "stage_before")

_GROUPS: Mapping[str, str] = {"not_stated": "Not stated", "missing": "Not recorded", "all": "Everybody"}


class Vocabulary:
    """Words for codes: those above, those that the release carries itself, else the code spelled out."""

    def __init__(self, published: Published) -> None:
        rows = published.rows("select * from code_labels")
        self._labels = {(row["domain"], row["code"]): row["label"] for row in rows}
        self._descriptions = {(row["domain"], row["code"]): row["description"] for row in rows}

    def characteristic(self, code: str) -> str:
        return CHARACTERISTICS.get(code, sentence(code))

    def group(self, characteristic: str, code: str) -> str:
        """A group of a characteristic."""
        return _GROUPS.get(code) or self.label(characteristic, code)

    def population(self, code: str) -> str:
        return POPULATIONS.get(code, sentence(code))

    def label(self, domain: str, code: str) -> str:
        """What a code of a domain of ``code_labels`` stands for."""
        return self._labels.get((domain, code)) or sentence(code)

    def description(self, domain: str, code: str) -> str:
        """What there is to say about it; empty if nothing."""
        return self._descriptions.get((domain, code)) or ""
