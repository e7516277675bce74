"""A run starts only with seeds that it can go by; every fault is refused in one sentence that says what to do."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from factory import World, settings_of

from vha.errors import ConfigurationError
from vha.extract import extract_system, land
from vha.policy.check import check, scored_parameters
from vha.run import Run, RunPaths
from vha.settings import SYSTEMS, Settings
from vha.warehouse import prepare
from vha.warehouse.connect import connect
from vha.warehouse.seeds import SEEDS

Row = dict[str, str]
Fault = Callable[[Path], None]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return shutil.copytree(SEEDS, tmp_path / "seeds")


def rewrite(seed: str, change: Callable[[list[Row]], list[Row]]) -> Fault:
    def write(folder: Path) -> None:
        file = folder / f"{seed}.csv"
        with file.open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        header = list(rows[0])
        with file.open("w", newline="") as lines:
            writer = csv.DictWriter(lines, header)
            writer.writeheader()
            writer.writerows(change(rows))

    return write


def put(seed: str, column: str, value: str, **where: str) -> Fault:
    """A fault: another value in the first row like ``where``."""

    def change(rows: list[Row]) -> list[Row]:
        next(row for row in rows if where.items() <= row.items())[column] = value
        return rows

    return rewrite(seed, change)


def without(seed: str, **where: str) -> Fault:
    """A fault: the rows like ``where`` are gone."""
    return rewrite(seed, lambda rows: [row for row in rows if not where.items() <= row.items()])


def twice(seed: str) -> Fault:
    """A fault: a seed's first row stands twice."""
    return rewrite(seed, lambda rows: [*rows, rows[0]])


def with_text(seed: str, change: Callable[[str], str]) -> Fault:
    def write(folder: Path) -> None:
        file = folder / f"{seed}.csv"
        file.write_text(change(file.read_text()))

    return write


def parameter(name: str, value: str, column: str = "value") -> Fault:
    return put("policy", column, value, parameter=name)


# Each fault with what the sentence must name.
FAULTS: list[tuple[Fault, list[str]]] = [
    *((without("policy", parameter=name), ["policy.csv", name, "missing"]) for name in scored_parameters()),
    (without("policy", parameter="keep_landings"), ["policy.csv", "keep_landings", "missing"]),
    (twice("policy"), ["policy.csv", "harm_weight_scheme", "more than once"]),
    (parameter("score_threshold", "lots"), ["policy.csv", "score_threshold", "'lots'", "number"]),
    (parameter("score_threshold", ""), ["policy.csv", "score_threshold", "''"]),
    (parameter("score_threshold", "NaN"), ["score_threshold", "'NaN'"]),
    (parameter("score_threshold", "1e3"), ["score_threshold", "'1e3'"]),
    (parameter("score_threshold", " 1500"), ["score_threshold", "' 1500'"]),
    (parameter("score_threshold", "1500.00001"), ["score_threshold", "'1500.00001'", "4 after"]),
    (parameter("score_threshold", "0"), ["score_threshold", "0", "from 1 to 100000"]),
    (parameter("score_threshold", "-5"), ["score_threshold", "-5", "from 1 to 100000"]),
    (parameter("score_threshold", "", "maximum"), ["score_threshold", "maximum"]),
    (parameter("score_threshold", "few", "minimum"), ["score_threshold", "minimum", "'few'"]),
    (parameter("crime_lookback_years", "4.5"), ["crime_lookback_years", "'4.5'", "whole number"]),
    (parameter("crime_lookback_years", "11"), ["crime_lookback_years", "11", "from 1 to 10"]),
    (parameter("keep_landings", "7.5"), ["keep_landings", "'7.5'", "whole number"]),
    (parameter("volume_change_limit", "third"), ["volume_change_limit", "'third'"]),
    (parameter("decay_method", "halving"), ["decay_method", "'halving'", "compounding, linear"]),
    (parameter("harm_weight_scheme", "Blend"), ["harm_weight_scheme", "'Blend'", "cchi, ons_css, blend"]),
    (parameter("decay_method", "words", "unit"), ["decay_method", "'words'", "one of"]),
    (parameter("scale_anchor_offence", "2A"), ["scale_anchor_offence", "'2A'", "both schemes"]),
    (parameter("scale_anchor_offence", "3B"), ["scale_anchor_offence", "'3B'", "ons_css"]),
    (parameter("minimum_age", "guess", "basis"), ["minimum_age", "'guess'", "published, reported"]),
    (parameter("minimum_age", "", "basis"), ["minimum_age", "basis"]),
    (parameter("minimum_age", " ", "source"), ["minimum_age", "source"]),
    (parameter("minimum_age", "", "rationale"), ["minimum_age", "rationale"]),
    (parameter("minimum_age", "soon", "effective_from"), ["minimum_age", "'soon'", "YYYY-MM-DD"]),
    (parameter("minimum_age", "20260101", "effective_from"), ["minimum_age", "'20260101'"]),
    (parameter("minimum_age", "yes", "overridable"), ["minimum_age", "'yes'", "true or false"]),
    (twice("harm_weights"), ["harm_weights.csv", "1|cchi", "more than once"]),
    (put("harm_weights", "weight", "0.0000"), ["harm_weights.csv", "1|cchi", "0.0000", "greater than 0"]),
    (put("harm_weights", "weight", "-1"), ["harm_weights.csv", "1|cchi", "-1"]),
    (put("harm_weights", "weight", "much"), ["harm_weights.csv", "1|cchi", "'much'"]),
    (put("harm_weights", "weight", "123456789"), ["harm_weights.csv", "1|cchi", "8 digits"]),
    (put("harm_weights", "scheme", "css"), ["harm_weights.csv", "'css'", "cchi, ons_css"]),
    (put("harm_weights", "offence_code", "5Z"), ["harm_weights.csv", "5Z|cchi", "offences.csv"]),
    (put("harm_weights", "source", ""), ["harm_weights.csv", "1|cchi", "source"]),
    (without("harm_weights", offence_code="8N"), ["harm_weights.csv", "8N", "no weight", "never"]),
    (without("harm_weights", offence_code="1", scheme="ons_css"), ["scale_anchor_offence", "ons_css"]),
    (put("offences", "scope", "knife", offence_code="66"), ["harm_weights.csv", "66", "no weight"]),
    (put("offences", "scope", "sometimes"), ["offences.csv", "'sometimes'", "never"]),
    (put("offences", "police_generated", "no"), ["offences.csv", "police_generated", "'no'"]),
    (put("offences", "offence_code", ""), ["offences.csv", "no name"]),
    (put("outcome_codes", "scores", "perhaps"), ["outcome_codes.csv", "'perhaps'"]),
    (put("code_lists", "code", ""), ["code_lists.csv", "no name", "domain and code"]),
    (
        put("intelligence_categories", "base_points", "0.0000", in_scope="true"),
        ["intelligence_categories.csv", "0.0000", "greater than 0"],
    ),
    (
        put("intelligence_categories", "base_points", "1.0000", in_scope="false"),
        ["intelligence_categories.csv", "1.0000"],
    ),
    (
        put("intelligence_reliability", "reliability", "1.1000"),
        ["intelligence_reliability.csv", "3x5x2|1|A", "1.1000", "from 0 to 1"],
    ),
    (with_text("policy", lambda text: text.replace("minimum,", "least,", 1)), ["policy.csv", "least"]),
    (with_text("policy", lambda text: text + "one_more,1\n"), ["policy.csv", "2 values", "10"]),
    (with_text("policy", lambda text: text + '"unclosed'), ["policy.csv", "comma-separated"]),
    (with_text("outcome_codes", lambda text: ""), ["outcome_codes.csv", "comma-separated"]),
    (lambda folder: (folder / "offences.csv").unlink(), ["offences.csv", "comma-separated"]),
]


