"""What the law gives a person whose data the police process for law enforcement, with the section that says so."""

from __future__ import annotations

from dataclasses import dataclass

ACT = "Data Protection Act 2018"


@dataclass(frozen=True)
class Right:
    """A right, in a sentence, and the sections it rests on."""

    name: str
    sentence: str
    source: str


RIGHTS = (
    Right(
        "Information",
        "To be told who the controller is, why data are processed and which rights there are.",
        f"{ACT}, section 44",
    ),
    Right(
        "Access",
        "To be told whether data about you are processed and, if so, to be given them, with their purposes, legal "
        "basis, categories, recipients, period of storage and origin, in writing and without undue delay, within the "
        "time that section 54 sets. The right may be restricted as far as section 45(4) allows.",
        f"{ACT}, sections 45 and 54",
    ),
    Right(
        "Rectification",
        "To have inaccurate data corrected and incomplete data completed.",
        f"{ACT}, section 46",
    ),
    Right(
        "Erasure or restriction",
        "To have data erased, or their processing restricted, where processing them would break the Act's principles "
        "or where accuracy is contested and cannot be ascertained. A restriction takes the record, or the person, out "
        "of the score from its first day.",
        f"{ACT}, section 47",
    ),
    Right(
        "An answer",
        "To be told in writing whether rectification, erasure or restriction is granted and, if it is not, why.",
        f"{ACT}, section 48",
    ),
    Right(
        "Objection",
        "Part 3 of the Act, under which the police process data for law enforcement, has no right to object of its "
        "own, unlike the UK GDPR. An objection that the force upholds is recorded as a restriction.",
        "UK GDPR, Article 21; Information Commissioner's guide to law enforcement processing",
    ),
    Right(
        "Check by the Commissioner",
        "Where the controller restricts access, or refuses rectification, erasure or restriction, to ask the "
        "Information Commissioner to check that this is lawful.",
        f"{ACT}, section 51",
    ),
    Right(
        "Complaint",
        "To complain to the Information Commissioner.",
        f"{ACT}, section 165",
    ),
    Right(
        "Court",
        "To apply to a court for an order that the controller comply.",
        f"{ACT}, section 167",
    ),
)

COMMISSIONER = (
    "Information Commissioner's Office, Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF; "
    "telephone 0303 123 1113; https://ico.org.uk/make-a-complaint/"
)
"""Where a complaint goes to."""
