"""The rows of an extract, made one by one while they are written.

What many rows have in common (what stands behind a location number, names above, message types, codes in words) is written once and kept;
the rest comes straight from the packed records, which makes a row cost little more than writing it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import attrs

from sor_addressing.addressing.candidates import assess
from sor_addressing.addressing.findings import finding_of
from sor_addressing.exports.above import Above
from sor_addressing.exports.choosing import Asked, Chosen
from sor_addressing.exports.columns import COLUMNS, LISTS_OF_TYPES, Column, Dialect
from sor_addressing.exports.registered import TypeCells, types_of
from sor_addressing.index.columns import LOCATION_INHERITED, LOCATION_OWN, NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import day_of
from sor_addressing.index.unit_kinds import KINDS
from sor_addressing.index.words import words_of
from sor_addressing.model import ADDRESS_FIELDS, Address
from sor_addressing.texts import text_of

Row = tuple[object, ...]

_FIELD, _PART, _PAIR = "\x1f", "\x1e", "\x1d"
_BLOCK = 1 << 18
_TOLD_EVERY = 1_000
_SOURCES = {LOCATION_OWN: "own", LOCATION_INHERITED: "inherited"}
_POSTCODE, _TOWN, _REGION = map(ADDRESS_FIELDS.index, ("postcode", "district", "region_code"))


@attrs.frozen(slots=True)
class Table:
    """An extract that can be written: which rows, under which names, with message types as lists or columns, its words in which language."""

    asked: Asked
    chosen: Chosen
    names: Sequence[str]
    type_columns: Sequence[int] | None
    language: str
    counting: Callable[[int, int], None] | None = None

    def __len__(self) -> int:
        return len(self.chosen.rows)

    @property
    def index(self) -> Index:
        """The register's index."""
        return self.asked.index

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in their order."""
        if self.type_columns is None:
            return COLUMNS + LISTS_OF_TYPES
        registered = self.index.registered_types()
        return COLUMNS + tuple(Column(registered[position].text) for position in self.type_columns)

    def rows(self, dialect: Dialect) -> Iterator[Row]:
        """The rows as a format writes them."""
        rows = _Cells(self, dialect).rows()
        return rows if self.counting is None else self._counted(rows, self.counting)

    def _counted(self, rows: Iterator[Row], counting: Callable[[int, int], None]) -> Iterator[Row]:
        total = len(self)
        for done, row in enumerate(rows):
            if done % _TOLD_EVERY == 0:
                counting(done, total)
            yield row
        counting(total, total)


def types_to_show(index: Index, rows: Sequence[int]) -> list[int]:
    """Which of the registered types stand on a location number of ``rows``."""
    columns = index.columns
    sets = {
        columns.number_set[columns.location_number[location]]
        for location in (columns.unit_location[row] for row in rows)
        if location != NOTHING
    }
    return sorted({position for one in sets for position in types_of(index, one)})


def fields_of(index: Index, rows: Sequence[int]) -> Iterator[list[str]]:
    """The fields of each row's packed record; ``rows`` are sorted. Read in blocks, so that little is held at a time."""
    columns = index.columns
    begins = columns.unit_record
    start, block = 0, b""
    for row in rows:
        begin, end = begins[row], begins[row + 1]
        if end - start > len(block):
            start = begin
            block = bytes(columns.records[start : max(end, min(start + _BLOCK, begins[-1]))])
        yield block[begin - start : end - start].decode().split(_FIELD)


