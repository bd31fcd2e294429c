"""A type on a location: is a message type registered on a location number, or one that it can be converted to.

What is asked is worked out once for each message type and index (:class:`Plan`): which registered types count, as bits. The answer
for a number is then a few comparisons of bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import attrs

from sor_addressing.addressing.findings import RawFinding
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index, RegistrationMasks
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.messages.conversions import (
    ConversionEvidence,
    ConversionRow,
    Converter,
    conversion_evidence,
    cross_family_conversions,
)

_PLAN_LIMIT = 4_096


class Outcome(StrEnum):
    """What can be said of a message type to a recipient."""

    SUPPORTED = "supported"
    CONVERTED = "converted"
    UNSUPPORTED = "unsupported"
    SUPPORT_UNKNOWN = "support_unknown"
    NOT_RESOLVED = "not_resolved"


class Direction(StrEnum):
    """The recipient's side of a message: may it receive the type, or may it send it."""

    RECEIVE = "receive"
    SEND = "send"


@attrs.frozen(slots=True)
class Conversion:
    """A change of format on the way: who converts, from what, to what, and whether that pair is known to work.

    ``proven`` is False where no published table has the pair of versions; ``loses_content`` where the table notes a loss.
    """

    by: Converter
    source: MessageType
    target: MessageType
    model: str
    evidence: ConversionEvidence | None = None

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


class Support(NamedTuple):
    """What a location number's registrations say of a message type."""

    outcome: Outcome
    send_as: MessageType | None = None
    arrives_as: MessageType | None = None
    conversion: Conversion | None = None
    raws: tuple[RawFinding, ...] = ()


@attrs.define(slots=True, eq=False)
class Plan:
    """A message type asked for, against the types that an index has registered; all sets of types are bits."""

    asked: MessageType
    types: tuple[MessageType, ...]
    same: int
    exact: int
    without_version: int
    uncertain_family: int
    family: int
    other_formats: tuple[tuple[MessageFormat, int], ...]
    receipts: dict[MessageFormat | None, tuple[tuple[str, int], ...]]
    expects_reply: bool


def plan_for(index: Index, message_type: MessageType) -> Plan:
    """The plan for ``message_type``, worked out once."""
    plans = index.plans
    plan: Plan | None = plans.get(message_type)
    if plan is None:
        if len(plans) >= _PLAN_LIMIT:
            plans.clear()
        plan = plans[message_type] = _make_plan(index, message_type)
    return plan


def _make_plan(index: Index, asked: MessageType) -> Plan:
    types = index.registered_types()
    same = exact = without_version = uncertain = family = 0
    formats: dict[MessageFormat, int] = {}
    by_code: dict[str, int] = {}
    for position, registered in enumerate(types):
        bit = 1 << position
        by_code[registered.code] = by_code.get(registered.code, 0) | bit
        if registered.code == asked.code and registered.family == asked.family:
            same |= bit
            if registered.version == asked.version:
                exact |= bit
            if registered.version is None:
                without_version |= bit
        if not registered.family_certain and registered.code == asked.code:
            uncertain |= bit
        if asked.family is not None and registered.family == asked.family and registered.format is not None:
            family |= bit
            if registered.format is not asked.format:
                formats[registered.format] = formats.get(registered.format, 0) | bit
    known = catalogue()
    receipts: dict[MessageFormat | None, tuple[tuple[str, int], ...]] = {
        format_: tuple((code, by_code.get(code, 0)) for code in known.receipts(format_, asked.family))
        for format_ in MessageFormat
    }
    return Plan(
        asked,
        types,
        same,
        exact,
        without_version,
        uncertain,
        family,
        tuple((format_, formats[format_]) for format_ in MessageFormat if format_ in formats),
        receipts if asked.family is not None else {},
        known.expects_reply(asked.family),
    )


def _types(plan: Plan, bits: int) -> Iterator[MessageType]:
    while bits:
        low = bits & -bits
        yield plan.types[low.bit_length() - 1]
        bits ^= low


def _best(plan: Plan, bits: int) -> MessageType:
    """Of several versions: one that is current, else the highest; one with a version before one without."""
    if not bits & (bits - 1):
        return plan.types[bits.bit_length() - 1]
    return max(_types(plan, bits), key=lambda t: (bool(t.current), t.version is not None, t.version or ""))


