"""What stands behind location numbers, by columns: region, municipality, net operator, supplier, system, administrator."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sor_addressing.index.lookup import Index
from sor_addressing.search.rules.facets import Values

BEHIND = ("region", "municipality", "net_operator", "supplier", "system", "administrator")
"""What can be asked of a location number."""


def values_of_locations(index: Index, name: str) -> Sequence[int]:
    """For each location the text of its value of ``name``, as a position; a municipality is that of the unit that owns the number."""
    columns = index.columns
    if name == "municipality":
        municipalities = columns.unit_municipality
        return [municipalities[owner] for owner in columns.location_owner]
    found: Sequence[int] = getattr(columns, f"location_{name}")
    return found


def numbers_with(index: Index, name: str, wanted: Collection[str]) -> set[int]:
    """Positions of the location numbers of which an owner has a value that one of ``wanted`` means: a code, or a word for one."""
    values, numbers = values_of_locations(index, name), index.columns.location_number
    texts = sorted({index.text(value) for value in set(values)} - {""})
    said = Values(index, name, texts)
    meant = {texts[position] for one in wanted for position in said.positions(one)}
    fitting = {value for value in set(values) if index.text(value) in meant}
    return {number for number, value in zip(numbers, values, strict=True) if value in fitting}


def numbers_within(index: Index, rows: Collection[int]) -> set[int]:
    """Positions of the location numbers that units in ``rows``, or below them, own."""
    below = list(rows)
    for row in below:  # grows while it is gone through
        below.extend(index.children(row))
    units, columns = set(below), index.columns
    return {
        number for number, owner in zip(columns.location_number, columns.location_owner, strict=True) if owner in units
    }