class _Cells:
    """Makes rows. Each piece of a row is a tuple of cells; pieces that come again are kept."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self._table = table
        self._index = index = table.index
        self._dialect = dialect
        self._above = Above(index, dialect)
        self._types = cache(lambda text: self._codes("type", text))
        self._specialities = cache(lambda text: self._codes("speciality", text))
        self._day = cache(lambda day: _day(day, dialect.nothing))
        self._region_name = cache(lambda code: self._word("region", code))
        self._behind_known: dict[tuple[int, ...], Row] = {}
        self._registered = TypeCells(index, dialect, table.type_columns)

    def rows(self) -> Iterator[Row]:
        """The rows, in order."""
        table, dialect, index = self._table, self._dialect, self._index
        chosen, columns, above = table.chosen, index.columns, self._above
        text, identifier, nothing = dialect.text, dialect.identifier, dialect.nothing
        no, yes = dialect.flags
        keys, uncertain, reasons, beside = chosen.keys, chosen.uncertain, chosen.reasons, chosen.beside
        locations, states, kinds = columns.unit_location, columns.unit_location_state, columns.unit_kind
        parents, municipalities = columns.unit_parent, columns.unit_municipality
        begins, ends, numbers, sets = columns.unit_from, columns.unit_to, columns.location_number, columns.number_set
        types_of_text, specialities_of_text, day = self._types, self._specialities, self._day
        number_text, sor_code, registered = index.number_text, index.sor_code, self._registered.cells
        levels = [str(kind) for kind in KINDS]
        certain = {False: (yes,), True: (no,)}
        good = (yes, nothing, nothing)
        nowhere = self._without_location()
        behind, place_of, contact_of = self._behind, self._place(), self._contact()
        none = dialect.several(())
        fields = fields_of(index, chosen.rows)
        for place, (row, record) in enumerate(zip(chosen.rows, fields, strict=True)):
            name, types, provider, shak, cvr, pharmacy, _, _, _, specialities, postal, visiting, _, contact, *_ = record
            if keys is not None:
                provider = keys[place]
            location, kind, parent = locations[row], kinds[row], parents[row]
            if parent == NOTHING or kind != 2:  # noqa: PLR2004 (an organisational unit)
                higher = above.of(row)
            else:
                higher = above.of(parent)
            names_above, postal_above, contact_above = higher
            others = beside.get(place)
            if location == NOTHING:
                number, behind_it, types_registered = nothing, nowhere, registered(NOTHING)
            else:
                at = numbers[location]
                number, behind_it, types_registered = (
                    identifier(number_text(at)),
                    behind(location),
                    registered(sets[at]),
                )
            state = states[row]
            yield (
                number,
                identifier(sor_code(row)),
                text(table.names[place]),
                text(name) if name else nothing,
                levels[kind],
                _SOURCES.get(state, nothing),
                *(self._owner(location) if state else (nothing, nothing)),
                *certain[place in uncertain],
                none if others is None else dialect.several([sor_code(other) for other in others]),
                *(good if place not in reasons else self._against(row, reasons[place])),
                *types_of_text(types),
                *specialities_of_text(specialities),
                identifier(provider) if provider else nothing,
                identifier(shak) if shak else nothing,
                identifier(cvr) if cvr else nothing,
                identifier(pharmacy) if pharmacy else nothing,
                *names_above,
                *place_of(visiting or postal or postal_above, location, municipalities[row]),
                *contact_of(contact or contact_above),
                *behind_it,
                day(begins[row]),
                day(ends[row]),
                *types_registered,
            )

    def _owner(self, location: int) -> tuple[object, object]:
        """SOR code and name of the unit whose location number it is."""
        if location == NOTHING:
            return (self._dialect.nothing, self._dialect.nothing)
        return self._above.named(self._index.columns.location_owner[location])

    def _against(self, row: int, code: str) -> Row:
        """Why no letter can go to the unit."""
        index, asked, dialect = self._index, self._table.asked, self._dialect
        language = self._table.language
        raws = assess(index, row, asked.day, asked.policy).raws
        raw = next((one for one in raws if one[0] == code), None)
        sentence = finding_of(index, raw).text(language) if raw else text_of("exports", f"reason.{code}", language, {})
        return (dialect.flags[0], code, dialect.text(sentence))

    def _codes(self, kind: str, text: str) -> Row:
        """Codes and what they stand for, of a field of the record."""
        several = self._dialect.several
        codes = [part.partition(_PAIR)[0] for part in text.split(_PART)] if text else []
        words = [words_of(self._index, kind, code, self._table.language) or code for code in codes]
        return (several(codes), several(words))

    def _word(self, kind: str, code: str) -> object:
        if not code:
            return self._dialect.nothing
        return self._dialect.text(words_of(self._index, kind, code, self._table.language) or code)

    def _place(self) -> Callable[[str, int, int], Row]:
        """A function from an address, a location and the text of a municipality to region, municipality, street, postal code and town."""
        index, dialect = self._index, self._dialect
        texts, nothing = index.text, dialect.nothing
        region_of = index.columns.location_region

        @cache
        def address(parts: str) -> tuple[str, object, object, object]:
            if not parts:
                return ("", nothing, nothing, nothing)
            values = parts.split(_PART)
            lines = Address(**dict(zip(ADDRESS_FIELDS, (value or None for value in values), strict=True))).lines
            postcode, town = values[_POSTCODE], values[_TOWN]
            street = ", ".join(lines[:-1] if postcode or town else lines)
            return (
                values[_REGION],
                dialect.text(street) if street else nothing,
                dialect.identifier(postcode) if postcode else nothing,
                dialect.text(town) if town else nothing,
            )

        def place(parts: str, location: int, municipality: int) -> Row:
            region, street, postcode, town = address(parts)
            if not region and location != NOTHING:
                region = texts(region_of[location])
            code = texts(municipality)
            return (
                region or nothing,
                self._region_name(region),
                dialect.identifier(code) if code else nothing,
                street,
                postcode,
                town,
            )

        return place

    def _contact(self) -> Callable[[str], Row]:
        """A function from the parts of a contact to telephone, e-mail and website."""
        text, nothing = self._dialect.text, self._dialect.nothing

        def contact(parts: str) -> Row:
            if not parts:
                return (nothing, nothing, nothing)
            email, website, telephone, _ = parts.split(_PART)
            return (
                text(telephone) if telephone else nothing,
                text(email) if email else nothing,
                text(website) if website else nothing,
            )

        return contact

    def _behind(self, location: int) -> Row:
        """What stands behind a location number; the same behind many."""
        columns = self._index.columns
        key = (
            columns.location_system[location],
            columns.location_supplier[location],
            columns.location_net_operator[location],
            columns.location_administrator[location],
        )
        known = self._behind_known.get(key)
        if known is None:
            system, supplier, operator, administrator = map(self._index.text, key)
            text, nothing = self._dialect.text, self._dialect.nothing
            known = self._behind_known[key] = (
                text(system) if system else nothing,
                text(supplier) if supplier else nothing,
                text(operator) if operator else nothing,
                self._word("net-operator", operator),
                text(administrator) if administrator else nothing,
            )
        return known

    def _without_location(self) -> Row:
        return (self._dialect.nothing,) * 5


def _day(ordinal: int, nothing: object) -> object:
    day: dt.date | None = day_of(ordinal)
    return nothing if day is None else day.isoformat()
