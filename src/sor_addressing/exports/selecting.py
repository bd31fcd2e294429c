"""Which units a use has: those that fit one of its clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import translate

from sor_addressing.exports.uses import Clause, Use
from sor_addressing.index.lookup import Index
from sor_addressing.model import KINDS, UnitKind
from sor_addressing.search.rules.facets import Facet, UnknownValue
from sor_addressing.search.rules.narrowing import narrow
from sor_addressing.search.rules.places import HOSPITAL_TYPE, PlaceKind, places_of


class Selected:
    """The rows of a use, in the order of the extract, and the values of its clauses that no unit has."""

    __slots__ = ("rows", "unknown")

    def __init__(self, rows: Sequence[int], unknown: tuple[UnknownValue, ...]) -> None:
        self.rows = rows
        self.unknown = unknown


def select(index: Index, use: Use, day: int) -> Selected:
    """The units of ``use``, whether they can be reached or not."""
    if not use.where:
        return Selected(range(len(index)), ())
    marks = bytearray(len(index))
    unknown: dict[UnknownValue, None] = {}
    for clause in use.where:
        for row in _rows_of(index, clause, day, unknown):
            marks[row] = 1
    return Selected([row for row, mark in enumerate(marks) if mark], tuple(unknown))


def _rows_of(index: Index, clause: Clause, day: int, unknown: dict[UnknownValue, None]) -> Iterable[int]:
    narrowed = narrow(index, clause.filter, day)
    unknown.update(dict.fromkeys(narrowed.unknown))
    rows: Iterable[int] = narrowed.rows
    tops: list[Iterable[int]] = []
    if clause.owner_name:
        tops.append(_named(index, clause.owner_name))
    if clause.owner_type:
        tops.append(_typed(index, "owner_type", clause.owner_type, UnitKind.INSTITUTION_OWNER, unknown))
    if clause.institution_type:
        tops.append(_typed(index, "institution_type", clause.institution_type, UnitKind.HEALTH_INSTITUTION, unknown))
    for one in tops:
        below = _below(index, one)
        rows = [row for row in rows if below[row]]
    return rows


def _named(index: Index, patterns: Sequence[str]) -> list[int]:
    fits = re.compile("|".join(translate(pattern.casefold()) for pattern in patterns)).match
    owner = KINDS.index(UnitKind.INSTITUTION_OWNER)
    return [
        row
        for row, kind in enumerate(index.columns.unit_kind)
        if kind == owner and fits(" ".join(index.name(row).casefold().split()))
    ]


def _typed(
    index: Index, field: str, values: Sequence[str], kind: UnitKind, unknown: dict[UnknownValue, None]
) -> list[int]:
    facet, wanted = Facet(index, "unit_type"), KINDS.index(kind)
    kinds = index.columns.unit_kind
    found: list[int] = []
    for value in values:
        if value == HOSPITAL_TYPE and kind is UnitKind.HEALTH_INSTITUTION:
            hospitals = places_of(index, PlaceKind.HOSPITAL)  # in files that have words in place of codes too
            found.extend(hospitals)
            if hospitals:
                continue
        positions = facet.positions(value)
        if not positions:
            unknown[UnknownValue(field, value, facet.alike(value))] = None
        for position in positions:
            found.extend(row for row in facet.rows(position) if kinds[row] == wanted)
    return found


def _below(index: Index, tops: Iterable[int]) -> bytearray:
    """A mark on every row that is one of ``tops`` or lies below one."""
    marks = bytearray(len(index))
    columns = index.columns
    begins, child = columns.child_start, columns.child
    waiting = list(tops)
    while waiting:
        row = waiting.pop()
        if not marks[row]:
            marks[row] = 1
            waiting.extend(child[begins[row] : begins[row + 1]])
    return marks
