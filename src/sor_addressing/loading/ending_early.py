"""Whether a table of location numbers was cut off at the end of a line: nothing in it tells, but the units do.

Such a table is in the order of the numbers, or in that of the units. In a whole one the numbers that it lacks lie anywhere; in one that was
cut off they are all the last ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.model import Problem

# Fewer numbers than this tell nothing of how a table is made.
_FEWEST = 10
# So small a share of the units' numbers at the end is no cut worth a word.
_SMALLEST_SHARE = 0.02
# How unlikely it must be that only the last ones are missing.
_CHANCE = 0.01


def ends_early(index: Index, numbers: Iterable[str], *, file: str) -> Problem | None:
    """The problem that ``file`` may have been cut off; None where nothing speaks for that.

    Args:
        index: the units, which know all location numbers.
        numbers: the location numbers in the table, in its order, each once.
        file: the name of the table.
    """
    found = [position for number in numbers if (position := index.number_of(number)) != NOTHING]
    listed = [position for position in found if index.holds_number(position)]
    if len(listed) < _FEWEST:
        return None
    held = [position for position in range(len(index.columns.number_key)) if index.holds_number(position)]
    for order, place_of in (("numbers", held), ("units", [index.rows_of_number(position)[0] for position in held])):
        places = dict(zip(held, place_of, strict=True))
        lacking = _lacking_at_the_end([places[position] for position in listed], place_of)
        if lacking is not None:
            before = len(held) - lacking
            details = {
                "order": order,
                "after": lacking,
                "before": before,
                "without": before - len(listed),
            }
            return Problem("numbers-end-early", file, None, index.number_text(listed[-1]), details)
    return None


def _lacking_at_the_end(listed: Sequence[int], held: Iterable[int]) -> int | None:
    """How many of ``held`` come after the last of ``listed``, where that can be no chance; both are places in one order."""
    if any(later <= earlier for earlier, later in pairwise(listed)):
        return None
    everything = list(held)
    before = sum(place <= listed[-1] for place in everything)
    lacking = len(everything) - before
    share_without = (before - len(listed) + 1) / (before + 1)
    if lacking < max(1, _SMALLEST_SHARE * len(everything)) or share_without**lacking > _CHANCE:
        return None
    return lacking
