"""What an audit looks at: the units and location numbers of one register on one day, read from the index's columns.

Every rule gets the same :class:`AuditScope`. Registrations are kept as sets that many numbers share, so rules on them judge a set once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sor_addressing.index.columns import (
    LOCATION_OWN,
    LOCATION_PERIOD_UNREADABLE,
    NOTHING,
    PERIOD_UNREADABLE,
)
from sor_addressing.index.inside import index_of, row_of
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.index.words import words_of
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.register.inside import index_of as index_of_register

if TYPE_CHECKING:
    from sor_addressing.quality.packages import Package
    from sor_addressing.quality.superseded import Superseded
    from sor_addressing.register.allowing.approvals import Approvals
    from sor_addressing.register.allowing.system_names import SystemMatch
    from sor_addressing.register.face import Register
    from sor_addressing.search.words.aliases import Aliases

Details = Mapping[str, object]


class Seen(NamedTuple):
    """What a rule saw: the row of a unit and the position of a location number, ``NOTHING`` where it is about neither, and the details."""

    row: int
    number: int
    details: Details


class KeptRefusal(Protocol):
    """A refusal that a ledger remembers."""

    @property
    def message_type(self) -> str:
        """Type and version of the letter."""

    @property
    def came(self) -> dt.datetime | None:
        """When it was refused."""

    @property
    def reason(self) -> str:
        """The code."""

    @property
    def about(self) -> StrEnum:
        """What the code is about."""


class RefusalSeen(Protocol):
    """A refusal beside what the register says."""

    @property
    def number(self) -> str:
        """The location number."""

    @property
    def kind(self) -> StrEnum:
        """Why it was refused, by the register."""

    @property
    def refusal(self) -> KeptRefusal:
        """The refusal."""


class RefusalsKept(Protocol):
    """What remembers refusals: a ``DeliveryLedger``."""

    def causes(self, register: Register) -> Sequence[RefusalSeen]:
        """Refusals beside what a register says of them."""


class Place(NamedTuple):
    """A location number as one unit declares it its own: position of the number, row of the unit, row of the location."""

    number: int
    row: int
    location: int


class Said(NamedTuple):
    """The registrations of a set as bits: bit ``n`` stands for the index's registered type ``n``.

    ``send`` and ``receive`` are what the file says; ``send_perhaps`` and ``receive_perhaps`` also hold what it says nothing of.
    """

    send: int
    receive: int
    send_perhaps: int
    receive_perhaps: int

    @property
    def all(self) -> int:
        """Every type that is registered in some direction, or in one that the file does not say."""
        return self.send_perhaps | self.receive_perhaps


class AuditScope:
    """What a rule looks at: units and location numbers of one register, as they are on one day.

    Rules of your own use :attr:`register`, :attr:`on`, :attr:`units` and :attr:`location_numbers`, and answer with :meth:`seen`.
    The rules of the package read the index's columns.

    Attributes:
        register: the register.
        on: the day.
        approvals: the approval list that was given, or None.
        packages: the packages that were given, or None.
        superseded: the message types whose place others take that were given, or None.
        everyday_names: the everyday names that were given, or None.
        deliveries: the ledger of deliveries that was given, or None.
        rows: rows of the units looked at, in the order of the extract.
        everything: whether that is all units.
    """

    def __init__(
        self,
        register: Register,
        on: dt.date,
        *,
        rows: Sequence[int] | None = None,
        approvals: Approvals | None = None,
        packages: tuple[Package, ...] | None = None,
        superseded: tuple[Superseded, ...] | None = None,
        everyday_names: Aliases | None = None,
        deliveries: RefusalsKept | None = None,
    ) -> None:
        self.register = register
        self.on = on
        self.approvals = approvals
        self.packages = packages
        self.superseded = superseded
        self.everyday_names = everyday_names
        self.deliveries = deliveries
        self.index: Index = index_of_register(register)
        self.columns = self.index.columns
        self.day = on.toordinal()
        self.everything = rows is None
        self.rows: Sequence[int] = range(len(self.index)) if rows is None else rows

    @property
    def units(self) -> Iterator[Unit]:
        """The units looked at, closed ones among them, in the order of the extract."""
        return (Unit(self.index, row) for row in self.rows)

    @property
    def location_numbers(self) -> Iterator[str]:
        """The location numbers looked at: those that the units are reached at, and without filters also those that no unit has."""
        return map(self.index.number_text, self.numbers)

    def seen(self, subject: Unit | str, **details: object) -> Seen:
        """What a rule of your own saw wrong.

        Args:
            subject: a unit, or a location number.
            details: what fills the names in the rule's texts.

        Raises:
            ValueError: the unit is of another register, or the register does not have the number.
        """
        if isinstance(subject, Unit):
            if index_of(subject) is not self.index:
                raise ValueError(f"{subject!r} is of another register")
            return Seen(row_of(subject), NOTHING, details)
        number = self.index.number_of(subject)
        if number == NOTHING:
            raise ValueError(f"the register has no location number {subject!r}")
        owners = self.index.owners_of_number(number)
        return Seen(owners[0] if len(owners) else NOTHING, number, details)

    @cached_property
    def numbers(self) -> Sequence[int]:
        """Positions of the location numbers looked at."""
        columns = self.columns
        if self.everything:
            return range(len(columns.number_key))
        located = (columns.unit_location[row] for row in self.rows)
        return sorted({columns.location_number[location] for location in located if location != NOTHING})

    def unit_is_closed(self, row: int) -> bool:
        """Whether the unit's last day has gone; not so where its period can't be read."""
        return self.columns.unit_to[row] < self.day and not self.columns.unit_flags[row] & PERIOD_UNREADABLE

    def unit_is_in_force(self, row: int) -> bool:
        """Whether the unit is in force on the day."""
        return self.index.is_in_force(row, self.day)

    def location_is_closed(self, location: int) -> bool:
        """Whether the number's own last day has gone; not so where its period can't be read."""
        columns = self.columns
        return columns.location_to[location] < self.day and not (
            columns.location_flags[location] & LOCATION_PERIOD_UNREADABLE
        )

    def location_is_in_force(self, location: int) -> bool:
        """Whether the number itself is in force on the day."""
        columns = self.columns
        return (
            columns.location_from[location] <= self.day <= columns.location_to[location]
            and not columns.location_flags[location] & LOCATION_PERIOD_UNREADABLE
        )

    @cached_property
    def places(self) -> Sequence[Place]:
        """Every number looked at as each of its owners declares it, in the order of the extract."""
        columns, index = self.columns, self.index
        if self.everything:
            states, locations, numbers = columns.unit_location_state, columns.unit_location, columns.location_number
            owned = [row for row, state in enumerate(states) if state == LOCATION_OWN]
            return [Place(numbers[locations[row]], row, locations[row]) for row in owned]
        found = [
            Place(number, row, columns.unit_location[row])
            for number in self.numbers
            for row in index.owners_of_number(number)
        ]
        return sorted(found, key=lambda place: place.row)

    @cached_property
    def open_places(self) -> Sequence[Place]:
        """Those of :attr:`places` whose number has not ended."""
        return [place for place in self.places if not self.location_is_closed(place.location)]

    @cached_property
    def in_use(self) -> Sequence[Place]:
        """The numbers that have not ended, each once: as its first owner in force declares it, else its first owner."""
        first: dict[int, Place] = {}
        for place in self.open_places:
            held = first.get(place.number)
            if held is None or (not self.unit_is_in_force(held.row) and self.unit_is_in_force(place.row)):
                first[place.number] = place
        return sorted(first.values(), key=lambda place: place.row)

    @cached_property
    def types(self) -> tuple[MessageType, ...]:
        """Every message type that is registered somewhere, by its bit."""
        return self.index.registered_types()

    def bits(self, fits: Callable[[MessageType], object]) -> int:
        """The bits of the registered types that fit."""
        return sum(1 << bit for bit, message_type in enumerate(self.types) if fits(message_type))

    def bits_of_codes(self, *codes: str) -> int:
        """The bits of the registered types with one of the codes, in every version."""
        return self.bits(lambda one: one.code in codes)

    def bits_of_family(self, family: str) -> int:
        """The bits of the registered types of a family, in every format."""
        return self.bits(lambda one: one.family == family)

    def names(self, bits: int) -> tuple[str, ...]:
        """The types of some bits, as the catalogue writes them."""
        return tuple(message_type.text for message_type in self.types_of(bits))

    def types_of(self, bits: int) -> Iterator[MessageType]:
        """The types of some bits."""
        while bits:
            lowest = bits & -bits
            yield self.types[lowest.bit_length() - 1]
            bits ^= lowest

    def said(self, registration_set: int) -> Said:
        """What a set of registrations says."""
        masks = self.index.masks(registration_set)
        return Said(
            masks.send, masks.receive, masks.send | masks.send_not_known, masks.receive | masks.receive_not_known
        )

    def on_registrations(self, judge: Callable[[Said], Iterable[Details]]) -> Iterator[Seen]:
        """What ``judge`` sees in the registrations of each number in use; equal sets of registrations are judged once."""
        judged: dict[int, tuple[Details, ...]] = {}
        sets = self.columns.number_set
        for place in self.in_use:
            registration_set = sets[place.number]
            if registration_set == NOTHING:
                continue
            found = judged.get(registration_set)
            if found is None:
                found = judged[registration_set] = tuple(judge(self.said(registration_set)))
            for details in found:
                yield Seen(place.row, place.number, details)

    def code_of(self, kind: str, location: int) -> str:
        """The code of what stands behind a location: ``system``, ``supplier``, ``net_operator`` or ``administrator``; empty where not said."""
        columns = self.columns
        column = {
            "system": columns.location_system,
            "supplier": columns.location_supplier,
            "net_operator": columns.location_net_operator,
            "administrator": columns.location_administrator,
        }[kind]
        return self.index.text(column[location])

    @cached_property
    def systems(self) -> Mapping[tuple[str, str], SystemMatch]:
        """How the systems of :attr:`open_places` match the approval list, by their codes and those of their suppliers."""
        if self.approvals is None:
            return {}
        index = self.index
        pairs = dict.fromkeys(self.system_of(place.location) for place in self.open_places)
        return {
            (system, supplier): self.approvals.match(
                system, words_of(index, "system", system), supplier=words_of(index, "supplier", supplier)
            )
            for system, supplier in pairs
            if system
        }

    def system_of(self, location: int) -> tuple[str, str]:
        """The codes of the system behind a location and of its supplier."""
        return self.code_of("system", location), self.code_of("supplier", location)
