"""Great Expectations: the one module that knows the library, and the one place where it is imported.

It takes seconds to import: never at the top of a file that Airflow reads. Rows and values stay in DuckDB, only
counts are asked for, and what an exception says is dropped, as it may quote a value.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

# It logs much, and explains errors by the values that caused them. Quiet before the import, which logs too, and
# not by level alone, as some of its modules set one.
_library = logging.getLogger("great_expectations")
_library.setLevel(logging.WARNING)
_library.addHandler(logging.NullHandler())
_library.propagate = False

import great_expectations as gx  # noqa: E402
from duckdb_sqlalchemy import ConnectionWrapper  # noqa: E402
from great_expectations.data_context.types.base import (  # noqa: E402
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations import registry  # noqa: E402
from great_expectations.expectations.core.unexpected_rows_expectation import (  # noqa: E402
    UnexpectedRowsExpectation,
)
from great_expectations.render.view.view import DefaultJinjaPageView  # noqa: E402
from sqlalchemy import event  # noqa: E402
from sqlalchemy.pool import Pool  # noqa: E402

from vha.audit.declarations import Check, Suite  # noqa: E402
from vha.audit.gate import Finding  # noqa: E402
from vha.warehouse.connect import QUIET, sqlalchemy_url  # noqa: E402

log = logging.getLogger(__name__)

VERSION = str(gx.__version__)

# Counts only. Anything more writes values of people's records into results.
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0, "include_unexpected_rows": False}


class ExpectFewUnexpectedRows(UnexpectedRowsExpectation):
    """At most a share of ``1 - mostly`` of the rows of ``query`` is what ``unexpected_rows_query`` finds.

    Unlike the library's own it counts rows and never fetches one.
    """

    query: str = "select * from {batch}"
    mostly: float = 1

    metric_dependencies = ("unexpected_rows_query.row_count", "query.row_count")
    success_keys = ("unexpected_rows_query", "query", "mostly")

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        unexpected, evaluated = metrics["unexpected_rows_query.row_count"], metrics["query.row_count"]
        # In whole rows: a share of 0.99 of 100 rows leaves room for one, whatever 1 - 0.99 is in binary.
        room = int((1 - self.mostly) * evaluated + 1e-6)
        return {
            "success": unexpected <= room,
            "result": {"element_count": evaluated, "unexpected_count": unexpected},
        }


def validate(
    path: Path, options: Mapping[str, Any], suites: Iterable[Suite]
) -> dict[tuple[str, str], Finding]:
    """Evaluate every check on a DuckDB file, which is opened for reading.

    Args:
        path: the work file.
        options: DuckDB's settings.
        suites: with their limits filled in.

    Returns:
        What was found, by suite and check name. What could not be evaluated at all is missing from it.
    """
    expected = [(suite, library_suite(suite)) for suite in suites]
    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
            store_backend_defaults=InMemoryStoreBackendDefaults(),
        ),
    )
    event.listen(Pool, "connect", _quieten)
    sources: Any = context.data_sources
    source = sources.add_sql(
        "warehouse",
        connection_string=sqlalchemy_url(path),
        # Without the last three every expectation on DuckDB fails with "list index out of range".
        kwargs={
            "connect_args": {"read_only": True, "config": dict(options)},
            "isolation_level": "AUTOCOMMIT",
            "pool_reset_on_return": None,
            "skip_autocommit_rollback": True,
        },
    )
    findings: dict[tuple[str, str], Finding] = {}
    try:
        for suite, expectations in expected:
            batch = source.add_query_asset(suite.name, suite.query).add_batch_definition_whole_table("rows")
            try:
                outcome = batch.get_batch().validate(expectations, result_format=RESULT_FORMAT)
            except Exception as error:
                log.error("Suite %s could not be evaluated (%s).", suite.name, type(error).__name__)
                continue
            for result in outcome.results:
                check_name = result.expectation_config.meta["check_name"]
                findings[suite.name, check_name] = _finding(result, f"{suite.name}.{check_name}")
    finally:
        # Until both its engines let go of the file, nobody in this process can open it in any other way.
        source.get_engine().dispose()
        source.get_execution_engine().engine.dispose()
        event.remove(Pool, "connect", _quieten)
    return findings


def _quieten(connection: Any, _: object) -> None:
    if isinstance(connection, ConnectionWrapper):
        connection.execute(QUIET)


def library_suite(suite: Suite) -> Any:
    """A suite as the library has it; each expectation carries in its ``meta`` what was declared of it."""
    return gx.ExpectationSuite(name=suite.name, expectations=[_expectation(check) for check in suite.checks])


def _expectation(check: Check) -> Any:
    said = {"meaning": check.meaning.strip(), "severity": check.severity, "owner": check.owner}
    common: dict[str, Any] = {"severity": check.severity, "meta": {"check_name": check.name, **said}}
    if check.expectation is None:
        of: dict[str, Any] = {"query": check.of} if check.of else {}
        rows: Any = check.rows
        return ExpectFewUnexpectedRows(unexpected_rows_query=rows, mostly=check.mostly, **of, **common)
    mostly: dict[str, Any] = {} if check.mostly == 1 else {"mostly": check.mostly}
    return registry.get_expectation_impl(check.expectation)(**check.kwargs, **mostly, **common)


def _finding(result: Any, name: str) -> Finding:
    if not result.success and _raised(result.exception_info):
        log.error("Check %s could not be evaluated (%s).", name, _kind(result.exception_info))
        return Finding("errored", sentence=_sentence(result.expectation_config))
    counts = result.result
    elements = counts.get("element_count", counts.get("observed_value"))
    return Finding(
        status="passed" if result.success else "failed",
        evaluated=None if elements is None else int(elements) - int(counts.get("missing_count") or 0),
        unexpected=counts.get("unexpected_count"),
        sentence=_sentence(result.expectation_config),
    )


def _raised(exception_info: Mapping[str, Any]) -> bool:
    """Whether an exception was raised: said at the top, or by each metric that the check depends on."""
    infos = [exception_info, *(info for info in exception_info.values() if isinstance(info, Mapping))]
    return any(info.get("raised_exception") for info in infos)


def _kind(exception_info: Mapping[str, Any]) -> str:
    """The kind of DuckDB's exception, and nothing of its text."""
    kinds = sorted(set(re.findall(r"_duckdb\.(\w+Exception|\w*Error)\b", repr(exception_info))))
    return ", ".join(kinds) or "not a database error"


def _sentence(configuration: Any) -> str:
    """The rule as the library words it, as HTML."""
    if configuration.type == ExpectFewUnexpectedRows.expectation_type:
        return ""
    renderer: Any = registry.get_renderer_impl(configuration.type, "renderer.prescriptive")
    contents = renderer[1](
        configuration=configuration,
        runtime_configuration={"include_column_name": True, "styling": {"default": {"tag": "code"}}},
    )
    view: Any = DefaultJinjaPageView()
    return " ".join(view.render_string_template(content.string_template) for content in contents)
