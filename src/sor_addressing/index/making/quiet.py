"""The days on which there is nothing to say of a unit as a recipient, but perhaps that it inherits its location number.

Most units can be used on most days with no more said; an answer that finds its day here looks at no other column.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

from sor_addressing.index.columns import (
    INHERITANCE_DIFFERS,
    LOCATION_INHERITED,
    LOCATION_SOURCE_NOT_KNOWN,
    NOTHING,
    OPEN_END,
    PERIOD_UNREADABLE,
    PROVIDER_CEASED,
)

NEVER = (1, 0)
"""The first and the last day of none."""

_SAID_OF_UNIT = PERIOD_UNREADABLE | PROVIDER_CEASED | LOCATION_SOURCE_NOT_KNOWN | INHERITANCE_DIFFERS


def quiet_days(values: Mapping[str, Sequence[int]]) -> dict[str, array[int]]:
    """The two columns that follow from the others: of a unit with a last day nothing is quiet, for how soon it closes is said."""
    begins, ends, flags = values["unit_from"], values["unit_to"], values["unit_flags"]
    parents, locations, states = values["unit_parent"], values["unit_location"], values["unit_location_state"]
    location_from, location_to, owners = values["location_from"], values["location_to"], values["location_owner"]
    owned_by = values["number_owners"]
    silent = [
        not said and owned_by[number] <= 1
        for said, number in zip(values["location_flags"], values["location_number"], strict=True)
    ]
    above: dict[int, tuple[int, int]] = {}

    def chain(row: int, location: int) -> tuple[int, int]:
        """The days on which every unit is in force that the one in ``row`` has its number through."""
        owner, way = owners[location], []
        while row != owner and row not in above:
            way.append(row)
            parent = parents[row]
            row = parent if parent != NOTHING and locations[parent] == location else owner
        first, last = above.get(row, (0, OPEN_END)) if row != owner else (0, OPEN_END)
        for below in reversed(way):
            unreadable = flags[row] & PERIOD_UNREADABLE
            first, last = NEVER if unreadable else (max(first, begins[row]), min(last, ends[row]))
            above[below] = first, last
            row = below
        return first, last

    quiet_from, quiet_to = (array("i", [day]) * len(locations) for day in NEVER)
    for row, location in enumerate(locations):
        if location == NOTHING or ends[row] != OPEN_END or not silent[location] or flags[row] & _SAID_OF_UNIT:
            continue
        first, last = max(begins[row], location_from[location]), location_to[location]
        if states[row] == LOCATION_INHERITED:
            begun, ended = chain(row, location)
            first, last = max(first, begun), min(last, ended)
        quiet_from[row], quiet_to[row] = first, last
    return {"unit_quiet_from": quiet_from, "unit_quiet_to": quiet_to}
