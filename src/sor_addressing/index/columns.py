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


def _column(typecode: str, meaning: str) -> Column:
    return attrs.field(metadata={"typecode": typecode, "meaning": meaning})  # type: ignore[no-any-return]  # attrs.field is typed as its value


@attrs.frozen(slots=True, eq=False, repr=False)
class Columns:
    """Every column of an index; ``typecode`` as in the ``array`` module."""

    unit_key: Column = _column("q", "key of the SOR code")
    unit_kind: Column = _column("B", "0 owner, 1 institution, 2 organisational unit")
    unit_parent: Column = _column("i", "row of the parent")
    unit_from: Column = _column("i", "first day in force")
    unit_to: Column = _column("i", "last day in force")
    unit_flags: Column = _column("B", "what the file said of period and location")
    unit_location: Column = _column("i", "row of the location, own or inherited")
    unit_location_state: Column = _column("B", "none, own, inherited or broken")
    unit_municipality: Column = _column("i", "text of the municipality code, own or inherited")
    unit_record: Column = _column("Q", "start of the packed record; one more than units")
    child_start: Column = _column("i", "start of the unit's children; one more than units")
    child: Column = _column("i", "rows of children, in order")
    sor_key: Column = _column("q", "keys of SOR codes, sorted")
    sor_row: Column = _column("i", "row of the unit with the key beside it")
    location_number: Column = _column("i", "position of the number")
    location_owner: Column = _column("i", "row of the unit that declares it its own")
    location_flags: Column = _column("B", "internal, inactive, unreadable period")
    location_from: Column = _column("i", "first day in force")
    location_to: Column = _column("i", "last day in force")
    location_first_from: Column = _column("i", "first day ever; 0 where not said")
    location_system: Column = _column("i", "text of the system")
    location_supplier: Column = _column("i", "text of the system's supplier")
    location_net_operator: Column = _column("i", "text of the net operator")
    location_region: Column = _column("i", "text of the region code")
    location_administrator: Column = _column("i", "text of the administrator")
    location_note: Column = _column("i", "text of the note")
    location_updated: Column = _column("i", "text of the time it was changed")
    number_key: Column = _column("q", "keys of location numbers, sorted")
    number_start: Column = _column("i", "start of the number's units; one more than numbers")
    number_unit: Column = _column("i", "rows of units: owners first, then those that inherit")
    number_owners: Column = _column("i", "how many of the number's units own it")
    number_set: Column = _column("i", "registrations of the number")
    provider_key: Column = _column("q", "keys of provider numbers, sorted")
    provider_start: Column = _column("i", "start of its units; one more than keys")
    provider_unit: Column = _column("i", "rows of units")
    ceased_key: Column = _column("q", "keys of ceased provider numbers, sorted")
    ceased_day: Column = _column("i", "last day of the provider number beside it")
    shak_key: Column = _column("q", "keys of SHAK codes, sorted")
    shak_start: Column = _column("i", "start of its units; one more than keys")
    shak_unit: Column = _column("i", "rows of units")
    cvr_key: Column = _column("q", "keys of CVR numbers, sorted")
    cvr_start: Column = _column("i", "start of its units; one more than keys")
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
