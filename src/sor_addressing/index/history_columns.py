"""The periods of units other than their own, gathered while an index is built."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class _Version(NamedTuple):
    sor_code: str
    kind: int
    first: int
    last: int
    flags: int
    parent: str
    number: str
    record: bytes


class History:
    """Takes the rows that are not the unit on the register's day."""

    def __init__(self) -> None:
        self._versions: list[_Version] = []
        self.records = b""
        """The packed records in the order of the columns; complete once those are made."""

    def add(
        self,
        sor_code: str,
        *,
        kind: int,
        first: int,
        last: int,
        flags: int,
        parent: str,
        number: str,
        record: bytes,
    ) -> None:
        """Take one row; ``parent`` and ``number`` are empty where it has none."""
        self._versions.append(_Version(sor_code, kind, first, last, flags, parent, number, record))

    def columns(self, key: Callable[[str], int], text: Callable[[str], int], begin: int) -> dict[str, Iterable[int]]:
        """The columns of history, their records to be put into the heap at ``begin``."""
        versions = sorted(self._versions, key=lambda version: (key(version.sor_code), version.first))
        self.records = b"".join([version.record for version in versions])
        starts = [begin]
        for version in versions:
            starts.append(starts[-1] + len(version.record))
        return {
            "history_key": [key(version.sor_code) for version in versions],
            "history_kind": [version.kind for version in versions],
            "history_from": [version.first for version in versions],
            "history_to": [version.last for version in versions],
            "history_flags": [version.flags for version in versions],
            "history_parent": [text(version.parent) for version in versions],
            "history_number": [text(version.number) for version in versions],
            "history_record": starts,
        }
