"""The errors a user can cause, each with the exit code that `vha` ends with.

The message is one sentence: what happened, where, and what to do. It never holds a value from a person's record.
"""

from __future__ import annotations


class VhaError(Exception):
    """Anything that stops a command for a reason the user can mend; exit code 1."""

    exit_code = 1


class ConfigurationError(VhaError):
    """A setting, parameter or argument is missing or makes no sense."""


class SourceError(VhaError):
    """A source system cannot be read, or does not deliver what its contract says; trying again does not help."""


class SourceUnavailable(SourceError):
    """A source system does not answer; trying again later may help."""


class BuildError(VhaError):
    """The warehouse could not be built, or a data test failed."""


class MachineLimit(VhaError):
    """The disk is full, or there is less memory than the work needs."""


class PublishError(VhaError):
    """The candidate may not, or cannot, become a release."""


class QualityBlocked(VhaError):
    """A critical check failed, or could not be evaluated; exit code 2."""

    exit_code = 2


class SignOffMissing(VhaError):
    """Nobody has approved the candidate yet; exit code 3."""

    exit_code = 3


class SignOffRefused(VhaError):
    """The candidate was rejected, or its sign-off record does not hold; exit code 3."""

    exit_code = 3


class Unexpected(Exception):
    """What nobody foresaw in a task, less its words: they may quote a value of a record, and Airflow logs them."""
