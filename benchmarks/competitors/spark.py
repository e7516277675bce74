"""Spark on two local cores: plain SQL, each step kept as Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pyspark import SparkContext
from pyspark.sql import SparkSession

from benchmarks.portable import POLICY, Words
from benchmarks.portable import assess as assess_by
from vha.extract.contract import TABLES
from vha.publish.list_hash import Value


class _Session:
    def __init__(self, session: SparkSession, work: Path) -> None:
        self.session, self.work = session, work

    def make(self, name: str, select: str) -> int:
        folder = str(self.work / name)
        self.session.sql(select).write.parquet(folder)
        kept = self.session.read.parquet(folder)
        kept.createOrReplaceTempView(name)
        return int(kept.count())

    def rows(self, select: str) -> Sequence[Sequence[Any]]:
        return [tuple(row) for row in self.session.sql(select).collect()]


def assess(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The assessment list, in rank order."""
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", memory.lower().removesuffix("b"))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.local.dir", str(work))
        .config("spark.sql.warehouse.dir", str(work / "warehouse"))
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    try:
        for table in TABLES:
            session.read.parquet(str(landing / f"{table.path}.parquet")).createTempView(
                f"landed_{table.name}"
            )
        for name in POLICY:
            session.read.parquet(str(policy / f"{name}.parquet")).createTempView(f"policy_{name}")
        return assess_by(_Session(session, work), Words(_clean, _day, _moment), as_of)
    finally:
        gateway = SparkContext._gateway
        assert gateway is not None
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()  # or the CPU of the Java process would not be counted


def _clean(text: str) -> str:
    return f"nullif(trim(both ' \\t\\n\\r' from {text}), '')"


def _day(text: str) -> str:
    known = f"cast(try_cast({text} as date) as string) = {text}"
    return f"case when {known} and {text} between '1900-01-01' and '2100-12-31' then try_cast({text} as date) end"


def _moment(text: str) -> str:
    known = f"cast(try_cast({text} as timestamp) as string) = {text}"
    limits = f"{text} between '1900-01-01 00:00:00' and '2100-12-31 23:59:59'"
    value = f"cast(try_cast({text} as timestamp) as date)"
    return f"case when length({text}) = 19 and {known} and {limits} then {value} end"
