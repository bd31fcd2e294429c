"""Another format of the same letter: who converts, from what, to what, and whether that is known to work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sor_addressing.addressing.plan import Plan, not_current
from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.frozen import Frozen, fill
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.messages.conversions import ConversionRow, Converter
from sor_addressing.messages.evidence import ConversionEvidence, conversion_evidence


class Conversion(Frozen):
    """A change of format on the way: who converts, from what, to what, and whether that pair is known to work.

    ``proven`` is False where no published table has the pair of versions; ``loses_content`` where the table notes a loss.
    """

    _names = __slots__ = __match_args__ = ("by", "source", "target", "model", "evidence")
    by: Converter
    source: MessageType
    target: MessageType
    model: str
    evidence: ConversionEvidence | None

    def __init__(
        self,
        by: Converter,
        source: MessageType,
        target: MessageType,
        model: str,
        evidence: ConversionEvidence | None = None,
    ) -> None:
        fill(self, by=by, source=source, target=target, model=model, evidence=evidence)

    @property
    def proven(self) -> bool:
        """Whether a published table says that these versions convert."""
        return self.evidence is not None

    @property
    def loses_content(self) -> bool:
        """Whether the table notes that content may be lost."""
        return self.evidence is not None and self.evidence.loses_content

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "by": str(self.by),
            "source": self.source.to_dict(),
            "target": self.target.to_dict(),
            "model": self.model,
            "proven": self.proven,
            "loses_content": self.loses_content,
            "known_from": self.evidence.known_from if self.evidence else None,
            "note": self.evidence.note if self.evidence else None,
        }


class Scope(NamedTuple):
    """What a row of a conversion model can be bound to: facts of the receiver's location; none for models that are bound to nothing."""

    region: str | None = None
    net_operator: str | None = None
    system: str | None = None
    location_number: str | None = None

    def row_for(self, plan: Plan, to_format: MessageFormat, policy: AddressingPolicy) -> ConversionRow | None:
        """The row of the policy's model that says who converts for this receiver."""
        asked = plan.asked
        return policy.conversion_model.row_for(
            asked.family,
            asked.format or "",  # a type without a format has no family either
            to_format,
            region=self.region,
            net_operator=self.net_operator,
            system=self.system,
            location_number=self.location_number,
        )


def best_conversion(plan: Plan, registered: int, scope: Scope, policy: AddressingPolicy) -> Conversion | None:
    """The best conversion to a format of the family that is registered; None where nobody converts, or there is none.

    A conversion that need not wait for the sender comes first, then one that is known to work, then one that loses nothing.
    """
    best: tuple[tuple[bool, bool, bool, int], Conversion] | None = None
    for order, (format_, bits) in enumerate(plan.other_formats):
        hit = registered & bits
        row = scope.row_for(plan, format_, policy) if hit else None
        if row is None or row.by is None:
            continue
        source, target, evidence = _best_pair(plan, hit)
        conversion = Conversion(row.by, source, target, policy.conversion_model.name, evidence)
        waits_for_sender = row.by.on_senders_side and not policy.own_conversion
        rank = (waits_for_sender, evidence is None, conversion.loses_content, order)
        if best is None or rank < best[0]:
            best = rank, conversion
    return best[1] if best else None


def leaves_as(conversion: Conversion) -> MessageType:
    """The type that leaves the sender: what it converts itself leaves converted."""
    return conversion.target if conversion.by is Converter.SENDER else conversion.source


def said_of_conversion(plan: Plan, conversion: Conversion, policy: AddressingPolicy) -> Iterator[RawFinding]:
    """The findings that a conversion brings with it."""
    levels = levels_of(policy)
    source, target = conversion.source.text, conversion.target.text
    yield raw_finding(levels, "conversion-needed", conversion.by, source, target, conversion.model)
    if conversion.by.on_senders_side and not policy.own_conversion:
        yield raw_finding(levels, "conversion-by-sender", plan.asked.text, conversion.by, target, conversion.model)
    if conversion.evidence is None:
        yield raw_finding(levels, "conversion-unproven", source, target)
    elif conversion.loses_content:
        yield raw_finding(levels, "conversion-loses-content", source, target, conversion.evidence.note)
    if not (plan.asked.family_certain and conversion.target.family_certain):
        yield raw_finding(levels, "version-unknown", plan.asked.text, (target,))
    for message_type in (conversion.source, conversion.target):
        if message_type.current is False:
            yield not_current(message_type, policy)


def _best_pair(plan: Plan, hit: int) -> tuple[MessageType, MessageType, ConversionEvidence | None]:
    """What is sent and what arrives: a pair of versions that is known to convert where there is one, else the current ones."""
    asked = plan.asked
    known = catalogue()
    if asked.version is not None:
        sources = [asked]
    else:
        versions = known.current_versions(asked.code, asked.family or "")
        sources = [known.parse(f"{asked.code} {version}") for version in versions] or [asked]
    best_target = plan.best(hit)
    pairs = [(source, target) for source in sources for target in (best_target, *plan.of(hit))]
    for source, target in pairs:
        evidence = conversion_evidence(source, target)
        if evidence is not None:
            return source, target, evidence
    return sources[0], best_target, None
