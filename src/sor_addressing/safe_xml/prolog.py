"""What stands before the first element of XML, told from the first bytes without a parser: the encoding, and whether there is a DOCTYPE."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

__all__ = ["HEAD_BYTES", "Prolog", "as_one_byte", "prolog_of", "without_mark"]

HEAD_BYTES = 64 * 1024
"""How far a DOCTYPE is looked for before a parser sees the file; further in the parser tells of it."""


class Prolog(NamedTuple):
    """What stands before the first element: the content of the XML declaration, and the mark behind all that.

    The mark is ``<`` before an element, ``<!``, ``<?`` or ``</`` before what is none, and None where something else stands there. ``end``
    is where the mark ends, ``rest`` what comes after it, and ``root`` the local name of the element, where it is there in full.
    """

    declaration: bytes | None
    mark: bytes | None
    end: int
    rest: bytes

    @property
    def is_doctype(self) -> bool:
        """Whether a DOCTYPE stands there: nothing else begins like that, but a comment that has no end."""
        return self.mark == b"<!" and not b"--".startswith(self.rest[:2])

    @property
    def root(self) -> str | None:
        """The local name of the first element; None where there is none, or only the beginning of its name."""
        name = _NAME.match(self.rest) if self.mark == b"<" else None
        return name[1].decode() if name else None


# Each piece is atomic, so that an open comment costs one look and not one for every start.
_PROLOG = re.compile(
    rb"(?:<\?xml(?=\s)((?:(?!\?>).)*+)\?>)?+(?>\s++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+(<[!?/]?)?+", re.DOTALL
)
_NAME = re.compile(rb"(?:[\w.\-]++:)?([\w.\-]+)")
_LONGEST_NAME = 200


def prolog_of(head: bytes) -> Prolog:
    """What stands before the first element, in the first bytes of a file of one byte a character.

    >>> prolog_of(b"<!-- a --><!DOCTYPE b>").is_doctype, prolog_of(b'<?xml version="1.0"?><a:b/>').root
    (True, 'b')
    """
    found = _PROLOG.match(head)
    if found is None:
        return Prolog(None, None, 0, head[:_LONGEST_NAME])
    return Prolog(found[1], found[2], found.end(), head[found.end() : found.end() + _LONGEST_NAME])


def without_mark(data: bytes) -> tuple[str | None, bytes]:
    """What the first bytes say of the encoding (``UTF-8``, ``UTF-16LE``, ``UTF-16BE`` or nothing), and the bytes without a mark."""
    if data.startswith(codecs.BOM_UTF8):
        body = data[3:]
        while body.startswith(codecs.BOM_UTF8):
            body = body[3:]
        return "UTF-8", body
    if data.startswith(codecs.BOM_UTF16_LE):
        return "UTF-16LE", data[2:]
    if data.startswith(codecs.BOM_UTF16_BE):
        return "UTF-16BE", data[2:]
    start = data[:2]
    if len(start) == 2 and start[1] == 0 and start[0] != 0:
        return "UTF-16LE", data
    if len(start) == 2 and start[0] == 0 and start[1] != 0:
        return "UTF-16BE", data
    return None, data


def as_one_byte(head: bytes) -> bytes:
    """The first bytes of a file without a mark, in UTF-8 or what is like it where the tags are concerned; also where it is UTF-16."""
    family, body = without_mark(head)
    if family not in ("UTF-16LE", "UTF-16BE"):
        return body
    return body[: len(body) // 2 * 2].decode(family, "replace").encode("utf-8", "replace")
