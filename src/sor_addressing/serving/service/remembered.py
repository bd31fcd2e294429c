"""Answers that were given before, as they were sent: most traffic goes to few recipients. Of one register and one day, and not too many."""

from __future__ import annotations

from typing import NamedTuple

from sor_addressing.register.inside import stands
from sor_addressing.serving.service.registers import ServedDay

_MOST_BYTES = 8 * 1024 * 1024
"""Of the newer half; there are two."""
_OVERHEAD = 200
_LONGEST = 256 * 1024

Key = tuple[object, bytes]
"""In what way something is asked, and the question as it was written."""


class ToldAnswer(NamedTuple):
    """An answer, and the outcome that is counted for it."""

    outcome: str
    data: bytes


class Remembered:
    """Answers by their questions, in two halves: when the newer one is full, the older one goes."""

    def __init__(self) -> None:
        self._of: tuple[ServedDay, str] | None = None
        self._newer: dict[Key, ToldAnswer] = {}
        self._older: dict[Key, ToldAnswer] = {}
        self._size = 0

    def take_up(self, served: ServedDay) -> None:
        """Before questions are asked of a register: forget what was answered from another one, on another day, or from a file written into since."""
        tag = served.etag("")
        if self._of is None or self._of[0] is not served or self._of[1] != tag or not stands(served.register):
            self._of = served, tag
            self._newer, self._older, self._size = {}, {}, 0

    def get(self, key: Key) -> ToldAnswer | None:
        """The answer, where it is known."""
        told = self._newer.get(key)
        if told is None:
            told = self._older.get(key)
            if told is not None:
                self.keep(key, told)
        return told

    def keep(self, key: Key, told: ToldAnswer) -> None:
        """Keep an answer; not one that is long."""
        size = len(key[1]) + len(told.data)
        if size > _LONGEST:
            return
        self._size += size + _OVERHEAD
        if self._size > _MOST_BYTES:
            self._older, self._newer, self._size = self._newer, {}, size + _OVERHEAD
        self._newer[key] = told
