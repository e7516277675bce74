"""Declarations are judged strictly, and a mistake in one ends in a sentence that says what to do."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from warehouse import AS_OF

from vha.audit import EXPECTATIONS, declarations
from vha.audit.limits import Limits
from vha.errors import ConfigurationError
from vha.extract.contract import TABLES
from vha.settings import PROJECT_ROOT

GOOD = """
suite: good
table: landing.nominal
checks:
  - name: sex_is_complete
    expectation: expect_column_values_to_not_be_null
    kwargs: {column: sex}
    mostly: {policy: completeness_minimum_sex}
    severity: warning
    meaning: No one can see whether the list bears on one sex more than others.
    owner: person index
  - name: nobody_is_too_young
    rows: select nominal_id from {batch} where age < ${minimum_age} and born > ${as_of}
    severity: critical
    meaning: A child is listed.
    owner: assessment
"""
LIMITS = Limits(
    AS_OF,
    "run",
    policy={"completeness_minimum_sex": "0.95", "minimum_age": "10", "decay_method": "compounding"},
    codes={"sex": ["F", "M", "X"], "with_a_null": ["F", None]},  # type: ignore[list-item]
)


def load(folder: Path, text: str) -> declarations.Suite:
    (folder / "good.yml").write_text(text)
    (suite,) = declarations.load(folder)
    return suite.with_limits(LIMITS)


def test_limits_come_from_the_policy(tmp_path: Path) -> None:
    sex, age = load(tmp_path, GOOD).checks
    assert sex.mostly == 0.95
    assert age.rows == "select nominal_id from {batch} where age < 10 and born > date '2026-09-30'"


def test_a_share_may_be_what_a_limit_leaves_and_values_the_codes_of_a_list(tmp_path: Path) -> None:
    text = GOOD.replace("{policy: comp", "{one_minus_policy: comp").replace(
        "sex}", "sex, value_set: {codes: sex}}", 1
    )
    sex, _ = load(tmp_path, text.replace("to_not_be_null", "to_be_in_set")).checks
    assert sex.mostly == pytest.approx(0.05)
    assert sex.kwargs["value_set"] == ["F", "M", "X"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("suite: good", "suite: other", "declares suite 'other': name it 'good'"),
        ("table: landing.nominal", "", "has no table"),
        ("table:", "tabel:", "unknown key 'tabel'"),
        ("table:", "query: delete from x\ntable:", "has a query that is no SELECT"),
        ("table:", "query: select * from landing.nominals\ntable:", "does not read landing.nominal"),
        ("table:", "rows_are_people: perhaps\ntable:", "neither true nor false"),
        ("severity: warning", "severity: grave", "has severity 'grave': make it critical or warning"),
        ("severity: warning", "severty: warning", "unknown key 'severty'"),
        ("    owner: person index\n", "", "has no owner"),
        ("    meaning: A child is listed.\n", "", "has no meaning"),
        ("name: nobody_is_too_young", "name: NobodyIsTooYoung", "not snake_case"),
        ("name: nobody_is_too_young", "name: sex_is_complete", "declares sex_is_complete twice"),
        ("mostly: {policy: completeness_minimum_sex}", "mostly: 0.9", "has a limit of its own"),
        (
            "{policy: completeness_minimum_sex}",
            "{policy: completeness_minimum_sox}",
            "'completeness_minimum_sox'",
        ),
        ("{policy: completeness_minimum_sex}", "{policy: decay_method}", "as a number, which it is not"),
        ("{policy: completeness_minimum_sex}", "{share: completeness_minimum_sex}", "refers to 'share'"),
        ("{policy: completeness_minimum_sex}", "{}", "needs exactly one key"),
        (
            "kwargs: {column: sex}",
            "kwargs: {column: sex, mostly: 0.9}",
            "needs the kwargs column and no other",
        ),
        ("kwargs: {column: sex}", "kwargs: {colum: sex}", "needs the kwargs column and no other"),
        ("kwargs: {column: sex}", "kwargs: {column: sex, row_condition: 'false'}", "and no other"),
        ("kwargs: {column: sex}", "kwargs: {column: 3}", "has column 3, by which it says nothing"),
        ("    kwargs: {column: sex}\n", "", "needs the kwargs column"),
        ("minimum_sex}", "minimum_sex}\n    overridable: {policy: acceptable_x}", "only if it is critical"),
        ("kwargs: {column: sex}", "kwargs: {column: {codes: sox}}", "the codes of 'sox'"),
        ("    kwargs:", "    of: select 1\n    kwargs:", "has `of:` without `rows:`"),
        (
            "expect_column_values_to_not_be_null",
            "expect_column_max_to_be_between",
            "names 'expect_column_max",
        ),
        ("    rows:", "    expectation: expect_column_values_to_be_null\n    rows:", "and not both"),
        ("from {batch} where", "from somewhere where", "write {batch} in the query"),
        ("${minimum_age}", "${minimum_ago}", "'minimum_ago'"),
        ("${minimum_age}", "$ 10", "has a stray $"),
        ("checks:", "checks: []\nmore:", "unknown key 'more'"),
        ("suite: good", "suite: [good", "is not YAML"),
    ],
)
def test_a_mistake_ends_in_a_clear_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, GOOD.replace(old, new, 1))
    message = str(refused.value)
    assert sentence in message
    assert message.startswith("good.yml")
    assert "\n" not in message


@pytest.mark.parametrize(
    "text", ["", "- a list", "suite: good\ntable: t\nchecks: []", "suite: good\ntable: t\nchecks: [x]"]
)
def test_what_is_no_declaration_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^good\.yml"):
        load(tmp_path, text)


@pytest.mark.parametrize(
    ("expectation", "kwargs"),
    [
        ("column_values_to_be_in_set", "{column: sex, value_set: []}"),
        ("column_values_to_be_in_set", "{column: sex, value_set: null}"),
        ("column_values_to_be_in_set", "{column: sex, value_set: [F, null]}"),
        ("column_values_to_be_in_set", "{column: sex, value_set: {codes: with_a_null}}"),
        ("column_values_to_be_between", "{column: sex, min_value: null, max_value: null}"),
        ("column_values_to_be_between", "{column: sex, min_value: -.inf, max_value: .inf}"),
        ("column_values_to_be_between", "{column: sex, min_value: 0, max_value: .nan}"),
        ("column_values_to_be_between", "{column: sex, min_value: 0}"),
        ("column_values_to_not_be_null", "{column: ''}"),
        ("table_row_count_to_be_between", "{min_value: 0}"),
        ("table_row_count_to_be_between", "{min_value: true}"),
        ("table_row_count_to_be_between", "{max_value: 100}"),
    ],
)
def test_what_could_never_fail_is_no_check(tmp_path: Path, expectation: str, kwargs: str) -> None:
    text = GOOD.replace("column_values_to_not_be_null", expectation).replace("{column: sex}", kwargs)
    with pytest.raises(ConfigurationError, match=r"by which it says nothing|needs the kwargs"):
        load(tmp_path, text)


@pytest.mark.parametrize("limit", ["0", "-3", "1.01", "NaN", "Infinity", "-Infinity"])
def test_no_limit_lets_everything_pass(tmp_path: Path, limit: str) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    (suite,) = declarations.load(tmp_path)
    limits = dataclasses.replace(LIMITS, policy={**LIMITS.policy, "completeness_minimum_sex": limit})
    with pytest.raises(ConfigurationError, match=r"could never fail|as a number, which it is not"):
        suite.with_limits(limits)


@pytest.mark.parametrize(
    "opened", ["{codes: sex}", "{policy: minimum_age}", "{one_minus_policy: acceptable_x}", "true", "{}"]
)
def test_only_what_the_policy_opens_may_be_accepted(tmp_path: Path, opened: str) -> None:
    with pytest.raises(ConfigurationError, match=r"write `overridable: \{policy: acceptable_…\}`"):
        load(tmp_path, f"{GOOD}    overridable: {opened}\n")


def test_a_folder_without_declarations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nothing may be published unchecked"):
        declarations.load(tmp_path)


def test_every_landing_table_and_every_table_of_a_release_has_a_suite() -> None:
    """But for those that the report writes from the seeds and from the audit itself."""
    marts = {
        f"{folder.name}.{model.stem}"
        for folder in (PROJECT_ROOT / "dbt_project" / "models" / "marts").iterdir()
        if folder.name in ("assessment", "oversight")
        for model in folder.glob("*.sql")
    }
    judged = {suite.table for suite in declarations.load(EXPECTATIONS)}
    assert {f"landing.{table.name}" for table in TABLES} | marts | {"run.disclosure_audit"} <= judged


def test_nothing_about_people_on_the_list_is_counted_in_the_open() -> None:
    of_people = {"assessment_list", "score_contributions", "list_movements", "review_queue"}
    suites = declarations.load(EXPECTATIONS)
    assert all(
        suite.rows_are_people for suite in suites if suite.table.removeprefix("assessment.") in of_people
    )


PERIODS = {
    *("disproportionality", "ethnicity_agreement", "feedback", "list_trend", "special_category_breakdown"),
    *("special_category_completeness", "special_category_completeness_by_group", "special_category_cross"),
    "what_if",
}
ARITHMETIC: dict[str, tuple[str, set[str]]] = {
    "2": (
        "a half, a mean of two, or the factor of a formula",
        {"group_counts", "landing_days", "landing_mix", "list_trend", "special_category_breakdown"},
    ),
    "3": ("months of a quarter", PERIODS),
    "4": ("the year's digits of a period; decimal places of a score", {*PERIODS, "assessment_list"}),
    "64": ("hexadecimal digits of a SHA-256", {"release_register"}),
    "100": (
        "a whole in per cent",
        {
            *("listed_people", "what_if", "feedback", "special_category_breakdown"),
            *("special_category_completeness", "special_category_completeness_by_group"),
        },
    ),
    "0.0001": ("the least value of four decimal places", {"what_if", "feedback"}),
    "0.0006": ("half of the third decimal place, and a little for binary fractions", {"disproportionality"}),
}
"""Numbers other than 0 and 1 that stand in a suite, what each is, and where: arithmetic, so no choice of anybody's."""


