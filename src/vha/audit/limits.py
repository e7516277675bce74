"""The numbers and codes that checks refer to, as the run's own seeds have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from duckdb import DuckDBPyConnection

from vha.errors import ConfigurationError


@dataclass(frozen=True)
class Limits:
    """What a declaration may refer to.

    Attributes:
        as_of: the as-of date ``D``.
        run_id: the run's name.
        policy: value of each parameter of seed ``policy``, as text.
        codes: codes of each domain of seed ``code_lists``.
    """

    as_of: date
    run_id: str
    policy: Mapping[str, str]
    codes: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, warehouse: DuckDBPyConnection, as_of: date, run_id: str) -> Limits:
        """Read the seeds from the work file, so that the audit goes by what the scores went by."""
        policy = warehouse.execute('select parameter, cast("value" as varchar) from seeds.policy').fetchall()
        codes = warehouse.execute(
            "select domain, list(code order by code) from seeds.code_lists group by domain"
        ).fetchall()
        return cls(as_of, run_id, dict(policy), dict(codes))

    def number(self, parameter: str, where: str) -> Decimal:
        """A parameter's number.

        Raises:
            ConfigurationError: the policy has no such parameter, or its value is no number.
        """
        try:
            number = Decimal(self.policy[parameter])
        except KeyError:
            raise ConfigurationError(
                f"{where} refers to the parameter {parameter!r}: add it to seeds/policy.csv, or correct it."
            ) from None
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite():
            raise ConfigurationError(
                f"{where} uses the parameter {parameter!r} as a number, which it is not in seeds/policy.csv."
            )
        return number

    def codes_of(self, domain: str, where: str) -> Sequence[str]:
        """The codes of a domain.

        Raises:
            ConfigurationError: seed ``code_lists`` has no such domain.
        """
        try:
            return self.codes[domain]
        except KeyError:
            raise ConfigurationError(
                f"{where} refers to the codes of {domain!r}: add them to seeds/code_lists.csv, or correct it."
            ) from None

    def literal(self, name: str, where: str) -> str:
        """What stands for ``${name}`` in a query: the as-of date, the run, or a parameter's number."""
        match name:
            case "as_of":
                return f"date '{self.as_of}'"
            case "run_id":
                return f"'{self.run_id}'"
        return str(self.number(name, where))
