"""Registrations of the endpoint register (EER) beside those of SOR-EDI: what each says of a location number, and both together.

SOR-EDI has no days and no environments; of EER each registration has both, and the status of its endpoint. So of a number that EER speaks
of everything is kept as it is said, and what counts is found out for the day, the registers and the environment that are asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sor_addressing.errors import ExtractError
from sor_addressing.identifiers import compact
from sor_addressing.index.columns import (
    ENVIRONMENT_SHIFT,
    FROM_ENDPOINTS,
    IN_USE,
    MAY_RECEIVE,
    OPEN_END,
    REGISTRATION_SHIFT,
    SEND_NOT_KNOWN,
    TOLD_PERIOD_UNREADABLE,
)
from sor_addressing.index.told.seen import environment_of, joined
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import ENVIRONMENTS, PRODUCTION, EndpointRegistration

RECEIVES = MAY_RECEIVE | SEND_NOT_KNOWN
"""What EER says of directions: what an endpoint receives, and never what anybody sends."""

_ACTIVE = "active"
_ENVIRONMENT_NUMBER = {name: number for number, name in enumerate(ENVIRONMENTS)}


class _OneTold(NamedTuple):
    """One registration, as it is told."""

    type_text: str
    flags: int
    first: int
    last: int
    status: str


class EndpointRegistrations:
    """Takes what EER says, number by number."""

    def __init__(self) -> None:
        self._of_number: dict[str, dict[_OneTold, None]] = {}
        self._texts: dict[str, str] = {}
        self.first_place: dict[str, tuple[str, int]] = {}
        """Location number to file and line where it first stands."""
        self.unknown_types: dict[str, int] = {}

    def extend(self, records: Iterable[EndpointRegistration]) -> EndpointRegistrations:
        """Take all of ``records``; what is said twice is kept once.

        Raises:
            ExtractError: the environment of one is none.
        """
        for record in records:
            text = self._texts.get(record.message_type)
            if text is None:
                message_type = catalogue().parse(record.message_type)
                text = self._texts[record.message_type] = message_type.text
                if not message_type.known:
                    self.unknown_types.setdefault(text, 0)
            if text in self.unknown_types:
                self.unknown_types[text] += 1
            if record.environment not in _ENVIRONMENT_NUMBER:
                raise ExtractError(
                    f"environment is {record.environment!r}: use one of {', '.join(ENVIRONMENTS[1:])}, or leave it out"
                )
            flags = FROM_ENDPOINTS | _ENVIRONMENT_NUMBER[record.environment] << ENVIRONMENT_SHIFT
            if record.in_use and not record.period_unreadable:
                flags |= IN_USE
            if record.period_unreadable:
                flags |= TOLD_PERIOD_UNREADABLE
            first = record.from_date.toordinal() if record.from_date else 0
            last = record.to_date.toordinal() if record.to_date else OPEN_END
            told = self._of_number.get(record.location_number)
            if told is None:
                number = compact(record.location_number)
                told = self._of_number.setdefault(number, {})
                self.first_place.setdefault(number, (record.file, record.line))
            told[_OneTold(text, flags, first, last, record.status)] = None
        return self

    def numbers(self) -> Iterable[str]:
        """The location numbers of which EER says something."""
        return self._of_number

    def texts(self) -> set[str]:
        """The types that stand on any number."""
        return set(self._texts.values())

    def together(
        self, said: Mapping[str, Mapping[int, int]], position: Mapping[str, int], text: Callable[[str], int], day: int
    ) -> Together:
        """The columns of what is told, and for each of EER's numbers what counts on the register's day.

        Args:
            said: location number to SOR-EDI's types, by position, and directions.
            position: text of a type to its position.
            text: position of a text in the table of texts.
            day: the register's day.
        """
        result = Together({}, {}, array("i", [0]), array("I"), array("B"), array("i"), array("i"), array("i"))
        known: dict[tuple[tuple[int, int, int, int, int], ...], int] = {}
        for number, told in self._of_number.items():
            rows = [
                (at << REGISTRATION_SHIFT | bits, IN_USE, 0, OPEN_END, 0) for at, bits in said.get(number, {}).items()
            ]
            rows += [
                (
                    position[one.type_text] << REGISTRATION_SHIFT | RECEIVES,
                    one.flags,
                    one.first,
                    one.last,
                    text(one.status),
                )
                for one in told
            ]
            rows.sort()
            key = tuple(rows)
            at = known.get(key)
            if at is None:
                at = known[key] = len(known)
                result.add(rows)
            result.told_of[number] = at
            counted = dict(said.get(number, {}))
            of_today = False
            for entry, flags, first, last, _ in rows:
                if not flags & FROM_ENDPOINTS or environment_of(flags) != PRODUCTION:
                    continue
                of_today = True
                if flags & IN_USE and first <= day <= last:
                    kind = entry >> REGISTRATION_SHIFT
                    counted[kind] = joined(counted.get(kind), RECEIVES)
            if of_today or number in said:
                result.counting[number] = counted
        return result


class Together(NamedTuple):
    """What registers say together: number to its place among what is told, to what counts of it, and the columns."""

    told_of: dict[str, int]
    counting: dict[str, dict[int, int]]
    told_start: array[int]
    told_entry: array[int]
    told_flags: array[int]
    told_from: array[int]
    told_to: array[int]
    told_status: array[int]

    def add(self, rows: Iterable[tuple[int, int, int, int, int]]) -> None:
        """One more set of what is told."""
        columns = self.told_entry, self.told_flags, self.told_from, self.told_to, self.told_status
        for column, values in zip(columns, zip(*rows, strict=True), strict=False):  # of no rows there is no value
            column.extend(values)
        self.told_start.append(len(self.told_entry))


def is_active(status: str) -> bool:
    """Whether an endpoint of this status is used; FHIR's others are suspended, error, off, entered-in-error and test."""
    return status == _ACTIVE
