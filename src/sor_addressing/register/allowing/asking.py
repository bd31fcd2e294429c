"""From a number or a system to what may stand there: whose systems are in question, what the list says of them, what is registered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.support import Direction
from sor_addressing.addressing.validate import Addressee, resolution_of
from sor_addressing.cells import is_blank
from sor_addressing.errors import PolicyError
from sor_addressing.identifiers import IdentifierKind, compact
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.seen import View
from sor_addressing.index.words import words_of
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.register.allowing.answer import (
    AllowedNote,
    AllowedReceipt,
    AllowedSystem,
    AllowedType,
    AllowedTypes,
    ApprovalReason,
)
from sor_addressing.register.allowing.approvals import Approval, ApprovalRow, Approvals, ApprovalStatus
from sor_addressing.register.allowing.standing import TypeStanding
from sor_addressing.register.allowing.system_names import MatchKind, SystemMatch

_BEST = tuple(ApprovalStatus)
_OPPOSITE = {Direction.SEND: Direction.RECEIVE, Direction.RECEIVE: Direction.SEND}
_NOBODY = (Status.UNKNOWN, Status.MALFORMED)


class Asked(NamedTuple):
    """What is asked about: a number, by its position and its resolution, or the name or code of a system, or both."""

    text: str
    number: int = NOTHING
    location_number: str | None = None
    resolution: Resolution | None = None
    system: str | None = None


class _Stands(NamedTuple):
    """A registered type: whether it is sent and received, None where that is not said."""

    message_type: MessageType
    send: bool | None
    receive: bool | None

    def towards(self, direction: Direction) -> bool | None:
        return self.send if direction is Direction.SEND else self.receive


def allowed_types_of(
    index: Index,
    recipient: Addressee | None,
    system: str | None,
    approvals: Approvals,
    *,
    kind: IdentifierKind | None,
    day: int,
    policy: AddressingPolicy,
) -> AllowedTypes:
    """The answer of ``Register.allowed_types``."""
    asked = _asked(index, recipient, system, approvals, kind, day, policy)
    notes: list[AllowedNote] = []
    systems = (
        _named(index, asked.system, approvals) if asked.system else _registered(index, asked.number, day, approvals)
    )
    notes.extend(_notes_on_systems(asked, systems))
    stands: list[_Stands] | None = None
    if asked.number != NOTHING:
        stands = _standing(index, asked.number, View(policy.registers, policy.environment, day))
        notes.extend(_notes_on_number(index, asked, stands))
    types, others = _Weighing(approvals, systems, stands).types()
    return AllowedTypes(
        asked=asked.text,
        location_number=asked.location_number,
        on=dt.date.fromordinal(day),
        snapshot_date=index.snapshot_date,
        approval_list=approvals.file,
        systems=systems,
        types=types,
        others=others,
        notes=tuple(notes),
    )


def _asked(
    index: Index,
    recipient: Addressee | None,
    system: str | None,
    approvals: Approvals,
    kind: IdentifierKind | None,
    day: int,
    policy: AddressingPolicy,
) -> Asked:
    if system is not None and not _says_something(system):
        raise PolicyError(f"the system is {system!r}: give its name as the approval list or the register has it")
    if recipient is None:
        if system is None:
            raise PolicyError("give a recipient or a system: a location number, or the name of a system")
        return Asked(system, system=system)
    resolution = resolution_of(index, recipient, None, day, policy, kind)
    text = resolution.identifier
    if resolution.status in _NOBODY and isinstance(recipient, str):
        if kind is None and system is None and _is_known(approvals, text):
            return Asked(text, system=text)
        if kind is None and system is None and _is_a_name(text):
            raise _unknown_system(text, approvals)
    numbers = {one.location_number for one in resolution.candidates} - {None}
    found = resolution.recipient
    number = found.location_number if found is not None else next(iter(numbers)) if len(numbers) == 1 else None
    if number is None and resolution.status is Status.NOT_ADDRESSABLE and index.number_of(compact(text)) != NOTHING:
        number = compact(text)  # it has registrations, and no unit
    if number is None:
        resolution.unwrap()  # which says why there is none
        raise PolicyError(f"{text} has no location number, so nothing can be registered there")
    return Asked(text, index.number_of(number), number, resolution, system)


def _says_something(system: object) -> bool:
    return isinstance(system, str) and not is_blank(system)


def _is_known(approvals: Approvals, text: str) -> bool:
    return _match(approvals, text, text, None).kind not in (MatchKind.NONE, MatchKind.NO_NAME)


def _is_a_name(text: str) -> bool:
    """Whether it reads as a name, not as an identifier with or without its system in front."""
    return any(letter.isalpha() for letter in text) and not any(mark in text for mark in ":|#/")


def _unknown_system(text: str, approvals: Approvals) -> PolicyError:
    alike = _match(approvals, text, text, None).alike
    if not alike:
        return PolicyError(f"{text!r} is no system on the approval list")
    return PolicyError(f"{text!r} is no system on the approval list; the nearest are {', '.join(alike)}")


def _match(approvals: Approvals, code: str, name: str | None, supplier: str | None) -> SystemMatch:
    return approvals.match(code, name, supplier=supplier)


def _system(match: SystemMatch, supplier: str | None, approvals: Approvals) -> AllowedSystem:
    fitting = match.alike if match.kind is MatchKind.SEVERAL else match.approved
    return AllowedSystem(match, supplier, approvals.approvals_of(fitting))


def _named(index: Index, text: str, approvals: Approvals) -> tuple[AllowedSystem, ...]:
    """The system that is named: as the list has it, else by the register's code for it.

    Raises:
        PolicyError: there is none.
    """
    name = " ".join(text.split())
    match = _match(approvals, name, name, None)
    if match.kind is MatchKind.NONE:
        known = {index.text(position) for position in set(index.columns.location_system)}
        word = words_of(index, "system", name) if name in known else None
        if word is None and name not in known:
            raise _unknown_system(name, approvals)
        match = _match(approvals, name, word, None)
    return (_system(match, None, approvals),)


def _registered(index: Index, number: int, day: int, approvals: Approvals) -> tuple[AllowedSystem, ...]:
    """The systems that the number's owners name, each once: those of owners in force, where there are any.

    One system of two suppliers is two, where the list tells theirs apart.
    """
    columns = index.columns
    owners = list(index.owners_of_number(number))
    in_force = [row for row in owners if index.is_in_force(row, day)]
    pairs: dict[tuple[str, str], None] = {}
    for row in in_force or owners:
        location = columns.unit_location[row]
        code = index.text(columns.location_system[location])
        if code:
            pairs[code, index.text(columns.location_supplier[location])] = None
    found: dict[SystemMatch, AllowedSystem] = {}
    for code, supplier_code in pairs:
        supplier = words_of(index, "supplier", supplier_code) if supplier_code else None
        match = _match(approvals, code, words_of(index, "system", code), supplier)
        found.setdefault(match, _system(match, supplier or supplier_code or None, approvals))
    return tuple(found.values())


def _notes_on_systems(asked: Asked, systems: tuple[AllowedSystem, ...]) -> Iterator[AllowedNote]:
    if not systems:
        yield AllowedNote("no-system", {"location_number": asked.location_number})
    if len(systems) > 1:
        yield AllowedNote("several-systems", {"systems": tuple(one.name for one in systems)})
    for one in systems:
        kind, names = one.match.kind, {"system": one.name, "alike": one.match.alike}
        if kind is MatchKind.NO_NAME:
            yield AllowedNote("system-without-name", names)
        elif kind is MatchKind.NONE:
            yield AllowedNote("system-not-on-list-like" if one.match.alike else "system-not-on-list", names)
        elif kind is MatchKind.LIKE_NAME:
            yield AllowedNote("system-like", {"system": one.name, "approved": one.match.approved})
        if len(one.approvals) > 1:
            labels = tuple(approval.label for approval in one.approvals)
            yield AllowedNote("several-approvals", {"system": one.name, "approvals": labels})


def _notes_on_number(index: Index, asked: Asked, stands: list[_Stands] | None) -> Iterator[AllowedNote]:
    if stands is None:
        yield AllowedNote("types-not-loaded")
    elif not stands:
        yield AllowedNote("no-registrations", {"location_number": asked.location_number})
    if not index.holds_number(asked.number):
        yield AllowedNote("no-unit", {"location_number": asked.location_number})
    elif asked.resolution is not None and asked.resolution.status is not Status.RESOLVED:
        reason = asked.resolution.reason
        if reason is not None:
            yield AllowedNote("not-in-use", {"location_number": asked.location_number, "reason": reason.code})


def _standing(index: Index, number: int, view: View) -> list[_Stands] | None:
    """The registrations that count; None where no message types are loaded."""
    if not index.has_message_types:
        return None
    registration_set = index.registration_set(number, view)
    if registration_set == NOTHING:
        return []
    masks = index.masks(registration_set)
    found = []
    for at, one in enumerate(index.registered_types()):
        bit = 1 << at
        if (masks.send | masks.receive | masks.send_not_known | masks.receive_not_known) & bit:
            send = None if masks.send_not_known & bit else bool(masks.send & bit)
            receive = None if masks.receive_not_known & bit else bool(masks.receive & bit)
            found.append(_Stands(one, send, receive))
    return found


class _Weighing:
    """Every type and direction that stands there or is approved, weighed by every approval in question."""

    def __init__(self, approvals: Approvals, systems: tuple[AllowedSystem, ...], stands: list[_Stands] | None) -> None:
        in_question = dict.fromkeys(one for system in systems for one in system.approvals)
        self.rows: dict[Approval, dict[tuple[str, object], list[ApprovalRow]]] = {}
        for approval in in_question:
            by_type = self.rows[approval] = {}
            for row in approvals.rows_of(approval):
                by_type.setdefault(_sort(row.message_type), []).append(row)
        self.is_open = not systems or any(not system.approvals for system in systems)
        self.stands = stands
        self.standing: dict[tuple[str, object], list[_Stands]] = {}
        for stand in stands or ():
            self.standing.setdefault(_sort(stand.message_type), []).append(stand)

    def types(self) -> tuple[tuple[AllowedType, ...], tuple[str, ...]]:
        """The types in the catalogue's order, those it does not know last; and what is approved and in no catalogue."""
        found = [*self._registered(), *self._approved()]
        order = {family: place for place, family in enumerate(catalogue().families)}
        formats = {"EDI": 0, "XML": 1, "FHIR": 2}

        def place(one: AllowedType) -> tuple[object, ...]:
            kind = one.message_type
            return (
                order.get(kind.family or "", len(order)),
                formats.get(str(kind.format), 3),
                kind.text,
                {Direction.SEND: 0, Direction.RECEIVE: 1, None: 2}[one.direction],
            )

        others = dict.fromkeys(
            row.message_type.text
            for by_type in self.rows.values()
            for rows in by_type.values()
            for row in rows
            if row.message_type.format is None and row.status is ApprovalStatus.APPROVED
        )
        return tuple(sorted(found, key=place)), tuple(others)

    def _registered(self) -> Iterator[AllowedType]:
        for stand in self.stands or ():
            directions: list[Direction | None] = [one for one in Direction if stand.towards(one)]
            if not directions and None in (stand.send, stand.receive):
                directions = [None]
            for direction in directions:
                reasons = self._reasons(stand.message_type, direction)
                approved = [one.is_approved for one in reasons]
                if any(approved):
                    standing = TypeStanding.APPROVED
                else:
                    standing = TypeStanding.NOT_TOLD if self.is_open else TypeStanding.NOT_APPROVED
                some = any(approved) and (not all(approved) or self.is_open)
                yield self._type(stand.message_type, direction, standing, some, reasons)

    def _approved(self) -> Iterator[AllowedType]:
        """What is approved and does not stand there, each version once."""
        seen: dict[tuple[str, Direction], MessageType] = {}
        for by_type in self.rows.values():
            for rows in by_type.values():
                for row in rows:
                    if row.status is ApprovalStatus.APPROVED and row.message_type.format is not None:
                        seen.setdefault((row.message_type.text, row.direction), row.message_type)
        for (_, direction), one in seen.items():
            there = self.standing.get(_sort(one), ())
            here = [stand for stand in there if stand.towards(direction) is not False]
            if any(self._is_same(stand.message_type, one) for stand in here):
                continue
            reasons = self._reasons(one, direction)
            standing = TypeStanding.MISSING if self.stands is not None else TypeStanding.MAY_STAND
            if here:
                standing = TypeStanding.OTHER_VERSION
            some = self.is_open or not all(reason.is_approved for reason in reasons)
            yield self._type(one, direction, standing, some, reasons)

    def _is_same(self, registered: MessageType, approved: MessageType) -> bool:
        return any(
            row.is_about(registered)
            for by_type in self.rows.values()
            for row in by_type.get(_sort(approved), ())
            if row.message_type == approved
        )

    def _type(
        self,
        message_type: MessageType,
        direction: Direction | None,
        standing: TypeStanding,
        only_some: bool,
        reasons: tuple[ApprovalReason, ...],
    ) -> AllowedType:
        return AllowedType(
            message_type, direction, standing, only_some, reasons, tuple(self._receipts(message_type, direction))
        )

    def _reasons(self, message_type: MessageType, direction: Direction | None) -> tuple[ApprovalReason, ...]:
        found = []
        for approval, by_type in self.rows.items():
            rows = [
                row
                for row in by_type.get(_sort(message_type), ())
                if row.is_about(message_type) and direction in (None, row.direction)
            ]
            found.append(ApprovalReason(approval, min(rows, key=lambda row: _BEST.index(row.status), default=None)))
        return tuple(found)

    def _receipts(self, message_type: MessageType, direction: Direction | None) -> Iterator[AllowedReceipt]:
        known = catalogue()
        codes = known.receipts(message_type.format, message_type.family) if message_type.format else ()
        towards = None if direction is None else _OPPOSITE[direction]
        for code in codes:
            receipt = known.parse(code)
            registered: bool | None = None
            if self.stands is not None:
                told = [
                    side
                    for stand in self.standing.get(_sort(receipt), ())
                    for side in ((stand.send, stand.receive) if towards is None else (stand.towards(towards),))
                ]
                registered = True if True in told else None if None in told else False
            reasons = self._reasons(receipt, towards)
            approved = all(one.is_approved for one in reasons) if reasons else None
            yield AllowedReceipt(code, towards, registered, approved)


def _sort(one: MessageType) -> tuple[str, object]:
    return one.family or one.code, one.format
