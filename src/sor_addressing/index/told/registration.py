"""What is registered on a location number, as users see it: in which register, from when to when, and whether it is in use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

import attrs

from sor_addressing.field_names import EER, ENVIRONMENTS, SOR_EDI
from sor_addressing.index.columns import (
    ENVIRONMENT_SHIFT,
    FROM_ENDPOINTS,
    IN_USE,
    MAY_RECEIVE,
    MAY_SEND,
    NOTHING,
    OPEN_END,
    RECEIVE_NOT_KNOWN,
    REGISTRATION_SHIFT,
    SEND_NOT_KNOWN,
    TOLD_PERIOD_UNREADABLE,
    Columns,
)
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.model import Period

_MOST_TEXTS = 8_192


class Told(Protocol):
    """What of an index is needed to tell registrations: the index itself stands above this module."""

    columns: Columns
    type_texts: dict[int, list[str]]

    def told(self, number: int, /) -> range:
        """Where it stands what each register says of a number."""

    def entries(self, registration_set: int, /) -> Sequence[int]:
        """The registrations of a set."""

    def registered_types(self) -> tuple[MessageType, ...]:
        """All types that are registered somewhere."""

    def text(self, position: int, /) -> str:
        """A text that many units share."""


def day_of(ordinal: int) -> dt.date | None:
    """The date of a day number in a column; None for the ends that stand for "open"."""
    return dt.date.fromordinal(ordinal) if 0 < ordinal < OPEN_END else None


@attrs.frozen(slots=True)
class Registration:
    """A message type registered on a location number in a register. A direction is None where the file does not say it.

    Attributes:
        message_type: the type.
        may_send: whether the number may send it.
        may_receive: whether it may receive it.
        source: the register that says it: ``SOR-EDI`` or ``EER``.
        period: when it is registered, in EER; None in SOR-EDI, which has no days.
        status: the status of EER's endpoint, such as ``active`` or ``suspended``; None in SOR-EDI.
        in_use: False where EER's status, or its organisation's, says that nothing goes there.
        environment: ``production``, ``pilot`` or ``test``; None in SOR-EDI, and where nothing says it.
    """

    message_type: MessageType
    may_send: bool | None = None
    may_receive: bool | None = None
    source: str = SOR_EDI
    period: Period | None = None
    status: str | None = None
    in_use: bool = True
    environment: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain types; what only EER knows of a registration stands there where it is EER's."""
        said: dict[str, object] = {
            "message_type": self.message_type.to_dict(),
            "may_send": self.may_send,
            "may_receive": self.may_receive,
        }
        if self.source != SOR_EDI:
            said |= {
                "source": self.source,
                "period": None if self.period is None else self.period.to_dict(),
                "status": self.status,
                "in_use": self.in_use,
                "environment": self.environment,
            }
        return said


def registrations_of_number(index: Told, number: int) -> tuple[Registration, ...]:
    """The registrations on the location number at position ``number``, sorted by type: of every register, whether they count or not."""
    told = index.told(number)
    if told:
        return tuple(_told(index, at) for at in told)
    registration_set = index.columns.number_set[number]
    if registration_set == NOTHING:
        return ()
    types = index.registered_types()
    return tuple(_registration(types, entry) for entry in index.entries(registration_set))


def type_texts_of_number(index: Told, number: int) -> list[str]:
    """The types of :func:`registrations_of_number` as they are written, and no more of them."""
    registration_set = index.columns.number_set[number]
    if registration_set == NOTHING or index.told(number):
        return [registration.message_type.text for registration in registrations_of_number(index, number)]
    known = index.type_texts.get(registration_set)
    if known is None:
        types = index.registered_types()
        known = [types[entry >> REGISTRATION_SHIFT].text for entry in index.entries(registration_set)]
        if len(index.type_texts) < _MOST_TEXTS:
            index.type_texts[registration_set] = known
    return list(known)


def _registration(types: tuple[MessageType, ...], entry: int) -> Registration:
    return Registration(
        types[entry >> REGISTRATION_SHIFT],
        None if entry & SEND_NOT_KNOWN else bool(entry & MAY_SEND),
        None if entry & RECEIVE_NOT_KNOWN else bool(entry & MAY_RECEIVE),
    )


def _told(index: Told, at: int) -> Registration:
    """What one register says of a type, as it stands at ``at`` in the columns ``told_…``."""
    columns = index.columns
    flags = columns.told_flags[at]
    found = _registration(index.registered_types(), columns.told_entry[at])
    if not flags & FROM_ENDPOINTS:
        return found
    first, last = day_of(columns.told_from[at]), day_of(columns.told_to[at])
    return attrs.evolve(
        found,
        source=EER,
        period=Period(first, last, readable=not flags & TOLD_PERIOD_UNREADABLE),
        status=index.text(columns.told_status[at]) or None,
        in_use=bool(flags & IN_USE),
        environment=ENVIRONMENTS[flags >> ENVIRONMENT_SHIFT] or None,
    )
