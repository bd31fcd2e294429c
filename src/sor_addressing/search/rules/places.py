"""Where units belong: to which owner, health institution and hospital. The one room that says what a hospital is.

A hospital is a health institution with a type that is one: the published code, or a word for its type whose head is ``hospital`` or
``sygehus``, such as "psykiatrisk hospital" or "hospital, privat"; "apotek på sygehus" and "hospice" are none. Its name says nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from array import array
from collections.abc import Callable, Iterable, Sequence, Set
from enum import StrEnum

from sor_addressing.errors import FilterError
from sor_addressing.identifiers import SorCode
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.keys import circle
from sor_addressing.index.lookup import MOST_NAMED, Index
from sor_addressing.index.words import words_of
from sor_addressing.misspelt import nearest
from sor_addressing.model import KINDS, UnitKind
from sor_addressing.search.rules.facets import Facet
from sor_addressing.search.rules.filters import Filter

HOSPITAL_TYPE = "22232009"
"""The published code of the type; the register's other codes are told by their words."""

_OWNER, _INSTITUTION = map(KINDS.index, (UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION))
_KINDS = {"owner": _OWNER, "institution": _INSTITUTION}
_HEAD_ENDS = re.compile(r"[^\w\s]|\b(?:af|efter|for|fra|i|med|nær|om|på|til|uden|under|ved)\b")
_HOSPITALS = ("hospital", "sygehus")
_NOT_GONE = -2
_WORDS = {"owner": "institution owner", "institution": "health institution", "hospital": "hospital"}


class PlaceKind(StrEnum):
    """What units can belong to."""

    OWNER = "owner"
    INSTITUTION = "institution"
    HOSPITAL = "hospital"


def names_a_hospital(word: str) -> bool:
    """Whether the word for a type is one of hospitals: by its head, the last word before a comma or a preposition.

    >>> names_a_hospital("Psykiatrisk sygehus"), names_a_hospital("klinik uden for sygehus"), names_a_hospital("sygehusapotek")
    (True, False, False)
    """
    head = _HEAD_ENDS.split(word.casefold())[0].split()
    return bool(head) and head[-1].endswith(_HOSPITALS)


def places_of(index: Index, kind: PlaceKind) -> Sequence[int]:
    """Rows of the owners, health institutions or hospitals of a register, in the order of the extract."""
    if kind is PlaceKind.HOSPITAL:
        return sorted(_hospitals(index))
    wanted = _KINDS[kind]
    return [row for row, one in enumerate(index.columns.unit_kind) if one == wanted]


def place_rows(index: Index, kind: PlaceKind) -> Sequence[int]:
    """For each row that of the nearest owner, institution or hospital at it or above it; ``NOTHING`` where there is none.

    Made once for an index.
    """
    key = ("place rows", kind)
    known: Sequence[int] | None = index.kept.get(key)
    if known is None:
        known = index.kept[key] = _gone_up(index, places_of(index, kind))
    return known


def place_meant(index: Index, kind: PlaceKind, wanted: str) -> int:
    """The row of the owner, institution or hospital that is meant by a SOR code or by its exact name, upper and lower case alike.

    ``NOTHING`` where no unit of the register has the SOR code.

    Raises:
        FilterError: the unit with the code is no such one, no such one has the name, or several have.
    """
    rows = _rows_meant(index, kind, wanted)
    if len(rows) == 1:
        return rows[0]
    if rows:
        shown = [_of_unit(index, one) for one in rows[:MOST_NAMED]] + ["…"] * (len(rows) > MOST_NAMED)
        listed = "; ".join(shown)
        raise FilterError(f"the register has {len(rows)} units called {wanted!r}, give the SOR code of one: {listed}")
    named, what = _named(index, kind), _WORDS[kind]
    near = nearest(_alike(wanted), named)
    meant = f"did you mean {_of_unit(index, named[near][0])}?" if near else "give its SOR code"
    raise FilterError(f"the register has no {what} called {wanted!r}: {meant}")


def _rows_meant(index: Index, kind: PlaceKind, wanted: str) -> list[int]:
    code = SorCode.compact(wanted)
    row = index.row_of_sor_code(code)
    if row == NOTHING:
        return [NOTHING] if SorCode.is_valid(code) else _named(index, kind).get(_alike(wanted), [])
    is_place = _is_place(index, kind)
    if not is_place(row):
        above, what = next(filter(is_place, index.ancestors(row)), NOTHING), _WORDS[kind]
        meant = "ask with within" if above == NOTHING else f"did you mean {_of_unit(index, above)}?"
        raise FilterError(f"{_of_unit(index, row)} is no {what}: {meant}")
    return [row]


