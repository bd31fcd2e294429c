"""The tree of units while an index is built: who lies below whom."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

from sor_addressing.index.columns import GAP_ABOVE, NOTHING

TellOfRow = Callable[[str, int, dict[str, object]], None]
"""Called with a problem's code, the row it is about, and its details."""


def parent_rows(
    codes: Sequence[str], wanted: Sequence[str | None], rows: Mapping[str, int], flags: array[int], tell: TellOfRow
) -> array[int]:
    """The row above each unit. A unit whose parent is missing, or whose way up comes back to itself, becomes a root below a gap."""
    parents = array("i")
    for row, code in enumerate(wanted):
        parent = NOTHING if code is None else rows.get(code, NOTHING)
        if parent == NOTHING and code is not None:
            flags[row] |= GAP_ABOVE
            tell("parent-missing", row, {"parent": code})
        parents.append(parent)
    _cut_circles(codes, parents, flags, tell)
    return parents


def _cut_circles(codes: Sequence[str], parents: array[int], flags: array[int], tell: TellOfRow) -> None:
    seen = bytearray(len(parents))
    for row in range(len(parents)):
        way = []
        while row != NOTHING and not seen[row]:
            seen[row] = 1
            way.append(row)
            row = parents[row]
        if row != NOTHING and row in way:
            circle = way[way.index(row) :]
            names = tuple(codes[member] for member in circle)
            for member in circle:
                parents[member] = NOTHING
                flags[member] |= GAP_ABOVE
                tell("parent-in-circle", member, {"circle": names})


def children(parents: array[int]) -> dict[str, Iterable[int]]:
    """The columns of children: where each unit's begin, and their rows in order."""
    count = array("i", [0]) * (len(parents) + 1)
    for parent in parents:
        if parent != NOTHING:
            count[parent + 1] += 1
    for row in range(len(parents)):
        count[row + 1] += count[row]
    place = array("i", count)
    child = array("i", [0]) * count[len(parents)]
    for row, parent in enumerate(parents):
        if parent != NOTHING:
            child[place[parent]] = row
            place[parent] += 1
    return {"child_start": count, "child": child}
