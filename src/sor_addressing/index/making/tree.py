"""The tree of units while an index is built: who lies below whom."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sor_addressing.index.columns import GAP_ABOVE, NOTHING

TellOfRow = Callable[[str, int, dict[str, object]], None]
"""Called with a problem's code, the row it is about, and its details."""


_MOST_NAMED = 10
"""So many units of a circle are named with each of them."""


def parent_rows(
    codes: Sequence[str], wanted: Sequence[str | None], rows: Mapping[str, int], flags: array[int], tell: TellOfRow
) -> tuple[array[int], set[int]]:
    """The row above each unit, and the rows that the file says have one which it lacks.

    A unit whose parent is missing, or whose way up comes back to itself, becomes a root below a gap.
    """
    parents = array("i")
    missing = set()
    for row, code in enumerate(wanted):
        parent = NOTHING if code is None else rows.get(code, NOTHING)
        if parent == NOTHING and code is not None:
            if not flags[row] & GAP_ABOVE:
                missing.add(row)
            flags[row] |= GAP_ABOVE
            tell("parent-missing", row, {"parent": code})
        parents.append(parent)
    _cut_circles(codes, parents, flags, tell)
    return parents, missing


def ways(parents: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Every row once, in ways up, each with the row that it comes to after them: one gone through before, or one of its own in a circle."""
    seen = bytearray(len(parents))
    for row in range(len(parents)):
        way = []
        while row != NOTHING and not seen[row]:
            seen[row] = 1
            way.append(row)
            row = parents[row]
        yield way, row


def _cut_circles(codes: Sequence[str], parents: array[int], flags: array[int], tell: TellOfRow) -> None:
    for way, row in ways(parents):
        if row in way:
            circle = way[way.index(row) :]
            names = tuple(codes[member] for member in circle[:_MOST_NAMED])
            if len(circle) > _MOST_NAMED:
                names = (*names, "…")
            for member in circle:
                parents[member] = NOTHING
                flags[member] |= GAP_ABOVE
                tell("parent-in-circle", member, {"circle": names})


def depths(parents: Sequence[int], rows: Iterable[int]) -> dict[int, int]:
    """How many units lie above each of ``rows``."""
    known = {NOTHING: -1}
    wanted = list(rows)
    for row in wanted:
        way = []
        while row not in known:
            way.append(row)
            row = parents[row]
        known |= {member: above for above, member in enumerate(reversed(way), start=known[row] + 1)}
    return {row: known[row] for row in wanted}


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
