"""The columns of an extract: what they are called, what they hold, and how a format writes that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any

import attrs


class Holds(StrEnum):
    """What a column holds."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    LIST = "list"
    FLAG = "flag"
    DATE = "date"


@attrs.frozen(slots=True)
class ExportColumn:
    """A column: its name, which stays, and what it holds."""

    name: str
    holds: Holds = Holds.TEXT


def _columns(text: str) -> tuple[ExportColumn, ...]:
    words = (word.partition(":") for word in text.split())
    return tuple(ExportColumn(name, Holds(holds or "text")) for name, _, holds in words)


COLUMNS = _columns(
    """
    location_number:identifier sor_code:identifier display_name name level
    location_source location_owner_sor_code:identifier location_owner_name
    unit_certain:flag other_sor_codes:list
    addressable:flag reason reason_text
    type_codes:list type_names:list speciality_codes:list speciality_names:list
    provider_number:identifier shak_code:identifier cvr_number:identifier pharmacy_number:identifier
    institution_sor_code:identifier institution_name owner_sor_code:identifier owner_name
    region_code region_name municipality_code:identifier street postcode:identifier town
    telephone email website
    system supplier net_operator net_operator_name administrator
    open_from:date open_to:date
    has_registrations:flag
    """
)
"""The columns of every extract, before those of message types; they are described in the documentation."""

LISTS_OF_TYPES = _columns("receives:list sends:list")
"""The columns of message types as lists."""


def _same(text: str) -> str:
    return text


def _cells(cells: Sequence[object]) -> Sequence[object]:
    return cells


def _always(_texts: Iterable[str]) -> bool:
    return True


@attrs.frozen(slots=True)
class Dialect:
    """How a format writes what a column holds.

    ``nothing`` stands where nothing is said, ``flags`` are no and yes, ``several`` makes a list, ``identifier`` writes an identifier. A row is
    made of pieces, each some cells beside one another; ``pack`` makes what the format keeps of a piece that comes again. Where ``is_plain``
    says that nothing in some texts has to be written otherwise, ``pack_plain`` does the same for cells that are made of them.
    """

    nothing: Any = None
    flags: tuple[object, object] = (False, True)
    several: Callable[[Iterable[str]], object] = list
    identifier: Callable[[str], str] = _same
    pack: Callable[[Sequence[Any]], Any] = _cells
    pack_plain: Callable[[Sequence[Any]], Any] = _cells
    is_plain: Callable[[Iterable[str]], bool] = _always
