"""A type on a location: is a message type registered on a location number, or one that it can be converted to."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from sor_addressing.addressing.plan import Plan, not_current, plan_for
from sor_addressing.addressing.policy import AddressingPolicy, levels_of, token_of
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.field_names import REGISTERS
from sor_addressing.index.columns import FROM_ENDPOINTS, MAY_RECEIVE, NOTHING, REGISTRATION_SHIFT, UNDIRECTED
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.seen import View, counts, is_of_view
from sor_addressing.messages.catalogue import MessageFormat, MessageType

if TYPE_CHECKING:
    from sor_addressing.addressing.converting import Conversion, Scope

_KNOWN_LIMIT = 4_096


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


_SEND = Direction.SEND  # a member of an enum costs several look-ups each time that it is named

Side = Direction | Literal["receive", "send"]
"""A direction as it can be given."""


class Support(NamedTuple):
    """What a location number's registrations say of a message type; the findings name no number, for many have the same."""

    outcome: Outcome
    send_as: MessageType | None = None
    arrives_as: MessageType | None = None
    conversion: Conversion | None = None
    raws: tuple[RawFinding, ...] = ()


class Registered(NamedTuple):
    """What of a number's registrations is relevant to a plan, as bits: may be received, may be sent, perhaps the one or the other.

    What is received, or sent, is left open altogether where the file speaks of the other direction alone.
    """

    receives: int
    sends: int
    perhaps_receives: int
    perhaps_sends: int
    receiving_is_open: bool
    sending_is_open: bool
    sending_fhir_is_open: bool


def support(
    index: Index, plan: Plan, number: int, location: int, direction: Direction, policy: AddressingPolicy, day: int
) -> Support:
    """Whether the type of ``plan`` may be sent to (or, for ``send``, comes from) the location number at ``number`` on ``day``.

    ``location`` is the row of the location, whose region, net operator, supplier and system choose the row of a conversion model, with
    the day and the sender that the policy names. Of registrations those count that the policy asks for, by their register and environment.
    """
    registers = policy.registers
    if not index.registers or (registers is not REGISTERS and set(registers).isdisjoint(index.registers)):
        return _unknown("message-types-not-loaded", (), policy)
    if not index.has_endpoints:
        registration_set = index.columns.number_set[number]
        if registration_set == NOTHING:
            return _unknown("no-registrations", (), policy)
        return _support_of(index, plan, registration_set, number, location, direction, policy, day)
    view = View(registers, policy.environment, day)
    registration_set = index.registration_set(number, view)
    if registration_set == NOTHING:
        return _unknown("no-registrations", (), policy)
    found = _support_of(index, plan, registration_set, number, location, direction, policy, day)
    said = disagreement(index, plan, number, view, policy) if direction is Direction.RECEIVE else None
    return found if said is None else found._replace(raws=(*found.raws, said))


def alike(
    index: Index, relevant: int, number: int, location: int, policy: AddressingPolicy, day: int
) -> tuple[object, ...]:
    """What :func:`support` hangs on beside its plan: locations for which it is equal have the same support of every plan within ``relevant``."""
    if not index.registers:
        return ()
    scope = None if policy.conversion_model.only_wide else _scope(index, number, location, day, policy)
    view = View(policy.registers, policy.environment, day)
    registration_set = index.registration_set(number, view) if index.has_endpoints else index.columns.number_set[number]
    told = index.columns.number_told[number] if index.has_endpoints else NOTHING
    if registration_set == NOTHING:
        return told, scope
    return (
        told,
        scope,
        *(mask if mask is True or mask is False else mask & relevant for mask in index.masks(registration_set)),
    )


def _support_of(
    index: Index,
    plan: Plan,
    registration_set: int,
    number: int,
    location: int,
    direction: Direction,
    policy: AddressingPolicy,
    day: int,
) -> Support:
    masks = index.masks(registration_set)
    send, _, send_not_known, receive_not_known, receives, receiving_is_open, sending_is_open, fhir_is_open = masks
    relevant = plan.relevant
    registered = (
        receives & relevant,
        send & relevant,
        receive_not_known & ~receives & relevant,
        (send | send_not_known) & relevant,
        receiving_is_open,
        sending_is_open,
        fhir_is_open,
    )
    scope = None if policy.conversion_model.only_wide else _scope(index, number, location, day, policy)
    key = (registered, direction is _SEND, token_of(policy), scope)
    found: Support | None = plan.known.get(key)
    if found is None:
        if len(plan.known) >= _KNOWN_LIMIT:
            plan.known.clear()
        look = _may_send if direction is _SEND else _may_receive
        found = plan.known[key] = look(
            plan, Registered(*registered), scope, policy, has_directions=index.has_directions
        )
    return found


