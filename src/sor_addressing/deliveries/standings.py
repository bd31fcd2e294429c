"""How the last letters to each number fared, as a process remembers it: asked for every verdict, so it is kept, and looked after again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from sor_addressing.deliveries.waiting import CASES

if TYPE_CHECKING:
    import sqlite3

_LAST_MOMENT = 1 << 33
_FRESH = 0.25
"""For how many seconds what another process adds may be missed."""


class LastLetters(NamedTuple):
    """How the last letters of a type to a number fared; times in seconds, ``waiting`` the oldest letter of each case that waits."""

    sent: int | None
    positive: int | None
    refused: int | None
    came: int | None
    code: str | None
    version: str | None
    reason: str | None
    layer: str | None
    sure: int | None
    last_is_refused: int
    waiting: tuple[tuple[str, int], ...]


class Standings:
    """The standings of a ledger, refreshed by what changed."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], LastLetters] = {}
        self._fresh_until = -1.0
        self._changed = self._epoch = self._version = -1

    @property
    def is_fresh(self) -> bool:
        """Whether they need not be looked after."""
        return time.monotonic() < self._fresh_until

    def get(self, number: str, subject: str) -> LastLetters | None:
        """The standing of a type to a number."""
        return self._known.get((number, subject))

    def look_again(self) -> None:
        """Look when asked next."""
        self._fresh_until = -1.0

    def let_go(self) -> None:
        """Know nothing any more."""
        self._known = {}
        self._fresh_until = -1.0
        self._changed = self._epoch = self._version = -1

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Take what changed since the last time; everything where something was forgotten."""
        facts = dict(connection.execute("SELECT name, value FROM fact WHERE name IN ('changed', 'epoch')"))
        if (facts["changed"], facts["epoch"]) != (self._changed, self._epoch):
            known = self._known if facts["epoch"] == self._epoch else {}
            since = self._changed if known is self._known else -1
            for receiver, subject, *values, waiting in connection.execute(
                "SELECT receiver, subject, sent, positive, refused, came, code, version, reason, layer, sure, last_is_refused, waiting"
                " FROM standing WHERE changed > ?",
                (since,),
            ):
                cases = [one.split(" ") for one in waiting.split(";")] if waiting else []
                for number in (*values[:4], values[8], *(int(one[1]) for one in cases)):
                    _check(number is None or 0 <= number < _LAST_MOMENT)
                _check({one[0] for one in cases}.issubset(CASES))
                known[receiver, subject] = LastLetters._make(
                    [*values, tuple([(case, int(since)) for case, since in cases])]
                )
            self._known, self._changed, self._epoch = known, facts["changed"], facts["epoch"]
        self._fresh_until = time.monotonic() + _FRESH


def _check(good: bool) -> None:
    """Hold a row to what a ledger writes, so that nothing goes wrong later where it is told."""
    if not good:
        raise TypeError
