"""What is recorded: the mix of offences, and how each kind is typically committed, flagged and closed.

Totals by category: Home Office police recorded crime 2024/25, Metropolitan Police; within the violent,
sexual, burglary, drugs and damage categories by subgroup: the same for England and Wales. The split of a
subgroup over its codes and every rate below are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vha.synthetic.chance import Floats


@dataclass(frozen=True)
class Kind:
    """How offences of one kind are recorded; all numbers are probabilities.

    Attributes:
        suspect: a suspect is identified.
        victim: a nominal is the victim.
        domestic: it happens between family members or partners.
        several: one incident makes more than one report.
        place: usual place, a key of ``PLACES``.
        charged: of the reports with a suspect, those that end in a charge.
    """

    suspect: float
    victim: float
    domestic: float
    several: float
    place: str
    charged: float


KINDS = {
    "homicide": Kind(0.92, 1.00, 0.15, 0.10, "street", 0.75),
    "serious violence": Kind(0.70, 0.97, 0.15, 0.22, "street", 0.25),
    "violence": Kind(0.66, 0.96, 0.45, 0.16, "street", 0.10),
    "harassment": Kind(0.62, 0.95, 0.32, 0.04, "remote", 0.05),
    "sexual": Kind(0.60, 0.97, 0.25, 0.04, "indoors", 0.08),
    "driving": Kind(0.75, 0.95, 0.00, 0.05, "street", 0.40),
    "disorder": Kind(0.52, 0.60, 0.06, 0.10, "street", 0.15),
    "damage": Kind(0.28, 0.75, 0.13, 0.03, "street", 0.12),
    "shoplifting": Kind(0.42, 0.00, 0.00, 0.02, "shop", 0.30),
    "theft": Kind(0.06, 0.90, 0.01, 0.02, "street", 0.15),
    "burglary": Kind(0.13, 0.85, 0.02, 0.02, "dwelling", 0.30),
    "business burglary": Kind(0.12, 0.15, 0.00, 0.02, "shop", 0.30),
    "drugs": Kind(0.97, 0.00, 0.00, 0.03, "street", 0.25),
    "robbery": Kind(0.34, 0.97, 0.01, 0.20, "street", 0.25),
    "weapons": Kind(0.95, 0.05, 0.01, 0.08, "street", 0.50),
    "other": Kind(0.55, 0.20, 0.02, 0.02, "street", 0.25),
}

# Where each kind of place lies, as location_kind; what is left of 1 was not recorded.
PLACES = {
    "street": {"public": 0.76, "private_other": 0.13, "custody": 0.02},
    "indoors": {"public": 0.40, "private_other": 0.42, "private_domestic": 0.05, "online": 0.05},
    "remote": {"online": 0.46, "public": 0.28, "private_other": 0.12},
    "shop": {"private_other": 0.78, "public": 0.14},
    "dwelling": {"private_domestic": 0.90, "private_other": 0.04},
    "domestic": {"private_domestic": 0.80, "public": 0.08, "private_other": 0.03, "online": 0.02},
}


@dataclass(frozen=True)
class Offence:
    """One class code: reports per 100,000, its kind, and how often a knife or a firearm is involved."""

    code: str
    share: float
    kind: str
    knife: float = 0.0
    firearm: float = 0.0


OFFENCES = (
    Offence("1", 6, "homicide", 0.45, 0.15),
    Offence("4.1", 0.6, "homicide", 0.15, 0.02),
    Offence("4.10", 0.3, "homicide"),
    Offence("4.2", 0.3, "homicide"),
    Offence("2", 32, "serious violence", 0.55, 0.22),
    Offence("5D", 450, "serious violence", 0.42, 0.03),
    Offence("5E", 40, "serious violence", 0.10, 0.06),
    Offence("8N", 5_600, "violence", 0.03, 0.001),
    Offence("8P", 80, "violence", 0.02),
    Offence("8S", 400, "violence", 0.01),
    Offence("105A", 7_000, "violence", 0.004),
    Offence("105B", 300, "violence", 0.002),
    Offence("104", 750, "violence"),
    Offence("3A", 5, "serious violence", 0.20, 0.30),
    Offence("3B", 1_200, "violence", 0.08, 0.01),
    Offence("36", 150, "serious violence", 0.14, 0.03),
    Offence("106", 200, "other"),
    Offence("11A", 300, "sexual"),
    Offence("13", 30, "other"),
    Offence("8L", 4_200, "harassment", 0.003),
    Offence("8R", 2_600, "harassment"),
    Offence("8Q", 850, "harassment", 0.004),
    Offence("8M", 150, "harassment"),
    Offence("4.4", 10, "driving"),
    Offence("4.8", 8, "driving"),
    Offence("4.6", 3, "driving"),
    Offence("4.9", 6, "driving"),
    Offence("37.1", 2, "driving"),
    Offence("19C", 600, "sexual", 0.015),
    Offence("19F", 60, "sexual", 0.01),
    Offence("19D", 120, "sexual"),
    Offence("19E", 80, "sexual"),
    Offence("19G", 30, "sexual"),
    Offence("19H", 40, "sexual"),
    Offence("20A", 900, "sexual"),
    Offence("17A", 140, "sexual"),
    Offence("20B", 120, "sexual"),
    Offence("17B", 50, "sexual"),
    Offence("22B", 200, "sexual"),
    Offence("21", 80, "sexual"),
    Offence("88A", 40, "sexual"),
    Offence("88E", 200, "sexual"),
    Offence("71", 30, "sexual"),
    Offence("9A", 5_000, "disorder", 0.01, 0.001),
    Offence("9B", 700, "disorder", 0.005),
    Offence("66", 150, "disorder"),
    Offence("62A", 100, "disorder", 0.20, 0.01),
    Offence("56A", 60, "damage"),
    Offence("56B", 240, "damage"),
    Offence("58A", 1_300, "damage", 0.005),
    Offence("58B", 900, "damage"),
    Offence("58C", 2_400, "damage", 0.003),
    Offence("58D", 1_000, "damage"),
    Offence("58J", 80, "damage"),
    Offence("46", 9_900, "shoplifting", 0.002),
    Offence("49", 9_000, "theft"),
    Offence("40", 1_200, "theft"),
    Offence("41", 200, "shoplifting"),
    Offence("42", 60, "theft"),
    Offence("43", 80, "other"),
    Offence("47", 100, "theft"),
    Offence("49A", 600, "shoplifting"),
    Offence("35", 400, "harassment", 0.01),
    Offence("39", 10_850, "theft", 0.002),
    Offence("44", 1_650, "theft"),
    Offence("45", 5_600, "theft"),
    Offence("48", 3_500, "theft", 0.002),
    Offence("126", 1_200, "theft"),
    Offence("37.2", 140, "theft", 0.01),
    Offence("28E", 2_900, "burglary", 0.004),
    Offence("28F", 700, "burglary"),
    Offence("28G", 100, "burglary"),
    Offence("28H", 40, "burglary"),
    Offence("29A", 45, "burglary", 0.45, 0.08),
    Offence("30C", 1_400, "business burglary"),
    Offence("30D", 350, "business burglary"),
    Offence("31A", 30, "business burglary", 0.35, 0.10),
    Offence("34A", 480, "robbery", 0.22, 0.05),
    Offence("34B", 3_150, "robbery", 0.24, 0.012),
    Offence("10A", 25, "weapons", 0.02, 0.98),
    Offence("10B", 60, "weapons", 0.01, 0.98),
    Offence("10C", 100, "weapons", 0.05),
    Offence("10D", 360, "weapons", 0.98),
    Offence("81", 30, "weapons", 0.0, 0.95),
    Offence("90", 20, "weapons", 0.95),
    Offence("92A", 1_600, "drugs", 0.02, 0.003),
    Offence("92C", 30, "drugs"),
    Offence("92D", 950, "drugs", 0.01),
    Offence("92E", 2_000, "drugs", 0.01),
    Offence("33", 100, "other"),
    Offence("38", 60, "other"),
    Offence("54", 150, "other"),
    Offence("59", 20, "other"),
    Offence("61A", 50, "other"),
    Offence("69", 40, "other"),
    Offence("79", 120, "other"),
    Offence("80", 60, "other"),
    Offence("83", 60, "other"),
    Offence("86", 250, "other"),
    Offence("95", 40, "other"),
    Offence("99", 120, "other"),
    Offence("802", 120, "driving"),
)

# Public violence, which a world can record more often than its public share: a list of the size reported has
# to come out of about a fifth of the reports that a force of London's size records in six years. Assumption.
EMPHASISED = {"1", "2", "5D", "5E", "10A", "10B", "10D", "29A", "31A", "34A", "34B", "36", "62A", "81"}

CODES = tuple(offence.code for offence in OFFENCES)
KIND_OF = tuple(offence.kind for offence in OFFENCES)


def shares(emphasis: float) -> Floats:
    """The weight of each offence in the mix, in the order of ``OFFENCES``; some are multiplied."""
    return np.array([o.share * (emphasis if o.code in EMPHASISED else 1.0) for o in OFFENCES])


def by_kind(attribute: str) -> Floats:
    """An attribute of ``Kind`` for each offence, in the order of ``OFFENCES``."""
    return np.array([getattr(KINDS[offence.kind], attribute) for offence in OFFENCES])


def by_offence(attribute: str) -> Floats:
    """A rate of each offence itself, in the order of ``OFFENCES``."""
    return np.array([getattr(offence, attribute) for offence in OFFENCES])