def support(
    index: Index, plan: Plan, number: int, location: int, direction: Direction, policy: AddressingPolicy
) -> Support:
    """Whether the type of ``plan`` may be sent to (or, for ``send``, comes from) the location number at ``number``.

    ``location`` is the row of the location, whose region, net operator and system choose the row of a conversion model.
    """
    levels = policy.levels
    if not index.has_message_types:
        code = "message-types-not-loaded"
        return Support(Outcome.SUPPORT_UNKNOWN, raws=((code, levels[code], (index.number_text(number),)),))
    registration_set = index.columns.number_set[number]
    if registration_set == NOTHING:
        code = "no-registrations"
        return Support(Outcome.SUPPORT_UNKNOWN, raws=((code, levels[code], (index.number_text(number),)),))
    masks = index.masks(registration_set)
    if direction is Direction.SEND:
        return _may_send(index, plan, number, masks, policy)
    registered = masks.receive | masks.receive_not_known
    hit = registered & plan.same
    if hit:
        found = _supported(plan, hit, policy)
        if found is not None:
            raws = (*found[1], *_answers_to_it(index, plan, number, masks, found[0].format, policy))
            return Support(Outcome.SUPPORTED, found[0], found[0], None, raws)
    else:
        converted = _converted(index, plan, number, location, registered, masks, policy)
        if converted is not None:
            return converted
    return _unsupported(index, plan, number, registered, direction, policy)


def _supported(plan: Plan, hit: int, policy: AddressingPolicy) -> tuple[MessageType, tuple[RawFinding, ...]] | None:
    """The type that is sent and what is to be said of its version; None where the policy wants exactly that version."""
    asked, levels = plan.asked, policy.levels
    if asked.version is None:
        best = _best(plan, hit)
        raws: tuple[RawFinding, ...] = ()
        if not asked.family_certain:
            raws = (_version_unknown(plan, hit, policy),)
        if best.current is False:
            raws = (*raws, _not_current(best, policy))
        return best, raws
    raws = (_not_current(asked, policy),) if asked.current is False else ()
    if hit & plan.exact:
        return asked, raws
    if policy.version == "exact":
        return None
    if hit & plan.without_version:
        return asked, (*raws, _version_unknown(plan, hit, policy))
    return asked, (*raws, ("version-differs", levels["version-differs"], (asked.text, _texts(plan, hit))))


def _version_unknown(plan: Plan, hit: int, policy: AddressingPolicy) -> RawFinding:
    return ("version-unknown", policy.levels["version-unknown"], (plan.asked.text, _texts(plan, hit)))


def _not_current(message_type: MessageType, policy: AddressingPolicy) -> RawFinding:
    current = catalogue().current_versions(message_type.code, message_type.family or "")
    return ("version-not-current", policy.levels["version-not-current"], (message_type.text, current))


def _texts(plan: Plan, bits: int) -> tuple[str, ...]:
    return tuple(message_type.text for message_type in _types(plan, bits))


def _answers_to_it(
    index: Index,
    plan: Plan,
    number: int,
    masks: RegistrationMasks,
    arrives_in: MessageFormat | None,
    policy: AddressingPolicy,
) -> tuple[RawFinding, ...]:
    """Whether receipts, and a reply where one is expected, can come back from the number."""
    sends = masks.send | masks.send_not_known
    raws: tuple[RawFinding, ...] = ()
    expected = plan.receipts.get(arrives_in)
    if expected:
        missing = tuple([code for code, bits in expected if not sends & bits])
        if missing:
            raws = (("receipt-missing", policy.levels["receipt-missing"], (missing, index.number_text(number))),)
    if plan.expects_reply and index.has_directions and not sends & plan.family:
        raws = (
            *raws,
            ("reply-impossible", policy.levels["reply-impossible"], (plan.asked.family, index.number_text(number))),
        )
    return raws


def _may_send(index: Index, plan: Plan, number: int, masks: RegistrationMasks, policy: AddressingPolicy) -> Support:
    hit = masks.send & plan.same
    if hit:
        found = _supported(plan, hit, policy)
        if found is not None:
            return Support(Outcome.SUPPORTED, found[0], found[0], None, found[1])
    elif not index.has_directions or masks.send_not_known & plan.same:
        code = "direction-not-known"
        raw = (code, policy.levels[code], (plan.asked.text, index.number_text(number)))
        return Support(Outcome.SUPPORT_UNKNOWN, raws=(raw,))
    return _unsupported(index, plan, number, masks.send, Direction.SEND, policy)


def _unsupported(
    index: Index, plan: Plan, number: int, registered: int, direction: Direction, policy: AddressingPolicy
) -> Support:
    levels = policy.levels
    number_text = index.number_text(number)
    raws: list[RawFinding] = [
        (
            "message-type-unsupported",
            levels["message-type-unsupported"],
            (plan.asked.text, number_text, direction, _texts(plan, registered & plan.family)),
        )
    ]
    hit = registered & plan.same
    if hit:
        known = hit & ~plan.without_version
        code, bits = ("version-differs", known) if known else ("version-unknown", hit)
        raws.append((code, levels[code], (plan.asked.text, _texts(plan, bits))))
    elif registered & plan.uncertain_family:
        raws.append(_version_unknown(plan, registered & plan.uncertain_family, policy))
    if direction is Direction.RECEIVE and not hit:
        others = registered & _union(plan)
        if others:
            raws.append(
                (
                    "conversion-not-agreed",
                    levels["conversion-not-agreed"],
                    (plan.asked.text, _texts(plan, others), policy.conversion_model.name, number_text),
                )
            )
    return Support(Outcome.UNSUPPORTED, raws=tuple(raws))


