"""The method page's tables, made from what the release itself carries of the seeds: they cannot drift from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vha.report.site.published import Published


def content(published: Published) -> Mapping[str, Any]:
    """The seeds that scoring reads, as the method page shows them.

    Returns:
        ``offences``, ``weights``, ``outcomes``, ``categories``, ``reliabilities``: rows by column name.
    """
    return {
        "offences": published.rows(_OFFENCES),
        "outcomes": _seed(published, "outcome_codes", "try_cast(row_key as integer)"),
        "categories": _seed(published, "intelligence_categories", "row_key"),
        "reliabilities": _seed(published, "intelligence_reliability", "row_key"),
    }


def _seed(published: Published, seed: str, order: str) -> list[dict[str, Any]]:
    """A seed's rows: ``row_key`` and, by name, its other columns."""
    found: dict[str, dict[str, Any]] = {}
    for row in published.rows(
        f"select row_key, column_name, value from policy_content where seed = $seed order by {order}, row_key",
        seed=seed,
    ):
        found.setdefault(row["row_key"], {"row_key": row["row_key"]})[row["column_name"]] = row["value"]
    return list(found.values())


_OFFENCES = """
with offences as (
    select
        row_key as offence_code,
        max(value) filter (column_name = 'title') as title,
        max(value) filter (column_name = 'scope') as scope,
        max(value) filter (column_name = 'basis') as basis,
        max(value) filter (column_name = 'counts_in_private_domestic') as counts_in_private_domestic
    from policy_content
    where seed = 'offences'
    group by row_key
),
weights as (
    select
        split_part(row_key, '|', 1) as offence_code,
        max(value) filter (row_key like '%|cchi' and column_name = 'weight') as cchi,
        max(value) filter (row_key like '%|cchi' and column_name = 'basis') as cchi_basis,
        max(value) filter (row_key like '%|ons_css' and column_name = 'weight') as css,
        max(value) filter (row_key like '%|ons_css' and column_name = 'basis') as css_basis
    from policy_content
    where seed = 'harm_weights'
    group by all
)
select *
from offences
left join weights using (offence_code)
where scope <> 'never'
order by try_cast(weights.cchi as decimal(18, 4)) desc nulls last, offence_code
"""