def _scope(index: Index, number: int, location: int, day: int, policy: AddressingPolicy) -> Scope:
    from sor_addressing.addressing.converting import scope_of

    return scope_of(index, number, location, day, policy)


def _unknown(code: str, arguments: tuple[object, ...], policy: AddressingPolicy) -> Support:
    return Support(Outcome.SUPPORT_UNKNOWN, raws=(raw_finding(levels_of(policy), code, *arguments),))


def _may_receive(
    plan: Plan, registered: Registered, scope: Scope | None, policy: AddressingPolicy, *, has_directions: bool
) -> Support:
    hit = registered.receives & plan.same
    native = _native_possible(plan, registered.receives, policy)
    if hit:
        found = _supported(plan, hit, policy)
        if found is not None:
            sent, raws = found
            answers = _answers_to_it(plan, registered, sent.format, policy, has_directions=has_directions)
            return Support(Outcome.SUPPORTED, sent, sent, None, (*raws, *answers, *native))
    else:
        from sor_addressing.addressing.converting import Scope, best_conversion, leaves_as, said_of_conversion

        scope = scope or Scope()
        conversion = best_conversion(plan, registered.receives, scope, policy)
        if conversion is not None:
            target = conversion.target
            answers = _answers_to_it(plan, registered, target.format, policy, has_directions=has_directions)
            raws = (*said_of_conversion(plan, conversion, scope, policy), *answers, *native)
            return Support(Outcome.CONVERTED, leaves_as(conversion), target, conversion, raws)
        if registered.perhaps_receives or registered.receiving_is_open:
            return _unknown("direction-not-known", (plan.asked.text, "receive"), policy)
    unsupported = _unsupported(plan, registered.receives, Direction.RECEIVE, policy)
    return unsupported._replace(raws=(*unsupported.raws, *native)) if native else unsupported


def _native_possible(plan: Plan, receives: int, policy: AddressingPolicy) -> tuple[RawFinding, ...]:
    """Where the sender's system writes another format by itself, and the receiver takes that: no need to make this one of it."""
    native = policy.native_format
    if native is None or plan.asked.format is None or native is plan.asked.format:
        return ()
    hit = receives & dict(plan.other_formats).get(native, 0)
    if not hit:
        return ()
    details = (plan.asked.text, native, plan.best(hit).text)
    return (raw_finding(levels_of(policy), "native-format-possible", *details),)


def _may_send(
    plan: Plan, registered: Registered, _scope: Scope | None, policy: AddressingPolicy, *, has_directions: bool
) -> Support:
    hit = registered.sends & plan.same
    if hit:
        found = _supported(plan, hit, policy)
        if found is not None:
            return Support(Outcome.SUPPORTED, found[0], found[0], None, found[1])
    elif not has_directions or registered.perhaps_sends & plan.same or registered.sending_is_open:
        return _unknown("direction-not-known", (plan.asked.text, None), policy)
    return _unsupported(plan, registered.sends, Direction.SEND, policy)


def _supported(plan: Plan, hit: int, policy: AddressingPolicy) -> tuple[MessageType, tuple[RawFinding, ...]] | None:
    """The type that is sent and what is to be said of its version; None where the policy wants exactly that version."""
    asked, levels = plan.asked, levels_of(policy)
    if asked.version is None:
        best = plan.best(hit)
        raws: tuple[RawFinding, ...] = ()
        if not asked.family_certain:
            raws = (_version_unknown(plan, hit, policy),)
        if best.current is False:
            raws = (*raws, not_current(best, policy))
        return best, raws
    raws = (not_current(asked, policy),) if asked.current is False else ()
    if hit & plan.exact:
        return asked, raws
    if policy.version == "exact" or (policy.fhir_version == "exact" and asked.format is MessageFormat.FHIR):
        return None
    if hit & plan.without_version:
        return asked, (*raws, _version_unknown(plan, hit, policy))
    return asked, (*raws, raw_finding(levels, "version-differs", asked.text, plan.texts(hit)))


def _version_unknown(plan: Plan, hit: int, policy: AddressingPolicy) -> RawFinding:
    return raw_finding(levels_of(policy), "version-unknown", plan.asked.text, plan.texts(hit))


