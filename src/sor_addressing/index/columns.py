"""The columns of an index: what there is, how wide it is, and what it means.

An index is these columns, two heaps of text and nothing else. They are ``array`` in a register that was just read and views of a mapped
file in one that was opened; nothing above this module can tell the difference. Rows of units are in the order of the extract.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

Column = Sequence[int]

OPEN_END = 2**31 - 1
"""``to`` of a period without end; periods are day numbers (``date.toordinal``), both ends inclusive."""

NOTHING = -1
"""No row: no parent, no location, no registrations."""

# unit_flags
PERIOD_UNREADABLE = 1
GAP_ABOVE = 2
DECLARES_INHERITED = 4
DECLARES_NOTHING = 8
PROVIDER_CEASED = 16
HAS_SUCCESSOR = 32

# unit_location_state
LOCATION_NONE = 0
LOCATION_OWN = 1
LOCATION_INHERITED = 2
LOCATION_BROKEN = 3

# location_flags
INTERNAL_ONLY = 1
INACTIVE = 2
LOCATION_PERIOD_UNREADABLE = 4

# registration entries: type << REGISTRATION_SHIFT | directions
REGISTRATION_SHIFT = 4
MAY_SEND = 1
MAY_RECEIVE = 2
SEND_NOT_KNOWN = 4
RECEIVE_NOT_KNOWN = 8


def _column(typecode: str, meaning: str, *, of: str = "", more: int = 0) -> Column:
    """``of``: what it has a value for each of, as many as every other column of the same; ``more``: how many more than those."""
    return attrs.field(metadata={"typecode": typecode, "meaning": meaning, "of": of, "more": more})  # type: ignore[no-any-return]  # attrs.field is typed as its value


@attrs.frozen(slots=True, eq=False, repr=False)
class Columns:
    """Every column of an index; ``typecode`` as in the ``array`` module."""

    unit_key: Column = _column("q", "key of the SOR code", of="unit")
    unit_kind: Column = _column("B", "0 owner, 1 institution, 2 organisational unit", of="unit")
    unit_parent: Column = _column("i", "row of the parent", of="unit")
    unit_from: Column = _column("i", "first day in force", of="unit")
    unit_to: Column = _column("i", "last day in force", of="unit")
    unit_flags: Column = _column("B", "what the file said of period and location", of="unit")
    unit_location: Column = _column("i", "row of the location, own or inherited", of="unit")
    unit_location_state: Column = _column("B", "none, own, inherited or broken", of="unit")
    unit_municipality: Column = _column("i", "text of the municipality code, own or inherited", of="unit")
    unit_record: Column = _column("Q", "start of the packed record; one more than units", of="unit", more=1)
    child_start: Column = _column("i", "start of the unit's children; one more than units", of="unit", more=1)
    child: Column = _column("i", "rows of children, in order")
    sor_key: Column = _column("q", "keys of SOR codes, sorted", of="unit")
    sor_row: Column = _column("i", "row of the unit with the key beside it", of="unit")
    location_number: Column = _column("i", "position of the number", of="location")
    location_owner: Column = _column("i", "row of the unit that declares it its own", of="location")
    location_flags: Column = _column("B", "internal, inactive, unreadable period", of="location")
    location_from: Column = _column("i", "first day in force", of="location")
    location_to: Column = _column("i", "last day in force", of="location")
    location_first_from: Column = _column("i", "first day ever; 0 where not said", of="location")
    location_system: Column = _column("i", "text of the system", of="location")
    location_supplier: Column = _column("i", "text of the system's supplier", of="location")
    location_net_operator: Column = _column("i", "text of the net operator", of="location")
    location_region: Column = _column("i", "text of the region code", of="location")
    location_administrator: Column = _column("i", "text of the administrator", of="location")
    location_note: Column = _column("i", "text of the note", of="location")
    location_updated: Column = _column("i", "text of the time it was changed", of="location")
    number_key: Column = _column("q", "keys of location numbers, sorted", of="number")
    number_start: Column = _column("i", "start of the number's units; one more than numbers", of="number", more=1)
    number_unit: Column = _column("i", "rows of units: owners first, then those that inherit")
    number_owners: Column = _column("i", "how many of the number's units own it", of="number")
    number_set: Column = _column("i", "registrations of the number", of="number")
    provider_key: Column = _column("q", "keys of provider numbers, sorted", of="provider")
    provider_start: Column = _column("i", "start of its units; one more than keys", of="provider", more=1)
    provider_unit: Column = _column("i", "rows of units")
    ceased_key: Column = _column("q", "keys of ceased provider numbers, sorted", of="ceased")
    ceased_day: Column = _column("i", "last day of the provider number beside it", of="ceased")
    shak_key: Column = _column("q", "keys of SHAK codes, sorted", of="shak")
    shak_start: Column = _column("i", "start of its units; one more than keys", of="shak", more=1)
    shak_unit: Column = _column("i", "rows of units")
    cvr_key: Column = _column("q", "keys of CVR numbers, sorted", of="cvr")
    cvr_start: Column = _column("i", "start of its units; one more than keys", of="cvr", more=1)
    cvr_unit: Column = _column("i", "rows of units")
    odd_text: Column = _column("i", "texts of the identifiers that no key can hold")
    type_text: Column = _column("i", "texts of the message types that are registered")
    set_start: Column = _column("i", "start of a set of registrations; one more than sets")
    set_entry: Column = _column("I", "registered type and its directions")
    text_start: Column = _column("Q", "start of a text; one more than texts")
    records: bytes | memoryview = b""
    texts: bytes | memoryview = b""


TYPECODES: dict[str, str] = {
    field.name: field.metadata["typecode"] for field in attrs.fields(Columns) if "typecode" in field.metadata
}
"""Name of each column to its type code."""

LENGTHS: tuple[tuple[str, str, int], ...] = tuple(
    (field.name, field.metadata["of"], field.metadata["more"])
    for field in attrs.fields(Columns)
    if field.metadata.get("of")
)
"""Columns that are as long as others: name, what it has a value for each of, and how many more than those it has."""
