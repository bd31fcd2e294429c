"""Which units of the nation are closed, and what follows them: the everyday part of it."""

from __future__ import annotations

import datetime as dt

from sor_addressing.model import UnitRecord
from sor_addressing.testing.nation.ground import Ground

__all__ = ["close", "close_some", "follow"]

_CLOSED_WITH_LOCATION = 0.75
_FOLLOWED = 0.45
_NEIGHBOURHOOD = 12


def close_some(ground: Ground) -> None:
    """Close about every eighth unit: whole practices, and what is small in hospitals and municipalities.

    All below a closed unit is closed with it. Some closed units are followed by a neighbour.
    """
    chance = ground.chance
    has_children = bytearray(len(ground.units))
    for parent in ground.parents:
        if parent >= 0:
            has_children[parent] = 1
    for position, unit in enumerate(ground.units):
        parent = ground.parents[position]
        above = ground.units[parent].to_date if parent >= 0 else None
        if above is not None:
            close(ground, position, above.toordinal() - (0 if chance.hits(0.8) else chance.below(60)))
        elif chance.hits(_likelihood(ground, position, leaf=not has_children[position])):
            close(ground, position, ground.today - 1 - chance.below(2_500))
            # The published layout has no successors of owners.
            if parent >= 0 and chance.hits(_FOLLOWED):
                _follow_by_neighbour(ground, position)
        elif unit.location is not None and chance.hits(0.004):
            unit.location.has_status = True
            unit.location.from_date = unit.location.from_date or unit.from_date


def _likelihood(ground: Ground, position: int, *, leaf: bool) -> float:
    sector, level = ground.sectors[position], ground.levels[position]
    if sector == "notification":
        return 0.0
    if sector in ("hospital", "municipality"):
        return 0.15 if leaf and level > 2 else 0.04 if level > 4 else 0.0
    return {1: 0.11, 2: 0.02}.get(level, 0.05)


def close(ground: Ground, position: int, last_day: int, *, location_too: bool | None = None) -> None:
    """Give a unit a last day (an ordinal), and its own location number too in most cases."""
    unit = ground.units[position]
    last = dt.date.fromordinal(last_day)
    unit.to_date = last
    if unit.from_date is not None and unit.from_date > last:
        unit.from_date = last
    if unit.first_from_date is not None and unit.first_from_date > last:
        unit.first_from_date = last
    location = unit.location
    if location is None:
        return
    if location.from_date is not None and location.from_date > last:
        location.from_date = location.first_from_date = last
    if ground.chance.hits(_CLOSED_WITH_LOCATION) if location_too is None else location_too:
        location.has_status = True
        location.from_date = location.from_date or unit.from_date
        location.to_date = last


def follow(unit: UnitRecord, successor: UnitRecord) -> None:
    """Let ``successor`` replace ``unit``; both say so."""
    unit.replaced_by = (*unit.replaced_by, successor.sor_code)
    successor.replaces = (*successor.replaces, unit.sor_code)


def _follow_by_neighbour(ground: Ground, position: int) -> None:
    for other in range(max(0, position - _NEIGHBOURHOOD), position):
        if ground.levels[other] == ground.levels[position] and ground.units[other].to_date is None:
            follow(ground.units[position], ground.units[other])
            return
