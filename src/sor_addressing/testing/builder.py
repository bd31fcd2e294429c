"""Tiny made-up registers in a few lines, for tests that need just this one closed ward.

>>> build = RegisterBuilder()
>>> owner = build.owner("Region Prøve")
>>> hospital = build.institution(owner, "Prøve Sygehus", location_number=True)
>>> ward = build.unit(hospital, "Sengeafsnit 1", inherits=True, shak_code="9901011")
>>> build.registers(ward, "XDIS91 XD9134L", send=True, receive=True)
>>> extract = build.extract()
>>> [unit.name for unit in extract]
['Region Prøve', 'Prøve Sygehus', 'Sengeafsnit 1']
>>> extract.registrations[0].location_number == extract.unit(hospital).location.number
True
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

import attrs

from sor_addressing.field_names import UNIT_INFORMATION_FIELDS
from sor_addressing.identifiers import ProviderNumber
from sor_addressing.misspelt import check_names, nearest, suggests_arguments, suggests_fields
from sor_addressing.model import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    EndpointRegistration,
    LocationRecord,
    LocationSource,
    RegistrationRecord,
    UnitKind,
    UnitRecord,
)
from sor_addressing.testing import numbers
from sor_addressing.testing.extract import MadeUpExtract

if TYPE_CHECKING:
    from sor_addressing.register.face import Register
    from sor_addressing.testing.extract import WrittenExtract
    from sor_addressing.testing.published.message_types import MessageTypeOptions

__all__ = ["DEFAULT_FROM_DATE", "LocationFields", "RegisterBuilder", "UnitFields", "address", "contact"]

DEFAULT_FROM_DATE = dt.date(2010, 1, 1)
"""First day of a unit that is given none."""


class LocationFields(TypedDict, total=False):
    """What a unit's own location number can be given, besides the number. A date gives the number a period."""

    system: str
    supplier: str
    net_operator: str
    region_code: str
    administrator: str
    note: str
    internal_only: bool
    inactive: bool
    from_date: dt.date | None
    to_date: dt.date | None
    period_unreadable: bool


class UnitFields(TypedDict, total=False):
    """What a unit can be given; all of it can be left out.

    ``sor_code`` is made where it is missing. ``location_number`` is the unit's own: a text, or True to have one made;
    ``location`` says more about it, and has one made where there is none. ``inherits=True`` says that the number is
    inherited from the unit above, and ``inherits=None`` that the unit doesn't say. Without any of these the unit has
    no number. ``types``, ``replaces`` and ``replaced_by`` are one text or several. ``from_date`` is
    :data:`DEFAULT_FROM_DATE` unless given; ``to_date`` is the last valid day. Addresses and contact are mappings of the
    names in ``model.ADDRESS_FIELDS`` and ``model.CONTACT_FIELDS``; a speciality is a code, or a pair of code and type; an
    organisational level is a pair of code and name.
    """

    sor_code: str
    types: str | Sequence[str]
    from_date: dt.date | None
    to_date: dt.date | None
    period_unreadable: bool
    location_number: str | bool
    location: LocationFields
    inherits: bool | None
    provider_number: str
    shak_code: str
    cvr_number: str
    pharmacy_number: str
    local_code: str
    specialities: Sequence[str | tuple[str, str]]
    postal_address: Mapping[str, str]
    visiting_address: Mapping[str, str]
    activity_address: Mapping[str, str]
    contact: Mapping[str, str]
    geographical_parent: tuple[str, str]
    replaces: str | Sequence[str]
    replaced_by: str | Sequence[str]
    information: Mapping[str, bool]
    local_attributes: Sequence[str]
    organisational_level: tuple[str, str]


