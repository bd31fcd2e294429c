"""An extract as a FHIR R4 Bundle, written entry by entry: each row with the units above it, its place and its Endpoint, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from sor_addressing.cells import json_encoder
from sor_addressing.exports.formats.fhir_resources import Resource, endpoint, entry, organization, place, units_to_tell
from sor_addressing.exports.rows import Table
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.inside import row_of
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit

_TOLD_EVERY = 1_000


def write_fhir(file: TextIO, table: Table) -> dict[str, object]:
    """Write ``table`` as a Bundle of the type collection; how many resources of each kind there are."""
    encode = json_encoder(compact=True)
    counts: dict[str, int] = {}
    file.write('{"resourceType":"Bundle","type":"collection","entry":[')
    between = "\n"
    for resource in resources(table):
        file.write(between + encode(entry(resource)))
        between = ",\n"
        kind = resource["resourceType"]
        counts[kind] = counts.get(kind, 0) + 1
    file.write("\n]}\n")
    return {"resources": dict(sorted(counts.items()))}


def resources(table: Table) -> Iterator[Resource]:
    """The resources of an extract; what a reference leads to comes before it, but for Endpoints, which come after their first unit."""
    index, chosen, day = table.index, table.chosen, table.asked.day
    names = dict(zip(chosen.rows, table.names, strict=True))
    usable: dict[int, bool] = {}
    for at, row in enumerate(chosen.rows):
        number = _number(index, row)
        usable[number] = usable.get(number, False) or at not in chosen.reasons
    told: set[int] = set()

    def organizations(unit: Unit) -> Iterator[Resource]:
        for one in units_to_tell(unit, told):
            row = row_of(one)
            yield organization(
                one,
                active=index.is_in_force(row, day),
                alias=names.get(row),
                with_endpoint=_number(index, row) in usable,
            )

    numbers = {NOTHING}
    placed: set[int] = set()
    for at, row in enumerate(chosen.rows):
        if table.counting is not None and at % _TOLD_EVERY == 0:
            table.counting(at, len(chosen.rows))
        unit = Unit(index, row)
        yield from organizations(unit)
        if row not in placed:
            placed.add(row)
            yield place(unit, active=index.is_in_force(row, day))
        number, location = _number(index, row), unit.location
        if location is not None and number not in numbers:
            numbers.add(number)
            yield from organizations(location.owner)
            yield endpoint(location, usable=usable[number])
    if table.counting is not None:
        table.counting(len(chosen.rows), len(chosen.rows))


def _number(index: Index, row: int) -> int:
    """The location number of the unit in ``row``; ``NOTHING`` where it has none."""
    location = index.columns.unit_location[row]
    return NOTHING if location == NOTHING else index.columns.location_number[location]
