"""Where the harm weight of a crime report comes from: which scales have one, and how the policy made one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from vha.explain.facts import Parameter, Row
from vha.explain.words import SCHEMES


@dataclass(frozen=True)
class Part:
    """An offence's weight on one scale, a row of seed ``harm_weights``."""

    offence_code: str
    scheme: str
    weight: Decimal
    edition: str
    basis: str
    source: str
    derivation: str | None

    def __str__(self) -> str:
        derived = f"; {self.derivation}" if self.derivation else ""
        return (
            f"{SCHEMES[self.scheme]}, {self.edition}: {self.weight:,} ({self.basis}; {self.source}{derived})"
        )


@dataclass(frozen=True)
class Origin:
    """How a weight was made.

    Attributes:
        sentence: the rule, with the numbers put in.
        parts: the weights that went in.
        is_converted: whether the anchor offence brought a weight from one scale to the other.
    """

    sentence: str
    parts: tuple[Part, ...]
    is_converted: bool


def origin_of(offence_code: str, policy: Mapping[str, Parameter], harm_weights: Sequence[Row]) -> Origin:
    """The origin of an offence's weight, as ``int_offence_weights`` makes it."""
    own = _weights(offence_code, harm_weights)
    anchor_offence = policy["scale_anchor_offence"].value
    anchor = _weights(anchor_offence, harm_weights)
    factor = f"{anchor['cchi'].weight / anchor['ons_css'].weight:.6f}"
    bridge = f"{factor}, which brings the two scales to one by offence {anchor_offence}"
    scheme = policy["harm_weight_scheme"].value
    if scheme == "blend" and len(own) == 2:
        cchi, css = own.values()
        return Origin(f"the mean of {cchi.weight:,}, and {css.weight:,} times {bridge}", (cchi, css), True)
    scale = "cchi" if scheme == "blend" else scheme
    if scale in own:
        alone = "; the other scale has none, so it stands alone" if scheme == "blend" else ""
        return Origin(f"the weight of the {SCHEMES[scale]}{alone}", (own[scale],), False)
    [part] = own.values()
    convert = "times" if scale == "cchi" else "divided by"
    sentence = f"{part.weight:,}, since the {SCHEMES[scale]} has no weight, {convert} {bridge}"
    return Origin(sentence, (part,), True)


def _weights(offence_code: str, harm_weights: Sequence[Row]) -> dict[str, Part]:
    """The weights of an offence by scheme, in the order of :data:`SCHEMES`."""
    rows = {row["scheme"]: row for row in harm_weights if row["offence_code"] == offence_code}
    fields = Part.__dataclass_fields__
    return {
        scheme: Part(**{name: rows[scheme][name] for name in fields}) for scheme in SCHEMES if scheme in rows
    }
