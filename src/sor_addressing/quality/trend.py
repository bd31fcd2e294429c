"""How the quality of the register goes from day to day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Unpack

from sor_addressing.quality.audit import Audit, AuditOptions, audit
from sor_addressing.quality.groups import GroupKind
from sor_addressing.quality.trend_points import Trend, TrendPoint
from sor_addressing.register import Register


def trend(registers: Iterable[Register], *, by: str | None = None, **options: Unpack[AuditOptions]) -> Trend:
    """How the remarks on a register go from day to day, each day's register audited on its own day.

    Give a generator that opens one register after another, such as ``(Register.open(path) for path in paths)``: each is let go before the next
    is asked for, so that one at a time is in memory.

    Args:
        registers: of several days, in any order.
        by: also count by ``administrator``, ``supplier``, ``system``, ``region``, ``municipality`` or ``unit_type``.
        options: what :func:`audit` takes, but for the day; packages and rules are used again for every register, so give lists.

    Raises:
        ValueError: ``by`` is none of those.
    """
    kind = None if by is None else GroupKind(by)
    # map() lets go of each register once its point is made, which the variable of a loop would not.
    points = sorted(map(_counting(kind, options), registers), key=lambda point: point.on)
    return Trend(tuple(points), kind)


def _counting(kind: GroupKind | None, options: AuditOptions) -> Callable[[Register], TrendPoint]:
    def point(register: Register) -> TrendPoint:
        return point_of(audit(register, **options), kind)

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
