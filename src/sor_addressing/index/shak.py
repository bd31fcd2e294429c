"""The SHAK register: what a code was called and when, also where no unit of SOR has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import attrs

from sor_addressing.companions import ShakRecord
from sor_addressing.identifiers import ShakCode
from sor_addressing.index.columns import OPEN_END
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import day_of
from sor_addressing.model import Period


@attrs.frozen(slots=True)
class ShakName:
    """A name in the SHAK register, and when it was in use."""

    name: str
    period: Period

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return {"name": self.name, "period": self.period.to_dict()}


@attrs.frozen(slots=True)
class ShakEntry:
    """A code of the SHAK register: a hospital (4 characters), department (6) or ward (7).

    ``names`` holds every name in the order of time, by first day. ``retired`` tells whether the code was not in use any more on the
    register's day.
    """

    code: str
    names: tuple[ShakName, ...]
    retired: bool

    @property
    def name(self) -> str:
        """The name it has, or had last; empty where the register gives none."""
        return max(self.names, key=lambda one: (bool(one.name), _end(one))).name

    @property
    def period(self) -> Period:
        """From its first day to its last one, gaps or not."""
        return Period(self.names[0].period.from_date, self._last.period.to_date)

    @property
    def _last(self) -> ShakName:
        """The name that is in use, else the one that was to the last day; periods may overlap."""
        return max(self.names, key=_end)

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return {
            "code": self.code,
            "name": self.name,
            "period": self.period.to_dict(),
            "retired": self.retired,
            "names": [name.to_dict() for name in self.names],
        }


def _end(one: ShakName) -> tuple[dt.date, dt.date]:
    return one.period.to_date or dt.date.max, one.period.from_date or dt.date.min


def shak_entry(index: Index, code: str) -> ShakEntry | None:
    """What the SHAK register says of ``code``; None where none was loaded, or it does not have it."""
    columns = index.columns
    canonical = ShakCode.compact(code)
    names = tuple(
        ShakName(
            index.text(columns.shak_period_name[at]),
            Period(day_of(columns.shak_period_from[at]), day_of(columns.shak_period_to[at])),
        )
        for at in index.shak_periods(canonical)
    )
    return ShakEntry(canonical, names, index.shak_retired(canonical) is not None) if names else None


def shak_columns(
    rows: Iterable[ShakRecord], key: Callable[[str], int], text: Callable[[str], int]
) -> Mapping[str, Iterable[int]]:
    """The columns of the SHAK register; a period that can't be read is left out, for nobody knows when it was."""
    periods = sorted(
        (
            key(row.code),
            row.from_date.toordinal() if row.from_date else 0,
            row.to_date.toordinal() if row.to_date else OPEN_END,
            text(row.name),
        )
        for row in rows
        if not row.period_unreadable
    )
    names = ("shak_period_key", "shak_period_from", "shak_period_to", "shak_period_name")
    return {name: [period[position] for period in periods] for position, name in enumerate(names)}
