"""What the tables beside the units say, gathered first and joined to the units as they stream past.

How a published file is joined is named by its row in :mod:`sor_addressing.extracts.published`; what the names mean is said here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from sor_addressing.companions import (
    CodeText,
    EndpointRegisterRecord,
    MessageTypeRow,
    NumberRecord,
    PlaceRecord,
    ProviderRecord,
    ReplacementRecord,
    ShakMapRecord,
    ShakRecord,
)
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.lookup import Index
from sor_addressing.index.registrations import Registrations
from sor_addressing.loading.ending_early import ends_early
from sor_addressing.loading.endpoints import EndpointRegister
from sor_addressing.model import ADDRESS_FIELDS, LocationRecord, LocationSource, Problem, UnitRecord

_EASTING, _NORTHING = ADDRESS_FIELDS.index("easting"), ADDRESS_FIELDS.index("northing")
_ADDRESSES = ("visiting_address", "activity_address", "postal_address")
_OF_NUMBER = ("system", "supplier", "net_operator", "region_code", "administrator", "note")
_OF_STATUS = ("has_status", "from_date", "to_date", "first_from_date", "updated_at", "period_unreadable")


@attrs.define(slots=True)
class BesideUnits:
    """Everything of the tables beside the units that is needed while the units are read, and afterwards.

    Every table is gone through once; of each only what is joined is kept, by its key.
    """

    report: Callable[[Problem], None]
    code_words: dict[str, str] = attrs.field(factory=dict)
    endpoints: EndpointRegister = attrs.field(factory=EndpointRegister)
    message_types: list[MessageTypeRow] = attrs.field(factory=list)
    shak: list[ShakRecord] = attrs.field(factory=list)
    providers: dict[str, list[ProviderRecord]] = attrs.field(factory=dict)
    _replaced_by: dict[str, list[str]] = attrs.field(factory=dict)
    _replaces: dict[str, list[str]] = attrs.field(factory=dict)
    _places: dict[str, PlaceRecord] = attrs.field(factory=dict)
    _numbers: dict[str, NumberRecord] = attrs.field(factory=dict)
    _of_owner: dict[tuple[str, str], NumberRecord] = attrs.field(factory=dict)
    _number_of_owner: dict[str, str] = attrs.field(factory=dict)
    _shak_in_force: dict[tuple[str, str], tuple[str, int]] = attrs.field(factory=dict)
    _shak_last: dict[str, tuple[dt.date, list[str]]] = attrs.field(factory=dict)
    _shak_ends: dict[str, dt.date] = attrs.field(factory=dict)
    _files: dict[str, str] = attrs.field(factory=dict)
    _placed: set[str] = attrs.field(factory=set)

    def take(self, joined: str, rows: Iterable[Any], *, file: str, day: dt.date | None = None) -> None:
        """Take a table by the name of how it is joined; one of :data:`OF_A_DAY` with the day on which its rows are to hold."""
        self._files[joined] = file
        if day is None:
            BEFORE_UNITS[joined](self, rows)
        else:
            OF_A_DAY[joined](self, rows, day)

    def _take_words(self, rows: Iterable[CodeText]) -> None:
        """Of two texts for one code the first stays, and both are reported."""
        for row in rows:
            known = self.code_words.setdefault(row.code, row.text)
            if known != row.text:
                details = {"kept": known, "other": row.text}
                self.report(Problem("code-text-differs", self._files["texts of codes"], row.line, row.code, details))

    def _take_endpoints(self, rows: Iterable[EndpointRegisterRecord]) -> None:
        """Of many files, each in its turn; who is whose is found out when all are there."""
        self.endpoints.take(rows)

    def _take_replacements(self, rows: Iterable[ReplacementRecord]) -> None:
        for row in rows:
            self._replaced_by.setdefault(row.replaced, []).append(row.replacing)
            self._replaces.setdefault(row.replacing, []).append(row.replaced)

    def _take_places(self, rows: Iterable[PlaceRecord]) -> None:
        """Of two places of one unit the first stays."""
        for row in rows:
            known = self._places.setdefault(row.sor_code, row)
            if known is not row and (known.easting, known.northing) != (row.easting, row.northing):
                self.report(
                    Problem("row-repeated", self._files["places"], row.line, row.sor_code, {"other_line": known.line})
                )

    def _take_numbers(self, rows: Iterable[NumberRecord], day: dt.date) -> None:
        """Of the rows of one number and owner that in force on ``day`` counts, else the latest begun, else the first.

        Two in force are reported. A unit has one number: of several the best by the same rule, and one in use before one that
        isn't; where two could be used, that is reported.
        """
        of_owner, numbers, of_unit = self._of_owner, self._numbers, self._number_of_owner
        file = self._files["numbers"]
        for row in rows:
            key = row.number, row.sor_code
            known = of_owner.get(key)
            if known is not None and _period_rank(row, day)[0] == _period_rank(known, day)[0] and _overlap(row, known):
                self.report(Problem("row-repeated", file, row.line, row.number, {"other_line": known.line}))
            if known is None or _period_rank(row, day) > _period_rank(known, day):
                of_owner[key] = row
        for (number, owner), row in of_owner.items():
            known = numbers.get(number)
            if known is None or _period_rank(row, day) > _period_rank(known, day):
                numbers[number] = row
            if not owner:
                continue
            other = of_owner[of_unit[owner], owner] if owner in of_unit else None
            if other is not None and _can_be_used(row, day) and _can_be_used(other, day):
                details = {"other": number, "number": other.number, "other_line": other.line}
                self.report(Problem("owner-has-several-numbers", file, row.line, owner, details))
            if other is None or _number_rank(row, day) > _number_rank(other, day):
                of_unit[owner] = number

    @property
    def tells_of_owners(self) -> bool:
        """Whether there is a table that says of each number and its owner what stands behind it."""
        return bool(self._of_owner)

    def location_of(self, number: str) -> LocationRecord | None:
        """What ``LocationsCodes.csv`` says of a location number that units show and none of the units owns."""
        if number not in self._numbers:
            return None
        location = LocationRecord(number)
        _fill(location, self._numbers[number])
        return location

    def _take_message_types(self, rows: Iterable[MessageTypeRow]) -> None:
        self.message_types.extend(rows)

    def _take_shak_map(self, rows: Iterable[ShakMapRecord], day: dt.date) -> None:
        """Whose a code is on ``day``, and of codes that are then nobody's whose they were last."""
        for row in rows:
            self._take_mapped(row, day, self._files["SHAK map"])

    def _take_mapped(self, row: ShakMapRecord, day: dt.date, file: str) -> None:
        code = row.shak_code
        ends = _last_day(row)
        self._shak_ends[code] = max(ends, self._shak_ends.get(code, ends))
        if row.period_unreadable:
            return
        if _holds(row, day):
            self._shak_in_force.setdefault((code, row.sor_code), (file, row.line))
        elif ends < day:
            known, units = self._shak_last.get(code, (dt.date.min, []))
            if ends > known:
                self._shak_last[code] = ends, [row.sor_code]
            elif ends == known:
                units.append(row.sor_code)

    def _take_shak(self, rows: Iterable[ShakRecord]) -> None:
        self.shak.extend(rows)

    def _take_hospitals(self, rows: Iterable[ShakRecord], day: dt.date) -> None:
        """What the SHAK register says of a code itself goes before; so does the map, in whose a code is."""
        known = {row.code for row in self.shak}
        mapped = set(self._shak_ends)
        for row in rows:
            if row.code not in known:
                self.shak.append(row)
            if row.sor_code and row.code not in mapped:
                entry = ShakMapRecord(row.code, row.sor_code, row.from_date, row.to_date, row.line)
                entry.period_unreadable = row.period_unreadable
                self._take_mapped(entry, day, self._files["SHAK hospitals"])

    def _take_providers(self, rows: Iterable[ProviderRecord]) -> None:
        """A number can have several rows, one a period."""
        for row in rows:
            self.providers.setdefault(row.number, []).append(row)

    def join(self, records: Iterable[UnitRecord], *, numbers: bool) -> Iterator[UnitRecord]:
        """``records``, each with what the tables say of it; of its location number only where ``numbers`` says so."""
        for record in records:
            code = record.sor_code
            if code in self._replaced_by:
                record.replaced_by = _together(record.replaced_by, self._replaced_by[code])
            if code in self._replaces:
                record.replaces = _together(record.replaces, self._replaces[code])
            if code in self._places:
                self._place(record, self._places[code])
            if numbers:
                self._tell_of_number(record)
            yield record

    def _place(self, record: UnitRecord, place: PlaceRecord) -> None:
        """Coordinates go to the unit's own addresses that have none."""
        for name in _ADDRESSES:
            address: tuple[str, ...] | None = getattr(record, name)
            if address:
                self._placed.add(record.sor_code)
                if not address[_EASTING] and not address[_NORTHING]:
                    parts = list(address)
                    parts[_EASTING], parts[_NORTHING] = place.easting, place.northing
                    setattr(record, name, tuple(parts))

    def _tell_of_number(self, record: UnitRecord) -> None:
        location = record.location
        if location is None:
            number = self._number_of_owner.get(record.sor_code)
            if number is None or record.location_source in (LocationSource.INHERITED, LocationSource.NONE):
                return
            location = record.location = LocationRecord(number)
            record.location_source = LocationSource.OWN
        said = self._of_owner.get((location.number, record.sor_code)) or self._numbers.get(location.number)
        if said is None:
            return
        if record.location_source is LocationSource.UNKNOWN and said.sor_code:
            if said.sor_code != record.sor_code:
                record.location, record.inherited_number, record.inherited_location = None, location.number, location
                record.location_source = LocationSource.INHERITED
                return
            record.location_source = LocationSource.OWN
        _fill(location, said)

    def ceased_providers(self) -> dict[str, dt.date]:
        """Provider number to its last day, of those that have one and no later period."""
        ceased = {}
        for number, rows in self.providers.items():
            last_days = [row.to_date for row in rows if not row.period_unreadable]
            ended = [day for day in last_days if day is not None]
            if ended and len(ended) == len(rows):
                ceased[number] = max(ended)
        return ceased

    def retired_shak_codes(self, day: dt.date) -> dict[str, dt.date]:
        """SHAK code to its last day, of those that are not in use on ``day``; the SHAK register goes before the map."""
        in_register: dict[str, dt.date] = {}
        for row in self.shak:
            ends = _last_day(row)
            in_register[row.code] = max(ends, in_register.get(row.code, ends))
        return {code: ends for code, ends in (self._shak_ends | in_register).items() if ends < day}

    def shak_codes(self) -> list[tuple[str, str]]:
        """SHAK code and SOR code of the map: as of its day, and of codes that hold on no such day as they were last."""
        in_force = {code for code, _ in self._shak_in_force}
        last = [(code, unit) for code, (_, units) in self._shak_last.items() if code not in in_force for unit in units]
        return [*self._shak_in_force, *last]

    def left_over(self, index: Index, day: dt.date, *, numbers: bool) -> Iterator[Problem]:
        """A problem for each row that speaks of something that the units don't have; of location numbers where ``numbers`` says so."""
        for number, said in self._numbers.items():
            if numbers and not index.holds_number(index.number_of(number)):
                yield Problem("number-without-unit", self._files["numbers"], said.line, number)
        if numbers and (early := ends_early(index, self._numbers, file=self._files.get("numbers", ""))) is not None:
            yield early
        for code, place in self._places.items():
            if code not in self._placed:
                known = index.row_of_sor_code(code) >= 0
                problem = "place-without-address" if known else "row-without-unit"
                yield Problem(problem, self._files["places"], place.line, code)
        for (_, sor_code), (file, line) in self._shak_in_force.items():
            if index.row_of_sor_code(sor_code) < 0:
                yield Problem("row-without-unit", file, line, sor_code)
        ceased = self.ceased_providers()
        for number, rows in self.providers.items():
            in_use = number not in ceased or ceased[number] >= day
            if in_use and index.position(IdentifierKind.PROVIDER_NUMBER, number) < 0:
                yield Problem("provider-without-unit", self._files["providers"], rows[0].line, number)


