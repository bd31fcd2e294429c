"""Where units belong: to which owner, health institution and hospital. The one room that says what a hospital is.

A hospital is a health institution with a type that is one: the published code, or a word for its type whose head is ``hospital`` or
``sygehus``, such as "psykiatrisk hospital" or "hospital, privat"; "apotek på sygehus" and "hospice" are none. Its name says nothing.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from enum import StrEnum

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.keys import circle
from sor_addressing.index.lookup import Index
from sor_addressing.index.words import words_of
from sor_addressing.model import KINDS, UnitKind
from sor_addressing.search.rules.facets import Facet

HOSPITAL_TYPE = "22232009"
"""The published code of the type; the register's other codes are told by their words."""

_OWNER, _INSTITUTION = map(KINDS.index, (UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION))
_HEAD_ENDS = re.compile(r"[^\w\s]|\b(?:af|efter|for|fra|i|med|nær|om|på|til|uden|under|ved)\b")
_HOSPITALS = ("hospital", "sygehus")
_NOT_GONE = -2


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


def places_of(index: Index, kind: PlaceKind) -> Iterable[int]:
    """Rows of the owners, health institutions or hospitals of a register, in no order."""
    kinds = index.columns.unit_kind
    if kind is PlaceKind.HOSPITAL:
        facet = Facet(index, "unit_type")
        typed = (facet.rows(position) for position, code in enumerate(facet.values) if _is_hospital_type(index, code))
        return {row for rows in typed for row in rows if kinds[row] == _INSTITUTION}
    wanted = _OWNER if kind is PlaceKind.OWNER else _INSTITUTION
    return [row for row, one in enumerate(kinds) if one == wanted]


def place_rows(index: Index, kind: PlaceKind) -> Sequence[int]:
    """For each row that of the nearest owner, institution or hospital at it or above it; ``NOTHING`` where there is none.

    Made once for an index.
    """
    key = ("places", kind)
    known: Sequence[int] | None = index.kept.get(key)
    if known is None:
        known = index.kept[key] = _gone_up(index, places_of(index, kind))
    return known


def _is_hospital_type(index: Index, code: str) -> bool:
    return code == HOSPITAL_TYPE or names_a_hospital(words_of(index, "type", code) or "")


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
