"""What looks like a CPR number is hidden: it stands in no record, error, problem or report, wherever in a file it stood.

Ten digits may be one where day and month can be: day 1 to 31, or 61 to 91 in the replacement numbers of those who have none, month 1 to 12.
What is certainly none stays, for systems tell their letters apart by ten digits too. Zeros count as a day and a month that can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["HIDDEN", "hide", "must_hide", "shown"]

HIDDEN = "(hidden)"
"""Stands in place of what looks like a CPR number."""

# A telephone number has eight digits, and what has ten may be somebody's CPR number, wherever it stands.
_DIGITS = 10
_TEN_DIGITS = re.compile(r"(?<!\d)\d(?:[\W_]*\d){9}(?!\d)")
_LENGTH_OF_UUID = 36
# An id that a system made by chance can have such digits in it, and must not be cut: letters are told apart by it.
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Digits, or a day with its time, whose digits are nobody's: errors have to name them.
_GROUP = re.compile(
    r"(?<!\d)(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[ T][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.\d+)?)?(?!\d)|\d+"
)
# Whatever people and programs write between digits, as long as it is neither a letter nor a digit.
_BETWEEN = re.compile(r"[\W_]*")


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
    for found in _GROUP.finditer(text):
        if chain and not _BETWEEN.fullmatch(text, after, found.start()):
            yield chain
            chain = []
        after = found.end()
        digits = found[0]
        if len(digits) > _DIGITS:  # a day with its time, or an identifier of another kind, whose digits are nobody's
            digits = " " * (_DIGITS + 1)
        chain.append((found.start(), after, digits))
    if chain:
        yield chain


def _can_be(digits: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    return (day <= 31 or 61 <= day <= 91) and month <= 12
