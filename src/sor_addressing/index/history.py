"""The life of a unit where the file tells it: one version for each period."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import NamedTuple

import attrs

from sor_addressing.index.columns import PERIOD_UNREADABLE
from sor_addressing.index.lookup import Index
from sor_addressing.index.packed import Packed
from sor_addressing.index.unit import day_of
from sor_addressing.model import KINDS, Period, Speciality, UnitKind


@attrs.frozen(slots=True)
class UnitVersion:
    """A unit as it was in one period (:meth:`Register.history`). What the file does not say is None, or empty where there can be several.

    ``location_number`` is the one that the file shows for the unit, its own or inherited. ``current`` is the version that the
    register answers with.
    """

    sor_code: str
    period: Period
    name: str
    kind: UnitKind
    types: tuple[str, ...]
    parent_sor_code: str | None
    location_number: str | None
    provider_number: str | None
    shak_code: str | None
    cvr_number: str | None
    specialities: tuple[Speciality, ...]
    current: bool

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return {
            "sor_code": self.sor_code,
            "period": self.period.to_dict(),
            "name": self.name,
            "kind": str(self.kind),
            "types": list(self.types),
            "parent_sor_code": self.parent_sor_code,
            "location_number": self.location_number,
            "provider_number": self.provider_number,
            "shak_code": self.shak_code,
            "cvr_number": self.cvr_number,
            "specialities": [speciality.to_dict() for speciality in self.specialities],
            "current": self.current,
        }


def history_of(index: Index, row: int) -> tuple[UnitVersion, ...]:
    """Every version of the unit in ``row``, the oldest first; the current one alone where the file tells no others."""
    columns = index.columns
    sor_code = index.sor_code(row)
    parent = columns.unit_parent[row]
    versions = [
        _version(
            sor_code,
            index.record(row),
            kind=columns.unit_kind[row],
            first=columns.unit_from[row],
            last=columns.unit_to[row],
            flags=columns.unit_flags[row],
            parent="" if parent < 0 else index.sor_code(parent),
            number=index.location_number(row) or "",
            current=True,
        )
    ]
    keys, key = columns.history_key, columns.unit_key[row]
    at = bisect_left(keys, key)
    while at < len(keys) and keys[at] == key:
        data = columns.records[columns.history_record[at] : columns.history_record[at + 1]]
        versions.append(
            _version(
                sor_code,
                Packed(bytes(data)),
                kind=columns.history_kind[at],
                first=columns.history_from[at],
                last=columns.history_to[at],
                flags=columns.history_flags[at],
                parent=index.text(columns.history_parent[at]),
                number=index.text(columns.history_number[at]),
                current=False,
            )
        )
        at += 1
    return tuple(sorted(versions, key=lambda version: version.period.from_date or dt.date.min))


def _version(
    sor_code: str,
    record: Packed,
    *,
    kind: int,
    first: int,
    last: int,
    flags: int,
    parent: str,
    number: str,
    current: bool,
) -> UnitVersion:
    period = Period(
        day_of(first),
        day_of(last),
        record.first_from_date,
        record.updated_at or None,
        not flags & PERIOD_UNREADABLE,
    )
    return UnitVersion(
        sor_code,
        period,
        record.name,
        KINDS[kind],
        record.types,
        parent or None,
        number or None,
        record.provider_number or None,
        record.shak_code or None,
        record.cvr_number or None,
        tuple(Speciality(code, type_ or None) for code, type_ in record.specialities),
        current,
    )


class _GatheredVersion(NamedTuple):
    sor_code: str
    kind: int
    first: int
    last: int
    flags: int
    parent: str
    number: str
    record: bytes


class History:
    """While an index is built: takes the rows that are not the unit on the register's day."""

    def __init__(self) -> None:
        self._versions: list[_GatheredVersion] = []
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
        self._versions.append(_GatheredVersion(sor_code, kind, first, last, flags, parent, number, record))

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