def _union(plan: Plan) -> int:
    union = 0
    for _, bits in plan.other_formats:
        union |= bits
    return union


def _converted(
    index: Index,
    plan: Plan,
    number: int,
    location: int,
    registered: int,
    masks: RegistrationMasks,
    policy: AddressingPolicy,
) -> Support | None:
    """The best conversion to a format of the family that is registered; None where nobody converts, or there is no such format."""
    asked = plan.asked
    best: tuple[tuple[bool, bool, bool, int], ConversionRow, Conversion] | None = None
    for order, (format_, bits) in enumerate(plan.other_formats):
        hit = registered & bits
        if not hit or asked.format is None:
            continue
        columns = index.columns
        row = policy.conversion_model.row_for(
            asked.family,
            asked.format,
            format_,
            region=index.text(columns.location_region[location]) or None,
            net_operator=index.text(columns.location_net_operator[location]) or None,
            system=index.text(columns.location_system[location]) or None,
            location_number=index.number_text(number),
        )
        if row is None or row.by is None:
            continue
        source, target, evidence = _best_pair(plan, hit)
        conversion = Conversion(row.by, source, target, policy.conversion_model.name, evidence)
        waits_for_sender = row.by.on_senders_side and not policy.own_conversion
        rank = (waits_for_sender, evidence is None, conversion.loses_content, order)
        if best is None or rank < best[0]:
            best = rank, row, conversion
    if best is None:
        return None
    conversion = best[2]
    raws = (
        *_said_of_conversion(plan, conversion, policy),
        *_answers_to_it(index, plan, number, masks, conversion.target.format, policy),
    )
    leaves_as = conversion.target if conversion.by is Converter.SENDER else conversion.source
    return Support(Outcome.CONVERTED, leaves_as, conversion.target, conversion, raws)


def _said_of_conversion(plan: Plan, conversion: Conversion, policy: AddressingPolicy) -> Iterator[RawFinding]:
    levels = policy.levels
    source, target = conversion.source.text, conversion.target.text
    yield "conversion-needed", levels["conversion-needed"], (conversion.by, source, target, conversion.model)
    if conversion.by.on_senders_side and not policy.own_conversion:
        code = "conversion-by-sender"
        yield code, levels[code], (plan.asked.text, conversion.by, target, conversion.model)
    if conversion.evidence is None:
        yield "conversion-unproven", levels["conversion-unproven"], (source, target)
    elif conversion.loses_content:
        code = "conversion-loses-content"
        yield code, levels[code], (source, target, conversion.evidence.note)
    if not plan.asked.family_certain:
        yield "version-unknown", levels["version-unknown"], (plan.asked.text, (target,))
    for message_type in (conversion.source, conversion.target):
        if message_type.current is False:
            yield _not_current(message_type, policy)


def _best_pair(plan: Plan, hit: int) -> tuple[MessageType, MessageType, ConversionEvidence | None]:
    """What is sent and what arrives: a pair of versions that is known to convert where there is one, else the current ones."""
    asked = plan.asked
    known = catalogue()
    if asked.version is not None:
        sources = [asked]
    else:
        versions = known.current_versions(asked.code, asked.family or "")
        sources = [known.parse(f"{asked.code} {version}") for version in versions] or [asked]
    best_target = _best(plan, hit)
    pairs = [(source, target) for source in sources for target in (best_target, *_types(plan, hit))]
    for source, target in pairs:
        evidence = conversion_evidence(source, target)
        if evidence is not None:
            return source, target, evidence
    return sources[0], best_target, None


def alternatives(
    index: Index, plan: Plan, number: int, direction: Direction, arrives_as: MessageType | None
) -> tuple[MessageType, ...]:
    """Other types that the number has registered for the direction: the family's own, then those of families it can be turned into."""
    registration_set = index.columns.number_set[number]
    if registration_set == NOTHING:
        return ()
    masks = index.masks(registration_set)
    registered = masks.send if direction is Direction.SEND else masks.receive | masks.receive_not_known
    found = [
        message_type
        for message_type in _types(plan, registered & plan.family)
        if arrives_as is None or (message_type.code, message_type.version) != (arrives_as.code, arrives_as.version)
    ]
    for line in cross_family_conversions(plan.asked.family) if plan.asked.family else ():
        target_plan = plan_for(index, line.target)
        found.extend(_types(target_plan, registered & target_plan.same))
    return tuple(dict.fromkeys(found))
