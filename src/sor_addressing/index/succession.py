"""Where a closed unit's successors lead."""

from __future__ import annotations

from typing import NamedTuple

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index

_MOST_STEPS = 100
"""A way that goes on after so many is told as one that leads to nobody."""


class Succession(NamedTuple):
    """The way from a closed unit to its successors: how it ends, the SOR codes on it, and the row where the end is certain.

    ``end`` is ``certain`` (one way, to a unit in force), ``several``, ``loop`` or ``dead-end``; ``ways`` are the codes at
    the point where it ends.
    """

    end: str
    chain: tuple[str, ...]
    ways: tuple[str, ...]
    row: int


def successors(index: Index, row: int, day: int) -> Succession:
    """Follow those who took over from the unit in ``row`` to a unit in force on ``day`` (a day number)."""
    chain: list[str] = []
    seen = {index.sor_code(row)}
    ways = index.replaced_by(row)
    while ways and len(chain) < _MOST_STEPS:
        if len(ways) > 1:
            return Succession("several", (*chain, *ways), ways, NOTHING)
        code = ways[0]
        chain.append(code)
        if code in seen:
            return Succession("loop", tuple(chain), ways, NOTHING)
        seen.add(code)
        successor = index.row_of_sor_code(code)
        if successor == NOTHING:
            break
        if index.is_in_force(successor, day):
            return Succession("certain", tuple(chain), ways, successor)
        ways = index.replaced_by(successor)
    return Succession("dead-end", tuple(chain), ways, NOTHING)