@suggests_fields
class RegisterBuilder:
    """Builds a made-up register unit by unit. The SOR codes it returns are the parents of further units.

    Units may be created in any order, children before their parents too where the codes are given.

    Args:
        snapshot_date: the day the register shows; the built register's clock stands still on it.
        first_number: where made-up numbers begin to be counted, for several builders whose numbers must differ.
    """

    def __init__(self, snapshot_date: dt.date = dt.date(2026, 1, 15), *, first_number: int = 0) -> None:
        self.snapshot_date = snapshot_date
        self.created_at = dt.datetime.combine(snapshot_date, dt.time(21, 30))
        self._units: dict[str, UnitRecord] = {}
        self._registrations: list[tuple[str, str, bool | None, bool | None]] = []
        self._endpoints: list[tuple[str, EndpointRegistration]] = []
        self._has_message_types = True
        self._ceased: dict[str, dt.date] = {}
        self._next_unit = first_number
        self._next_location = first_number
        self._taken_locations: set[str] = set()

    def owner(self, name: str, **fields: Unpack[UnitFields]) -> str:
        """Add an institution owner (*institutionsejer*); its SOR code."""
        return self._add(UnitKind.INSTITUTION_OWNER, None, name, fields)

    def institution(self, parent: str, name: str, **fields: Unpack[UnitFields]) -> str:
        """Add a health institution (*sundhedsinstitution*) to an owner; its SOR code."""
        return self._add(UnitKind.HEALTH_INSTITUTION, parent, name, fields)

    def unit(self, parent: str, name: str, **fields: Unpack[UnitFields]) -> str:
        """Add an organisational unit (*organisatorisk enhed*) to an institution or another unit; its SOR code."""
        return self._add(UnitKind.ORGANISATIONAL_UNIT, parent, name, fields)

    def location_number(self) -> str:
        """A made-up location number that no unit of this register has yet, for a number that several share."""
        number = numbers.location_number(self._next_location)
        self._next_location += 1
        return self.location_number() if number in self._taken_locations else number

    @suggests_arguments
    def registers(
        self, recipient: str, *message_types: str, send: bool | None = None, receive: bool | None = None
    ) -> None:
        """Register message types on a location number.

        Args:
            recipient: a location number, which no unit needs to have, or the SOR code of a unit with a number.
            message_types: code and version as in the message-type file: ``"XDIS91 XD9134L"``, or only one of them.
            send: whether they may be sent from there. Where only one of the two is said, the other is False;
                where neither is, the registrations have no direction, as in a file without one.
            receive: whether they may be received there.

        Raises:
            ValueError: no message type is given.
        """
        if not message_types:
            raise ValueError("registers() needs at least one message type")
        if send is not None or receive is not None:
            send, receive = bool(send), bool(receive)
        self._registrations += [(recipient, message_type, send, receive) for message_type in message_types]

    def registers_in_eer(
        self,
        recipient: str,
        *message_types: str,
        from_date: dt.date | None = None,
        to_date: dt.date | None = None,
        status: str = "active",
        environment: Literal["", "production", "pilot", "test"] = "",
    ) -> None:
        """Have the endpoint register (EER) say that a location number receives message types.

        Args:
            recipient: a location number, or the SOR code of a unit with a number of its own.
            message_types: code and version: ``"HCO 1.1"``.
            from_date: the first day of the endpoint's period.
            to_date: the last.
            status: FHIR's word: ``active``, ``suspended``, ``off``, …; nothing goes to one that is not active.
            environment: which environment of EER it is of.

        Raises:
            ValueError: no message type is given.
        """
        if not message_types:
            raise ValueError("registers_in_eer() needs at least one message type")
        for one in message_types:
            said = EndpointRegistration("", one, from_date, to_date, status, status == "active", environment)
            self._endpoints.append((recipient, said))

    def without_message_types(self) -> None:
        """Make it a register for which no message-type file was loaded: what anyone can receive is unknown."""
        self._has_message_types = False

    @suggests_arguments
    def provider_ceased(self, provider_number: str, last_day: dt.date) -> None:
        """Have the provider register say that a provider number ended, with its last valid day."""
        self._ceased[ProviderNumber.compact(provider_number)] = last_day

    def extract(self) -> MadeUpExtract:
        """The records of all units, in document order, and their registrations.

        Raises:
            ValueError: a parent doesn't exist or is of the wrong kind, or message types are registered on a unit
                without a location number.
        """
        return MadeUpExtract(
            snapshot_date=self.snapshot_date,
            created_at=self.created_at,
            units=[_copied(unit) for unit in self._in_document_order()],
            registrations=[
                RegistrationRecord(self._location_number_of(recipient), message_type, send, receive)
                for recipient, message_type, send, receive in self._registrations
            ],
            has_message_types=self._has_message_types,
            ceased_providers=dict(self._ceased),
            endpoints=[
                attrs.evolve(said, location_number=self._location_number_of(recipient))
                for recipient, said in self._endpoints
            ],
        )

    def build(self, **options: Any) -> Register:
        """The register; ``options`` as in :meth:`MadeUpExtract.to_register`."""
        return self.extract().to_register(**options)

    def write(
        self,
        folder: str | Path,
        *,
        version: Literal[1, 2] = 2,
        compressed: Literal["gz", "zip"] | None = None,
        **message_types: Unpack[MessageTypeOptions],
    ) -> WrittenExtract:
        """Write the register as published files; see :meth:`MadeUpExtract.write`."""
        return self.extract().write(folder, version=version, compressed=compressed, **message_types)

    def _add(self, kind: UnitKind, parent: str | None, name: str, fields: UnitFields) -> str:
        check_names(f"the unit {name!r}", fields, UnitFields.__annotations__)
        check_names(f"the location of {name!r}", fields.get("location", ()), LocationFields.__annotations__)
        code = fields.get("sor_code") or self._new_sor_code()
        if code in self._units:
            raise ValueError(f"there is already a unit with SOR code {code}: {self._units[code].name!r}")
        location, source = self._location(kind, fields)
        from_date = fields.get("from_date", DEFAULT_FROM_DATE)
        to_date = fields.get("to_date")
        if "from_date" not in fields and to_date is not None:
            from_date = min(DEFAULT_FROM_DATE, to_date)
        unreadable = fields.get("period_unreadable", False)
        self._units[code] = UnitRecord(
            sor_code=code,
            kind=kind,
            name=name,
            parent_sor_code=parent,
            types=_texts(fields.get("types", ())),
            from_date=from_date,
            to_date=None if unreadable else to_date,
            first_from_date=from_date,
            period_unreadable=unreadable,
            location_source=source,
            location=location,
            provider_number=ProviderNumber.compact(fields.get("provider_number", "")),
            shak_code=fields.get("shak_code", ""),
            cvr_number=fields.get("cvr_number", ""),
            pharmacy_number=fields.get("pharmacy_number", ""),
            local_code=fields.get("local_code", ""),
            specialities=tuple(_speciality(item) for item in fields.get("specialities", ())),
            postal_address=_tuple(fields.get("postal_address"), ADDRESS_FIELDS),
            visiting_address=_tuple(fields.get("visiting_address"), ADDRESS_FIELDS),
            activity_address=_tuple(fields.get("activity_address"), ADDRESS_FIELDS),
            contact=_tuple(fields.get("contact"), CONTACT_FIELDS),
            geographical_parent=fields.get("geographical_parent"),
            replaces=_texts(fields.get("replaces", ())),
            replaced_by=_texts(fields.get("replaced_by", ())),
            information=_information(fields.get("information")),
            local_attributes=_local_attributes(fields.get("local_attributes", ())),
            organisational_level=fields.get("organisational_level"),
        )
        return code

    def _new_sor_code(self) -> str:
        while True:
            code = numbers.sor_code(self._next_unit)
            self._next_unit += 1
            if code not in self._units:
                return code

    def _location(self, kind: UnitKind, fields: UnitFields) -> tuple[LocationRecord | None, LocationSource]:
        own = fields.get("location_number", "location" in fields)
        inherits = fields.get("inherits", False)
        if own and inherits:
            raise ValueError("a unit has a location number of its own or inherits one, not both")
        if own:
            number = self.location_number() if own is True else own
            self._taken_locations.add(number)
            about = fields.get("location", {})
            has_status = bool({"from_date", "to_date", "period_unreadable"} & about.keys())
            location = LocationRecord(number, has_status=has_status, **about)
            location.first_from_date = location.from_date
            if location.period_unreadable:
                location.to_date = None
            return location, LocationSource.OWN
        if kind is UnitKind.INSTITUTION_OWNER and inherits is not False:
            raise ValueError("an institution owner can only have a location number of its own")
        if inherits is None:
            return None, LocationSource.UNKNOWN
        return None, LocationSource.INHERITED if inherits else LocationSource.NONE

    def _in_document_order(self) -> list[UnitRecord]:
        children: dict[str | None, list[UnitRecord]] = {}
        for unit in self._units.values():
            self._check_parent(unit)
            children.setdefault(unit.parent_sor_code, []).append(unit)
        ordered = []
        waiting = list(reversed(children.get(None, ())))
        while waiting:
            unit = waiting.pop()
            ordered.append(unit)
            waiting += reversed(children.get(unit.sor_code, ()))
        if len(ordered) < len(self._units):
            raise ValueError("some units lie in a circle: each is below the other")
        return ordered

    def _check_parent(self, unit: UnitRecord) -> None:
        if unit.parent_sor_code is None:
            return
        parent = self._units.get(unit.parent_sor_code)
        if parent is None:
            raise ValueError(f"the parent of {unit.name!r} doesn't exist: {unit.parent_sor_code}")
        if (unit.kind is UnitKind.HEALTH_INSTITUTION) is not (parent.kind is UnitKind.INSTITUTION_OWNER):
            raise ValueError(
                f"{unit.name!r} ({unit.kind}) can't lie in {parent.name!r} ({parent.kind}): an institution lies in an "
                "owner, and a unit in an institution or another unit"
            )

    def _location_number_of(self, recipient: str) -> str:
        unit = self._units.get(recipient)
        if unit is None:
            return recipient
        above: UnitRecord | None = unit
        while above is not None and above.location is None and above.location_source is LocationSource.INHERITED:
            above = self._units.get(above.parent_sor_code or "")
        if above is None or above.location is None:
            raise ValueError(f"{unit.name!r} has no location number to register message types on")
        return above.location.number


