"""``Edityper.csv``: which message types stand on which location number, to send, to receive, or merely registered.

The header of the published file is not documented; columns are found by :mod:`sor_addressing.extracts.tables.headers`. Message
types are handed on as written, one record a row: what they mean, and that two rows for two directions are one
registration, is for those who build the index.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from sor_addressing.cells import is_blank
from sor_addressing.extracts.checks import identifier_reader
from sor_addressing.extracts.tables.headers import ColumnMap, cell_words, normalise
from sor_addressing.extracts.tables.rows import RowDays, TableRows
from sor_addressing.extracts.tables.text import RowBlock, cleaned
from sor_addressing.extracts.tables.whole_columns import wrong_location_numbers
from sor_addressing.hiding import shown
from sor_addressing.identifiers import LocationNumber
from sor_addressing.model import Problem, RegistrationRecord, RowsOfNumber, Said

__all__ = [
    "SaidDirection",
    "direction_reader",
    "read_message_types",
    "read_rows_of_numbers",
    "type_as_written",
    "yes_or_no",
]

_WORD = re.compile(r"\w+")
_REMEMBERED = 65_536
_DIRECTIONS_REMEMBERED = 4_096
_DAYS = frozenset({"from_date", "to_date"})


def read_message_types(
    stream: BinaryIO,
    *,
    file: str,
    columns: ColumnMap | None = None,
    on: dt.date | None = None,
    report: Callable[[Problem], None],
) -> Iterator[RegistrationRecord]:
    """The registrations in a table of location numbers and message types, in the file's order.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        columns: the caller's map of columns, as in :func:`~sor_addressing.extracts.tables.headers.match_columns`.
        on: where the table has days, rows that don't hold on this one are left out, and their number is reported.
        report: called with each problem. A row without a usable location number or without a message type is left out;
            everything else is kept.

    Raises:
        ExtractError: the file can't be read as such a table.
        PolicyError: ``columns`` names what doesn't exist.
    """
    for rows in _rows_of_numbers(stream, file=file, columns=columns, on=on, report=report, as_written=True):
        for said, line in zip(rows.said, rows.lines, strict=True):
            yield RegistrationRecord(rows.location_number, *said, line)


def read_rows_of_numbers(
    stream: BinaryIO,
    *,
    file: str,
    columns: ColumnMap | None = None,
    on: dt.date | None = None,
    report: Callable[[Problem], None],
) -> Iterator[RowsOfNumber]:
    """The same rows as :func:`read_message_types`, those of one number together as far as they follow each other.

    What counts is handed on, not what was written: a column for one side whose cell can't be read says nothing for that side.
    """
    return _rows_of_numbers(stream, file=file, columns=columns, on=on, report=report, as_written=False)


def _rows_of_numbers(
    stream: BinaryIO,
    *,
    file: str,
    columns: ColumnMap | None,
    on: dt.date | None,
    report: Callable[[Problem], None],
    as_written: bool,
) -> Iterator[RowsOfNumber]:
    """Rows say the same again and again: each cell is looked at once, and a block of rows goes through by columns."""
    rows = TableRows(stream, "message_types", file=file, columns=columns, report=report)
    reader = _Rows(rows, on, as_written=as_written)
    location_of = itemgetter(rows.positions["location_number"])
    rest_of = itemgetter(*(at for field, at in rows.positions.items() if field != "location_number"))
    for block in rows.blocks():
        numbers = reader.numbers_in(list(map(location_of, block.rows)))
        said = reader.said_in(list(map(rest_of, block.rows)), block.rows)
        if numbers is None or said is None:
            yield from _together(*reader.one_by_one(block))
        else:
            yield from _together(numbers, said, block.lines)
    if reader.not_in_force and on is not None:
        details = {"count": reader.not_in_force, "on": on.isoformat()}
        report(Problem("registrations-not-in-force", file, None, None, details))


def _together(numbers: list[str], said: list[Said], lines: Sequence[int]) -> Iterator[RowsOfNumber]:
    start = 0
    for number, rows in groupby(numbers):
        end = start + len(list(rows))
        yield RowsOfNumber(number, tuple(said[start:end]), lines[start:end])
        start = end


class _Rows:
    """Cells to what they say. Where something is to be told of any of them the rows are gone through one by one."""

    def __init__(self, rows: TableRows, on: dt.date | None, *, as_written: bool) -> None:
        self._rows = rows
        self._as_written = as_written
        self._holds = RowDays(rows).in_force(on)
        self._has_days = on is not None and not _DAYS.isdisjoint(rows.positions)
        self.not_in_force = 0
        self._number_cell = rows.cell("location_number")
        self._code_cell = rows.cell("message_type" if "message_type" in rows.positions else "message_type_id")
        self._version_cell = rows.cell("message_version")
        self._direction_of = direction_reader(rows.positions)
        self._number_of = identifier_reader(LocationNumber)
        self._numbers: dict[str, str | None] = {}
        self._said: dict[object, Said] = {}

    def numbers_in(self, cells: list[str]) -> list[str] | None:
        """The location number in each cell; None where something is to be told of one."""
        distinct = set(cells)
        if "" not in distinct and not wrong_location_numbers(list(distinct)):
            return cells
        known = self._numbers
        if len(known) > _REMEMBERED:
            known.clear()
        for cell in distinct.difference(known):
            number = self._number_of(cleaned(cell))
            known[cell] = number.value if number.value and number.fault is None else None
        found = [number for number in map(known.__getitem__, cells) if number is not None]
        return found if len(found) == len(cells) else None

    def said_in(self, rests: list[object], rows: list[list[str]]) -> list[Said] | None:
        """What each row says; ``rests`` are its cells without the number's. None where something is to be told of one."""
        if self._has_days:
            return None
        known = self._said
        if len(known) > _REMEMBERED:
            known.clear()
        if not known.keys() >= set(rests):
            for rest, cells in zip(rests, rows, strict=True):
                if rest not in known:
                    type_, direction = self._looked_at(list(map(cleaned, cells)))
                    if not type_ or direction.fault is not None:
                        return None
                    known[rest] = (type_, direction.may_send, direction.may_receive)
        return list(map(known.__getitem__, rests))

    def one_by_one(self, block: RowBlock) -> tuple[list[str], list[Said], list[int]]:
        """Number, what is said, and line of each row that can be used; what is to be told of rows is told."""
        numbers, said, lines = [], [], []
        for line, cells in zip(block.lines, block.rows, strict=True):
            row = self._row(line, list(map(cleaned, cells)))
            if row is not None:
                numbers.append(row[0])
                said.append(row[1])
                lines.append(line)
        return numbers, said, lines

    def _looked_at(self, cells: list[str]) -> tuple[str, SaidDirection]:
        return type_as_written(self._code_cell(cells), self._version_cell(cells)), self._direction_of(cells)

    def _row(self, line: int, cells: list[str]) -> tuple[str, Said] | None:
        if not any(cells):
            return None
        number = self._number_of(self._number_cell(cells))
        type_, direction = self._looked_at(cells)
        if not number.value:
            self._rows.left_out("location-number-missing", line)
            return None
        if not type_:
            self._rows.left_out("message-type-missing", line, number.seen)
            return None
        if number.fault is not None:
            self._rows.problem(number.fault, line, number.seen, **number.details)
            if number.is_lost:
                return None
        if not self._holds(cells, line, number.seen):
            self.not_in_force += 1
            return None
        if direction.fault is not None:
            self._rows.problem(direction.fault, line, number.seen, value=shown(direction.seen))
        counted = direction[:2] if self._as_written else direction.counted
        return number.value, (type_, *counted)


