"""What sqlfluff has to know of dbt's adapter: of a macro with several engines it reads DuckDB's."""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, macro: str) -> Any:
    return context.resolve(f"duckdb__{macro}")
