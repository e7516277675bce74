"""Fixed words of explanations: why one may ask, what grades mean, and what the method assumes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from vha.errors import ConfigurationError

REASONS: Mapping[str, str] = {
    "subject_access": "The person, or somebody acting for them, asked what is held",
    "review": "A review of the listing that is due, or was asked for",
    "complaint": "A complaint of the person's, or about the person's listing",
    "court_disclosure": "Disclosure in criminal or civil proceedings",
    "oversight": "An inspection or audit by an oversight body",
    "data_quality": "A record that may be wrong is looked into",
}
"""Why a person's record may be looked at: the codes of ``--reason``."""

REFUSALS: Mapping[str, tuple[str, str]] = {
    "obstruct_inquiry": (
        "a",
        "to avoid obstructing an official or legal inquiry, investigation or procedure",
    ),
    "prejudice_crime": (
        "b",
        "to avoid prejudicing the prevention, detection, investigation or prosecution of criminal offences "
        "or the execution of criminal penalties",
    ),
    "public_security": ("c", "to protect public security"),
    "national_security": ("d", "to protect national security"),
    "rights_of_others": ("e", "to protect the rights and freedoms of others"),
}
"""The grounds of the Data Protection Act 2018, section 45(4), with their paragraph: the codes of ``--refuse``."""

SCHEMES: Mapping[str, str] = {"cchi": "Cambridge Crime Harm Index", "ons_css": "ONS Crime Severity Score"}

SOURCE_GRADES: Mapping[tuple[str, str], str] = {
    ("3x5x2", "1"): "reliable",
    ("3x5x2", "2"): "untested",
    ("3x5x2", "3"): "not reliable",
    ("5x5x5", "A"): "always reliable",
    ("5x5x5", "B"): "mostly reliable",
    ("5x5x5", "C"): "sometimes reliable",
    ("5x5x5", "D"): "unreliable",
    ("5x5x5", "E"): "untested",
}
"""What the grade of a source means, by scheme and grade."""

ASSESSMENT_GRADES: Mapping[tuple[str, str], str] = {
    ("3x5x2", "A"): "known directly to the source",
    ("3x5x2", "B"): "known indirectly to the source but corroborated",
    ("3x5x2", "C"): "known indirectly to the source",
    ("3x5x2", "D"): "not known",
    ("3x5x2", "E"): "suspected to be false",
    ("5x5x5", "1"): "known to be true without reservation",
    ("5x5x5", "2"): "known personally to the source but not corroborated",
    ("5x5x5", "3"): "not known personally to the source but corroborated",
    ("5x5x5", "4"): "cannot be judged",
    ("5x5x5", "5"): "suspected to be false or malicious",
}
"""What the grade of the information means, by scheme and grade."""

CAUTION = (
    "Suspicion is not guilt: a crime report counts here when the person is linked to it as a suspect, whether or not "
    "anything was ever proved. The list is intelligence, not evidence."
)

NOT_LISTED = "This person is not on the list of {as_of}."
"""All that is said of somebody who is not listed: the same for a person nobody has ever heard of."""

RULES_ASSUMED = (
    "A suspect counts as an accused does.",
    "Reports count one by one, even where several stem from one incident.",
)
"""What the method assumes without a parameter that could be named."""


def one_of(codes: Collection[str], given: str | None, option: str) -> str:
    """The code that was given for an option.

    Raises:
        ConfigurationError: there is none, or it is not one of the codes.
    """
    if given is None or given not in codes:
        what = "There is no code" if given is None else f"{given!r} is no code"
        raise ConfigurationError(f"{what} for `{option}`: give one of {', '.join(codes)}.")
    return given