BEFORE_UNITS: Mapping[str, Callable[[BesideUnits, Iterable[Any]], None]] = {
    "texts of codes": BesideUnits._take_words,
    "message types": BesideUnits._take_message_types,
    "successors": BesideUnits._take_replacements,
    "places": BesideUnits._take_places,
    "SHAK register": BesideUnits._take_shak,
    "endpoints": BesideUnits._take_endpoints,
    "providers": BesideUnits._take_providers,
}
"""How files are joined whose rows count whatever the day."""

OF_A_DAY: Mapping[str, Callable[[BesideUnits, Iterable[Any], dt.date], None]] = {
    "numbers": BesideUnits._take_numbers,
    "SHAK map": BesideUnits._take_shak_map,
    "SHAK hospitals": BesideUnits._take_hospitals,
}
"""How files are joined of which the rows count that hold on a day."""

UNITS = "units"
"""Files whose records are the units."""

REGISTRATIONS: Mapping[str, Callable[[Registrations, Iterable[Any]], Registrations]] = {
    "registrations": Registrations.extend,
    "registrations by number": Registrations.extend_by_number,
}
"""How files are joined whose records are registrations: one by one, or those of a location number together."""


def _fill(location: LocationRecord, said: NumberRecord) -> None:
    """Complete a location by a row of ``LocationsCodes.csv``; what the unit's own row says stays."""
    for name in _OF_NUMBER:
        if not getattr(location, name):
            setattr(location, name, getattr(said, name))
    if not location.has_status and said.has_status:
        for name in _OF_STATUS:
            setattr(location, name, getattr(said, name))
    location.state_unreadable |= said.state_unreadable
    location.inactive = location.inactive or bool(said.inactive)
    location.internal_only = location.internal_only or bool(said.internal_only)


def _together(own: tuple[str, ...], more: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*own, *more)))


def _period_rank(row: NumberRecord, day: dt.date) -> tuple[bool, dt.date]:
    return _holds(row, day) and not row.period_unreadable, row.from_date or dt.date.min


def _can_be_used(row: NumberRecord, day: dt.date) -> bool:
    return _period_rank(row, day)[0] and not row.inactive


def _number_rank(row: NumberRecord, day: dt.date) -> tuple[bool, bool, dt.date]:
    return _can_be_used(row, day), *_period_rank(row, day)


def _overlap(one: NumberRecord, other: NumberRecord) -> bool:
    first = max(one.from_date or dt.date.min, other.from_date or dt.date.min)
    return first <= min(one.to_date or dt.date.max, other.to_date or dt.date.max)


def _holds(row: ShakMapRecord | ShakRecord | NumberRecord, day: dt.date) -> bool:
    return (row.from_date or dt.date.min) <= day <= (row.to_date or dt.date.max)


def _last_day(row: ShakMapRecord | ShakRecord) -> dt.date:
    """The last day of a row; one that can't be read is as good as none, for nobody knows that the row has ended."""
    return dt.date.max if row.to_date is None or row.period_unreadable else row.to_date
