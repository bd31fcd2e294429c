"""Another format of the same letter: who converts, from what, to what, and whether that is known to work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sor_addressing.addressing.plan import Plan, not_current
from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.frozen import Frozen, fill
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.messages.conversion_rows import NOT_KNOWN, ConversionParty, ConversionRow, Converter, PartyFacts
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
    """What a row of a conversion model can be bound to: facts of both parties, and the day; none for models that are bound to nothing."""

    receiver: PartyFacts = NOT_KNOWN
    sender: PartyFacts = NOT_KNOWN
    day: int = 0

    def row_for(self, plan: Plan, to_format: MessageFormat, policy: AddressingPolicy) -> ConversionRow | None:
        """The row of the policy's model that says who converts for these parties on the day."""
        asked = plan.asked
        # A type without a format has no family either.
        return policy.conversion_model.row_on(asked.family, asked.format or "", to_format, *self)


def scope_of(index: Index, number: int, location: int, day: int, policy: AddressingPolicy) -> Scope:
    """What the policy's model asks for of a receiver at ``location``, of the policy's sender, and of the day."""
    model, sender = policy.conversion_model, policy.sender
    return Scope(
        _facts_at(index, location, index.number_text(number)),
        _facts_of(index, sender) if model.by_senders and sender else NOT_KNOWN,
        day if model.ends else 0,
    )


def _facts_of(index: Index, party: ConversionParty) -> PartyFacts:
    """What is given of a party, and beside it what the register knows of its location number."""
    given, number = party.facts, party.location_number
    position = NOTHING if number is None else index.number_of(number)
    if position == NOTHING or not index.holds_number(position):
        return given
    location = index.columns.unit_location[index.rows_of_number(position)[0]]
    region, operator, supplier, system, _ = _facts_at(index, location, number)
    return (
        given[0] or region,
        given[1] or operator,
        given[2] or supplier,
        given[3] or system,
        number,
    )


def _facts_at(index: Index, location: int, number: str | None) -> PartyFacts:
    columns, text = index.columns, index.text
    return (
        text(columns.location_region[location]) or None,
        text(columns.location_net_operator[location]) or None,
        text(columns.location_supplier[location]) or None,
        text(columns.location_system[location]) or None,
        number,
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


def said_of_conversion(
    plan: Plan, conversion: Conversion, scope: Scope, policy: AddressingPolicy
) -> Iterator[RawFinding]:
    """The findings that a conversion brings with it."""
    levels = levels_of(policy)
    source, target = conversion.source.text, conversion.target.text
    yield raw_finding(levels, "conversion-needed", conversion.by, source, target, conversion.model)
    if conversion.by.on_senders_side and not policy.own_conversion:
        yield raw_finding(levels, "conversion-by-sender", plan.asked.text, conversion.by, target, conversion.model)
    if policy.conversion_model.ends:
        yield from _ending(plan, conversion, scope, policy)
    if conversion.evidence is None:
        yield raw_finding(levels, "conversion-unproven", source, target)
    elif conversion.loses_content:
        yield raw_finding(levels, "conversion-loses-content", source, target, conversion.evidence.note)
    if not (plan.asked.family_certain and conversion.target.family_certain):
        yield raw_finding(levels, "version-unknown", plan.asked.text, (target,))
    for message_type in (conversion.source, conversion.target):
        if message_type.current is False:
            yield not_current(message_type, policy)


def _ending(plan: Plan, conversion: Conversion, scope: Scope, policy: AddressingPolicy) -> Iterator[RawFinding]:
    """Where the row that says who converts ends soon: when, and who converts after that."""
    to_format = conversion.target.format
    row = scope.row_for(plan, to_format, policy) if to_format else None
    if to_format is None or row is None or row.to_date is None:
        return
    last = row.to_date.toordinal()
    if last - scope.day <= policy.conversion_notice_days:
        after = scope._replace(day=last + 1).row_for(plan, to_format, policy)
        then, variant = (after.by, None) if after else (None, "nobody")
        source, target = conversion.source.text, conversion.target.text
        yield raw_finding(
            levels_of(policy), "conversion-ends", row.to_date.isoformat(), conversion.by, source, target, then, variant
        )


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
