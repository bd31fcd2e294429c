"""What looks like a CPR number is hidden: it stands in no record, error, problem or report, wherever in a file it stood."""

from __future__ import annotations

import re

__all__ = ["HIDDEN", "hide", "must_hide", "shown"]

HIDDEN = "(hidden)"
"""Stands in place of what looks like a CPR number."""

# Six digits and four: a telephone number has eight, and what has ten may be somebody's CPR number, wherever it stands.
_LIKE_CPR = re.compile(r"(?<!\d)\d{6}[-\s]?\d{4}(?!\d)")
_SHORTEST = 10
_LENGTH_OF_UUID = 36
# An id that a system made by chance can have such digits in it, and must not be cut: letters are told apart by it.
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def must_hide(text: str) -> bool:
    """Whether something in ``text`` looks like a CPR number."""
    size = len(text)
    if size < _SHORTEST or (size == _LENGTH_OF_UUID and _UUID.fullmatch(text)):
        return False
    return _LIKE_CPR.search(text) is not None


def hide(text: str) -> str:
    """``text`` without what looks like a CPR number; a UUID stays as it is.

    >>> hide("somebody's is " + 10 * "9")
    "somebody's is (hidden)"
    """
    return _LIKE_CPR.sub(HIDDEN, text) if must_hide(text) else text


def shown(text: str, *, longest: int = 60) -> str:
    """``text`` as it may stand in an error or a problem: not too long, and without what looks like a CPR number.

    >>> shown("Lokationsnummer" * 10, longest=20)
    'LokationsnummerLoka…'
    """
    text = hide(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
