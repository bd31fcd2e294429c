"""The rows of somebody's own CSV: read as they are written, and written again with cells changed or added, all else byte for byte.

What stands in such a file is its owner's, formulas too; only what is added here is guarded.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from sor_addressing.cells.csv_text import csv_text


def raw_rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, str, list[str]]]:
    """The line that each row begins on, counted from 1, the row as it is written, and its cells. Blank rows are among them."""
    import csv

    taken: list[str] = []

    def taking() -> Iterator[str]:
        for one in lines:
            taken.append(one)
            yield one

    line = 1
    for cells in csv.reader(taking(), delimiter=delimiter, skipinitialspace=True):
        yield line, "".join(taken), cells
        line += len(taken)
        taken.clear()


def lines_of(text: str) -> Iterable[str]:
    """The lines of a text with their ends, as :func:`raw_rows` takes them."""
    return io.StringIO(text, newline="")


def raw_cells(row: str, delimiter: str) -> list[str]:
    """The cells of a row as they are written, with their quotes."""
    cells: list[str] = []
    start = position = 0
    while True:
        while row[position : position + 1] == " ":
            position += 1
        if row[position : position + 1] == '"':
            position += 1
            while (end := row.find('"', position)) >= 0 and row[end + 1 : end + 2] == '"':
                position = end + 2
            position = end + 1 if end >= 0 else len(row)
        found = row.find(delimiter, position)
        if found < 0:
            return [*cells, row[start:]]
        cells.append(row[start:found])
        start = position = found + 1


def line_end(row: str) -> str:
    """How a row ends: with CRLF, LF, CR, or with nothing."""
    if row.endswith("\r\n"):
        return "\r\n"
    return row[-1] if row.endswith(("\n", "\r")) else ""


def with_columns(row: str, cells: Sequence[str], added: Sequence[object], width: int, delimiter: str) -> str:
    """A row as it is written, with cells for the columns after its first ``width``; what it has more comes after them."""
    if len(cells) == width:
        return with_more(row, added, delimiter)
    end = line_end(row)
    written = raw_cells(row[: len(row) - len(end)], delimiter)
    if len(written) != len(cells):
        written = [csv_text([cell], delimiter) for cell in cells]
    own = [*written[:width], *[""] * (width - len(written))]
    return delimiter.join([*own, csv_text(added, delimiter), *written[width:]]) + end


def with_more(row: str, more: Sequence[object], delimiter: str) -> str:
    """A row as it is written, with cells after its last."""
    if not more:
        return row
    end = line_end(row)
    return row[: len(row) - len(end)] + delimiter + csv_text(more, delimiter) + end
