"""A table of a known layout: its columns found, its rows handed out, and what is wrong with a row reported once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import BinaryIO

from sor_addressing.extracts.tables.headers import ColumnMap, match_columns
from sor_addressing.extracts.tables.text_table import RowBlock, open_table
from sor_addressing.model import Problem

__all__ = ["TableRows"]


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