def with_codes(wanted: Filter, *indexes: Index) -> Filter:
    """The filter with SOR codes in place of names of owners, institutions and hospitals, for registers of several days: a name can change.

    Raises:
        FilterError: a name is one in none of the registers, or stands for several in one.
    """
    owners, institutions, hospitals = (
        [code for value in values for code in _codes(kind, value, indexes)] or None
        for kind, values in zip(PlaceKind, (wanted.owner, wanted.institution, wanted.hospital), strict=True)
    )
    return wanted.but(owner=owners, institution=institutions, hospital=hospitals)


def _codes(kind: PlaceKind, value: str, indexes: tuple[Index, ...]) -> Iterable[str]:
    meant = [(index, _rows_meant(index, kind, value)) for index in indexes]
    found = {value if row == NOTHING else index.sor_code(row): None for index, rows in meant for row in rows}
    if not found or any(len(rows) > 1 for _, rows in meant):
        for index, rows in meant:
            if len(rows) != 1:
                place_meant(index, kind, value)
    return found


def rows_of_place(index: Index, kind: PlaceKind, top: int) -> list[int]:
    """The rows that belong to an owner, institution or hospital: those of which it is the nearest, sorted."""
    is_place = _is_place(index, kind)
    rows = [top]
    for row in rows:  # grows while it is gone through
        rows.extend([child for child in index.children(row) if not is_place(child)])
    return sorted(rows)


def _is_place(index: Index, kind: PlaceKind) -> Callable[[int], bool]:
    """Whether a row is an owner, institution or hospital; of the first two without a look at all rows."""
    if kind is PlaceKind.HOSPITAL:
        return _hospitals(index).__contains__
    kinds, wanted = index.columns.unit_kind, _KINDS[kind]
    return lambda row: kinds[row] == wanted


def _hospitals(index: Index) -> Set[int]:
    known: Set[int] | None = index.kept.get("hospitals")
    if known is None:
        facet, kinds = Facet(index, "unit_type"), index.columns.unit_kind
        typed = (facet.rows(position) for position, code in enumerate(facet.values) if _is_hospital_type(index, code))
        known = frozenset(row for rows in typed for row in rows if kinds[row] == _INSTITUTION)
        index.kept["hospitals"] = known
    return known


def _named(index: Index, kind: PlaceKind) -> dict[str, list[int]]:
    known: dict[str, list[int]] | None = index.kept.get(("place names", kind))
    if known is None:
        known = {}
        for row in places_of(index, kind):
            known.setdefault(_alike(index.name(row)), []).append(row)
        index.kept["place names", kind] = known
    return known


def _alike(name: str) -> str:
    return " ".join(name.split()).casefold()


def _of_unit(index: Index, row: int) -> str:
    above = index.columns.unit_parent[row]
    lies = "" if above == NOTHING else f" < {index.name(above)}"
    last = index.columns.unit_to[row]
    closed = f" (– {dt.date.fromordinal(last).isoformat()})" if last < index.snapshot_day else ""
    return f"{index.sor_code(row)} {index.name(row)}{lies}{closed}"


def _is_hospital_type(index: Index, code: str) -> bool:
    return code == HOSPITAL_TYPE or names_a_hospital(words_of(index, "type", code) or "")


def depths_of(index: Index) -> Sequence[int]:
    """For each row how many units lie above it. Made once for an index."""
    known: Sequence[int] | None = index.kept.get("depths")
    if known is None:
        children = index.children
        depths = array("i", [0]) * len(index)
        level = [row for row, parent in enumerate(index.columns.unit_parent) if parent == NOTHING]
        depth = 0
        while level:
            for row in level:
                depths[row] = depth
            level = [child for row in level for child in children(row)]
            depth += 1
            if depth > len(depths):
                raise circle()
        known = index.kept["depths"] = depths
    return known


def _gone_up(index: Index, places: Iterable[int]) -> Sequence[int]:
    parents = index.columns.unit_parent
    found = array("i", [_NOT_GONE]) * len(index)
    for row in places:
        found[row] = row
    for start in range(len(found)):
        row, way = start, []
        while row != NOTHING and found[row] == _NOT_GONE:
            way.append(row)
            if len(way) > len(found):
                raise circle()
            row = parents[row]
        place = NOTHING if row == NOTHING else found[row]
        for one in way:
            found[one] = place
    return found
