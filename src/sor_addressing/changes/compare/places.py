"""Addresses and contacts as they are compared: what would be written on a letter, own or inherited, without codes and coordinates."""

from __future__ import annotations

from typing import Any

from sor_addressing.changes.compare.side import ACTIVITY, CONTACT, POSTAL, VISITING, Side
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, Address

_PART = "\x1e"
_LEFT_OUT = {"street_for_addressing", "municipality_code", "street_code", "region_code", "easting", "northing"}
_COMPARED = [place for place, field in enumerate(ADDRESS_FIELDS) if field not in _LEFT_OUT]
FIELDS = {"visiting": VISITING, "postal": POSTAL, "activity": ACTIVITY}
"""Each address to its field, the one that people mean first."""


def addresses(side: Side, row: int) -> dict[str, bytes]:
    """The three addresses of a unit as they are packed, each the one that counts: its own, or the one in its place."""
    record = side.record(row)
    postal = record[POSTAL] or side.own_or_above(row, POSTAL)
    visiting = record[VISITING] or postal
    return {"visiting": visiting, "postal": postal, "activity": record[ACTIVITY] or visiting}


def contact(side: Side, row: int) -> bytes:
    """The contact of a unit as it is packed."""
    return side.own_or_above(row, CONTACT)


def address_values(data: bytes) -> tuple[str, ...]:
    """What of an address is compared."""
    parts = data.decode().split(_PART) if data else [""] * len(ADDRESS_FIELDS)
    return tuple([parts[place] for place in _COMPARED])


def address_text(data: bytes) -> str | None:
    """An address in one line; None where there is none."""
    if not data:
        return None
    parts = zip(ADDRESS_FIELDS, data.decode().split(_PART), strict=True)
    values: dict[str, Any] = {field: value or None for field, value in parts}
    return ", ".join(Address(**values).lines) or None


def contact_values(data: bytes) -> tuple[str, ...]:
    """E-mail, website, telephone and fax."""
    return tuple(data.decode().split(_PART)) if data else ("",) * len(CONTACT_FIELDS)


def contact_text(data: bytes) -> str | None:
    """A contact in one line; None where there is none."""
    return ", ".join(filter(None, contact_values(data))) or None
