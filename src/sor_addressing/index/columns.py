"""The columns of an index: what there is, how wide it is, and what it means; and the fields of its packed records, in their order.

An index is these columns, two heaps of text and nothing else. They are ``array`` in a register that was just read and views of a mapped
file in one that was opened; nothing above this module can tell the difference. Rows of units are in the order of the extract. One of
the heaps holds a packed record a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, Protocol, TypeAlias

from sor_addressing.field_names import ADDRESS_FIELDS, CONTACT_FIELDS, UNIT_INFORMATION_FIELDS

Column = Sequence[int]


class Slices(Protocol):
    """A long column that is asked for slices only, so that a mapped one can verify just what is touched."""

    def __len__(self) -> int:
        """How many values there are."""

    def __getitem__(self, part: slice, /) -> Sequence[int]:
        """The values of a slice without a step."""


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
LOCATION_SOURCE_NOT_KNOWN = 64
INHERITANCE_DIFFERS = 128

# unit_location_state
LOCATION_NONE = 0
LOCATION_OWN = 1
LOCATION_INHERITED = 2
LOCATION_BROKEN = 3
LOCATION_NOT_KNOWN = 4

# location_flags
INTERNAL_ONLY = 1
INACTIVE = 2
LOCATION_PERIOD_UNREADABLE = 4
LOCATION_STATE_UNREADABLE = 8
LOCATION_NUMBER_SUSPECT = 16

# registration entries: type << REGISTRATION_SHIFT | directions
REGISTRATION_SHIFT = 4
MAY_SEND = 1
MAY_RECEIVE = 2
SEND_NOT_KNOWN = 4
RECEIVE_NOT_KNOWN = 8
UNDIRECTED = SEND_NOT_KNOWN | RECEIVE_NOT_KNOWN

# told_flags: of a registration in one register; its environment, a position in ENVIRONMENTS, above
FROM_ENDPOINTS = 1
IN_USE = 2
TOLD_PERIOD_UNREADABLE = 4
ENVIRONMENT_SHIFT = 4


Int64: TypeAlias = Column
Int32: TypeAlias = Column
UInt8: TypeAlias = Column
UInt32: TypeAlias = Column
UInt64: TypeAlias = Column
"""How wide the values of a column are; :data:`TYPECODES` reads it from the annotations of :class:`_Table`."""


class _Table:
    """Every column of an index, and two heaps of text."""

    __slots__ = ()

    unit_key: Int64  # key of the SOR code
    unit_kind: UInt8  # 0 owner, 1 institution, 2 organisational unit
    unit_parent: Int32  # row of the parent
    unit_from: Int32  # first day in force
    unit_to: Int32  # last day in force
    unit_flags: UInt8  # what the file said of period and location
    unit_location: Int32  # row of the location, own or inherited
    unit_location_state: UInt8  # none, own, inherited, broken or not known
    unit_quiet_from: Int32  # first day with nothing to say of it as a recipient, but that its number is inherited
    unit_quiet_to: Int32  # last such day; before the first where there is none
    unit_municipality: Int32  # text of the municipality code, own or inherited
    unit_postal: Int32  # row of the unit whose postal address holds
    unit_contact: Int32  # row of the unit whose contact holds
    unit_record: UInt64  # start of the packed record; one more than units
    child_start: Int32  # start of the unit's children; one more than units
    child: Int32  # rows of children, in order
    sor_key: Int64  # keys of SOR codes, sorted
    sor_row: Int32  # row of the unit with the key beside it
    replaced_unit: Int32  # rows of units that were replaced, by their own word or by that of another, sorted
    replaced_by_unit: Int32  # row of a unit that took over
    replacing_unit: Int32  # rows of units that took over, sorted
    replacing_of_unit: Int32  # row of a unit that it took over from
    location_number: Int32  # position of the number
    location_owner: Int32  # row of the unit that declares it its own
    location_flags: UInt8  # internal, inactive, unreadable period or state, a number that is no GLN
    location_from: Int32  # first day in force
    location_to: Int32  # last day in force
    location_first_from: Int32  # first day ever; 0 where not said
    location_system: Int32  # text of the system
    location_supplier: Int32  # text of the system's supplier
    location_net_operator: Int32  # text of the net operator
    location_region: Int32  # text of the region code
    location_administrator: Int32  # text of the administrator
    location_note: Int32  # text of the note
    location_updated: Int32  # text of the time it was changed
    number_key: Int64  # keys of location numbers, sorted
    number_start: Int32  # start of the number's units; one more than numbers
    number_unit: Int32  # rows of units: owners first, then those that inherit
    number_owners: Int32  # how many of the number's units own it
    number_set: Int32  # registrations of the number, of all registers together on the register's day
    number_told: Int32  # what each register says of the number, where more than SOR-EDI has something to say
    provider_key: Int64  # keys of provider numbers, sorted
    provider_start: Int32  # start of its units; one more than keys
    provider_unit: Int32  # rows of units
    ceased_key: Int64  # keys of ceased provider numbers, sorted
    ceased_day: Int32  # last day of the provider number beside it
    shak_key: Int64  # keys of SHAK codes, sorted
    shak_start: Int32  # start of its units; one more than keys
    shak_unit: Int32  # rows of units
    cvr_key: Int64  # keys of CVR numbers, sorted
    cvr_start: Int32  # start of its units; one more than keys
    cvr_unit: Int32  # rows of units
    retired_key: Int64  # keys of retired SHAK codes, sorted
    retired_day: Int32  # last day of the SHAK code beside it
    shak_period_key: Int64  # keys of the codes of the SHAK register, sorted, then by first day
    shak_period_from: Int32  # first day of the period
    shak_period_to: Int32  # last day of the period
    shak_period_name: Int32  # text of the name in the period
    code_key: Int64  # keys of the codes that the register has words for, sorted
    code_word: Int32  # text of the code beside it
    history_key: Int64  # keys of SOR codes with other periods than the unit's own, sorted, then by first day
    history_kind: UInt8  # level of the unit in that period
    history_from: Int32  # first day of the period
    history_to: Int32  # last day of the period
    history_flags: UInt8  # unreadable period
    history_parent: Int32  # text of the SOR code above in that period
    history_number: Int32  # text of the location number shown in that period
    history_record: UInt64  # start of the packed record in `records`; one more than periods
    odd_text: Int32  # texts of the identifiers that no key can hold
    type_text: Int32  # texts of the message types that are registered
    set_start: Int32  # start of a set of registrations; one more than sets
    set_entry: UInt32  # registered type and its directions
    told_start: Int32  # start of what the registers say of a number; one more than numbers of which more than SOR-EDI says something
    told_entry: UInt32  # registered type and its directions
    told_flags: UInt8  # which register says it, its environment, and whether it is in use there
    told_from: Int32  # first day of the registration
    told_to: Int32  # last day of the registration
    told_status: Int32  # text of the endpoint's status
    text_start: UInt64  # start of a text; one more than texts
    records: bytes | memoryview  # packed records of units
    texts: bytes | memoryview  # texts that many units share


class Columns(_Table):
    """The columns of one index. Plain slots: they are read for every letter, and made in every new process."""

    __slots__ = tuple(_Table.__annotations__)

    def __init__(self, **columns: Column | bytes) -> None:
        for name in _Table.__annotations__:
            setattr(self, name, columns[name])

    def check_from_now(self) -> None:
        """See that columns can be what this library wrote; those just made are."""

    def doubted(self, error: Exception) -> NoReturn:
        """For who met with something that can't be: of columns just made it is a fault of this library, and raised as it is."""
        raise error

    def kept(self, name: str) -> Slices | None:  # noqa: ARG002 (of a register just loaded, whatever the name)
        """A column that a floor above had written into the compiled file; None where there is none, as in a register just loaded."""
        return None