def test_the_projects_own_seeds_are_accepted(seeds: Path) -> None:
    check()
    check(seeds)


def test_what_scoring_reads_is_known_from_the_model_that_reads_it() -> None:
    parameters = scored_parameters()
    assert len(parameters) >= 14
    assert parameters["score_threshold"].startswith("decimal")
    assert {kind for kind in parameters.values() if kind.isalpha()} == {"string", "integer"}


@pytest.mark.parametrize(("fault", "words"), FAULTS, ids=[" ".join(words) for _, words in FAULTS])
def test_a_fault_is_refused_in_one_sentence_that_names_it(
    seeds: Path, fault: Fault, words: list[str]
) -> None:
    fault(seeds)
    with pytest.raises(ConfigurationError) as refused:
        check(seeds)
    [sentence] = str(refused.value).splitlines()
    assert sentence.endswith(".")
    for word in words:
        assert word in sentence


@pytest.fixture
def landed(tmp_path: Path) -> tuple[Settings, Run]:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    for system in SYSTEMS:
        extract_system(settings, "run-1", system)
    land(settings, "run-1")
    return settings, Run("run-1", date(2026, 9, 30), True, "os:somebody")


def test_a_run_with_a_bad_seed_ends_before_it_builds_anything(
    landed: tuple[Settings, Run], seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, run = landed
    parameter("score_threshold", "-5")(seeds)
    monkeypatch.setattr(prepare, "SEEDS", seeds)
    with pytest.raises(ConfigurationError, match="score_threshold") as refused:
        prepare.prepare(settings, run)
    assert refused.value.exit_code == 1
    assert not RunPaths(settings, "run-1").warehouse.exists()


def test_a_run_keeps_every_value_of_the_seeds_that_it_goes_by(landed: tuple[Settings, Run]) -> None:
    settings, run = landed
    prepare.prepare(settings, run)
    with connect(settings, RunPaths(settings, "run-1").warehouse, read_only=True) as work:
        kept = work.execute("select seed, row_key, column_name, value from run.policy_content").fetchall()
    assert ("policy", "adult_age", "value", "18") in kept
    assert ("policy", "decay_method", "minimum", None) in kept
    assert ("intelligence_reliability", "3x5x2|1|A", "reliability", "1.0000") in kept
    with (SEEDS / "harm_weights.csv").open(newline="") as lines:
        weights = {f"{row['offence_code']}|{row['scheme']}": row["weight"] for row in csv.DictReader(lines)}
    assert weights == {
        key: value for seed, key, column, value in kept if (seed, column) == ("harm_weights", "weight")
    }
