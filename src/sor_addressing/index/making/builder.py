"""Records into columns: the tree, who inherits from whom, and the sorted keys.

What is wrong with single units (a SOR code seen twice, a missing parent, a circle) is reported and mended as DESIGN says: nothing is
dropped but the rows that lose to another row of the same SOR code, and those are named.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping

import attrs

from sor_addressing.companions import ShakRecord
from sor_addressing.index.addresses import come_down, municipalities
from sor_addressing.index.columns import (
    DECLARES_INHERITED,
    DECLARES_NOTHING,
    GAP_ABOVE,
    HAS_SUCCESSOR,
    LOCATION_OWN,
    LOCATION_SOURCE_NOT_KNOWN,
    NOTHING,
    OPEN_END,
    PERIOD_UNREADABLE,
    PROVIDER_CEASED,
    TYPECODES,
    Columns,
)
from sor_addressing.index.history import History
from sor_addressing.index.keys import ODD_FROM, key_of
from sor_addressing.index.lookup import CLOSED_UNITS, Index, NumberFact
from sor_addressing.index.making.inheriting import Inheriting, Reached
from sor_addressing.index.making.locations import GatheredLocations
from sor_addressing.index.making.quiet import NEVER, quiet_days
from sor_addressing.index.making.texts import Texts
from sor_addressing.index.making.tree import children, parent_rows
from sor_addressing.index.packed import pack
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.shak import shak_columns
from sor_addressing.model import ADDRESS_FIELDS, KINDS, LocationRecord, LocationSource, Problem, UnitRecord

Report = Callable[[Problem], None]

_NOTHING_TOLD: dict[str, Iterable[int]] = {
    "told_start": (0,),
    "told_entry": (),
    "told_flags": (),
    "told_from": (),
    "told_to": (),
    "told_status": (),
}

_KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS)}
_MUNICIPALITY = ADDRESS_FIELDS.index("municipality_code")
_SOURCE_FLAGS = {
    LocationSource.OWN: 0,
    LocationSource.INHERITED: DECLARES_INHERITED,
    LocationSource.NONE: DECLARES_NOTHING,
    LocationSource.UNKNOWN: 0,
}


def _nothing_known(_number: str) -> None:
    """For files that have nothing beside them."""


@attrs.frozen(slots=True, kw_only=True)
class Beside:
    """What an index is built of beside its units and registrations.

    Attributes:
        ceased_providers: canonical provider number to its last day, from the provider register.
        retired_shak_codes: SHAK code to its last day, of those that are not in use any more.
        shak_codes: SHAK code and SOR code, of units that another file gives a SHAK code.
        shak_periods: the SHAK register: code, name and period, in any order.
        code_words: code of a type, speciality, system … to what it stands for.
        has_history: several rows of one SOR code are the unit in several periods.
        not_known: what none of the files can say.
        registrations_day: the day of the registrations, where that is not the register's.
        rows_tell_of_numbers: units are rows of a table, and what one says of a number's state is said of the number.
        location_of: what is known of a number that units show as inherited and none of them owns; None where that is nothing.
    """

    ceased_providers: Mapping[str, dt.date] = attrs.field(factory=dict)
    retired_shak_codes: Mapping[str, dt.date] = attrs.field(factory=dict)
    shak_codes: Iterable[tuple[str, str]] = ()
    shak_periods: Iterable[ShakRecord] = ()
    code_words: Mapping[str, str] = attrs.field(factory=dict)
    has_history: bool = False
    not_known: frozenset[str] = frozenset()
    registrations_day: dt.date | None = None
    rows_tell_of_numbers: bool = False
    location_of: Callable[[str], LocationRecord | None] = _nothing_known


class IndexBuilder:
    """Takes unit records one by one, in the order of the extract, and builds an :class:`Index` of them.

    Args:
        file: the name used in problems.
        report: called with each :class:`Problem`.
    """

    def __init__(self, *, file: str = "", report: Report | None = None) -> None:
        self._file = file
        self._report = report or _ignore
        self._codes: list[str] = []
        self._parents: list[str | None] = []
        self._lines = array("i")
        self._kinds = array("B")
        self._from = array("i")
        self._to = array("i")
        self._flags = array("B")
        self._visiting_municipality = array("i")
        self._postal_municipality = array("i")
        self._has_contact = array("B")
        self._own_location = array("i")
        self._record_start = array("Q", [0])
        self._records = bytearray()
        self._texts = Texts()
        self._locations = GatheredLocations(self._texts)
        self._identifiers: dict[str, tuple[list[str], array[int]]] = {
            name: ([], array("i")) for name in ("provider", "shak", "cvr")
        }
        self._shown: dict[int, int] = {}
        self._replaced: list[tuple[str, str]] = []
        self._odd: dict[str, int] = {}

    def add(self, record: UnitRecord) -> None:
        """Take one unit; its place in the order of calls is its place in the order of the extract."""
        row = len(self._codes)
        self._codes.append(record.sor_code)
        self._parents.append(record.parent_sor_code)
        self._lines.append(record.line)
        self._kinds.append(_KIND_NUMBER[record.kind])
        self._from.append(record.from_date.toordinal() if record.from_date else 0)
        self._to.append(record.to_date.toordinal() if record.to_date else OPEN_END)
        flags = _SOURCE_FLAGS[record.location_source]
        if record.period_unreadable:
            flags |= PERIOD_UNREADABLE
        if record.gap_above:
            flags |= GAP_ABOVE
        if record.replaced_by:
            flags |= HAS_SUCCESSOR
        if record.location is not None and record.location_source is LocationSource.UNKNOWN:
            flags |= LOCATION_SOURCE_NOT_KNOWN
        self._flags.append(flags)
        if record.replaces or record.replaced_by:
            self._replaced += [(code, record.sor_code) for code in record.replaces]
            self._replaced += [(record.sor_code, code) for code in record.replaced_by]
        visiting, postal = record.visiting_address, record.postal_address
        position = self._texts.position
        self._visiting_municipality.append(position(visiting[_MUNICIPALITY]) if visiting else NOTHING)
        self._postal_municipality.append(position(postal[_MUNICIPALITY]) if postal else NOTHING)
        self._has_contact.append(bool(record.contact))
        self._records += pack(record)
        self._record_start.append(len(self._records))
        location = record.location
        if location is None:
            self._own_location.append(NOTHING)
            if record.inherited_number:
                shown = record.inherited_location or LocationRecord(record.inherited_number)
                self._shown[row] = self._locations.add(row, shown)
        else:
            self._own_location.append(self._locations.add(row, location))
        for name, value in (
            ("provider", record.provider_number),
            ("shak", record.shak_code),
            ("cvr", record.cvr_number),
        ):
            if value:
                values, rows = self._identifiers[name]
                values.append(value)
                rows.append(row)

    def __len__(self) -> int:
        return len(self._codes)

    def has_closed_units(self, day: dt.date) -> bool:
        """Whether any unit taken ended before ``day``: files that leave closed units out have none."""
        ordinal = day.toordinal()
        return any(last < ordinal for last in self._to)

    def build(
        self,
        *,
        snapshot_date: dt.date,
        registrations: Registrations | None = None,
        beside: Beside | None = None,
    ) -> Index:
        """The index of all units taken; the builder is used up.

        Args:
            snapshot_date: the register's day; decides which of several rows of one SOR code is the unit.
            registrations: message types on location numbers; None where none were loaded.
            beside: what other files say.
        """
        beside = beside or Beside()
        history = self._settle_repeated(snapshot_date.toordinal(), beside)
        self._mark_ceased(beside.ceased_providers)
        rows = {code: row for row, code in enumerate(self._codes)}
        self._add_shak_codes(rows, beside)
        parents, missing = parent_rows(self._codes, self._parents, rows, self._flags, self._tell)
        values: dict[str, Iterable[int]] = {
            "unit_kind": self._kinds,
            "unit_parent": parents,
            "unit_from": self._from,
            "unit_to": self._to,
            "unit_flags": self._flags,
            "unit_record": self._record_start,
        }
        values |= children(parents)
        values |= self._holders(parents)
        unit_key = array("q", map(self._key, self._codes))
        values["unit_key"] = unit_key
        order = sorted(range(len(unit_key)), key=unit_key.__getitem__)
        values["sor_key"] = array("q", [unit_key[row] for row in order])
        values["sor_row"] = array("i", order)
        for name, (identifiers, unit_rows) in self._identifiers.items():
            keys, starts, units = _grouped(list(map(self._key, identifiers)), unit_rows)
            values |= {f"{name}_key": keys, f"{name}_start": starts, f"{name}_unit": units}
        values |= self._successions(rows)
        if beside.rows_tell_of_numbers:
            day = snapshot_date.toordinal()
            in_force = (row for row in range(len(self)) if self._from[row] <= day <= self._to[row])
            self._locations.tell_flags_together(at for row in in_force if (at := self._own_location[row]) != NOTHING)
        effective, states, _ = self._reached(parents, missing if CLOSED_UNITS in beside.not_known else (), beside)
        values |= {"unit_location": effective, "unit_location_state": states}
        values |= self._locations.columns()
        values |= self._number_columns(effective, states, registrations, beside.registrations_day or snapshot_date)
        values |= self._quiet(values, beside)
        for name, last_days in (("ceased", beside.ceased_providers), ("retired", beside.retired_shak_codes)):
            ended = sorted((self._key(code), day.toordinal()) for code, day in last_days.items())
            values |= {f"{name}_key": [key for key, _ in ended], f"{name}_day": [day for _, day in ended]}
        words = sorted((self._key(code), self._texts.position(word)) for code, word in beside.code_words.items())
        values |= {"code_key": [key for key, _ in words], "code_word": [word for _, word in words]}
        values |= shak_columns(beside.shak_periods, self._key, self._texts.position)
        values |= history.columns(self._key, self._texts.position, len(self._records))
        values["odd_text"] = [self._texts.position(text) for text in self._odd]
        text_start, texts = self._texts.columns()
        values["text_start"] = text_start
        typed = {
            name: value
            if isinstance(value, array) and value.typecode == TYPECODES[name]
            else array(TYPECODES[name], value)
            for name, value in values.items()
        }
        return Index(
            Columns(**typed, records=bytes(self._records) + history.records, texts=texts),
            snapshot_date=snapshot_date,
            registers=() if registrations is None else registrations.registers,
            has_directions=registrations is not None and registrations.has_directions,
            not_known=beside.not_known,
            registrations_day=beside.registrations_day,
        )

    def _key(self, text: str) -> int:
        key = key_of(text)
        return ODD_FROM - self._odd.setdefault(text, len(self._odd)) if key is None else key

    def _line(self, row: int) -> int | None:
        return self._lines[row] or None

    def _tell(self, code: str, row: int, details: dict[str, object]) -> None:
        self._report(Problem(code, self._file, self._line(row), self._codes[row], details))

    def _mark_ceased(self, ceased_providers: Mapping[str, dt.date]) -> None:
        for number, row in zip(*self._identifiers["provider"], strict=True):
            if number in ceased_providers:
                self._flags[row] |= PROVIDER_CEASED

    def _add_shak_codes(self, rows: Mapping[str, int], beside: Beside) -> None:
        """Codes that another file gives to units, beside those that the units' own rows have."""
        codes, units = self._identifiers["shak"]
        known = set(zip(codes, units, strict=True))
        for code, sor_code in beside.shak_codes:
            row = rows.get(sor_code)
            if row is not None and (code, row) not in known:
                known.add((code, row))
                codes.append(code)
                units.append(row)

    def _holders(self, parents: array[int]) -> dict[str, Iterable[int]]:
        """Whose postal address and contact hold for each unit, and the municipality that follows from it."""
        own = enumerate(self._postal_municipality)
        postal = array("i", [NOTHING if text == NOTHING else row for row, text in own])
        contact = array("i", [row if has else NOTHING for row, has in enumerate(self._has_contact)])
        come_down(postal, parents, NOTHING)
        return {
            "unit_postal": postal,
            "unit_contact": come_down(contact, parents, NOTHING),
            "unit_municipality": municipalities(self._visiting_municipality, self._postal_municipality, postal),
        }

    def _quiet(self, values: Mapping[str, Iterable[int]], beside: Beside) -> dict[str, array[int]]:
        if beside.not_known.isdisjoint(NumberFact):
            return quiet_days({name: value for name, value in values.items() if isinstance(value, array)})
        never = (array("i", [day]) * len(self) for day in NEVER)  # something is to be said of every unit
        return dict(zip(("unit_quiet_from", "unit_quiet_to"), never, strict=True))

    def _successions(self, rows: Mapping[str, int]) -> dict[str, Iterable[int]]:
        """Who took over from whom, by the word of either, where the register has both; by who went and by who came."""
        found = {(rows[old], rows[new]) for old, new in self._replaced if old in rows and new in rows}
        for old, _ in found:
            self._flags[old] |= HAS_SUCCESSOR
        by_old, by_new = sorted(found), sorted((new, old) for old, new in found)
        return {
            "replaced_unit": [old for old, _ in by_old],
            "replaced_by_unit": [new for _, new in by_old],
            "replacing_unit": [new for new, _ in by_new],
            "replacing_of_unit": [old for _, old in by_new],
        }

    def _reached(self, parents: array[int], not_known: Collection[int], beside: Beside) -> Reached:
        """Location of each unit, and how it came by it; locations that nobody is reached at are dropped."""
        locations, own = self._locations, self._own_location
        numbers = locations.numbers
        inheriting = Inheriting(parents, self._flags, own, self._shown, numbers, not_known=not_known, tell=self._tell)
        found = inheriting.reached()
        shown = list(self._shown.values())
        for location in set(shown).intersection(found.effective):  # nobody has these numbers as their own
            more = beside.location_of(numbers[location])
            if more is not None:
                shown.append(locations.add(NOTHING, more))
        locations.tell_together(found.moved, shown)
        kept = sorted(set(found.effective) - {NOTHING})
        locations.select(kept)
        new = {old: position for position, old in enumerate(kept)} | {NOTHING: NOTHING}
        return found._replace(effective=array("i", [new[location] for location in found.effective]))

    def _settle_repeated(self, day: int, beside: Beside) -> History:
        """Where a SOR code was seen several times keep one row: that in force on ``day``, else the latest begun, else the first.

        Where the file has history the others are that; where it has none, a second row is reported.
        """
        history = History()
        if len(set(self._codes)) == len(self._codes):
            return history
        kept: dict[str, int] = {}
        for row, code in enumerate(self._codes):
            other = kept.get(code)
            if other is None:
                kept[code] = row
                continue
            winner = self._better(other, row, day)
            kept[code] = winner
            if not beside.has_history or self._overlap(other, row):
                details: dict[str, object] = {"other_line": self._line(other), "kept_line": self._line(winner)}
                self._tell("sor-code-repeated", row, details)
            if beside.has_history:
                self._remember(other if winner == row else row, history)
        self._keep_rows(sorted(kept.values()))
        return history

    def _remember(self, row: int, history: History) -> None:
        history.add(
            self._codes[row],
            kind=self._kinds[row],
            first=self._from[row],
            last=self._to[row],
            flags=self._flags[row] & PERIOD_UNREADABLE,
            parent=self._parents[row] or "",
            number=self._number_on(row),
            record=bytes(self._records[self._record_start[row] : self._record_start[row + 1]]),
        )

    def _number_on(self, row: int) -> str:
        """The location number that the file shows on a row, own or inherited; empty where there is none."""
        own = self._own_location[row]
        location = self._shown.get(row, NOTHING) if own == NOTHING else own
        return "" if location == NOTHING else self._locations.numbers[location]

    def _overlap(self, first: int, second: int) -> bool:
        return max(self._from[first], self._from[second]) <= min(self._to[first], self._to[second])

    def _better(self, first: int, second: int, day: int) -> int:
        def in_force(row: int) -> bool:
            return self._from[row] <= day <= self._to[row] and not self._flags[row] & PERIOD_UNREADABLE

        if in_force(first) != in_force(second):
            return first if in_force(first) else second
        return second if self._from[second] > self._from[first] else first

    def _keep_rows(self, rows: list[int]) -> None:
        new_row = {old: new for new, old in enumerate(rows)}
        records = bytearray()
        starts = array("Q", [0])
        for row in rows:
            records += self._records[self._record_start[row] : self._record_start[row + 1]]
            starts.append(len(records))
        self._records, self._record_start = records, starts
        self._codes = [self._codes[row] for row in rows]
        self._parents = [self._parents[row] for row in rows]
        for name in (
            "_lines",
            "_kinds",
            "_from",
            "_to",
            "_flags",
            "_visiting_municipality",
            "_postal_municipality",
            "_has_contact",
            "_own_location",
        ):
            column: array[int] = getattr(self, name)
            setattr(self, name, array(column.typecode, [column[row] for row in rows]))
        new_location = self._locations.keep(new_row)
        self._shown = {new_row[row]: new_location[at] for row, at in self._shown.items() if row in new_row}
        self._own_location = array("i", [new_location.get(location, NOTHING) for location in self._own_location])
        for name, (values, unit_rows) in self._identifiers.items():
            kept = [(value, new_row[row]) for value, row in zip(values, unit_rows, strict=True) if row in new_row]
            self._identifiers[name] = ([value for value, _ in kept], array("i", [row for _, row in kept]))

    def _number_columns(
        self, effective: array[int], states: array[int], registrations: Registrations | None, day: dt.date
    ) -> dict[str, Iterable[int]]:
        keys = list(map(self._key, self._locations.numbers))
        registered = (
            {} if registrations is None else {self._key(number): number for number in registrations.all_numbers()}
        )
        number_key = array("q", sorted({*keys, *registered}))
        position = {key: number for number, key in enumerate(number_key)}
        location_number = array("i", [position[key] for key in keys])
        owners: list[list[int]] = [[] for _ in number_key]
        inheriting: list[list[int]] = [[] for _ in number_key]
        for row, location in enumerate(effective):
            if location != NOTHING:
                (owners if states[row] == LOCATION_OWN else inheriting)[location_number[location]].append(row)
        start = array("i", [0])
        units = array("i")
        for own, below in zip(owners, inheriting, strict=True):
            units.extend(own)
            units.extend(below)
            start.append(len(units))
        sets = array("i", [NOTHING]) * len(number_key)
        told_of = array("i", [NOTHING]) * len(number_key)
        values: dict[str, Iterable[int]] = {"type_text": (), "set_start": (0,), "set_entry": (), **_NOTHING_TOLD}
        if registrations is not None:
            type_texts, set_of_number, set_start, set_entry, told = registrations.sets(
                self._texts.position, day.toordinal()
            )
            for key, number in registered.items():
                sets[position[key]] = set_of_number.get(number, NOTHING)
            values |= {
                "type_text": [self._texts.position(text) for text in type_texts],
                "set_start": set_start,
                "set_entry": set_entry,
            }
            if told is not None:
                for key, number in registered.items():
                    told_of[position[key]] = told.told_of.get(number, NOTHING)
                values |= {name: getattr(told, name) for name in _NOTHING_TOLD}
        return values | {
            "number_key": number_key,
            "number_start": start,
            "number_unit": units,
            "number_owners": array("i", map(len, owners)),
            "number_set": sets,
            "number_told": told_of,
            "location_number": location_number,
        }


def _ignore(_problem: Problem) -> None:
    """For builders whose problems nobody asked for."""


def _grouped(keys: list[int], rows: array[int]) -> tuple[array[int], array[int], array[int]]:
    """Keys sorted and each once, the start of each one's rows, and the rows."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    distinct = array("q")
    starts = array("i")
    units = array("i")
    for place in order:
        key = keys[place]
        if not distinct or distinct[-1] != key:
            distinct.append(key)
            starts.append(len(units))
        units.append(rows[place])
    starts.append(len(units))
    return distinct, starts, units