_CODES = {"Int64": "q", "Int32": "i", "UInt8": "B", "UInt32": "I", "UInt64": "Q"}

TYPECODES: dict[str, str] = {name: _CODES[wide] for name, wide in _Table.__annotations__.items() if wide in _CODES}
"""Name of each column to its type code, as in the ``array`` module."""

EQUALLY_LONG = """
    unit_key unit_kind unit_parent unit_from unit_to unit_flags unit_location unit_location_state unit_quiet_from unit_quiet_to
        unit_municipality unit_postal unit_contact unit_record+1 child_start+1 sor_key sor_row,
    replaced_unit replaced_by_unit,
    replacing_unit replacing_of_unit,
    location_number location_owner location_flags location_from location_to location_first_from location_system location_supplier
        location_net_operator location_region location_administrator location_note location_updated,
    number_key number_start+1 number_owners number_set number_told,
    told_entry told_flags told_from told_to told_status,
    provider_key provider_start+1,
    ceased_key ceased_day,
    retired_key retired_day,
    shak_period_key shak_period_from shak_period_to shak_period_name,
    code_key code_word,
    history_key history_kind history_from history_to history_flags history_parent history_number history_record+1,
    shak_key shak_start+1,
    cvr_key cvr_start+1
"""
"""Columns that stand beside each other and have as many values, up to a comma; ``+1``: one more."""

RECORD_FIELDS: dict[str, tuple[str, ...]] = {
    "name": (),
    "types": (),
    "provider_number": (),
    "shak_code": (),
    "cvr_number": (),
    "pharmacy_number": (),
    "local_code": (),
    "first_from_date": (),
    "updated_at": (),
    "specialities": ("code", "kind"),
    "postal_address": ADDRESS_FIELDS,
    "visiting_address": ADDRESS_FIELDS,
    "activity_address": ADDRESS_FIELDS,
    "contact": CONTACT_FIELDS,
    "geographical_parent": ("relation", "code"),
    "replaces": (),
    "replaced_by": (),
    "information": UNIT_INFORMATION_FIELDS,
    "local_attributes": (),
    "organisational_level": ("code", "name"),
}
"""The fields of a packed record in their order, each with the parts that it is made of, where they are always the same."""

RECORD_ORDER = " ".join(f"{name}({','.join(parts)})" if parts else name for name, parts in RECORD_FIELDS.items())
"""The same in one line, as it stands in the header of a compiled file."""
