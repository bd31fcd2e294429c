"""Which unit stands behind the identifiers of an entry: the one that they mean, those that they could mean, or why there is none."""

from __future__ import annotations

from typing import NamedTuple

from sor_addressing.addressing.agreement import Agreement, units_meant
from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.inside import candidate_rows, why_not
from sor_addressing.addressing.usable import against_unit
from sor_addressing.changes.review.conversion import ConversionState
from sor_addressing.changes.review.judging import Judge
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.succession import successors

_MOST_ROWS = 1_000


class EntryMeaning(NamedTuple):
    """What the identifiers of an entry come to.

    Attributes:
        state: ``certain`` where it is one unit, ``ask`` where it could be several, else why there is none.
        row: the unit that is meant, where it is certain.
        number: row of a unit with the location number that is certain, though the unit may not be; ``NOTHING`` where it isn't.
        rows: the units that it could be.
        reasons: codes of findings that tell why it isn't certain.
    """

    state: ConversionState
    row: int = NOTHING
    number: int = NOTHING
    rows: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()


def meaning_of(judge: Judge, agreement: Agreement) -> EntryMeaning:
    """Which unit the identifiers of an agreement mean together."""
    found = units_meant(judge.index, agreement, judge.day, judge.can_be_used)
    if found is not None:
        if found.row != NOTHING:
            return EntryMeaning(ConversionState.CERTAIN, found.row, found.number)
        return EntryMeaning(ConversionState.ASK, number=found.number, rows=found.rows, reasons=(found.reason,))
    chosen = agreement.resolution
    if chosen.status is Status.NOT_ADDRESSABLE:
        return _not_addressable(judge, chosen)
    state = ConversionState.UNKNOWN if chosen.status is Status.UNKNOWN else ConversionState.UNREADABLE
    return EntryMeaning(state, reasons=(why_not(chosen),))


def _not_addressable(judge: Judge, chosen: Resolution) -> EntryMeaning:
    """Closed units with those that came after them; else why nobody can be reached."""
    index, day = judge.index, judge.day
    rows = candidate_rows(chosen)
    if not rows or any(against_unit(index, row, day) != "unit-closed" for row in rows):
        return EntryMeaning(ConversionState.NOT_ADDRESSABLE, rows=tuple(rows[:_MOST_ROWS]), reasons=(why_not(chosen),))
    after: dict[int, None] = {}
    for row in rows:
        found = successors(index, row, day)
        ends = (found.row,) if found.row != NOTHING else map(index.row_of_sor_code, found.ways)
        after.update((end, None) for end in ends if end != NOTHING and index.is_in_force(end, day))
    state = ConversionState.CLOSED if after else ConversionState.NO_SUCCESSOR
    return EntryMeaning(state, rows=tuple(after)[:_MOST_ROWS], reasons=("unit-closed",))
