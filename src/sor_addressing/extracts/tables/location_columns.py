"""The columns of location numbers in tables of units: whose a number is, and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress, repeat
from operator import or_
from typing import NamedTuple

from sor_addressing.extracts.tables.block_columns import BLANK, BlockColumns
from sor_addressing.extracts.tables.cell_values import ReadCells, word_reader
from sor_addressing.extracts.tables.whole_columns import wrong_location_numbers
from sor_addressing.model import LocationRecord, LocationSource

__all__ = ["LocationColumns", "Locations"]

# What a cell says of a number's origin; that it isn't inherited says nothing where there is no number.
_OWN, _INHERITED, _NOT_INHERITED, _NOTHING, _NOT_SAID = "own", "inherited", "not inherited", "nothing", "not said"
_UNKNOWN = "unknown"
_FALSE: Iterable[bool] = repeat(False)


class Locations(NamedTuple):
    """What a block says of location numbers, an entry a row in each but ``wrong``: the rows with a number that isn't right.

    Of a number that a row shows as inherited ``inherited_records`` has what the row says of it.
    """

    records: Iterable[LocationRecord | None]
    sources: Iterable[LocationSource]
    inherited: Iterable[str]
    inherited_records: Iterable[LocationRecord | None]
    wrong: list[int]


class LocationColumns:
    """Reads the location numbers of a table's blocks; keeps what they share."""

    def __init__(self, block: BlockColumns) -> None:
        self._block = block
        self._words = ReadCells[str](
            word_reader(
                {
                    "own": _OWN,
                    "inherited": _INHERITED,
                    "yes": _INHERITED,
                    "no": _NOT_INHERITED,
                    "nothing": _NOTHING,
                    "not_known": _UNKNOWN,
                }
            ),
            _NOT_SAID,
        )
        self._flags = {
            field: ReadCells[bool](word_reader({"yes": True, "no": False}), False)
            for field in ("internal_only", "inactive")
        }
        self._statuses = ReadCells[bool](word_reader({"in_use": False, "out_of_use": True}), False)
        self._unreadable: list[int] = []
        unknown = LocationSource.UNKNOWN
        self._with_number = {
            _OWN: LocationSource.OWN,
            _NOT_INHERITED: LocationSource.OWN,
            _INHERITED: LocationSource.INHERITED,
            _NOTHING: unknown,
            _UNKNOWN: unknown,
            _NOT_SAID: unknown,
        }
        self._without_number = {
            _OWN: None,
            _NOT_INHERITED: LocationSource.NONE,
            _INHERITED: LocationSource.INHERITED,
            _NOTHING: LocationSource.NONE,
            _UNKNOWN: unknown,
            _NOT_SAID: LocationSource.NONE if block.has("location_source") else unknown,
        }

    def read(self) -> Locations:
        """The location numbers of the block at hand."""
        block = self._block
        lost: list[int] = []
        numbers = block.identifiers("location_number", lost) or [""] * len(block.codes)
        sources = self._read_sources(numbers, lost)
        behind = (
            *map(block.coded_texts, ("system", "supplier", "net_operator")),
            block.regions("region"),
            block.coded_texts("administrator"),
        )
        facts = (numbers, self._flag("internal_only"), self._inactive(), *behind)
        made = map(LocationRecord, *(compress(fact, numbers) for fact in facts))
        records = [next(made) if number else None for number in numbers]
        for at in self._unreadable:
            record = records[at]
            if record is not None:
                record.state_unreadable = True
        self._unreadable.clear()
        if LocationSource.INHERITED not in sources:
            return Locations(records, sources, BLANK, repeat(None), wrong_location_numbers(numbers))
        shows = [source is LocationSource.INHERITED for source in sources]
        inherited = [number if shown else "" for number, shown in zip(numbers, shows, strict=True)]
        declared = ["" if shown else number for number, shown in zip(numbers, shows, strict=True)]
        of_inherited = [record if shown else None for record, shown in zip(records, shows, strict=True)]
        own = [None if shown else record for record, shown in zip(records, shows, strict=True)]
        return Locations(own, sources, inherited, of_inherited, wrong_location_numbers(declared))

    def _read_sources(self, numbers: Sequence[str], lost: list[int]) -> list[LocationSource]:
        column = self._block.column("location_source")
        words: Iterable[str] = repeat(_NOT_SAID) if column is None else self._words.column(column)
        given, missing = self._with_number, self._without_number
        found = [given[word] if number else missing[word] for number, word in zip(numbers, words, strict=False)]
        unreadable = self._words.unreadable_in(column or ())
        for at in unreadable:
            self._block.problem_of_cell("location-source-unreadable", at, "location_source")
        if all(found) and not unreadable and not lost:
            return found  # type: ignore[return-value]  # none of them is None
        unknown = {*unreadable, *lost}
        for at, source in enumerate(found):
            if source is None and at not in unknown:
                self._block.problem_of_unit("own-location-number-missing", at)
        return [source if source and at not in unknown else LocationSource.UNKNOWN for at, source in enumerate(found)]

    def _flag(self, field: str) -> Iterable[bool]:
        column = self._block.column(field)
        if column is None:
            return _FALSE
        read = self._flags[field]
        values = read.column(column)
        for at in read.unreadable_in(column):
            self._unreadable.append(at)
            self._block.problem_of_cell("boolean-unreadable", at, field)
        return values

    def _inactive(self) -> Iterable[bool]:
        """Whether a number is out of use: by a yes, or by the word for its status."""
        flags = self._flag("inactive")
        column = self._block.column("location_status")
        if column is None:
            return flags
        statuses = self._statuses.column(column)
        for at in self._statuses.unreadable_in(column):
            self._unreadable.append(at)
            self._block.problem_of_cell("location-status-unreadable", at, "location_status")
        return map(or_, flags, statuses)
