"""One owner with tens of thousands of units in a few institutions: the shape of a region, at its worst."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sor_addressing.testing import RegisterBuilder

_ADDRESS = {
    "street": "Prøvevej",
    "building": "7",
    "postcode": "9999",
    "district": "Prøveby",
    "municipality_code": "0901",
}


def one_owner(units: int, institutions: int) -> tuple[Path, Path]:
    """Two ``Sor.xml``: the whole owner, and one of its institutions alone."""
    folder = Path(tempfile.gettempdir(), f"sor-addressing-one-owner-{units}-{institutions}")
    whole, single = folder / "whole" / "Sor.xml", folder / "single" / "Sor.xml"
    for path, count in ((whole, institutions), (single, 1)):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _build(units // institutions, count).write(path.parent)
    return whole, single


def _build(units_each: int, institutions: int) -> RegisterBuilder:
    build = RegisterBuilder()
    owner = build.owner("Region Prøve", location_number=True)
    for i in range(institutions):
        house = build.institution(owner, f"Sygehus {i}", location_number=True, postal_address=_ADDRESS)
        above = house
        for j in range(units_each - 1):
            unit = build.unit(above, f"Afsnit {j} på Sygehus {i}", inherits=True, visiting_address=_ADDRESS)
            above = unit if j % 7 else house
    return build
