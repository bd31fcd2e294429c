"""What looks like a CPR number is hidden: it stands in no record, error, problem or report, wherever in a file it stood.

Ten digits may be one where day and month can be: day 1 to 31, or 61 to 91 in the replacement numbers of those who have none, month 1 to 12.
What is certainly none stays, for systems tell their letters apart by ten digits too. Zeros count as a day and a month that can be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["HIDDEN", "hide", "must_hide", "shown"]

HIDDEN = "(hidden)"
"""Stands in place of what looks like a CPR number."""

# A telephone number has eight digits, and what has ten may be somebody's CPR number, wherever it stands.
_DIGITS = 10
_TEN_DIGITS = re.compile(r"(?<!\d)\d(?:[\W_]*\d){9}(?!\d)")
# What people and programs write between digits: what compacting an identifier drops, and dots, slashes and their like.
_BETWEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pc", "Mn", "Me"})
_ALSO_BETWEEN = frozenset(
    "./\\·~\u02d7\u2024\u2027\u2043\u2044\u2212\u2215\u2219\u223c\u22c5\u2500\u2501\u29f8\u3002\u30fb\uff0e\uff0f\uff3c\uff61\uff65"
)
_LENGTH_OF_UUID = 36
# An id that a system made by chance can have such digits in it, and must not be cut: letters are told apart by it.
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def must_hide(text: str) -> bool:
    """Whether something in ``text`` looks like a CPR number, whatever stands between its digits."""
    size = len(text)
    if size < _DIGITS or (size > _DIGITS and text.isdigit()) or _TEN_DIGITS.search(text) is None:
        return False
    if size == _LENGTH_OF_UUID and _UUID.fullmatch(text):
        return False
    return next(_places(text), None) is not None


def hide(text: str) -> str:
    """``text`` without what looks like a CPR number; a UUID stays as it is.

    >>> hide("somebody's is " + "31 02 99\u2011" + 4 * "9")
    "somebody's is (hidden)"
    """
    if not must_hide(text):
        return text
    pieces: list[str] = []
    left = 0
    for begin, end in _places(text):
        if begin > left or not pieces:
            pieces += [text[left:begin], HIDDEN]
        left = max(left, end)
    return "".join([*pieces, text[left:]])


def shown(text: str, *, longest: int = 60) -> str:
    """``text`` as it may stand in an error or a problem: not too long, and without what looks like a CPR number.

    >>> shown("Lokationsnummer" * 10, longest=20)
    'LokationsnummerLoka…'
    """
    text = hide(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where groups of digits beside one another are ten together and may be a CPR number: begin and end, in their order."""
    for groups in _chains(text):
        for first in range(len(groups)):
            digits, last = "", first
            while last < len(groups) and len(digits) < _DIGITS:
                digits += groups[last][2]
                last += 1
            if len(digits) == _DIGITS and _can_be(digits):
                yield groups[first][0], groups[last - 1][1]


def _chains(text: str) -> Iterator[list[tuple[int, int, str]]]:
    """The groups of digits, each with where it begins and ends, that have nothing but separators between them."""
    chain: list[tuple[int, int, str]] = []
    after = 0
    for found in re.finditer(r"\d+", text):
        if chain and not all(map(_is_between, text[after : found.start()])):
            yield chain
            chain = []
        after = found.end()
        digits = found[0]
        if len(digits) > _DIGITS:  # an identifier of another kind, whose digits are nobody's
            digits = " " * (_DIGITS + 1)
        chain.append((found.start(), after, digits))
    if chain:
        yield chain


def _is_between(char: str) -> bool:
    return char == " " or char in _ALSO_BETWEEN or unicodedata.category(char) in _BETWEEN


def _can_be(digits: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    return (day <= 31 or 61 <= day <= 91) and month <= 12
