"""The days of a row: from when to when, in whichever spelling, and what can't be read reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from sor_addressing.extracts.tables.cell_values import is_blank
from sor_addressing.extracts.tables.days import TableDays
from sor_addressing.extracts.tables.rows import TableRows
from sor_addressing.hiding import shown

__all__ = ["RowDays", "RowPeriod"]


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
