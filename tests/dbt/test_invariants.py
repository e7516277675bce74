"""The invariants hold on random inputs; for each, broken models that its check must catch."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from harness import Mutations, Project, replacing
from invariants import (
    INVARIANTS,
    Invariant,
    bystanders_have_no_score,
    characteristics_change_nothing,
    contributions_add_up,
    nobody_below_the_threshold_is_published,
    only_own_records_count,
    scores_never_rise_with_time,
    the_same_on_any_threads_in_any_order,
)


@dataclass(frozen=True)
class Broken:
    """Models broken on purpose, and the invariant that they break."""

    description: str
    invariant: Invariant
    mutate: Mutations


BROKEN = (
    Broken(
        "the cap's contribution is forgotten",
        contributions_add_up,
        {"score_contributions": replacing("and intelligence_over_cap > 0", "and false")},
    ),
    Broken(
        "a contribution is rounded once more",
        contributions_add_up,
        {
            "score_contributions": replacing(
                "cast(contributions.points as", "cast(round(contributions.points, 3) as"
            )
        },
    ),
    Broken(
        "a crime that scores for anybody bars everybody's intelligence",
        only_own_records_count,
        {"int_intelligence_points": replacing("and visible.nominal_id = points.nominal_id", "")},
    ),
    Broken(
        "a record that is restricted for one person is taken from all",
        only_own_records_count,
        {"int_crime_points": replacing("and reports.nominal_id = restricted.nominal_id", "")},
    ),
    Broken(
        "a nominal of unknown sex is kept out",
        characteristics_change_nothing,
        {"int_nominals_judged": replacing("or merge_cycle)", "or merge_cycle or invalid_characteristic)")},
    ),
    Broken(
        "a report from an unknown borough is kept out",
        characteristics_change_nothing,
        {
            "int_crime_reports_judged": replacing(
                "missing_key or bad_date or", "missing_key or invalid_characteristic or"
            )
        },
    ),
    Broken(
        "associates score as subjects do",
        bystanders_have_no_score,
        {
            "int_intelligence_links": replacing(
                "involvement = 'subject'", "involvement in ('subject', 'associate')"
            )
        },
    ),
    Broken(
        "victims score as suspects do",
        bystanders_have_no_score,
        {"int_suspect_reports": replacing("links.side = 'suspect'", "links.side in ('suspect', 'victim')")},
    ),
    Broken(
        "only old reports count",
        scores_never_rise_with_time,
        {
            "int_crime_points": replacing(
                "< assessments.crime_lookback_years", ">= assessments.crime_lookback_years"
            )
        },
    ),
    Broken(
        "reports gain what they should lose",
        scores_never_rise_with_time,
        {"int_crime_points": replacing("pow(3,", "pow(1,")},
    ),
    Broken(
        "ties are left to the engine",
        the_same_on_any_threads_in_any_order,
        {
            "int_ranked_lists": replacing(
                "people.latest_offence_on desc,\n            people.nominal_id",
                "people.latest_offence_on desc",
            )
        },
    ),
    Broken(
        "the last delivered of duplicates stands",
        the_same_on_any_threads_in_any_order,
        {"stg_superseded_rows": replacing("order by", "order by landing_row desc,")},
    ),
    Broken(
        "the threshold is forgotten",
        nobody_below_the_threshold_is_published,
        {"int_assessed_people": replacing("scores.total_score >= assessments.score_threshold", "true")},
    ),
    Broken(
        "contributions of everybody are published",
        nobody_below_the_threshold_is_published,
        {"score_contributions": replacing("inner join listed", "left join listed")},
    ),
)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda invariant: invariant.__name__)
def test_invariant(project: Project, invariant: Invariant, seed: int) -> None:
    invariant(project, seed, {})


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.description)
def test_a_broken_model_is_caught(project: Project, broken: Broken) -> None:
    with pytest.raises(AssertionError):
        broken.invariant(project, 1, broken.mutate)
