"""``vha verify``: a release recomputed from what is kept of its inputs, and every hash of its manifest compared."""

from vha.verify.command import verify_command

__all__ = ["verify_command"]
