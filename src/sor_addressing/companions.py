"""What the files beside the units say: records, one class a published table. ``None`` and empty texts are "the file does not say"."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import attrs


@attrs.define(slots=True)
class CodeText:
    """A code of the register's classifications and what it stands for (``SORClassifications.csv``).

    ``group`` says which classification, as the file words it; empty where the file has no column for it.
    """

    code: str
    text: str
    group: str = ""
    line: int = 0


@attrs.define(slots=True)
class ReplacementRecord:
    """A unit and one that took over from it (``SORReplacedEntities.csv``), by SOR code."""

    replaced: str
    replacing: str
    from_date: dt.date | None = None
    line: int = 0


@attrs.define(slots=True)
class ShakMapRecord:
    """A SHAK code and the unit it belongs to in a period, both ends inclusive (``SHAKSORMap.csv``).

    ``period_unreadable`` is set where the file has a day that can't be read; such a row holds on no day.
    """

    shak_code: str
    sor_code: str
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    line: int = 0
    period_unreadable: bool = False


@attrs.define(slots=True)
class ShakRecord:
    """One row of the SHAK register: a hospital (4 characters), department (6) or ward (7) and its name in a period.

    The name can be empty. ``sor_code`` is the unit's, in the table of hospitals alone. ``to_date`` is the last day, None where the
    code is open. A code can have several rows, one a period.
    ``period_unreadable`` is set where the file has a day that can't be read; nobody knows then when the code was in use.
    """

    code: str
    name: str
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    changed: dt.date | None = None
    operation: str = ""
    line: int = 0
    period_unreadable: bool = False
    sor_code: str = ""


@attrs.define(slots=True)
class ProviderRecord:
    """A provider number (*ydernummer*) of the provider register: who it is, and from when to when. Nothing of persons is in it.

    ``to_date`` is the last day, None where the number is in use. ``period_unreadable`` is set where the file has a day that
    can't be read: neither "in use" nor "ceased" follows from such a record.
    """

    number: str
    name: str
    region_code: str = ""
    street: str = ""
    postcode: str = ""
    district: str = ""
    speciality_code: str = ""
    speciality: str = ""
    telephone: str = ""
    email: str = ""
    website: str = ""
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    line: int = 0
    period_unreadable: bool = False


@attrs.define(slots=True)
class PlaceRecord:
    """Where a unit lies (``Geolocations.csv``): metres in ETRS89, UTM zone 32 N, as texts with a decimal point."""

    sor_code: str
    easting: str
    northing: str
    line: int = 0


@attrs.define(slots=True)
class MessageTypeRow:
    """A message type as the complete set lists it (``EDITypes.csv``); registrations refer to it by ``identifier`` or ``code``."""

    identifier: str
    code: str = ""
    version: str = ""
    name: str = ""
    line: int = 0


@attrs.define(slots=True)
class NumberRecord:
    """A location number with what stands behind it (``LocationsCodes.csv``), whoever has it.

    ``inactive`` and ``internal_only`` are None where the file does not say. ``sor_code`` is the owner where there is a column for it.
    ``state_unreadable`` as in a :class:`~sor_addressing.model.LocationRecord`.
    """

    number: str
    sor_code: str = ""
    inactive: bool | None = None
    internal_only: bool | None = None
    system: str = ""
    supplier: str = ""
    net_operator: str = ""
    region_code: str = ""
    administrator: str = ""
    note: str = ""
    has_status: bool = False
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    first_from_date: dt.date | None = None
    updated_at: str = ""
    period_unreadable: bool = False
    line: int = 0
    state_unreadable: bool = False


class EndpointReference(NamedTuple):
    """A reference of the endpoint register: the address that it gives, and the SOR code or location number that it names."""

    address: str = ""
    identifier: str = ""


@attrs.define(slots=True)
class OrganizationRecord:
    """A unit of the endpoint register.

    ``names`` are the addresses it can be referred to by. ``level`` is one of IE, SI and OE, or empty. ``is_unit`` is False for owners of
    access points, which stand there too. ``active`` is None where nothing says it.
    """

    names: tuple[str, ...]
    sor_code: str
    name: str = ""
    level: str = ""
    unit_type: str = ""
    cvr_number: str = ""
    active: bool | None = None
    is_unit: bool = True
    part_of: EndpointReference | None = None
    endpoints: tuple[EndpointReference, ...] = ()
    systems: tuple[EndpointReference, ...] = ()
    handlers: tuple[EndpointReference, ...] = ()
    address: tuple[str, ...] | None = None
    contact: tuple[str, ...] | None = None
    file: str = ""
    line: int = 0


@attrs.define(slots=True)
class EndpointRecord:
    """An endpoint of the endpoint register: a location number, and what it receives.

    ``types`` are message types as written. ``period_unreadable`` is set where a day can't be read.
    """

    names: tuple[str, ...]
    number: str
    status: str = ""
    manager: EndpointReference | None = None
    types: tuple[str, ...] = ()
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    period_unreadable: bool = False
    environment: str = ""
    handlers: tuple[EndpointReference, ...] = ()
    file: str = ""
    line: int = 0


@attrs.define(slots=True)
class DeviceRecord:
    """A product of the endpoint register: ``kind`` is EUA for the user's system, MSH or AP for what carries letters."""

    names: tuple[str, ...]
    identifier: str = ""
    kind: str = ""
    name: str = ""
    manufacturer: str = ""
    file: str = ""
    line: int = 0


EndpointRegisterRecord = OrganizationRecord | EndpointRecord | DeviceRecord
