"""The method's rules broken one at a time: what a suite that holds the models to the method has to notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from harness import Mutations
from reference.records import TABLES

Replacements = Mapping[str, str]


@dataclass(frozen=True)
class Mutant:
    """One rule broken.

    Attributes:
        section: of rules.yml, where the rule is.
        mutate: the models' SQL with the rule broken, by model.
    """

    section: str
    name: str
    mutate: Mutations


def mutants() -> list[Mutant]:
    """All of mutants.yml, and those that are alike for many columns."""
    written = yaml.safe_load(Path(__file__).with_name("mutants.yml").read_text())
    return [
        *(
            _mutant(section, name, models)
            for section, broken in written.items()
            for name, models in broken.items()
        ),
        *_without_a_tie_break(),
        *_without_a_reason(),
    ]


def replacing_words(replacements: Replacements) -> Callable[[str], str]:
    """A mutation that puts texts for others, however they are broken into lines.

    Raises:
        ValueError: a text is not in the SQL: the model has changed, and the mutant has to follow.
    """

    def change(sql: str) -> str:
        for old, new in replacements.items():
            words = r"\s*".join(map(re.escape, old.split()))
            changed = re.sub(words, lambda _, new=new: f" {new} ", sql)
            if changed == sql:
                raise ValueError(f"the SQL to be broken has no {old!r}")
            sql = changed
        return sql

    return change


def _mutant(section: str, name: str, models: Mapping[str, Replacements]) -> Mutant:
    return Mutant(section, name, {model: replacing_words(texts) for model, texts in models.items()})


def _without_a_tie_break() -> Iterator[Mutant]:
    """Duplicates of the same age that no column of this name tells apart."""
    columns = {
        column
        for table in TABLES.values()
        for column in table.columns
        if column not in (*table.key, "updated_at")
    }
    for column in sorted(columns):
        yield _mutant(
            "latest of duplicates",
            f"ties do not fall to {column}",
            {"stg_superseded_rows": {f" {column} desc nulls last,": ""}},
        )


_REASONS = {
    "int_crime_reports_judged": "missing_key bad_date unknown_offence unknown_record committed_after_recorded "
    "invalid_code invalid_characteristic",
    "int_crime_flags_judged": "missing_key bad_date unknown_record invalid_code",
    "int_crime_persons_judged": "missing_key bad_date unknown_nominal unknown_record invalid_role invalid_code "
    "suspect_contradicts_outcome",
    "int_intelligence_reports_judged": "missing_key bad_date unknown_record invalid_grading invalid_code",
    "int_intelligence_subjects_judged": "missing_key bad_date unknown_nominal unknown_record invalid_role",
    "int_nominals_judged": "missing_key bad_date unknown_nominal merge_cycle is_sex_invalid "
    "is_self_defined_ethnicity_invalid is_officer_observed_ethnicity_invalid is_religion_invalid "
    "is_disability_invalid is_sexual_orientation_invalid",
    "int_restrictions_judged": "missing_key bad_date unknown_nominal invalid_code",
    "int_safeguarding_judged": "missing_key bad_date invalid_code",
}


def _without_a_reason() -> Iterator[Mutant]:
    """Rows that one reason of the quarantine does not hold for."""
    for model, reasons in _REASONS.items():
        for reason in reasons.split():
            yield _mutant(
                "bad rows",
                f"{model} passes over {reason}",
                {model: {" from judged": f"from (select * replace (false as {reason}) from judged)"}},
            )
