"""Which assumptions a page rests on: each is marked there, with the reason that the policy gives for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vha.report.site.published import Published, Row

_LISTING = (
    "harm_weight_scheme",
    "scale_anchor_offence",
    "decay_method",
    "crime_lookback_years",
    "minimum_crime_reports",
    "minimum_age",
    "score_threshold",
    "intelligence_window_years",
    "intelligence_cap_ratio",
)
_PROTECTION = ("suppression_threshold", "rounding_base")
_REVIEW = ("adult_age", "review_interval_")

_ON_PAGE: Mapping[str, Sequence[str]] = {
    "index": (*_LISTING, *_PROTECTION),
    "breakdown": (*_LISTING, "adult_age", *_PROTECTION),
    "completeness": (*_LISTING, *_PROTECTION),
    "disproportionality": (*_LISTING, *_PROTECTION),
    "what-if": (*_LISTING, *_PROTECTION),
    "feedback": (*_LISTING, *_PROTECTION),
    "method": (*_LISTING, *_REVIEW, *_PROTECTION),
    "quarter": (*_LISTING, *_PROTECTION),
    "quarters": (*_LISTING, *_PROTECTION),
    "releases": ("keep_landings",),
    "downloads": _PROTECTION,
    "transparency": (*_LISTING, *_REVIEW, *_PROTECTION),
}
"""By page, the parameters that its figures hang on, or how the names of such parameters begin.

The quality page hangs on all the others: the limits of the checks.
"""

_SEEDS: Mapping[str, str] = {
    "offences": "offences for which it was chosen whether they are in scope",
    "harm_weights": "weights of harm that no public source gives",
    "intelligence_categories": "kinds of intelligence and the points that they give",
    "intelligence_reliability": "pairs of grades and what they are worth",
}


def is_of_the_list(parameter: str) -> bool:
    """Whether a parameter decides who is listed, how a listing is reviewed, or what is published of the people."""
    return parameter.startswith((*_LISTING, *_REVIEW, *_PROTECTION))


def register(published: Published, of_the_list: bool) -> list[Row]:
    """The rows of ``policy_register`` that decide about the list and its figures, or those that do not."""
    return [row for row in published.policy.values() if is_of_the_list(row["parameter"]) == of_the_list]


def address(parameter: str) -> str:
    """Where the register shows a parameter, from the site's root."""
    return f"{'policy' if is_of_the_list(parameter) else 'policy-limits'}.html#{parameter}"


def of_page(published: Published, page: str) -> list[Row]:
    """The parameters with basis ``assumption`` that a page rests on, as rows of ``policy_register``."""
    assumed = [row for row in published.policy.values() if row["basis"] == "assumption"]
    if page == "quality":
        elsewhere = tuple(name for names in _ON_PAGE.values() for name in names)
        return [row for row in assumed if not row["parameter"].startswith(elsewhere)]
    return [row for row in assumed if row["parameter"].startswith(tuple(_ON_PAGE.get(page, ())))]


def rests_on_the_list(page: str) -> bool:
    """Whether a page's figures hang on who is listed, and so on every assumption by which that is decided."""
    return set(_LISTING) <= set(_ON_PAGE.get(page, ()))


def in_seeds(published: Published) -> list[Row]:
    """How many rows of each seed that scoring reads are assumptions: ``seed``, ``what``, ``assumed`` and ``rows``."""
    counted = {
        row["seed"]: row
        for row in published.rows(
            "select seed, count(*) filter (value = 'assumption') as assumed, count(*) as of_all "
            "from policy_content where column_name = 'basis' group by seed"
        )
    }
    return [
        {"seed": seed, "what": what, **counted[seed]}
        for seed, what in _SEEDS.items()
        if seed in counted and counted[seed]["assumed"]
    ]


def rows_in_seeds(published: Published) -> Row:
    """How many rows of those seeds are assumptions (``assumed``), of how many (``of_all``)."""
    return published.row(
        "select count(*) filter (value = 'assumption') as assumed, count(*) as of_all "
        f"from policy_content where column_name = 'basis' and seed in {tuple(_SEEDS)}"
    )
