"""The columns that filters are answered from: for each facet its values, and for each value the rows of the units that have it.

Values are sorted texts; ``facet_NAME_values`` holds them, ``facet_NAME_start`` where the rows of each begin in ``facet_NAME_rows``, and one
more. ``place_easting`` and ``place_northing`` hold whole metres for every row.

A unit is where its visiting address is, or what stands in for it (:mod:`sor_addressing.index.addresses`).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import TypeVar

from sor_addressing.index.addresses import visiting_addresses
from sor_addressing.index.lookup import Index
from sor_addressing.index.packed import codes, fields, parts, split

FACETS = (
    "region",
    "municipality",
    "postal_code",
    "unit_type",
    "speciality",
    "organisational_level",
    "system",
    "supplier",
    "net_operator",
    "administrator",
)
"""The fields of a filter that are answered from rows by value."""

NO_PLACE = -(2**31)
"""In the place of a coordinate that the register doesn't have."""

_FARTHEST = 2**31 - 1

VALUE_END = "\x1f"
"""Parts the values of a facet; no text of the register holds it."""

Key = TypeVar("Key")

_wanted = fields("types", "specialities", "organisational_level", "postal_address", "visiting_address")
_of_address = parts("visiting_address", "postcode", "region_code", "easting", "northing")
_NOWHERE = ("", "", NO_PLACE, NO_PLACE)

Place = tuple[str, str, int, int]
"""Postal code, region, easting and northing of an address."""


def make_facet_columns(index: Index) -> dict[str, array[int]]:
    """The columns, made in one pass over the packed records."""
    columns = index.columns
    records = bytes(columns.records[0 : len(columns.records)])
    rows = [_wanted(records[begin:end]) for begin, end in pairwise(columns.unit_record)]
    types, specialities, levels, postal, visiting = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    addresses = visiting_addresses(visiting, postal, columns.unit_postal)
    places = {address: _place(address) for address in set(addresses)}
    return (
        _facet("unit_type", _spread(types, split))
        | _facet("speciality", _spread(specialities, codes))
        | _facet("organisational_level", _spread(levels, split))
        | _of_places(index, [places[address] for address in addresses])
        | _of_locations(index)
    )


def _grouped(keys: Iterable[Key]) -> dict[Key, list[int]]:
    """The rows of each key; keys are given row by row."""
    rows: dict[Key, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        rows[key].append(row)
    return rows


def _spread(column: Iterable[bytes], values_in: Callable[[bytes], list[bytes]]) -> dict[str, list[int]]:
    """The rows of each value, where a row's field holds several. A unit that has a value twice has it once."""
    rows: dict[str, list[int]] = defaultdict(list)
    for field, having in _grouped(column).items():
        for value in set(values_in(field)):
            rows[value.decode()].extend(having)
    return {value: sorted(having) for value, having in rows.items()}


def _facet(name: str, rows_of: Mapping[str, list[int]]) -> dict[str, array[int]]:
    values = sorted(value for value in rows_of if value)
    start, rows = array("i", [0]), array("i")
    for value in values:
        rows.fromlist(rows_of[value])
        start.append(len(rows))
    return {
        f"facet_{name}_values": array("B", VALUE_END.join(values).encode()),
        f"facet_{name}_start": start,
        f"facet_{name}_rows": rows,
    }


def _place(address: bytes) -> Place:
    if not address:
        return _NOWHERE
    postcode, region, *coordinates = _of_address(address)
    easting, northing = map(_metres, coordinates)
    if NO_PLACE in (easting, northing):
        easting = northing = NO_PLACE
    return postcode.decode(), region.decode(), easting, northing


def _metres(text: bytes) -> int:
    """Whole metres of a coordinate; ``NO_PLACE`` for what is none."""
    if not text:
        return NO_PLACE
    try:
        metres = float(text)
    except ValueError:
        return NO_PLACE
    return round(metres) if 0 < metres < _FARTHEST else NO_PLACE


def _of_places(index: Index, places: list[Place]) -> dict[str, array[int]]:
    columns, text = index.columns, index.text
    behind = [*map(text, columns.location_region), ""]  # the last stands for no location
    regions = [place[1] or behind[location] for place, location in zip(places, columns.unit_location, strict=True)]
    municipalities = {text(position): rows for position, rows in _grouped(columns.unit_municipality).items()}
    return (
        _facet("region", _grouped(regions))
        | _facet("municipality", municipalities)
        | _facet("postal_code", _grouped([place[0] for place in places]))
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
        ("administrator", columns.location_administrator),
    ):
        texts = [*map(index.text, positions), ""]  # the last stands for no location
        made |= _facet(name, _grouped([texts[location] for location in columns.unit_location]))
    return made
