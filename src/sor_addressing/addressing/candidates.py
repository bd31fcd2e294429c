"""One unit, one day, one policy: can it be reached, and what is to be said of it."""

from __future__ import annotations

from typing import NamedTuple

from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding
from sor_addressing.index.columns import (
    HAS_SUCCESSOR,
    INACTIVE,
    INTERNAL_ONLY,
    LOCATION_BROKEN,
    LOCATION_INHERITED,
    LOCATION_PERIOD_UNREADABLE,
    LOCATION_SOURCE_NOT_KNOWN,
    LOCATION_STATE_UNREADABLE,
    NOTHING,
    OPEN_END,
    PERIOD_UNREADABLE,
    PROVIDER_CEASED,
)
from sor_addressing.index.lookup import Index


class Assessment(NamedTuple):
    """Whether a unit can be used as a recipient, and the findings on it."""

    usable: bool
    raws: tuple[RawFinding, ...]


def assess(index: Index, row: int, day: int, policy: AddressingPolicy) -> Assessment:
    """What is to be said of the unit in ``row`` on ``day``."""
    columns, levels = index.columns, levels_of(policy)
    raws: list[RawFinding] = []
    usable = True
    flags = columns.unit_flags[row]
    closes = columns.unit_to[row]
    if flags & PERIOD_UNREADABLE:
        usable = False
        raws.append(("period-unreadable", levels["period-unreadable"], (row,)))
    elif columns.unit_from[row] > day:
        usable = False
        raws.append(("unit-not-yet-open", levels["unit-not-yet-open"], (row,)))
    elif closes < day:
        usable = False
        raws.append(("unit-closed", levels["unit-closed"], (row,)))
        if flags & HAS_SUCCESSOR:
            raws.append(("unit-replaced", levels["unit-replaced"], (row, day)))
    elif closes != OPEN_END and closes - day <= policy.closing_notice_days:
        raws.append(("unit-closing", levels["unit-closing"], (row,)))
    location = columns.unit_location[row]
    if location == NOTHING:
        broken = columns.unit_location_state[row] == LOCATION_BROKEN
        code = "inheritance-broken" if broken else "location-missing"
        raws.append((code, levels[code], (row,)))
        usable = False
    else:
        usable &= _assess_location(index, row, location, day, policy, raws)
        if usable and (index.not_known_of_numbers or columns.location_flags[location] & LOCATION_STATE_UNREADABLE):
            raws.append(("location-state-not-known", levels["location-state-not-known"], (row,)))
        if flags & LOCATION_SOURCE_NOT_KNOWN:
            raws.append(("location-source-not-known", levels["location-source-not-known"], (row,)))
    if flags & PROVIDER_CEASED:
        number = index.rest(row).provider_number
        ceased = index.provider_ceased(number)
        if ceased is not None and ceased.toordinal() < day:
            raws.append(("provider-ceased", levels["provider-ceased"], (row, number, ceased.toordinal())))
    return Assessment(usable, tuple(raws))


def _assess_location(
    index: Index, row: int, location: int, day: int, policy: AddressingPolicy, raws: list[RawFinding]
) -> bool:
    """Add what is to be said of the unit's location number; whether it can be used."""
    columns, levels = index.columns, levels_of(policy)
    usable = True
    flags = columns.location_flags[location]
    if flags & LOCATION_PERIOD_UNREADABLE:
        usable = False
        if not columns.unit_flags[row] & PERIOD_UNREADABLE:
            raws.append(("period-unreadable", levels["period-unreadable"], (row,)))
    elif columns.location_from[location] > day:
        usable = False
        raws.append(("location-not-yet-open", levels["location-not-yet-open"], (row,)))
    elif columns.location_to[location] < day:
        usable = False
        raws.append(("location-closed", levels["location-closed"], (row,)))
    if flags & INACTIVE:
        usable = False
        raws.append(("location-inactive", levels["location-inactive"], (row,)))
    if flags & INTERNAL_ONLY:
        usable &= policy.internal_only == "accept"
        raws.append(("location-internal-only", levels["location-internal-only"], (row,)))
    if columns.unit_location_state[row] == LOCATION_INHERITED:
        usable &= policy.inherited != "refuse"
        raws.append(("location-inherited", levels["location-inherited"], (row,)))
        asleep = tuple([above for above in index.inheritance_chain(row) if not index.is_in_force(above, day)])
        if asleep:
            raws.append(("ancestor-not-in-force", levels["ancestor-not-in-force"], (row, *asleep)))
    number = columns.location_number[location]
    if columns.number_owners[number] > 1:
        raws.append(("owner-shared", levels["owner-shared"], (number,)))
    return usable
