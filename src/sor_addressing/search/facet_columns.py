"""The columns that filters are answered from: for each facet its values, and for each value the rows of the units that have it.

Values are sorted texts; ``facet_NAME_values`` holds them, ``facet_NAME_start`` where the rows of each begin in ``facet_NAME_rows``, and one
more. ``place_easting`` and ``place_northing`` hold whole metres for every row.

The rules are those of :class:`~sor_addressing.index.unit.Unit`: the visiting address, else the unit's own postal one, else that of the
nearest unit above with one. It is said again here because unpacking every record as ``Unit`` does would take seconds.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.model import ADDRESS_FIELDS

FACETS = (
    "region",
    "municipality",
    "postal_code",
    "unit_type",
    "speciality",
    "system",
    "supplier",
    "net_operator",
)
"""The fields of a filter that are answered from rows by value."""

NO_PLACE = -(2**31)
"""In the place of a coordinate that the register doesn't have."""

VALUE_END = "\x1f"
"""Parts the values of a facet; no text of the register holds it."""

_FIELD, _PART, _PAIR = b"\x1f", b"\x1e", b"\x1d"
_TYPES, _SPECIALITIES, _POSTAL, _VISITING = 1, 9, 10, 11
_POSTCODE, _REGION, _EASTING, _NORTHING = map(ADDRESS_FIELDS.index, ("postcode", "region_code", "easting", "northing"))
_NOWHERE = ("", "", NO_PLACE, NO_PLACE)

Place = tuple[str, str, int, int]
"""Postal code, region, easting and northing of an address."""


def make_facet_columns(index: Index) -> dict[str, array[int]]:
    """The columns, made in one pass over the packed records."""
    columns = index.columns
    types, specialities = _Facet(), _Facet()
    own: list[Place | None] = []
    postal: list[Place | None] = []
    known: dict[bytes, Place] = {}
    records = bytes(columns.records[0 : len(columns.records)])
    starts = columns.unit_record
    begin = 0
    for row in range(len(index)):
        end = starts[row + 1]
        fields = records[begin:end].split(_FIELD, _VISITING + 1)
        begin = end
        if fields[_TYPES]:
            for code in fields[_TYPES].split(_PART):
                types.add(code, row)
        if fields[_SPECIALITIES]:
            for pair in fields[_SPECIALITIES].split(_PART):
                specialities.add(pair.partition(_PAIR)[0], row)
        for field, places in ((fields[_POSTAL], postal), (fields[_VISITING], own)):
            place = known.get(field) if field else None
            if field and place is None:
                place = known[field] = _place(field)
            places.append(place)
    _inherit(postal, columns.unit_parent)
    in_its_place = [visiting or above or _NOWHERE for visiting, above in zip(own, postal, strict=True)]
    made = types.columns("unit_type") | specialities.columns("speciality") | _of_places(index, in_its_place)
    return made | _of_locations(index)


class _Facet:
    """Rows by value while they are gathered, in the order of the rows."""

    def __init__(self) -> None:
        self._rows: dict[bytes | str, list[int]] = {}

    def add(self, value: bytes | str, row: int) -> None:
        rows = self._rows.get(value)
        if rows is None:
            self._rows[value] = [row]
        elif rows[-1] != row:  # a unit that has a value twice has it once
            rows.append(row)

    def extend(self, values: Iterable[str]) -> _Facet:
        """Take the value of every row, in order."""
        for row, value in enumerate(values):
            self.add(value, row)
        return self

    def columns(self, name: str) -> dict[str, array[int]]:
        texts = {value.decode() if isinstance(value, bytes) else value: rows for value, rows in self._rows.items()}
        values = sorted(text for text in texts if text)
        start, rows = array("i", [0]), array("i")
        for value in values:
            rows.extend(texts[value])
            start.append(len(rows))
        return {
            f"facet_{name}_values": array("B", VALUE_END.join(values).encode()),
            f"facet_{name}_start": start,
            f"facet_{name}_rows": rows,
        }


def _place(field: bytes) -> Place:
    parts = field.decode().split("\x1e")
    easting, northing = _metres(parts[_EASTING]), _metres(parts[_NORTHING])
    if NO_PLACE in (easting, northing):
        easting = northing = NO_PLACE
    return parts[_POSTCODE], parts[_REGION], easting, northing


def _metres(text: str) -> int:
    """Whole metres of a coordinate; ``NO_PLACE`` for what is none."""
    try:
        metres = float(text)
    except ValueError:
        return NO_PLACE
    return round(metres) if math.isfinite(metres) and 0 < metres < -NO_PLACE - 1 else NO_PLACE


def _inherit(postal: list[Place | None], parents: Iterable[int] | memoryview) -> None:
    """Give every row without a postal address that of the nearest unit above with one; parents need not come first."""
    above = list(parents)
    settled = bytearray(len(above))
    for row in range(len(above)):
        way = []
        while postal[row] is None and not settled[row] and above[row] != NOTHING:
            way.append(row)
            row = above[row]
        for member in way:
            postal[member] = postal[row]
            settled[member] = 1


def _of_places(index: Index, places: list[Place]) -> dict[str, array[int]]:
    columns = index.columns
    text = index.text
    regions = [
        place[1] or ("" if location == NOTHING else text(columns.location_region[location]))
        for place, location in zip(places, columns.unit_location, strict=True)
    ]
    return (
        _Facet().extend(regions).columns("region")
        | _Facet().extend(map(text, columns.unit_municipality)).columns("municipality")
        | _Facet().extend(place[0] for place in places).columns("postal_code")
        | {
            "place_easting": array("i", [place[2] for place in places]),
            "place_northing": array("i", [place[3] for place in places]),
        }
    )


def _of_locations(index: Index) -> dict[str, array[int]]:
    columns = index.columns
    made: dict[str, array[int]] = {}
    for name, positions in (
        ("system", columns.location_system),
        ("supplier", columns.location_supplier),
        ("net_operator", columns.location_net_operator),
    ):
        texts = [*map(index.text, positions), ""]  # NOTHING, the last, is no location
        made |= _Facet().extend([texts[location] for location in columns.unit_location]).columns(name)
    return made
