"""Going up the tree for many units, so that a chain of thousands of them is gone up once and not once for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sor_addressing.index.columns import LOCATION_INHERITED, NOTHING
from sor_addressing.index.keys import circle
from sor_addressing.index.lookup import MOST_NAMED, Index

_SHORT = 64
"""So many steps are taken anew for each unit: no real register is as deep, and what nobody remembers takes no memory."""

_FEW_DAYS = 4


class Upward:
    """The nearest row on the way up from each row for which something holds; what is found on a long way is remembered.

    Args:
        step: from a row to the next one on its way; ``NOTHING`` where it ends.
        holds: whether a row is one that is looked for.
        most: how many rows there are; a way that is longer runs in a circle.
    """

    __slots__ = ("_holds", "_known", "_most", "_step")

    def __init__(self, step: Callable[[int], int], holds: Callable[[int], bool], most: int) -> None:
        self._step = step
        self._holds = holds
        self._most = most
        self._known: dict[int, int] = {}

    def first(self, row: int) -> int:
        """The nearest row above ``row`` for which it holds; ``NOTHING`` where there is none.

        Raises:
            SnapshotError: the way runs in a circle, which only a forged file can bring about.
        """
        known, way, found = self._known, [row], NOTHING
        while True:
            row = self._step(row)
            if row == NOTHING or self._holds(row):
                found = row
                break
            if row in known:
                found = known[row]
                break
            way.append(row)
            if len(way) > self._most:
                raise circle()
        if len(way) > _SHORT:
            known.update(dict.fromkeys(way, found))
        return found


def upward(index: Index, name: str, holds: Callable[[int], bool]) -> Upward:
    """The nearest unit above each for which something holds, kept under a name with the index."""
    found: Upward | None = index.upwards.get(name)
    if found is None:
        parents = index.columns.unit_parent
        found = index.upwards[name] = Upward(parents.__getitem__, holds, len(parents))
    return found


class LiesAbove:
    """Whether one unit lies above another: by the steps up, and in a tree that no real register has by its order, made once."""

    __slots__ = ("_index", "_spans")

    def __init__(self, index: Index) -> None:
        self._index = index
        self._spans: tuple[list[int], list[int]] | None = None

    def __call__(self, above: int, row: int) -> bool:
        """Whether the unit in the row ``above`` lies above that in ``row``."""
        near = self._index.nearest_above(row, _SHORT)
        if above in near or len(near) < _SHORT:
            return above in near
        begins, ends = self._spans = self._spans or _spans(self._index)
        return begins[above] < begins[row] < ends[above]


def _spans(index: Index) -> tuple[list[int], list[int]]:
    """Where each unit stands in the order of the tree, and where all below it end."""
    parents = index.columns.unit_parent
    begins, ends = [0] * len(parents), [0] * len(parents)
    waiting = [row for row, parent in enumerate(parents) if parent == NOTHING]
    place = 0
    while waiting:
        row = waiting.pop()
        if row < 0:
            ends[~row] = place
            continue
        if place == len(parents):
            raise circle()
        begins[row] = place
        place += 1
        waiting.append(~row)
        waiting.extend(index.children(row))
    return begins, ends


def inheritance_chain(index: Index, row: int, most: int | None = None) -> list[int]:
    """Rows above ``row`` up to the unit that owns its inherited location number, that unit last; empty where it inherits none.

    A unit whose row shows a number that the one above does not have, has it from the owner itself.

    Args:
        index: the index.
        row: the unit.
        most: how many rows are given at most.
    """
    columns = index.columns
    if columns.unit_location_state[row] != LOCATION_INHERITED:
        return []
    owner = columns.location_owner[columns.unit_location[row]]
    chain: list[int] = []
    most = len(columns.unit_parent) if most is None else most
    while row != owner and len(chain) < most:
        row = _above_in_chain(index, row)
        chain.append(row)
    return chain


def asleep_above(index: Index, row: int, day: int) -> list[int]:
    """Rows that the unit in ``row`` has its inherited location number through, and that are not in force on ``day``; the nearest ones."""
    chain = inheritance_chain(index, row, _SHORT)
    if len(chain) < _SHORT:
        return [above for above in chain if not index.is_in_force(above, day)][:MOST_NAMED]
    asleep: Upward | None = index.upwards.get(day)
    if asleep is None:
        if len(index.upwards) > _FEW_DAYS:
            index.upwards.clear()
        asleep = Upward(partial(_above_in_chain, index), lambda above: not index.is_in_force(above, day), len(index))
        index.upwards[day] = asleep
    found: list[int] = []
    while len(found) < MOST_NAMED and (row := asleep.first(row)) != NOTHING:
        found.append(row)
    return found


def _above_in_chain(index: Index, row: int) -> int:
    columns = index.columns
    location, above = columns.unit_location[row], columns.unit_parent[row]
    owner = columns.location_owner[location]
    if row == owner:
        return NOTHING
    return above if above != NOTHING and columns.unit_location[above] == location else owner
