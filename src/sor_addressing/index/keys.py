"""Identifiers as 64-bit integers, so that a sorted column of them can be searched where it lies, in memory or in a file.

Digits (up to 18) become the number with a 1 in front, which keeps leading zeros; letters and digits (up to 9) a negative number in
base 36; anything else, such as the dirt that real files hold, a running number below those, with its text kept in a table.
"""

from __future__ import annotations

from sor_addressing.errors import SnapshotError

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_DIGITS = 18
_MAX_ALPHANUMERIC = 9
ODD_FROM = -(1 << 62)
"""Keys at or below this one stand for texts in the table of odd identifiers: ``ODD_FROM - position``."""


def key_of(text: str) -> int | None:
    """The key of ``text``, or None where it is odd and only the table of odd identifiers can tell.

    >>> key_of("019")
    1019
    >>> key_of("99A")
    -58654
    >>> key_of("???") is None
    True
    """
    if text.isascii():
        if text.isdigit():
            if len(text) <= MOST_DIGITS:
                return int("1" + text)
        elif text.isalnum() and len(text) <= _MAX_ALPHANUMERIC and text == text.upper():
            return -int("1" + text, 36)
    return None


def text_of_key(key: int) -> str:
    """The text that :func:`key_of` made ``key`` from; odd keys are not known here.

    >>> text_of_key(1019), text_of_key(-58654)
    ('019', '99A')
    """
    if key > 0:
        return str(key)[1:]
    rest = -key
    characters = []
    while rest:
        rest, digit = divmod(rest, 36)
        characters.append(_ALPHABET[digit])
    return "".join(reversed(characters))[1:]


def decoded(data: bytes) -> str:
    """A text of the table of texts.

    Raises:
        SnapshotError: it is none.
    """
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise unreadable() from None


def unreadable() -> SnapshotError:
    """For a text or an identifier that can't be what this library wrote."""
    return SnapshotError("a text of the compiled register can't be read; compile it again from the extract")


def circle() -> SnapshotError:
    """For a way up that comes back to itself."""
    return SnapshotError("a unit of the compiled register lies above itself; compile it again from the extract")
