"""Injected faults: sources with exactly one thing wrong, to see whether the quality gate notices.

Not to be confused with the bad rows that every synthetic source holds (:mod:`vha.synthetic.faults`): those are
the ordinary errors of a healthy delivery. Nothing here knows a check; their names are words to it.
"""

from vha.synthetic.injected.catalogue import FAULTS, fault_of, inject, listing
from vha.synthetic.injected.fault import ANY_CHECK, LAND, Fault

__all__ = ["ANY_CHECK", "FAULTS", "LAND", "Fault", "fault_of", "inject", "listing"]