def _answers_to_it(
    plan: Plan,
    registered: Registered,
    arrives_in: MessageFormat | None,
    policy: AddressingPolicy,
    *,
    has_directions: bool,
) -> tuple[RawFinding, ...]:
    """Whether receipts, and a reply where one is expected, can come back from the number."""
    sends = registered.perhaps_sends
    raws: tuple[RawFinding, ...] = ()
    expected = plan.receipts.get(arrives_in)
    if expected:
        missing = tuple([code for code, bits in expected if not sends & bits])
        is_open = registered.sending_is_open or (registered.sending_fhir_is_open and arrives_in is MessageFormat.FHIR)
        if missing and not is_open:
            raws = (raw_finding(levels_of(policy), "receipt-missing", missing),)
    if plan.expects_reply and has_directions and not (sends & plan.family or registered.sending_is_open):
        raws = (*raws, raw_finding(levels_of(policy), "reply-impossible", plan.asked.family))
    return raws


def _unsupported(plan: Plan, registered: int, direction: Direction, policy: AddressingPolicy) -> Support:
    levels = levels_of(policy)
    texts = plan.texts(registered & plan.family)
    raws = [raw_finding(levels, "message-type-unsupported", plan.asked.text, direction, texts)]
    hit = registered & plan.same
    if hit:
        known = hit & ~plan.without_version
        code, bits = ("version-differs", known) if known else ("version-unknown", hit)
        raws.append(raw_finding(levels, code, plan.asked.text, plan.texts(bits)))
    elif registered & plan.uncertain_family:
        raws.append(_version_unknown(plan, registered & plan.uncertain_family, policy))
    others = registered & plan.other
    if others and direction is Direction.RECEIVE and not hit:
        details = (plan.asked.text, plan.texts(others), policy.conversion_model.name)
        raws.append(raw_finding(levels, "conversion-not-agreed", *details))
    return Support(Outcome.UNSUPPORTED, raws=tuple(raws))


def disagreement(index: Index, plan: Plan, number: int, view: View, policy: AddressingPolicy) -> RawFinding | None:
    """``registers-disagree`` where both registers speak of the family asked for and differ on the day; None where they don't."""
    told = index.columns.number_told[number]
    if told == NOTHING:
        return None
    found: tuple[tuple[str, ...], ...] | None = plan.known.get((told, view))
    if found is None:  # worked out once for all numbers of which the same is told
        if len(plan.known) >= _KNOWN_LIMIT:
            plan.known.clear()
        found = plan.known[told, view] = differing(index, number, plan.family | plan.same, view) or ()
    if not found:
        return None
    return raw_finding(levels_of(policy), "registers-disagree", plan.asked.family or plan.asked.code, *found)


def differing(index: Index, number: int, wanted: int, view: View) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """What SOR-EDI and EER say is received of the types ``wanted``, as bits, where both speak of any and differ; None where they don't.

    A type without a version is any version of it: SOR-EDI often says none.
    """
    places = index.told(number)
    if not places:
        return None
    columns, types = index.columns, index.registered_types()
    sor_edi: set[MessageType] = set()
    eer: set[MessageType] = set()
    endpoint_speaks = False
    for at in places:
        entry = columns.told_entry[at]
        position = entry >> REGISTRATION_SHIFT
        if not wanted >> position & 1 or not is_of_view(columns, at, view):
            continue
        if columns.told_flags[at] & FROM_ENDPOINTS:
            endpoint_speaks = True
            if counts(columns, at, view.day):
                eer.add(types[position])
        elif entry & MAY_RECEIVE or entry & UNDIRECTED == UNDIRECTED:
            sor_edi.add(types[position])
    if not sor_edi or not endpoint_speaks or (_covers(sor_edi, eer) and _covers(eer, sor_edi)):
        return None
    return tuple(sorted(one.text for one in sor_edi)), tuple(sorted(one.text for one in eer))


def _covers(one: set[MessageType], other: set[MessageType]) -> bool:
    """Whether everything in ``other`` stands in ``one`` too, a type without a version as any version of it."""
    return all(
        any(
            own.code == wanted.code and (own.version == wanted.version or None in (own.version, wanted.version))
            for own in one
        )
        for wanted in other
    )


def alternatives(
    index: Index, plan: Plan, number: int, direction: Direction, arrives_as: MessageType | None
) -> tuple[MessageType, ...]:
    """Other types that the number has registered for the direction: the family's own, then those of families it can be turned into."""
    registration_set = index.columns.number_set[number]
    if registration_set == NOTHING:
        return ()
    masks = index.masks(registration_set)
    registered = masks.send if direction is Direction.SEND else masks.receives
    found = [
        message_type
        for message_type in plan.of(registered & plan.family)
        if arrives_as is None or (message_type.code, message_type.version) != (arrives_as.code, arrives_as.version)
    ]
    from sor_addressing.messages.evidence import cross_family_conversions

    for line in cross_family_conversions(plan.asked.family) if plan.asked.family else ():
        target_plan = plan_for(index, line.target)
        found.extend(target_plan.of(registered & target_plan.same))
    return tuple(dict.fromkeys(found))
