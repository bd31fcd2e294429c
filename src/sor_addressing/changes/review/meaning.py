"""Which unit stands behind the identifiers of an entry, by the rules of resolve: the one that they mean, or those that they could mean.

A location number and a provider number together name a unit more closely than either: those that have both are meant. Where several
are left, the rules of resolve for one number hold: it is the number's owner, if that is among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sor_addressing.addressing.agreement import Agreement
from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.inside import candidate_rows, recipient_row, unit_certain, why_not
from sor_addressing.addressing.usable import against_unit, assess
from sor_addressing.changes.review.conversion import ConversionState
from sor_addressing.changes.review.judging import Judge
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import LOCATION_INHERITED, NOTHING
from sor_addressing.index.succession import successors

_LOCATION, _SOR = IdentifierKind.LOCATION_NUMBER, IdentifierKind.SOR_CODE
_MOST_ROWS = 1_000
_DISAGREE = "identifiers-disagree"


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
    if any(one.get("variant") != "inherited" for one in agreement.disagreements):
        return EntryMeaning(ConversionState.ASK, rows=_anybody(judge, agreement), reasons=(_DISAGREE,))
    chosen = agreement.resolution
    resolutions = agreement.resolutions
    if len(resolutions) == 1 or recipient_row(resolutions.get(_SOR, chosen)) == NOTHING:
        return _of_one(judge, chosen, resolutions.values())
    if _SOR in resolutions:
        row = recipient_row(resolutions[_SOR])
        return EntryMeaning(ConversionState.CERTAIN, row=row, number=row)
    return _of_several(judge, agreement)


def _of_one(judge: Judge, chosen: Resolution, all_of_them: Iterable[Resolution]) -> EntryMeaning:
    row = recipient_row(chosen)
    if row != NOTHING:
        if unit_certain(chosen):
            return EntryMeaning(ConversionState.CERTAIN, row=row, number=row)
        reason = "owner-shared" if _is_shared(judge, row) else "unit-shared"
        rows = _usable(judge, candidate_rows(chosen))
        if reason == "owner-shared" and chosen.kinds == (_LOCATION,):
            # Those below the owners inherit the number; it stands for its owners.
            rows = tuple(one for one in rows if _owns(judge, one)) or rows
        rows = tuple(sorted(rows, key=lambda one: one != row))
        return EntryMeaning(ConversionState.ASK, number=row, rows=rows, reasons=(reason,))
    if chosen.status is Status.AMBIGUOUS:
        return EntryMeaning(
            ConversionState.ASK, rows=_usable(judge, candidate_rows(chosen)), reasons=(why_not(chosen),)
        )
    others = tuple(dict.fromkeys(recipient_row(one) for one in all_of_them if recipient_row(one) != NOTHING))
    if others:
        return EntryMeaning(ConversionState.ASK, rows=others, reasons=(why_not(chosen),))
    if chosen.status is Status.NOT_ADDRESSABLE:
        return _not_addressable(judge, chosen)
    state = ConversionState.UNKNOWN if chosen.status is Status.UNKNOWN else ConversionState.UNREADABLE
    return EntryMeaning(state, reasons=(why_not(chosen),))


def _not_addressable(judge: Judge, chosen: Resolution) -> EntryMeaning:
    """Closed units with those that came after them; else why nobody can be reached."""
    index, day = judge.index, judge.day
    rows = candidate_rows(chosen)[:_MOST_ROWS]
    if not len(rows) or any(against_unit(index, row, day) != "unit-closed" for row in rows):
        return EntryMeaning(ConversionState.NOT_ADDRESSABLE, rows=tuple(rows), reasons=(why_not(chosen),))
    after: dict[int, None] = {}
    for row in rows:
        found = successors(index, row, day)
        ends = (found.row,) if found.row != NOTHING else map(index.row_of_sor_code, found.ways)
        after.update((end, None) for end in ends if end != NOTHING and index.is_in_force(end, day))
    state = ConversionState.CLOSED if after else ConversionState.NO_SUCCESSOR
    return EntryMeaning(state, rows=tuple(after), reasons=("unit-closed",))


def _of_several(judge: Judge, agreement: Agreement) -> EntryMeaning:
    """The units that have all the identifiers, of which none is a SOR code and all have a location number in common."""
    index = judge.index
    number = recipient_row(agreement.resolution)
    wanted = index.location_number(number)
    fitting: list[set[int]] = []
    for kind, resolution in agreement.resolutions.items():
        if kind is not _LOCATION:
            rows = _usable(judge, candidate_rows(resolution))
            fitting.append({row for row in rows if index.location_number(row) == wanted})
    left = set.intersection(*fitting)
    if len(left) == 1:
        (row,) = left
        return EntryMeaning(ConversionState.CERTAIN, row=row, number=number)
    owners = index.owners_of_number(index.columns.location_number[index.columns.unit_location[number]])
    if len(owners) == 1 and owners[0] in left and index.is_in_force(owners[0], judge.day):
        return EntryMeaning(ConversionState.CERTAIN, row=owners[0], number=number)
    rows = tuple(sorted(left or set.union(*fitting) or {number}))
    reason = "owner-shared" if len(owners) > 1 else "unit-shared"
    return EntryMeaning(ConversionState.ASK, number=number, rows=rows, reasons=(reason if left else _DISAGREE,))


def _anybody(judge: Judge, agreement: Agreement) -> tuple[int, ...]:
    """Whoever any of the identifiers means, the deciding one first."""
    found: dict[int, None] = {}
    for resolution in agreement.resolutions.values():
        row = recipient_row(resolution)
        rows = (row,) if row != NOTHING else _usable(judge, candidate_rows(resolution))
        found.update(dict.fromkeys(rows))
    return tuple(found)


def _usable(judge: Judge, rows: Iterable[int]) -> tuple[int, ...]:
    """Those of ``rows`` that a letter can be addressed to, the first of very many."""
    kept: list[int] = []
    for row in rows:
        if assess(judge.index, row, judge.day, judge.policy).usable:
            kept.append(row)
            if len(kept) == _MOST_ROWS:
                break
    return tuple(kept)


def _owns(judge: Judge, row: int) -> bool:
    """Whether the unit in ``row`` has its location number itself."""
    return judge.index.columns.unit_location_state[row] != LOCATION_INHERITED


def _is_shared(judge: Judge, row: int) -> bool:
    """Whether several units own the location number of the unit in ``row``."""
    columns = judge.index.columns
    return columns.number_owners[columns.location_number[columns.unit_location[row]]] > 1
