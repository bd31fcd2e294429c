"""An extract as a FHIR R4 Bundle, written entry by entry: each row with the units above it, its place and its Endpoint, each once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sor_addressing.exports.fhir_resources import Resource, endpoint, entry, organization, place
from sor_addressing.exports.rows import Table
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.unit import Unit

_TOLD_EVERY = 1_000


def write_fhir(path: Path, table: Table) -> dict[str, object]:
    """Write ``table`` as a Bundle of the type collection; how many resources of each kind there are."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    counts: dict[str, int] = {}
    with path.open("w", encoding="utf-8", newline="\n") as file:
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
    told: set[int] = set()
    numbers: set[str] = set()

    def organizations(unit: Unit) -> Iterator[Resource]:
        for one in (*reversed(unit.ancestors), unit):
            if one._row not in told:
                told.add(one._row)
                active = index.is_in_force(one._row, day)
                yield organization(one, active=active, alias=names.get(one._row))

    columns = index.columns
    locations = (columns.unit_location[row] for at, row in enumerate(chosen.rows) if at not in chosen.reasons)
    usable = {columns.location_number[location] for location in locations if location != NOTHING}
    placed: set[int] = set()
    for at, row in enumerate(chosen.rows):
        if table.counting is not None and at % _TOLD_EVERY == 0:
            table.counting(at, len(chosen.rows))
        unit = Unit(index, row)
        yield from organizations(unit)
        if row not in placed:
            placed.add(row)
            yield place(unit, active=index.is_in_force(row, day))
        location = unit.location
        if location is not None and location.number not in numbers:
            numbers.add(location.number)
            yield from organizations(location.owner)
            yield endpoint(location, usable=index.number_of(location.number) in usable)
    if table.counting is not None:
        table.counting(len(chosen.rows), len(chosen.rows))
