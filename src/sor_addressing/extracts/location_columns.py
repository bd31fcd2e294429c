"""The columns of location numbers in tables of units: whose a number is, and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress, repeat
from operator import or_
from typing import NamedTuple

from sor_addressing.extracts.block_columns import BLANK, BlockColumns
from sor_addressing.extracts.cells import ReadCells, word_reader
from sor_addressing.extracts.identifier_columns import wrong_location_numbers
from sor_addressing.model import LocationRecord, LocationSource

__all__ = ["LocationColumns", "Locations"]

_TEXTS = ("system", "supplier", "net_operator", "region", "administrator")
# What a cell says of a number's origin; that it isn't inherited says nothing where there is no number.
_OWN, _INHERITED, _NOT_INHERITED, _NOTHING, _NOT_SAID = "own", "inherited", "not inherited", "nothing", "not said"
_UNKNOWN = "unknown"
_FALSE: Iterable[bool] = repeat(False)


class Locations(NamedTuple):
    """What a block says of location numbers, an entry a row in each but ``wrong``: the rows with a number that isn't right."""

    records: Iterable[LocationRecord | None]
    sources: Iterable[LocationSource]
    inherited: Iterable[str]
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
        unknown = LocationSource.UNKNOWN
        self._sources = {
            (True, _OWN): LocationSource.OWN,
            (True, _NOT_INHERITED): LocationSource.OWN,
            (True, _INHERITED): LocationSource.INHERITED,
            (True, _NOTHING): unknown,
            (True, _UNKNOWN): unknown,
            (True, _NOT_SAID): unknown,
            (False, _OWN): unknown,
            (False, _NOT_INHERITED): LocationSource.NONE,
            (False, _INHERITED): LocationSource.INHERITED,
            (False, _NOTHING): LocationSource.NONE,
            (False, _UNKNOWN): unknown,
            (False, _NOT_SAID): LocationSource.NONE if block.has("location_source") else unknown,
        }

    def read(self) -> Locations:
        """The location numbers of the block at hand."""
        block = self._block
        lost: list[int] = []
        numbers = block.identifiers("location_number", lost)
        column = block.column("location_source")
        words: Iterable[str] = repeat(_NOT_SAID) if column is None else self._words.column(column)
        if numbers is None:
            numbers = [""] * len(block.codes)
        sources = list(map(self._sources.__getitem__, zip(map(bool, numbers), words, strict=False)))
        inherited: Iterable[str] = BLANK
        declared = numbers
        if LocationSource.INHERITED in sources:
            shows = [source is LocationSource.INHERITED for source in sources]
            inherited = [number if shown else "" for number, shown in zip(numbers, shows, strict=True)]
            declared = ["" if shown else number for number, shown in zip(numbers, shows, strict=True)]
        texts = map(block.texts, _TEXTS)
        facts = (declared, self._flag("internal_only"), self._inactive(), *texts)
        made = map(LocationRecord, *(compress(fact, declared) for fact in facts))
        records = [next(made) if number else None for number in declared]
        for at in lost:
            sources[at] = LocationSource.UNKNOWN
        if column is not None:
            self._look_over_words(column, numbers, sources, lost)
        return Locations(records, sources, inherited, wrong_location_numbers(numbers))

    def _look_over_words(
        self, column: Iterable[str], numbers: Iterable[str], sources: list[LocationSource], lost: list[int]
    ) -> None:
        cells = list(column)
        for at in self._words.unreadable_in(cells):
            self._block.problem_of_cell("location-source-unreadable", at, "location_source")
            sources[at] = LocationSource.UNKNOWN
        for at in [at for at, number in enumerate(numbers) if not number]:
            if self._words[cells[at]] is _OWN and at not in lost:
                self._block.problem_of_unit("own-location-number-missing", at)

    def _flag(self, field: str) -> Iterable[bool]:
        column = self._block.column(field)
        if column is None:
            return _FALSE
        read = self._flags[field]
        values = read.column(column)
        for at in read.unreadable_in(column):
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
            self._block.problem_of_cell("location-status-unreadable", at, "location_status")
        return map(or_, flags, statuses)
