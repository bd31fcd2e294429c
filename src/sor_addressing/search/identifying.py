"""Identifiers typed whole or in part: a number's beginning, end or middle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.lookup import Index

SHORTEST = 4
"""Characters of a part that is looked for; fewer are in too many numbers."""

_MOST = 60
_MOST_UNITS = 400
_SHORT_PART = 6


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

    def with_part(self, part: str) -> list[Held]:
        """Units with an identifier that is ``part``, or begins, ends or goes on with it; the whole first, and not all of too many."""
        found: list[Held] = []
        if len(part) < SHORTEST:
            return found
        for identifier in dict.fromkeys((*self._whole(part), *self._lines_with(part))):
            likeness = _likeness(part, identifier)
            found.extend(Held(row, likeness, identifier) for row in self._rows(identifier))
            if len(found) >= _MOST_UNITS:
                break
        return found

    def _whole(self, part: str) -> Iterator[str]:
        if self._rows(part):
            yield part

    def _lines_with(self, part: str) -> Iterator[str]:
        lines, needle = self._lines, part.encode()
        beginnings = [b"\n" + needle]
        if part.isdigit():
            beginnings.append(b"\n0" + needle)  # systems drop the zeros in front
        for sought in (*beginnings, needle + b"\n", needle):
            if sought == needle and len(part) < _SHORT_PART:
                return
            place = -1
            for _ in range(_MOST):
                place = lines.find(sought, place + 1)
                if place < 0:
                    break
                begins = lines.rfind(b"\n", 0, place + 1) + 1
                yield lines[begins : lines.index(b"\n", max(place + 1, begins))].decode()

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
