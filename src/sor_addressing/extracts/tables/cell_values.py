"""What cells of published tables mean: texts, identifiers, decimals and words, a column at a time.

A column is looked at as a whole first, which costs next to nothing; only where there is something to mend are its cells
gone through one by one. Files hold no NUL characters, so a column can be joined by them and split again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from sor_addressing.cells import decimal_point, is_blank, plain_cell, without_control_characters
from sor_addressing.cells.reading import is_mangled
from sor_addressing.extracts.tables.headers import cell_words, normalise
from sor_addressing.identifiers import compact

__all__ = [
    "MANY",
    "ReadCells",
    "clean_cell",
    "decimals",
    "identifiers",
    "is_degrees",
    "texts",
    "word_reader",
]

T = TypeVar("T")

_DEGREES = re.compile(r"-?\d{1,2}[.,]\d{1,20}", re.ASCII)

MANY = 200_000
"""How many different texts of a column are remembered."""


class ReadCells(dict[str, T], Generic[T]):
    """Cell to what it means; each text is read once as long as there are not too many.

    Args:
        read: the meaning of a clean text that isn't blank; None where it has none.
        otherwise: the meaning of blank cells, and of those that can't be read.

    Attributes:
        unreadable: the cells that ``read`` had no meaning for.
    """

    def __init__(self, read: Callable[[str], T | None], otherwise: T) -> None:
        super().__init__()
        self.unreadable: set[str] = set()
        self._read = read
        self._otherwise = otherwise

    def __missing__(self, cell: str) -> T:
        text = clean_cell(cell)
        value = self._otherwise
        if not is_blank(text):
            found = self._read(text)
            if found is None:
                self.unreadable.add(cell)
            else:
                value = found
        self[cell] = value
        return value

    def column(self, cells: Sequence[str]) -> list[T]:
        """What each cell of a column means."""
        if len(self) > MANY:
            self.clear()
            self.unreadable.clear()
        return list(map(self.__getitem__, cells))

    def unreadable_in(self, cells: Sequence[str]) -> list[int]:
        """Positions of the cells of a column just read that have no meaning."""
        if not self.unreadable or self.unreadable.isdisjoint(cells):
            return []
        return [at for at, cell in enumerate(cells) if cell in self.unreadable]


def clean_cell(cell: str) -> str:
    """``cell`` stripped, without the form that spreadsheets keep digits by, and without control characters.

    >>> clean_cell(' ="0099" ')
    '0099'
    """
    text = plain_cell(cell.strip())
    return text if text.isprintable() else without_control_characters(text)


def texts(cells: Sequence[str], *, is_plain: bool) -> Sequence[str]:
    """Cells as texts: :func:`clean_cell` of each.

    Args:
        cells: one column.
        is_plain: whether it is known that no cell has control characters, nor spaces but the common one.
    """
    joined = "\0".join(cells)
    if '="' in joined or not is_plain:
        return list(map(clean_cell, cells))
    return list(map(str.strip, cells)) if " " in joined else cells


def identifiers(cells: Sequence[str]) -> Sequence[str]:
    """Cells as identifiers in compact form; numbers that a spreadsheet mangled as they stand."""
    digits = "".join(cells)
    if digits.isascii() and digits.isdigit():
        return cells
    if '"' in digits:
        joined = "\0".join(cells).replace('="', "").replace('"', "")
        digits = joined.replace("\0", "")
        if digits.isascii() and digits.isdigit():
            return joined.split("\0")
    return list(map(_identifier, cells))


def _identifier(cell: str) -> str:
    text = plain_cell(cell.strip())
    return text if is_mangled(text) else compact(text)


def decimals(cells: Sequence[str], *, is_plain: bool) -> Sequence[str]:
    """Cells as decimal numbers with a decimal point, otherwise as they are written.

    >>> decimals(["723456,12", "6171234.5", "6.171.234,5"], is_plain=True)
    ['723456.12', '6171234.5', '6171234.5']
    """
    joined = "\0".join(texts(cells, is_plain=is_plain))
    if "," not in joined:
        return joined.split("\0")
    if "." not in joined:
        return joined.replace(",", ".").split("\0")
    return list(map(decimal_point, joined.split("\0")))


def is_degrees(text: str) -> bool:
    """Whether a coordinate is in degrees: they have two digits before the decimals, and metres in zone 32 six or seven.

    >>> is_degrees("56.162939"), is_degrees("574123.25")
    (True, False)
    """
    return _DEGREES.fullmatch(text) is not None


def word_reader(meanings: Mapping[str, T]) -> Callable[[str], T | None]:
    """How words are read: kind of word in ``columns.toml`` to what it means.

    >>> word_reader({"yes": True, "no": False})("Ja")
    True
    """
    words = {word: meaning for kind, meaning in meanings.items() for word in cell_words(kind)}
    return lambda text: words.get(normalise(text))
