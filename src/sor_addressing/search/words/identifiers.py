"""Identifiers typed whole or in part: a number's beginning, end or middle."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.keys import text_of_key
from sor_addressing.index.lookup import Index

SHORTEST = 4
"""Characters of a part that is looked for; fewer are in too many numbers."""

_MOST = 100
_MOST_UNITS = 400
_SHORT_PART = 6
_LONGEST = 18


class Held(NamedTuple):
    """A unit with an identifier that was typed: its row, how much of the identifier was typed, and the identifier."""

    row: int
    likeness: float
    identifier: str


class Identifiers:
    """Every identifier of a register, as one text to look for parts in."""

    def __init__(self, index: Index, lines: bytes) -> None:
        self._index = index
        self._lines = lines

    def with_part(self, part: str, *, whole_only: bool = False) -> list[Held]:
        """Units with an identifier that is ``part``, or begins, ends or goes on with it; the whole first, and not all of too many."""
        found: list[Held] = []
        if len(part) < SHORTEST:
            return found
        if whole_only:
            return [Held(row, 1.0, part) for row in self._rows(part)]
        for identifier in dict.fromkeys(self._with_part(part)):
            likeness = _likeness(part, identifier)
            found.extend(Held(row, likeness, identifier) for row in self._rows(identifier))
            if len(found) >= _MOST_UNITS:
                break
        return found

    def _with_part(self, part: str) -> Iterator[str]:
        whole = bool(self._rows(part))
        if whole:
            yield part
        begins = list(self._beginning_with(part)) if part.isdigit() and part.isascii() else []
        yield from begins
        # Going through all of them takes longest: not where the number is known, nor for few digits that begin a number.
        if not whole and (len(part) >= _SHORT_PART or not begins):
            yield from self._lines_with(part)

    def _beginning_with(self, part: str) -> Iterator[str]:
        columns = self._index.columns
        for keys in (columns.sor_key, columns.number_key, columns.provider_key, columns.shak_key, columns.cvr_key):
            # Systems drop the zero in front; keys have a one before the digits, so that those of one length lie together.
            for digits in (part, "0" + part) if keys is columns.provider_key else (part,):
                for more in range(_LONGEST - len(digits) + 1):
                    last = int(f"1{digits}{'9' * more}")
                    place = bisect_left(keys, int(f"1{digits}{'0' * more}"))
                    for key in keys[place : place + _MOST]:
                        if key > last:
                            break
                        yield text_of_key(key)

    def _lines_with(self, part: str) -> Iterator[str]:
        lines = self._lines
        sought = part.encode()
        if len(part) < _SHORT_PART:
            sought += b"\n"
        place = -1
        for _ in range(_MOST):
            place = lines.find(sought, place + 1)
            if place < 0:
                return
            begins = lines.rfind(b"\n", 0, place) + 1
            yield lines[begins : lines.index(b"\n", place)].decode()

    def _rows(self, identifier: str) -> list[int]:
        index = self._index
        rows: dict[int, None] = {}
        for kind, position in index.held_as(identifier):
            rows.update(dict.fromkeys(index.rows_at(kind, position)))
        rows.update(dict.fromkeys(index.rows(IdentifierKind.CVR_NUMBER, identifier)))
        return list(rows)


def _likeness(part: str, identifier: str) -> float:
    if part == identifier:
        return 1.0
    share = 0.1 * len(part) / len(identifier)
    if identifier.startswith(part) or identifier.lstrip("0") == part:
        return 0.85 + share
    return (0.80 if identifier.endswith(part) else 0.72) + share
