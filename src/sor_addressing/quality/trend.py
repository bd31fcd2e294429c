"""How the quality of the register goes from day to day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.quality.audit import Audit, audit
from sor_addressing.quality.groups import GroupKind
from sor_addressing.register import Register


@attrs.frozen(slots=True)
class TrendPoint:
    """What an audit came to on one day: counts alone, the register itself is not held.

    Attributes:
        on: the day looked at.
        units: how many units were looked at.
        numbers: how many location numbers.
        by_severity: remarks of each severity.
        by_rule: remarks of each rule that was followed.
        by_group: remarks by code of the group that was asked for; empty where none was.
    """

    on: dt.date
    units: int
    numbers: int
    by_severity: Mapping[Severity, int] = attrs.field(hash=False)
    by_rule: Mapping[str, int] = attrs.field(hash=False)
    by_group: Mapping[str, int] = attrs.field(factory=dict, hash=False)

    @property
    def remarks(self) -> int:
        """How many remarks there are."""
        return sum(self.by_severity.values())

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "on": self.on.isoformat(),
            "units": self.units,
            "location_numbers": self.numbers,
            "remarks": self.remarks,
            "by_severity": {str(severity): count for severity, count in self.by_severity.items()},
            "by_rule": dict(self.by_rule),
            "by_group": dict(self.by_group),
        }


@attrs.frozen(slots=True)
class Trend:
    """The audits of several days, in the order of the days."""

    points: tuple[TrendPoint, ...]
    by: GroupKind | None = None

    def of_rule(self, code: str) -> tuple[int | None, ...]:
        """Remarks of a rule day by day; None on days on which it was not followed."""
        return tuple(point.by_rule.get(code) for point in self.points)

    def of_group(self, code: str) -> tuple[int, ...]:
        """Remarks of a group day by day."""
        return tuple(point.by_group.get(code, 0) for point in self.points)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {"by": None if self.by is None else str(self.by), "points": [one.to_dict() for one in self.points]}


def trend(registers: Iterable[Register], *, by: str | None = None, **options: object) -> Trend:
    """How the remarks on a register go from day to day, each day's register audited on its own day.

    Give a generator that opens one register after another, such as ``(Register.open(path) for path in paths)``: each is let go before the next
    is asked for, so that one at a time is in memory.

    Args:
        registers: of several days, in any order.
        by: also count by ``administrator``, ``supplier``, ``system``, ``region``, ``municipality`` or ``unit_type``.
        options: what :func:`audit` takes; packages and rules are used again for every register, so give lists.

    Raises:
        ValueError: ``by`` is none of those.
    """
    kind = None if by is None else GroupKind(by)
    # map() lets go of each register once its point is made, which the variable of a loop would not.
    points = sorted(map(_counting(kind, options), registers), key=lambda point: point.on)
    return Trend(tuple(points), kind)


def _counting(kind: GroupKind | None, options: Mapping[str, object]) -> Callable[[Register], TrendPoint]:
    def point(register: Register) -> TrendPoint:
        return point_of(audit(register, **options), kind)  # type: ignore[arg-type]  # as the caller gave them

    return point


def point_of(found: Audit, kind: GroupKind | None = None) -> TrendPoint:
    """The counts of one audit."""
    return TrendPoint(
        found.on,
        found.units,
        found.numbers,
        found.by_severity,
        found.counts,
        {} if kind is None else {group.code: group.remarks for group in found.by(kind)},
    )
