"""The life of a unit where the file tells it: one version for each period."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left

import attrs

from sor_addressing.index.columns import PERIOD_UNREADABLE
from sor_addressing.index.lookup import Index
from sor_addressing.index.records import UnitRest, unpack
from sor_addressing.index.unit import day_of
from sor_addressing.index.unit_kinds import KINDS
from sor_addressing.model import Period, Speciality, UnitKind


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
            index.rest(row),
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
                unpack(bytes(data)),
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
    rest: UnitRest,
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
        dt.date.fromisoformat(rest.first_from_date) if rest.first_from_date else None,
        rest.updated_at or None,
        not flags & PERIOD_UNREADABLE,
    )
    return UnitVersion(
        sor_code,
        period,
        rest.name,
        KINDS[kind],
        rest.types,
        parent or None,
        number or None,
        rest.provider_number or None,
        rest.shak_code or None,
        rest.cvr_number or None,
        tuple(Speciality(code, type_ or None) for code, type_ in rest.specialities),
        current,
    )