def _copied(unit: UnitRecord) -> UnitRecord:
    location = unit.location
    return attrs.evolve(unit, location=attrs.evolve(location) if location is not None else None)


def address(**fields: str) -> tuple[str, ...]:
    """An address as records have it, from the names in ``model.ADDRESS_FIELDS``.

    >>> address(street="Prøvevej", building="7")[:2]
    ('Prøvevej', '7')
    """
    return _tuple(fields, ADDRESS_FIELDS) or ("",) * len(ADDRESS_FIELDS)


def contact(**fields: str) -> tuple[str, ...]:
    """A contact as records have it, from the names in ``model.CONTACT_FIELDS``."""
    return _tuple(fields, CONTACT_FIELDS) or ("",) * len(CONTACT_FIELDS)


def _tuple(given: Mapping[str, str] | None, fields: tuple[str, ...]) -> tuple[str, ...] | None:
    if not given:
        return None
    if unknown := sorted(given.keys() - set(fields)):
        near = nearest(unknown[0], fields)
        meant = f"; did you mean {near!r}?" if near else ""
        raise ValueError(f"no fields {', '.join(unknown)}; there are {', '.join(fields)}{meant}")
    return tuple(given.get(field, "") for field in fields)


def _texts(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _speciality(given: str | tuple[str, str]) -> tuple[str, str]:
    return (given, "") if isinstance(given, str) else given


def _information(given: Mapping[str, bool] | None) -> tuple[str, ...] | None:
    if not given:
        return None
    return _tuple({name: "true" if value else "false" for name, value in given.items()}, UNIT_INFORMATION_FIELDS)


def _local_attributes(given: Sequence[str]) -> tuple[str, ...]:
    if len(given) > 5:
        raise ValueError(f"a unit has at most five local attributes, not {len(given)}")
    return (*given, *[""] * (5 - len(given))) if given else ()
