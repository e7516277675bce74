"""Airflow as this installation runs it: its home under ``VHA_HOME``, its settings, its metadata database."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from vha.errors import ConfigurationError
from vha.settings import PROJECT_ROOT, Settings

DAG_ID = "violence_harm_assessment"
WAREHOUSE_POOL = "vha_warehouse"
WORKERS = 4


def airflow_home(settings: Settings) -> Path:
    return settings.home / "airflow"


def password_file(settings: Settings) -> Path:
    """JSON object of the Airflow accounts that ``vha serve`` makes, and their passwords."""
    return airflow_home(settings) / "passwords.json"


def configure(settings: Settings, port: int = 8080) -> None:
    """Set Airflow's environment, for this process and those it starts; Airflow must not be imported yet.

    Args:
        settings: where Airflow's home is.
        port: where its API server is to listen, on loopback only.
    """
    home = airflow_home(settings)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)  # passwords and signing keys are in it
    address = f"http://127.0.0.1:{port}"
    os.environ.update(
        VHA_HOME=str(settings.home),
        AIRFLOW_HOME=str(home),
        AIRFLOW__API__BASE_URL=address,
        AIRFLOW__API__HOST="127.0.0.1",
        AIRFLOW__API__PORT=str(port),
        AIRFLOW__API__WORKERS="1",
        AIRFLOW__API_AUTH__JWT_SECRET=secrets.token_hex(32),  # shared by the processes that this one starts
        AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="False",
        AIRFLOW__CORE__DAGS_FOLDER=str(PROJECT_ROOT / "dags"),
        AIRFLOW__CORE__EXECUTION_API_SERVER_URL=f"{address}/execution/",
        AIRFLOW__CORE__EXECUTOR="LocalExecutor",
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__PARALLELISM=str(WORKERS),
        AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=str(password_file(settings)),
        AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS="operator:op,reviewer:op",
        AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES="1",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
        AIRFLOW__LOGGING__BASE_LOG_FOLDER=str(home / "logs"),
        AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
    )


def prepare_metadata() -> None:
    """Bring the metadata database up to date: its schema, the writer's pool, and no run left open by a
    process that was killed. Airflow must be configured, and this ``VHA_HOME`` held by :func:`only_one`."""
    from airflow.models.pool import Pool
    from airflow.utils import db
    from airflow.utils.session import create_session

    stamp = Path(os.environ["AIRFLOW_HOME"]) / "schema_version"
    installed = version("apache-airflow-core")
    if not stamp.exists() or stamp.read_text() != installed:
        db.initdb()
        stamp.write_text(installed)
    with create_session() as session:
        Pool.create_or_update_pool(
            WAREHOUSE_POOL, slots=1, description="One writer", include_deferred=False, session=session
        )
    close_in_process_runs()


def close_in_process_runs() -> None:
    """Fail what is unfinished of runs in one process: none is alive, and a scheduler would go on with it."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState, State, TaskInstanceState
    from airflow.utils.types import DagRunTriggeredByType
    from sqlalchemy import or_, select, update

    open_runs = DagRun.state.in_(State.unfinished_dr_states)
    with create_session() as session:
        ids = session.scalars(
            select(DagRun.run_id).where(DagRun.triggered_by == DagRunTriggeredByType.TEST, open_runs)
        ).all()
        session.execute(
            update(TaskInstance)
            .where(TaskInstance.run_id.in_(ids))
            .where(or_(TaskInstance.state.is_(None), TaskInstance.state.in_(State.unfinished)))
            .values(state=TaskInstanceState.FAILED)
        )
        session.execute(update(DagRun).where(DagRun.run_id.in_(ids)).values(state=DagRunState.FAILED))


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold this ``VHA_HOME`` for one ``vha run`` or ``vha serve``; the lock goes with the process.

    Raises:
        ConfigurationError: another one has it.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                f"Another `vha run` or `vha serve` is at work under {settings.home}: wait for it to end, "
                "or trigger the run in the Airflow that is served."
            ) from None
        yield