def test_every_limit_is_a_parameter_of_the_policy() -> None:
    found: dict[str, set[str]] = {}
    for suite in declarations.load(EXPECTATIONS):
        for number in numbers_in(suite) - {"0", "1"}:
            found.setdefault(number, set()).add(suite.name)
    assert found == {number: suites for number, (_, suites) in ARITHMETIC.items()}


def test_a_limit_of_a_suite_s_own_is_found(tmp_path: Path) -> None:
    (tmp_path / "good.yml").write_text(GOOD.replace("age < ${minimum_age}", "age < 12 -- '9' ${minimum_age}"))
    [suite] = declarations.load(tmp_path)
    assert numbers_in(suite) == {"12"}
    between = "expect_column_values_to_be_between"
    text = GOOD.replace("expect_column_values_to_not_be_null", between)
    (tmp_path / "good.yml").write_text(
        text.replace("{column: sex}", "{column: sex, min_value: 3, max_value: 9.5}")
    )
    [suite] = declarations.load(tmp_path)
    assert numbers_in(suite) == {"3", "9.5"}


def numbers_in(suite: declarations.Suite) -> set[str]:
    """The numbers that stand in what a suite asks, but for those in quotes, names, references and remarks."""
    texts = [suite.query]
    for check in suite.checks:
        texts += [check.rows or "", check.of or ""]
        texts += [str(value) for value in check.kwargs.values() if isinstance(value, int | float)]
    bare = re.sub(r"\$\{\w+\}|--.*|'[^']*'", " ", "\n".join(texts))
    return {number.replace("1e0", "1") for number in re.findall(r"(?<!\w)\d+(?:\.\d+)?(?:e\d+)?", bare)}


def test_a_meaning_is_one_plain_sentence() -> None:
    meanings = [check.meaning.strip() for suite in declarations.load(EXPECTATIONS) for check in suite.checks]
    assert all(
        meaning.endswith(".") and meaning.count(". ") == 0 and len(meaning) < 140 for meaning in meanings
    )


def test_a_meaning_speaks_to_a_community_and_not_to_engineers() -> None:
    """No name of a table or column, and no word that one has to be an engineer or a statistician to know."""
    jargon = re.compile(
        r"\b(null|rows?|tables?|columns?|keys?|profiled?|quarantined?|batch|schema|queries|query|SQL|parameter|domain|"
        r"attack|benchmarks?|disparit(y|ies)|interval)\b|\w_\w",
        re.IGNORECASE,
    )
    meanings = [check.meaning for suite in declarations.load(EXPECTATIONS) for check in suite.checks]
    assert [meaning for meaning in meanings if jargon.search(meaning)] == []
    assert jargon.search("A row without its key counts for nobody.")
