"""The rows of a table of units that are being read: their columns by field, and what there is to say of single cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from sor_addressing.authorities import region_code
from sor_addressing.cells.reading import is_mangled
from sor_addressing.extracts.checks import Report
from sor_addressing.extracts.tables.cell_values import ReadCells, identifiers, texts
from sor_addressing.extracts.tables.headers import cell_words, normalise
from sor_addressing.extracts.tables.text import RowBlock
from sor_addressing.hiding import shown
from sor_addressing.model import Problem

__all__ = ["BLANK", "BlockColumns", "Column", "first_of"]

Column = Sequence[str]

BLANK: Iterable[str] = repeat("")
"""A column of empty texts of any length."""


def first_of(text: str, otherwise: str) -> str:
    """``text``, or where that is empty ``otherwise``."""
    return text or otherwise


class BlockColumns:
    """One block of rows after another, as columns.

    Args:
        positions: field to position of its column.
        file: name used in problems.
        report: called with each problem.
        header: the cells of the header, for problems that name a column.

    Attributes:
        lines: the line of each row of the block.
        codes: the SOR code of each row.
    """

    def __init__(self, positions: Mapping[str, int], *, file: str, report: Report, header: Sequence[str]) -> None:
        self.lines: Sequence[int] = ()
        self.codes: Column = ()
        self.is_plain = False
        self._at = positions
        self._file = file
        self._report = report
        self._header = header
        self._columns: Sequence[Column] = ()
        self._nothing = cell_words("nothing")
        self._regions = ReadCells[str](region_code, "")

    def take(self, block: RowBlock) -> None:
        """Turn to the next block; its rows without a SOR code that can be told are reported and left out."""
        self.lines, rows, self.is_plain = block
        self._columns = list(zip(*rows, strict=True))
        column = self._columns[self._at["sor_code"]]
        self.codes = identifiers(column)
        if all(self.codes) and (self.codes is column or "".join(self.codes).isdigit()):
            return
        kept = [at for at in range(len(rows)) if self._is_usable(at)]
        if len(kept) < len(rows):
            self.lines = [self.lines[at] for at in kept]
            self.codes = [self.codes[at] for at in kept]
            self._columns = list(zip(*(rows[at] for at in kept), strict=True))

    def _is_usable(self, at: int) -> bool:
        code = self.codes[at]
        if not code:
            if any(column[at].strip() for column in self._columns):
                name = self._columns[self._at["unit_name"]][at].strip()
                self.problem("row-without-sor-code", at, None, name=shown(name))
        elif is_mangled(code):
            self.problem("identifier-mangled-by-spreadsheet", at, None, value=code)
        else:
            return True
        return False

    def has(self, field: str) -> bool:
        """Whether the table has a column for ``field``."""
        return field in self._at

    def column(self, field: str) -> Column | None:
        """The cells of ``field``; None where the table has no such column, or it is empty in this block."""
        position = self._at.get(field)
        if position is None:
            return None
        column = self._columns[position]
        return column if any(column) else None

    def texts(self, field: str) -> Iterable[str]:
        """The cells of ``field`` as texts."""
        column = self.column(field)
        return BLANK if column is None else texts(column, is_plain=self.is_plain)

    def code_or_word(self, codes: str, words: str) -> Column | None:
        """The cells of the field ``codes``, and where those are empty the cells of the field ``words``."""
        coded, spoken = self.column(codes), self.column(words)
        return list(map(first_of, coded, spoken)) if coded and spoken else coded or spoken

    def coded_texts(self, field: str) -> Iterable[str]:
        """The codes of a field where the table has them, else its words, as texts."""
        column = self.code_or_word(f"{field}_code", field)
        return BLANK if column is None else texts(column, is_plain=self.is_plain)

    def regions(self, field: str) -> Iterable[str]:
        """The code of the region in each row, whether the table has codes or names; other words as they stand."""
        column = self.code_or_word(f"{field}_code", field)
        return BLANK if column is None else self._regions.column(column)

    def identifiers(self, field: str, lost: list[int]) -> Column | None:
        """The cells of ``field`` as identifiers; the places of those that a spreadsheet destroyed are added to ``lost``."""
        column = self.column(field)
        if column is None:
            return None
        codes = identifiers(column)
        if codes is column or "".join(codes).isdigit():  # all are digits, as they stand or in a spreadsheet's form
            return codes
        kept = list(codes)
        for at, code in enumerate(codes):
            if not code or code.isdigit():
                continue
            if code.isalpha():
                if normalise(code) in self._nothing:
                    kept[at] = ""
            elif is_mangled(code):
                lost.append(at)
                self.problem_of_cell("cell-mangled-by-spreadsheet", at, field)
                kept[at] = ""
        return kept

    def problem(self, code: str, at: int, identifier: str | None, **details: object) -> None:
        """Report a problem with a row."""
        self._report(Problem(code, self._file, self.lines[at], identifier, details))

    def problem_of_unit(self, code: str, at: int, **details: object) -> None:
        """Report a problem with the unit of a row."""
        self.problem(code, at, shown(self.codes[at]), **details)

    def problem_of_cell(self, code: str, at: int, field: str, **details: object) -> None:
        """Report a problem with one cell of the unit of a row."""
        position = self._at[field]
        name, cell = shown(self._header[position]), shown(self._columns[position][at].strip())
        self.problem_of_unit(code, at, field=name, value=cell, **details)
