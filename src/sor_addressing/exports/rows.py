"""The rows of an extract, made one by one while they are written.

A row is made of pieces: some cells that stand beside one another. What rows near one another have in common (what stands behind a location
number, names above, message types, codes in words) is one piece, made once and kept for a while; the rest comes straight from the packed records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import attrs

from sor_addressing.addressing.findings import finding_of
from sor_addressing.addressing.usable import assess
from sor_addressing.exports.above import Above, Records
from sor_addressing.exports.choosing import Chosen, ExportQuestion
from sor_addressing.exports.columns import COLUMNS, LISTS_OF_TYPES, Dialect, ExportColumn
from sor_addressing.exports.registered import TypeCells, types_of
from sor_addressing.index.addresses import standing_in
from sor_addressing.index.columns import LOCATION_INHERITED, LOCATION_OWN, NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.packed import codes, parts_of_text, split, texts
from sor_addressing.index.unit import day_of
from sor_addressing.index.words import words_of
from sor_addressing.model import ADDRESS_FIELDS, KINDS, Address
from sor_addressing.texts import text_of

Row = tuple[object, ...]
Piece = Any
"""Cells beside one another, as the dialect packs them."""

_shown = texts(
    "name",
    "types",
    "specialities",
    "provider_number",
    "shak_code",
    "cvr_number",
    "pharmacy_number",
    "visiting_address",
    "postal_address",
    "contact",
)
_of_address = parts_of_text(
    "visiting_address",
    "region_code",
    "street",
    "building",
    "postcode",
    "district",
    "floor",
    "suite",
    "sublocation",
    "district_subdivision",
    "post_office_box",
)
_of_contact = parts_of_text("contact", "email", "website", "telephone")
_SOURCES = {LOCATION_OWN: "own", LOCATION_INHERITED: "inherited"}
_NAMES_OF_DATABASES = frozenset({"rowid", "oid", "_rowid_"})
_TOLD_EVERY = 1_000
_DAYS = 32_768
_KEPT = 1_024
"""So many pieces of one sort are kept. Rows that have one in common stand near one another in the register."""


@attrs.frozen(slots=True)
class Table:
    """An extract that can be written: which rows, under which names, with message types as lists or columns, its words in which language."""

    asked: ExportQuestion
    chosen: Chosen
    names: Sequence[str]
    above: Above
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
    def columns(self) -> tuple[ExportColumn, ...]:
        """The columns, in their order."""
        if self.type_columns is None:
            return COLUMNS + LISTS_OF_TYPES
        registered = self.index.registered_types()
        return COLUMNS + _of_types([registered[position].text for position in self.type_columns])

    def rows(self, dialect: Dialect) -> Iterator[Row]:
        """The rows as a format writes them, cell by cell; for a dialect that packs nothing."""
        return map(tuple, map(chain.from_iterable, self.pieces(dialect)))

    def pieces(self, dialect: Dialect) -> Iterator[tuple[Piece, ...]]:
        """The rows as the pieces that they are made of."""
        rows = _Pieces(self, dialect).rows()
        return rows if self.counting is None else self._counted(rows, self.counting)

    def _counted(self, rows: Iterator[Row], counting: Callable[[int, int], None]) -> Iterator[Row]:
        total = len(self)
        for done, row in enumerate(rows):
            if done % _TOLD_EVERY == 0:
                counting(done, total)
            yield row
        counting(total, total)


def _of_types(texts: Sequence[str]) -> tuple[ExportColumn, ...]:
    """A column for each type, called like it; where another column is called so, in any case, it says that it is a type."""
    taken = {column.name for column in COLUMNS} | _NAMES_OF_DATABASES
    columns = []
    for text in texts:
        name, times = text, 1
        while name.casefold() in taken:
            name, times = f"{text} (message type{f' {times}' if times > 1 else ''})", times + 1
        taken.add(name.casefold())
        columns.append(ExportColumn(name))
    return tuple(columns)


def types_to_show(index: Index, rows: Sequence[int]) -> list[int]:
    """Which of the registered types stand on a location number of ``rows``."""
    columns = index.columns
    sets = {
        columns.number_set[columns.location_number[location]]
        for location in (columns.unit_location[row] for row in rows)
        if location != NOTHING
    }
    return sorted({position for one in sets for position in types_of(index, one)})


class _Pieces:
    """Makes the pieces of rows."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self._table = table
        self._index = table.index
        self._dialect = dialect
        self._word = lru_cache(_KEPT)(self._word_of)
        self._types = TypeCells(table.index, dialect, table.type_columns)

    def rows(self) -> Iterator[tuple[Piece, ...]]:
        """The rows, in order."""
        table, dialect, index = self._table, self._dialect, self._index
        chosen, columns, names, higher_of = table.chosen, index.columns, table.names, table.above.of
        pack, identifier, nothing = dialect.pack, dialect.identifier, dialect.nothing
        keys, uncertain, reasons, beside = chosen.keys, chosen.uncertain, chosen.reasons, chosen.beside
        locations, states, kinds = columns.unit_location, columns.unit_location_state, columns.unit_kind
        parents, municipalities = columns.unit_parent, columns.unit_municipality
        begins, ends, numbers, sets = columns.unit_from, columns.unit_to, columns.location_number, columns.number_set
        owners, regions = columns.location_owner, columns.location_region
        systems, suppliers = columns.location_system, columns.location_supplier
        operators, administrators = columns.location_net_operator, columns.location_administrator
        number_text, sor_code = index.number_text, index.sor_code
        number_keys, sor_keys = columns.number_key, columns.unit_key
        owner, types, identifiers = (
            lru_cache(_KEPT)(self._owner),
            self._kept(self._types_and_specialities),
            self._identifiers(),
        )
        registered = self._kept(self._types.cells, dialect.pack_plain if self._types.plain else pack)
        above, place_of, contact = self._kept(self._names_above), self._kept(self._place), self._kept(self._contact)
        behind, day = self._kept(self._behind), lru_cache(_DAYS)(self._day)
        kind_names = [str(kind) for kind in KINDS]
        last_level = len(kind_names) - 1
        alone = pack((dialect.flags[1], dialect.several(()))), pack((dialect.flags[0], dialect.several(())))
        good = pack((dialect.flags[1], nothing, nothing))
        records = map(Records(index).of, chosen.rows)
        owned: Row
        for place, (row, record) in enumerate(zip(chosen.rows, records, strict=True)):
            name, kinds_of, specialities, provider, shak, cvr, pharmacy, visiting, postal, said = _shown(record)
            location, level = locations[row], kinds[row]
            institution, top, postal_above, said_above = higher_of(parents[row])
            if level != last_level:
                institution, top, _, _ = higher_of(row)
            # Keys above zero are digits with a 1 in front; here it matters not to ask three functions for each.
            key = sor_keys[row]
            code = identifier(str(key)[1:] if key > 0 else sor_code(row))
            if location == NOTHING:
                number, owned, region = nothing, (nothing, nothing, nothing), 0
                behind_it, types_registered = behind(0, 0, 0, 0), registered(NOTHING)
            else:
                at = numbers[location]
                key = number_keys[at]
                number, region = identifier(str(key)[1:] if key > 0 else number_text(at)), regions[location]
                owned = (
                    ("own", code, name or nothing) if owners[location] == row else owner(owners[location], states[row])
                )
                behind_it = behind(
                    systems[location], suppliers[location], operators[location], administrators[location]
                )
                types_registered = registered(sets[at])
            yield (
                # The display name, which most often has a comma in it, is a piece of its own: the others need no quoting.
                pack((number, code)),
                pack((names[place],)),
                pack((name or nothing, kind_names[level], *owned)),
                self._company(place) if place in beside else alone[place in uncertain],
                good if place not in reasons else self._against(row, reasons[place]),
                types(kinds_of, specialities),
                identifiers(provider if keys is None else keys[place], shak, cvr, pharmacy),
                above(institution, top),
                place_of(standing_in(visiting, postal, postal_above), region, municipalities[row]),
                contact(said or said_above),
                behind_it,
                pack((day(begins[row]), day(ends[row]))),
                types_registered,
            )

    def _kept(
        self, make: Callable[..., Sequence[object]], pack: Callable[[Sequence[Any]], Piece] | None = None
    ) -> Callable[..., Piece]:
        """``make``, with its pieces packed and kept."""
        pack = pack or self._dialect.pack
        return lru_cache(maxsize=_KEPT)(lambda *what: pack(make(*what)))

    def _owner(self, owner: int, state: int) -> Row:
        """Whether the location number is the unit's own; SOR code and name of the unit whose it is."""
        return (_SOURCES.get(state, self._dialect.nothing), *self._named(owner))

    def _named(self, row: int) -> Row:
        dialect = self._dialect
        if row == NOTHING:
            return (dialect.nothing, dialect.nothing)
        return (dialect.identifier(self._index.sor_code(row)), self._table.above.name(row) or dialect.nothing)

    def _company(self, place: int) -> Piece:
        """Whether the unit is certain, and which other units are at the address."""
        dialect, chosen = self._dialect, self._table.chosen
        others = dialect.several([self._index.sor_code(other) for other in chosen.beside[place]])
        return dialect.pack((dialect.flags[place not in chosen.uncertain], others))

    def _against(self, row: int, code: str) -> Piece:
        """Why no letter can go to the unit."""
        index, asked, dialect, language = self._index, self._table.asked, self._dialect, self._table.language
        raws = assess(index, row, asked.day, asked.policy).raws
        raw = next((one for one in raws if one[0] == code), None)
        sentence = finding_of(index, raw).text(language) if raw else text_of("exports", f"reason.{code}", language, {})
        return dialect.pack((dialect.flags[0], code, sentence))

    def _types_and_specialities(self, types: str, specialities: str) -> Row:
        return (*self._codes("type", types), *self._codes("speciality", specialities))

    def _codes(self, kind: str, text: str) -> Row:
        """Codes and what they stand for, of a field of the record."""
        several = self._dialect.several
        found = codes(text)
        words = [words_of(self._index, kind, code, self._table.language) or code for code in found]
        return (several(found), several(words))

    def _identifiers(self) -> Callable[..., Piece]:
        """A function from provider number, SHAK code, CVR number and pharmacy number to their cells."""
        identifier, nothing = self._dialect.identifier, self._dialect.nothing
        return self._kept(lambda *given: tuple([identifier(one) if one else nothing for one in given]))

    def _names_above(self, institution: int, owner: int) -> Row:
        return (*self._named(institution), *self._named(owner))

    def _word_of(self, kind: str, code: str) -> object:
        if not code:
            return self._dialect.nothing
        return words_of(self._index, kind, code, self._table.language) or code

    def _place(self, parts: str, region_behind: int, municipality: int) -> Row:
        """Region, municipality, street, postal code and town, from an address and what stands in for what it doesn't say."""
        index, dialect = self._index, self._dialect
        identifier, nothing = dialect.identifier, dialect.nothing
        region = street = postcode = town = ""
        if parts:
            region, street, building, postcode, town, *rare = _of_address(parts)
            if any(rare):
                values = zip(ADDRESS_FIELDS, split(parts), strict=True)
                said: dict[str, Any] = {field: one or None for field, one in values}
                lines = Address(**said).lines
                street = ", ".join(lines[:-1] if postcode or town else lines)
            elif building:
                street = f"{street} {building}".strip()
        region = region or index.text(region_behind)
        code = index.text(municipality)
        return (
            region or nothing,
            self._word("region", region),
            identifier(code) if code else nothing,
            street or nothing,
            identifier(postcode) if postcode else nothing,
            town or nothing,
        )

    def _contact(self, parts: str) -> Row:
        """Telephone, e-mail and website."""
        nothing = self._dialect.nothing
        if not parts:
            return (nothing, nothing, nothing)
        email, website, telephone = _of_contact(parts)
        return (telephone or nothing, email or nothing, website or nothing)

    def _behind(self, *positions: int) -> Row:
        """What stands behind a location number: texts of system, supplier, net operator and administrator."""
        nothing = self._dialect.nothing
        system, supplier, operator, administrator = map(self._index.text, positions)
        return (
            system or nothing,
            supplier or nothing,
            operator or nothing,
            self._word("net-operator", operator),
            administrator or nothing,
        )

    def _day(self, ordinal: int) -> object:
        day = day_of(ordinal)
        return self._dialect.nothing if day is None else day.isoformat()
