"""Edits of one made-up day: what may happen to a register from one day to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import attrs

from sor_addressing.clock import moved_day
from sor_addressing.misspelt import check_names, suggests_arguments
from sor_addressing.model import LocationSource, RegistrationRecord, UnitRecord
from sor_addressing.testing.extract import MadeUpExtract

__all__ = ["DayEdits"]


class DayEdits:
    """One made-up day that can still be edited. Units are named by their name or their SOR code; each edit gives the day back, for the next.

    Attributes:
        extract: the records of the day.
    """

    def __init__(self, extract: MadeUpExtract) -> None:
        self.extract = extract

    @property
    def date(self) -> dt.date:
        """The day it is."""
        return self.extract.snapshot_date

    @suggests_arguments
    def close(self, unit: str, last_day: dt.date | None = None, *, replaced_by: str | Sequence[str] = ()) -> DayEdits:
        """Close a unit, with its last valid day (the day before, by default) and the units that follow it, where there are any."""
        successors = (replaced_by,) if isinstance(replaced_by, str) else tuple(replaced_by)
        codes = tuple(self.extract.unit(one).sor_code for one in successors)
        closed = self.extract.unit(unit)
        for one in successors:
            follower = self.extract.unit(one)
            self.change(follower.sor_code, replaces=(*follower.replaces, closed.sor_code))
        return self.change(unit, to_date=last_day or moved_day(self.date, -1), replaced_by=codes or closed.replaced_by)

    @suggests_arguments
    def rename(self, unit: str, name: str) -> DayEdits:
        """Give a unit another name."""
        return self.change(unit, name=name)

    @suggests_arguments
    def move(self, unit: str, parent: str) -> DayEdits:
        """Put a unit, with all below it, below another one."""
        self.change(unit, parent_sor_code=self.extract.unit(parent).sor_code)
        return self._ordered()

    @suggests_arguments
    def give_number(self, unit: str, location_number: str) -> DayEdits:
        """Give a unit another location number of its own. The registrations stay with the old one."""
        location = self.extract.unit(unit).location
        if location is None:
            raise ValueError(f"{unit!r} has no location number of its own that could become another")
        changed = attrs.evolve(location, number=location_number)
        return self.change(unit, location=changed, location_source=LocationSource.OWN)

    def change(self, unit: str, **fields: Any) -> DayEdits:
        """Set fields of a unit's record (:class:`sor_addressing.model.UnitRecord`)."""
        record = self.extract.unit(unit)
        check_names(f"the record of {unit!r}", fields, attrs.fields_dict(UnitRecord))
        self.extract.units[self.extract.units.index(record)] = attrs.evolve(record, **fields)
        return self

    def remove(self, unit: str) -> DayEdits:
        """Leave a unit out, as the publisher never should."""
        self.extract.units.remove(self.extract.unit(unit))
        return self

    def add(self, *units: UnitRecord) -> DayEdits:
        """Add units, such as those of another builder's extract."""
        self.extract.units.extend(units)
        return self._ordered()

    @suggests_arguments
    def registers(
        self, unit: str, *message_types: str, send: bool | None = None, receive: bool | None = None
    ) -> DayEdits:
        """Register message types on a unit's own location number, or on a location number; directions as for a builder."""
        if send is not None or receive is not None:
            send, receive = bool(send), bool(receive)
        number = self._number(unit)
        self.extract.registrations += [RegistrationRecord(number, one, send, receive) for one in message_types]
        return self

    def withdraws(self, unit: str, *message_types: str) -> DayEdits:
        """Take registrations away: these, as they are written, or all where none are named.

        Raises:
            LookupError: one of them isn't registered there.
        """
        number = self._number(unit)
        there = {one.message_type for one in self.extract.registrations if one.location_number == number}
        if missing := sorted(set(message_types) - there):
            raise LookupError(
                f"{missing[0]!r} is not registered on {number}; registered are {', '.join(sorted(there)) or 'none'}"
            )
        gone = set(message_types) or there
        self.extract.registrations[:] = [
            one for one in self.extract.registrations if one.location_number != number or one.message_type not in gone
        ]
        return self

    @suggests_arguments
    def provider_ceased(self, provider_number: str, last_day: dt.date) -> DayEdits:
        """Have the provider register say that a provider number ended; it is no part of what is published as SOR, so a store doesn't see it."""
        self.extract.ceased_providers[provider_number] = last_day
        return self

    def _number(self, unit: str) -> str:
        if unit in {one.location_number for one in self.extract.registrations}:
            return unit
        location = self.extract.unit(unit).location
        if location is None:
            raise ValueError(f"{unit!r} has no location number of its own; name the unit that has")
        return location.number

    def _ordered(self) -> DayEdits:
        """Put the units into document order again: each followed by all below it."""
        there = {unit.sor_code for unit in self.extract.units}
        below: dict[str | None, list[UnitRecord]] = {}
        for unit in self.extract.units:
            below.setdefault(unit.parent_sor_code if unit.parent_sor_code in there else None, []).append(unit)
        ordered: list[UnitRecord] = []
        waiting = below.get(None, [])[::-1]
        while waiting:
            ordered.append(waiting.pop())
            waiting += below.get(ordered[-1].sor_code, [])[::-1]
        if len(ordered) < len(there):
            raise ValueError("some units lie in a circle: each is below the other")
        self.extract.units[:] = ordered
        return self