def type_as_written(code: str, version: str) -> str:
    """Code and version as written; the version once, also where the code's column has it too.

    >>> type_as_written("XDIS91", "XD9134L"), type_as_written("XDIS91 XD9134L", "XD9134L")
    ('XDIS91 XD9134L', 'XDIS91 XD9134L')
    """
    if not code or not version:
        return code or version
    if version.casefold() in _WORD.findall(code.casefold()):
        return code
    return f"{code} {version}"


class SaidDirection(NamedTuple):
    """What was read; ``fault`` is the code of the problem where it could not be, and ``seen`` what stood there."""

    may_send: bool | None
    may_receive: bool | None
    fault: str | None = None
    seen: str = ""
    closed: tuple[bool | None, bool | None] | None = None
    """What counts where the cell of one side can't be read: that side is not said, and nothing is registered without a direction."""

    @property
    def counted(self) -> tuple[bool | None, bool | None]:
        """What counts of sending and of receiving."""
        return self.closed or (self.may_send, self.may_receive)


_NOT_SAID = SaidDirection(None, None)


def direction_reader(positions: Mapping[str, int]) -> Callable[[list[str]], SaidDirection]:
    """How a row's direction is read: from a column each for send and receive, from one column, or not at all."""
    send_at, receive_at = positions.get("may_send"), positions.get("may_receive")
    direction_at = positions.get("direction")
    if send_at is not None and receive_at is not None:
        from_two = lru_cache(maxsize=_DIRECTIONS_REMEMBERED)(_from_two_cells)
        return lambda cells: from_two(cells[send_at], cells[receive_at])
    from_one = lru_cache(maxsize=_DIRECTIONS_REMEMBERED)(_from_one_cell)
    if direction_at is not None:
        return lambda cells: from_one(cells[direction_at])
    if send_at is not None:
        return lambda cells: _one_side(cells[send_at], sends=True)
    if receive_at is not None:
        return lambda cells: _one_side(cells[receive_at], sends=False)
    return lambda _cells: _NOT_SAID


def _from_one_cell(cell: str) -> SaidDirection:
    if is_blank(cell):
        return SaidDirection(None, None, "direction-missing")
    word = normalise(cell)
    if word in cell_words("both"):
        return SaidDirection(True, True)
    if word in cell_words("send"):
        return SaidDirection(True, False)
    if word in cell_words("receive"):
        return SaidDirection(False, True)
    # To send is not what can be relied on, and neither is to receive: a letter is sent on what is known alone.
    return SaidDirection(None, None, "direction-unreadable", cell, (False, None))


def _from_two_cells(send: str, receive: str) -> SaidDirection:
    """Blank is "no" beside a cell that says something; two blank cells say nothing."""
    if is_blank(send) and is_blank(receive):
        return SaidDirection(None, None, "direction-missing")
    may_send, may_receive = yes_or_no(send), yes_or_no(receive)
    if may_send is None or may_receive is None:
        # Where neither can be read it may do nothing: neither said would be registered, which is to receive.
        closed = (may_send, may_receive) if may_send is not may_receive else (False, False)
        return SaidDirection(None, None, "direction-unreadable", f"{send} / {receive}", closed)
    return SaidDirection(may_send, may_receive)


def _one_side(cell: str, *, sends: bool) -> SaidDirection:
    answer = yes_or_no(cell)
    if answer is None:
        closed = (False, None) if sends else (None, False)
        return SaidDirection(None, None, "direction-unreadable", cell, closed)
    return SaidDirection(answer, None) if sends else SaidDirection(None, answer)


def yes_or_no(cell: str) -> bool | None:
    """Whether a cell says yes; a blank one says no, and None is neither."""
    if is_blank(cell):
        return False
    word = normalise(cell)
    if word in cell_words("yes"):
        return True
    return False if word in cell_words("no") else None
