"""A table of a known layout: its columns found, its rows handed out, and what is wrong with a row reported once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from sor_addressing.cells import is_blank
from sor_addressing.extracts.days import TableDays
from sor_addressing.extracts.tables.headers import ColumnMap, match_columns
from sor_addressing.extracts.tables.text import RowBlock, open_table
from sor_addressing.hiding import shown
from sor_addressing.model import Problem

__all__ = ["RowDays", "RowPeriod", "TableRows"]


class TableRows:
    """The rows of a table whose layout is known.

    Args:
        stream: the bytes; need not be seekable.
        layout: name of the layout, such as ``shak_map``.
        file: name used in errors and problems.
        columns: the caller's map of columns, as in :func:`~sor_addressing.extracts.tables.headers.match_columns`.
        report: called with each problem.

    Attributes:
        positions: field to position of its column, for the fields that have one.

    Raises:
        ExtractError: the file is no table, or a required field has no column.
        PolicyError: ``columns`` names what doesn't exist.
    """

    def __init__(
        self,
        stream: BinaryIO,
        layout: str,
        *,
        file: str,
        columns: ColumnMap | None,
        report: Callable[[Problem], None],
    ) -> None:
        self._file = file
        self._report = report
        self._ragged_lines: set[int] = set()
        self._table = open_table(stream, file=file, report=self._note)
        line = self._table.header_line
        match = match_columns(self._table.header, layout, file=file, columns=columns, line=line)
        if match.unknown:
            report(Problem("unknown-columns", file, line, None, {"columns": match.unknown}))
        self.positions: Mapping[str, int] = match.positions

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self._table.rows()

    def blocks(self) -> Iterator[RowBlock]:
        """The rows a block at a time, as they were parsed; instead of iterating, and once."""
        return self._table.blocks()

    def cell(self, field: str) -> Callable[[list[str]], str]:
        """How the cell of ``field`` is taken from a row; an empty text in every row where the table has no column for it."""
        position = self.positions.get(field)
        return itemgetter(position) if position is not None else _no_cell

    def coded_cell(self, field: str) -> Callable[[list[str]], str]:
        """How a field is taken whose codes and words stand in two columns: its code, and where that is empty its word."""
        code, word = self.cell(f"{field}_code"), self.cell(field)
        if code is _no_cell:
            return word
        return code if word is _no_cell else lambda cells: code(cells) or word(cells)

    def problem(self, code: str, line: int, identifier: str | None, **details: object) -> None:
        """Report what is wrong with a row or one of its cells."""
        self._report(Problem(code, self._file, line, identifier or None, details))

    def left_out(self, code: str, line: int, identifier: str | None = None, **details: object) -> None:
        """Report a row that lacks what is needed, unless it has been reported for its cells that are missing."""
        if line not in self._ragged_lines:
            self.problem(code, line, identifier, **details)

    def _note(self, problem: Problem) -> None:
        if problem.code == "ragged-line":
            self._ragged_lines.add(problem.line or 0)
        self._report(problem)


def _no_cell(_cells: list[str]) -> str:
    return ""


class RowPeriod(NamedTuple):
    """First and last day; ``unreadable`` is set where one of them has a text that is no day."""

    from_date: dt.date | None
    to_date: dt.date | None
    unreadable: bool
    is_said: bool


_NOT_SAID = RowPeriod(None, None, False, False)


class RowDays:
    """Reads the days of the rows of one table."""

    def __init__(self, rows: TableRows) -> None:
        self._rows = rows
        self._days = TableDays()
        self._from_cell = rows.cell("from_date")
        self._to_cell = rows.cell("to_date")

    def period(self, cells: list[str], line: int, identifier: str) -> RowPeriod:
        """The period of a row. One that can't be read is reported as ``row-period-unreadable``, and holds on no day."""
        from_text, to_text = _said(self._from_cell(cells)), _said(self._to_cell(cells))
        if not from_text and not to_text:
            return _NOT_SAID
        from_date = self._days[from_text] if from_text else None
        to_date = self._days[to_text] if to_text else None
        unreadable = False
        for field, text, day in (("from_date", from_text, from_date), ("to_date", to_text, to_date)):
            if text and day is None:
                unreadable = True
                self._rows.problem("row-period-unreadable", line, identifier, value=shown(text), field=field)
        if from_date is not None and to_date is not None and to_date < from_date:
            self._rows.problem(
                "period-reversed", line, identifier, from_date=from_date.isoformat(), to_date=to_date.isoformat()
            )
        return RowPeriod(from_date, to_date, unreadable, True)

    def in_force(self, on: dt.date | None) -> Callable[[list[str], int, str], bool]:
        """Whether a row holds on a day: always where no day is asked for, or the table has no column for days.

        A row whose period can't be read is reported, and holds on no day.
        """
        if on is None or not {"from_date", "to_date"}.intersection(self._rows.positions):
            return lambda _cells, _line, _identifier: True
        day = on

        def holds(cells: list[str], line: int, identifier: str) -> bool:
            period = self.period(cells, line, identifier)
            if period.unreadable:
                return False
            return (period.from_date or dt.date.min) <= day <= (period.to_date or dt.date.max)

        return holds

    def day(self, text: str, field: str, line: int, identifier: str) -> dt.date | None:
        """A day on which nothing depends: where it can't be read, that is reported, and it is read as not said."""
        if not _said(text):
            return None
        day = self._days[text]
        if day is None:
            self._rows.problem("row-day-unreadable", line, identifier, value=shown(text), field=field)
        return day


def _said(cell: str) -> str:
    """``cell``, or nothing where it has nothing but dashes, as in every table."""
    return "" if is_blank(cell) else cell
