"""How a cell is read: what says nothing, what spreadsheets have put around it, and numbers as they are written in Denmark."""

from __future__ import annotations

import re
from functools import cache
from numbers import Real

DELIMITERS = (";", "\t", "|", ",")
"""The delimiters that are looked for; of equals the first is taken, for a comma also stands in decimals and names."""

_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), " ")
# What pandas has in the place of a value.
_MISSING_TYPES = frozenset({"NAType", "NaTType"})
_DASHES = "-–— "
# What programs write where they have no value.
_NOTHING = frozenset({"nan", "nat", "none", "null", "n/a", "#n/a", "<na>"})
_LONGEST_NOTHING = max(map(len, _NOTHING))

LOST = "identifier-mangled-by-spreadsheet"
"""Code of what is said of a number whose digits are gone."""


def plain_cell(cell: str) -> str:
    """The stripped ``cell`` without the form that keeps a spreadsheet from changing digits.

    >>> plain_cell('="0099"'), plain_cell("0099")
    ('0099', '0099')
    """
    if len(cell) >= 7 and cell.startswith('"=""') and cell.endswith('"""'):
        cell = cell[1:-1].replace('""', '"')
    if len(cell) >= 3 and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].replace('""', '"').strip()
    return cell


def without_control_characters(text: str) -> str:
    """``text`` with a space for each control character; XML lets through line breaks, tabs and those above ASCII."""
    return text.translate(_CONTROL).strip()


def is_unseen(text: str) -> bool:
    """Whether there is nothing in a text that can be seen: blanks, and characters without a width or a shape.

    >>> is_unseen(" \u200b"), is_unseen("")
    (True, True)
    """
    return not any(char.isprintable() and not char.isspace() for char in text)


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: there is nothing to be seen in it, or nothing but dashes.

    >>> is_blank(" - "), is_blank("0")
    (True, False)
    """
    left = text.strip(_DASHES)
    return left == "" or (not left.isprintable() and is_unseen(left))


def is_missing(value: object) -> bool:
    """Whether a value is none: None, not a number, a blank or a dash, or what programs write in its place.

    >>> [is_missing(value) for value in (None, float("nan"), "NaN", " ", "-", 0, "0")]
    [True, True, True, True, True, False, False]
    """
    if isinstance(value, str):
        text = value.strip()
        if len(text) > _LONGEST_NOTHING and text[0].isalnum():
            return False
        return is_blank(text) or text.casefold() in _NOTHING
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return True
    # What is not equal to itself is no number, of whatever library.
    return isinstance(value, Real) and bool(value != value)


def decimal_point(text: str) -> str:
    """A decimal number with a decimal point, otherwise as it is written.

    >>> decimal_point("6.171.234,5"), decimal_point("6171234.5")
    ('6171234.5', '6171234.5')
    """
    return text.replace(".", "").replace(",", ".") if "," in text else text


def is_mangled(cell: str) -> bool:
    """Whether a spreadsheet has cut a long number down to its first digits.

    >>> is_mangled("5,79E+12"), is_mangled("5790999000017")
    (True, False)
    """
    return _mangled().fullmatch(cell) is not None


@cache
def _mangled() -> re.Pattern[str]:
    # A number as a spreadsheet shows it when it has run out of room: 5,79E+12.
    return re.compile(r"\d(?:[.,]\d*)?[eE]\+?\d{1,3}")
