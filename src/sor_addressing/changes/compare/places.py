"""Addresses and contacts as they are compared: what would be written on a letter, own or inherited, without codes and coordinates."""

from __future__ import annotations

from typing import Any

from sor_addressing.changes.compare.side import Side
from sor_addressing.index.addresses import holding
from sor_addressing.index.packed import split
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, Address

_LEFT_OUT = {"street_for_addressing", "municipality_code", "street_code", "region_code", "easting", "northing"}
_COMPARED = [place for place, field in enumerate(ADDRESS_FIELDS) if field not in _LEFT_OUT]
FIELDS = {"visiting": "visiting_address", "postal": "postal_address", "activity": "activity_address"}
"""Each address to its field, the one that people mean first."""


def addresses(side: Side, row: int) -> dict[str, bytes]:
    """The three addresses of a unit as they are packed, each the one that counts: its own, or the one in its place."""
    return {which: _held(side, row, field) for which, field in FIELDS.items()}


def contact(side: Side, row: int) -> bytes:
    """The contact of a unit as it is packed."""
    return _held(side, row, "contact")


def _held(side: Side, row: int, asked: str) -> bytes:
    held = holding(side.index, row, asked, side.record)
    return held.record[held.field] if held else b""


def address_values(data: bytes) -> tuple[str, ...]:
    """What of an address is compared."""
    parts = split(data.decode()) or [""] * len(ADDRESS_FIELDS)
    return tuple([parts[place] for place in _COMPARED])


def address_text(data: bytes) -> str | None:
    """An address in one line; None where there is none."""
    if not data:
        return None
    parts = zip(ADDRESS_FIELDS, split(data.decode()), strict=True)
    values: dict[str, Any] = {field: value or None for field, value in parts}
    return ", ".join(Address(**values).lines) or None


def contact_values(data: bytes) -> tuple[str, ...]:
    """E-mail, website, telephone and fax."""
    return tuple(split(data.decode())) or ("",) * len(CONTACT_FIELDS)


def contact_text(data: bytes) -> str | None:
    """A contact in one line; None where there is none."""
    return ", ".join(filter(None, contact_values(data))) or None
