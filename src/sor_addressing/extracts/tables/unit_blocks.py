"""Rows of a table of units to records, a block at a time and in it column by column.

A column that is empty all the way costs nothing, one that repeats is read once a text, and a record is made in one call. What
is out of order is found for the whole column, and only then row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from sor_addressing.cells import is_blank
from sor_addressing.extracts.checks import Report, check_identifiers
from sor_addressing.extracts.days import TableDays
from sor_addressing.extracts.tables.block_columns import BLANK, BlockColumns, first_of
from sor_addressing.extracts.tables.cell_values import (
    MANY,
    ReadCells,
    clean_cell,
    decimals,
    is_degrees,
    word_reader,
)
from sor_addressing.extracts.tables.location_columns import LocationColumns
from sor_addressing.extracts.tables.text import RowBlock
from sor_addressing.extracts.tables.whole_columns import (
    wrong_cvr_numbers,
    wrong_provider_numbers,
    wrong_shak_codes,
    wrong_sor_codes,
)
from sor_addressing.identifiers import ProviderNumber
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, UnitKind, UnitRecord

__all__ = ["UnitBlocks"]

_DAY_FIELDS = ("from_date", "to_date", "first_from_date")
_PRIORITIES = ("", *(f"_{number}" for number in range(1, 9)))
_WRONG_AMONG = {
    "provider_number": wrong_provider_numbers,
    "shak_code": wrong_shak_codes,
    "cvr_number": wrong_cvr_numbers,
    "owner_cvr_number": wrong_cvr_numbers,
}
_ADDRESS_COLUMNS = {
    kind: tuple(f"{kind}_{field}" for field in ADDRESS_FIELDS) for kind in ("postal", "visiting", "activity")
}
_REGION = ADDRESS_FIELDS.index("region_code")
_NO_ADDRESS = ("",) * len(ADDRESS_FIELDS)


class UnitBlocks:
    """Makes records of one table's rows; keeps what its rows share.

    Args:
        positions: field to position of its column.
        file: name used in problems.
        report: called with each problem.
        header: the cells of the header, for problems that name a column.
        has_regions_of_units: whether the column of regions is that of units, and not of location numbers.
    """

    def __init__(
        self,
        positions: Mapping[str, int],
        *,
        file: str,
        report: Report,
        header: Sequence[str],
        has_regions_of_units: bool = False,
    ) -> None:
        self.positions = positions
        self._file = file
        self._report = report
        self._has_regions_of_units = has_regions_of_units
        self._by_institution = "parent_sor_code" not in positions and "health_institution_sor_code" in positions
        self._block = BlockColumns(positions, file=file, report=report, header=header)
        self._locations = LocationColumns(self._block)
        self._suspects: set[int] = set()
        self._told_of_degrees = False
        self._has_some: dict[tuple[str, ...], bool] = {}
        days = TableDays()
        self._days = {field: ReadCells[dt.date | None](days.__getitem__, None) for field in _DAY_FIELDS}
        self._kinds = ReadCells[UnitKind | None](word_reader({kind.name.lower(): kind for kind in UnitKind}), None)
        self._types = ReadCells[tuple[str, ...]](lambda text: (text,), ())
        self._specialities = _Specialities()

    def records(self, block: RowBlock) -> list[UnitRecord]:
        """The units of a block; rows without a usable SOR code are reported and left out."""
        columns = self._block
        columns.take(block)
        if not columns.codes:
            return []
        self._suspects = set(wrong_sor_codes(columns.codes))
        parents, gaps = self._parents()
        locations = self._locations.read()
        records = list(
            map(
                UnitRecord,
                columns.codes,
                self._unit_kinds(parents),
                columns.texts("unit_name"),
                parents,
                columns.lines,
                self._unit_types(),
                *map(self._day_column, _DAY_FIELDS),
                columns.texts("updated_at"),
                repeat(False),
                locations.sources,
                locations.records,
                self._number_column("provider_number"),
                self._number_column("shak_code"),
                self._cvr_numbers(),
                columns.texts("pharmacy_number"),
                columns.texts("local_code"),
                self._speciality_column(),
                self._addresses("postal"),
                self._addresses("visiting"),
                self._addresses("activity"),
                self._parts(CONTACT_FIELDS),
                repeat(None),
                repeat(()),
                repeat(()),
                repeat(None),
                repeat(()),
                gaps,
                locations.inherited,
                locations.inherited_records,
                self._parts(("organisational_level_code", "organisational_level")),
            )
        )
        if self._has_regions_of_units:
            for record, region in zip(records, columns.regions("region"), strict=False):
                _give_region(record, region)
        self._look_over_periods(records)
        for at in sorted(self._suspects.union(locations.wrong)):
            check_identifiers(records[at], file=self._file, report=self._report, from_spreadsheet=True)
        return records

    def _parents(self) -> tuple[Sequence[str | None], Iterable[bool]]:
        """The unit above each, and whether one that isn't known may stand in between."""
        if self._by_institution:
            return self._institutions_as_parents()
        lost: list[int] = []
        codes = self._block.identifiers("parent_sor_code", lost)
        if codes is None:
            return [None] * len(self._block.codes), repeat(False)
        gaps = [at in lost for at in range(len(codes))] if lost else repeat(False)
        return [code or None for code in codes], gaps

    def _institutions_as_parents(self) -> tuple[Sequence[str | None], Iterable[bool]]:
        block = self._block
        institutions = block.identifiers("health_institution_sor_code", []) or BLANK
        owners = block.identifiers("institution_owner_sor_code", []) or BLANK
        parents: list[str | None] = []
        gaps = []
        for code, kind, institution, owner in zip(
            block.codes, self._unit_kinds(repeat("")), institutions, owners, strict=False
        ):
            parent = None
            if kind is UnitKind.ORGANISATIONAL_UNIT and institution != code:
                parent = institution or None
            elif kind is UnitKind.HEALTH_INSTITUTION and owner != code:
                parent = owner or None
            parents.append(parent)
            gaps.append(kind is UnitKind.ORGANISATIONAL_UNIT or (kind is UnitKind.HEALTH_INSTITUTION and not parent))
        return parents, gaps

    def _unit_kinds(self, parents: Iterable[str | None]) -> Iterable[UnitKind]:
        """The level of each unit; one that the row doesn't say is told by whether it has a parent."""
        if not self._block.has("unit_kind"):
            return repeat(UnitKind.ORGANISATIONAL_UNIT)
        column = self._block.column("unit_kind") or [""] * len(self._block.codes)
        kinds = self._kinds.column(column)
        if all(kinds):
            return kinds  # type: ignore[return-value]  # none of them is None
        told: list[UnitKind] = []
        for at, (kind, parent) in enumerate(zip(kinds, parents, strict=False)):
            if kind is None:
                kind = UnitKind.INSTITUTION_OWNER if parent is None else UnitKind.ORGANISATIONAL_UNIT
                if not (self._by_institution and parent == ""):
                    self._block.problem_of_cell("unit-kind-unreadable", at, "unit_kind", kind=kind.value)
            told.append(kind)
        return told

    def _unit_types(self) -> Iterable[tuple[str, ...]]:
        column = self._block.code_or_word("unit_type_code", "unit_type")
        return repeat(()) if column is None else self._types.column(column)

    def _speciality_column(self) -> Iterable[tuple[tuple[str, str], ...]]:
        pairs = (self._block.code_or_word(f"speciality_code{number}", f"speciality{number}") for number in _PRIORITIES)
        columns = [column for column in pairs if column is not None]
        return self._specialities.of(zip(*columns, strict=True)) if columns else repeat(())

    def _day_column(self, field: str) -> Iterable[dt.date | None]:
        column = self._block.column(field)
        return repeat(None) if column is None else self._days[field].column(column)

    def _look_over_periods(self, records: Sequence[UnitRecord]) -> None:
        block = self._block
        for field, read in self._days.items():
            for at in read.unreadable_in(block.column(field) or ()):
                if field == "first_from_date":
                    block.problem_of_cell("first-from-date-unreadable", at, field)
                else:
                    block.problem_of_cell("date-unreadable", at, field)
                    records[at].period_unreadable = True
        if block.column("to_date") is None:
            return
        for at, record in enumerate(records):
            first, last = record.from_date, record.to_date
            if last is not None and first is not None and last < first:
                block.problem_of_unit("period-reversed", at, from_date=first.isoformat(), to_date=last.isoformat())

    def _number_column(self, field: str) -> Iterable[str]:
        """One kind of identifier in compact form; places of those that aren't as they should be are kept to be reported."""
        found = self._block.identifiers(field, [])
        if found is None:
            return BLANK
        if field == "provider_number" and not set(map(len, found)) <= {0, 6}:
            found = list(map(ProviderNumber.compact, found))
        self._suspects.update(_WRONG_AMONG[field](found))
        return found

    def _cvr_numbers(self) -> Iterable[str]:
        """The CVR number of each unit: the row's own, else that of its owner, who is the legal entity."""
        own, owners = self._number_column("cvr_number"), self._number_column("owner_cvr_number")
        if owners is BLANK or own is BLANK:
            return own if owners is BLANK else owners
        return map(first_of, own, owners)

    def _addresses(self, kind: str) -> Iterable[tuple[str, ...] | None]:
        names = _ADDRESS_COLUMNS[kind]
        if self._block.has(f"{kind}_address"):
            names = (f"{kind}_address", *names[1:])
        return self._parts(names)

    def _parts(self, names: tuple[str, ...]) -> Iterable[tuple[str, ...] | None]:
        """The columns with these names as the parts of addresses or contacts; None where a row has none of them."""
        if names not in self._has_some:
            self._has_some[names] = any(
                self._block.has(name) or self._block.has(name.removesuffix("_code")) for name in names
            )
        if not self._has_some[names]:
            return repeat(None)
        parts = list(map(self._part, names))
        if all(part is BLANK for part in parts):
            return repeat(None)
        nothing = ("",) * len(names)
        return [found if found != nothing else None for found in zip(*parts, strict=False)]

    def _part(self, name: str) -> Iterable[str]:
        if name.endswith(("_easting", "_northing")):
            return self._metres(name)
        if name.endswith("_region_code"):
            return self._block.regions(name.removesuffix("_code"))
        return self._block.texts(name)

    def _metres(self, name: str) -> Iterable[str]:
        """Coordinates with a decimal point. Degrees are none, which some exports have in the columns of metres: told once a file."""
        column = self._block.column(name)
        if column is None:
            return BLANK
        found = decimals(column, is_plain=self._block.is_plain)
        degrees = [at for at, text in enumerate(found) if "." in text[:4] and is_degrees(text)]
        if not degrees:
            return found
        if not self._told_of_degrees:
            self._told_of_degrees = True
            self._block.problem_of_cell("coordinates-in-degrees", degrees[0], name)
        kept = list(found)
        for at in degrees:
            kept[at] = ""
        return kept


def _give_region(record: UnitRecord, region: str) -> None:
    """A unit lies in a region as its addresses do: those get it that name none; a unit without any has one that says no more."""
    if not region:
        return
    if record.visiting_address is None and record.postal_address is None:
        record.postal_address = _NO_ADDRESS
    for name in ("visiting_address", "postal_address"):
        address: tuple[str, ...] | None = getattr(record, name)
        if address is not None and not address[_REGION]:
            setattr(record, name, (*address[:_REGION], region, *address[_REGION + 1 :]))


class _Specialities(dict[tuple[str, ...], tuple[tuple[str, str], ...]]):
    """Cells of one row to its specialities, in the order of their priority; no table says of what type they are."""

    def __missing__(self, cells: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        words = dict.fromkeys(map(clean_cell, cells))
        self[cells] = tuple((word, "") for word in words if not is_blank(word))
        return self[cells]

    def of(self, rows: Iterable[tuple[str, ...]]) -> list[tuple[tuple[str, str], ...]]:
        """The specialities of each row."""
        if len(self) > MANY:
            self.clear()
        return list(map(self.__getitem__, rows))
