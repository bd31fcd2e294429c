"""The endpoint register (EER) put together from its files: who is whose, and what of it goes to the units and numbers of SOR.

References are literal, or name a SOR code or location number, or both and then not always the same: the literal one counts. A unit is joined
to SOR by its SOR code, an endpoint by its location number. Without SOR the units of EER make a small register of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import attrs

from sor_addressing.companions import (
    DeviceRecord,
    EndpointRecord,
    EndpointReference,
    EndpointRegisterRecord,
    OrganizationRecord,
)
from sor_addressing.hiding import shown
from sor_addressing.identifiers import SorCode
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.endpoints import is_active
from sor_addressing.index.upward import LiesAbove
from sor_addressing.model import (
    EndpointRegistration,
    LocationRecord,
    LocationSource,
    Problem,
    UnitKind,
    UnitRecord,
)

T = TypeVar("T")


def _ignore(_problem: Problem) -> None:
    """Until somebody asks."""


@attrs.define(slots=True)
class EndpointRegister:
    """Takes the records of all files of the endpoint register, and then tells what they say together.

    Args:
        report: called with each problem.
        environment: of endpoints that name none themselves.
    """

    report: Callable[[Problem], None] = _ignore
    environment: str = ""
    organizations: list[OrganizationRecord] = attrs.field(factory=list)
    endpoints: list[EndpointRecord] = attrs.field(factory=list)
    _organization_of: dict[str, OrganizationRecord] = attrs.field(factory=dict)
    _endpoint_of: dict[str, EndpointRecord] = attrs.field(factory=dict)
    _device_of: dict[str, DeviceRecord] = attrs.field(factory=dict)
    _managed: dict[int, list[EndpointRecord]] = attrs.field(factory=dict)
    _numbers: dict[int, tuple[list[EndpointRecord], list[EndpointRecord]]] = attrs.field(factory=dict)

    def take(self, records: Iterable[EndpointRegisterRecord]) -> None:
        """Take the records of a file; of two with one address the first is the one referred to."""
        for record in records:
            known: dict[str, OrganizationRecord] | dict[str, EndpointRecord] | dict[str, DeviceRecord]
            if isinstance(record, OrganizationRecord):
                self.organizations.append(record)
                known, identifier = self._organization_of, record.sor_code
            elif isinstance(record, EndpointRecord):
                self.endpoints.append(record)
                known, identifier = self._endpoint_of, record.number
            else:
                known, identifier = self._device_of, record.identifier
            for name in (*record.names, identifier):
                if name:
                    known.setdefault(name, record)  # type: ignore[arg-type]  # of the kind that the record is of

    def settle(self) -> None:
        """Once all files were taken: find the manager of every endpoint."""
        for endpoint in self.endpoints:
            if endpoint.manager is not None:
                manager = _found(self._organization_of, endpoint.manager)
                if manager is not None:
                    self._managed.setdefault(id(manager), []).append(endpoint)
                elif self.organizations:
                    self._tell("reference-not-found", endpoint, endpoint.number, endpoint.manager)

    def code_words(self) -> dict[str, str]:
        """What the products are called, by their identifiers."""
        return {one.identifier: one.name for one in self._device_of.values() if one.name and one.name != one.identifier}

    def registrations(self) -> Iterator[EndpointRegistration]:
        """Every type on every endpoint that has a location number."""
        inactive = {
            id(endpoint)
            for organization in self.organizations
            if organization.active is False
            for endpoint in self._managed.get(id(organization), ())
        }
        for endpoint in self.endpoints:
            in_use = is_active(endpoint.status) and id(endpoint) not in inactive
            for message_type in endpoint.types if endpoint.number else ():
                yield EndpointRegistration(
                    endpoint.number,
                    message_type,
                    endpoint.from_date,
                    endpoint.to_date,
                    endpoint.status,
                    in_use,
                    endpoint.environment or self.environment,
                    endpoint.period_unreadable,
                    endpoint.file,
                    endpoint.line,
                )

    def numbers_of(self, organization: OrganizationRecord) -> tuple[list[EndpointRecord], list[EndpointRecord]]:
        """The endpoints that a unit manages, and the others it refers to, those in use first."""
        known = self._numbers.get(id(organization))
        if known is not None:
            return known
        own = [one for one in self._managed.get(id(organization), ()) if one.number]
        listed = [_found(self._endpoint_of, one) for one in organization.endpoints]
        own_numbers = {one.number for one in own}
        others = [one for one in listed if one is not None and one.number and one.number not in own_numbers]
        # What it names itself goes before what only says to be its own.
        if len(own) > 1:
            named = {id(one) for one in listed if one is not None}
            own.sort(key=lambda one: (not is_active(one.status), id(one) not in named))
        if len(others) > 1:
            others.sort(key=lambda one: not is_active(one.status))
        self._numbers[id(organization)] = own, others
        return own, others

    def units(self) -> Iterator[UnitRecord]:
        """The units of EER, for a register of its own."""
        for organization in self.organizations:
            if not organization.is_unit:
                continue
            own, others = self.numbers_of(organization)
            record = UnitRecord(
                sor_code=organization.sor_code,
                kind=UnitKind(organization.level or UnitKind.ORGANISATIONAL_UNIT),
                name=organization.name,
                parent_sor_code=self._parent_of(organization),
                line=organization.line,
                types=(organization.unit_type,) if organization.unit_type else (),
                cvr_number=organization.cvr_number,
                postal_address=organization.address,
                contact=organization.contact,
            )
            if own:
                record.location_source = LocationSource.OWN
                record.location = self._location(own[0], organization)
                self._tell_of_others(organization, own)
            elif others:
                record.location_source = LocationSource.INHERITED
                record.inherited_number = others[0].number
            else:
                record.location_source = LocationSource.NONE
            yield record

    def join(self, records: Iterable[UnitRecord]) -> Iterator[UnitRecord]:
        """SOR's units, each with the number and the systems that EER knows where SOR has none."""
        organizations = {one.sor_code: one for one in self.organizations if one.is_unit}
        for record in records:
            organization = organizations.get(record.sor_code)
            if organization is not None:
                own, _ = self.numbers_of(organization)
                if record.location is None and record.location_source is not LocationSource.INHERITED:
                    if own and not record.inherited_number:
                        record.location, record.location_source = (
                            self._location(own[0], organization),
                            LocationSource.OWN,
                        )
                elif record.location is not None:
                    for endpoint in own:
                        if endpoint.number == record.location.number:
                            _fill(record.location, self._location(endpoint, organization))
            yield record

    def left_over(self, index: Index) -> Iterator[Problem]:
        """What SOR has otherwise: units that it has not, units that it gives another location number, and managers that don't lie above."""
        lies_above = LiesAbove(index)
        for organization in self.organizations:
            if not organization.is_unit:
                continue
            row = index.row_of_sor_code(organization.sor_code)
            if row == NOTHING:
                yield _problem(
                    "endpoint-unit-unknown", organization, organization.sor_code, {"name": organization.name}
                )
                continue
            own, others = self.numbers_of(organization)
            numbers = [one.number for one in (*own, *others)]
            number = index.location_number(row)
            if numbers and number not in numbers:
                details = {"number": number, "others": tuple(dict.fromkeys(numbers))}
                yield _problem("endpoint-number-differs", organization, organization.sor_code, details)
            if others:
                yield from self._managers_elsewhere(organization, others, index, row, lies_above)

    def _managers_elsewhere(
        self,
        organization: OrganizationRecord,
        others: Iterable[EndpointRecord],
        index: Index,
        row: int,
        lies_above: LiesAbove,
    ) -> Iterator[Problem]:
        """Endpoints that a unit refers to, and whose manager SOR has, but not above the unit; where nothing is above it, nobody knows."""
        for endpoint in others if index.columns.unit_parent[row] != NOTHING else ():
            manager = None if endpoint.manager is None else _found(self._organization_of, endpoint.manager)
            place = NOTHING if manager is None or not manager.is_unit else index.row_of_sor_code(manager.sor_code)
            if manager is not None and place not in (NOTHING, row) and not lies_above(place, row):
                details = {"number": endpoint.number, "manager": manager.sor_code}
                yield _problem("endpoint-manager-not-above", organization, organization.sor_code, details)

    def _parent_of(self, organization: OrganizationRecord) -> str | None:
        reference = organization.part_of
        if reference is None:
            return None
        parent = _found(self._organization_of, reference, other_than=organization)
        if parent is not None:
            return parent.sor_code
        ending = reference.address.rpartition("/")[2]
        if SorCode.is_canonical(ending):
            return ending
        if reference.identifier and reference.identifier != organization.sor_code:
            return reference.identifier
        self._tell("reference-not-found", organization, organization.sor_code, reference)
        return None

    def _location(self, endpoint: EndpointRecord, organization: OrganizationRecord) -> LocationRecord:
        location = LocationRecord(endpoint.number)
        system = self._device(organization.systems)
        if system is not None:
            location.system, location.supplier = system.identifier, system.manufacturer
        operator = self._device((*organization.handlers, *endpoint.handlers))
        if operator is not None:
            location.net_operator = operator.identifier
        return location

    def _device(self, references: Iterable[EndpointReference]) -> DeviceRecord | None:
        return next((found for one in references if (found := _found(self._device_of, one)) is not None), None)

    def _tell_of_others(self, organization: OrganizationRecord, own: list[EndpointRecord]) -> None:
        for other in own[1:]:
            if other.number != own[0].number:
                details = {"other": other.number, "number": own[0].number, "other_line": own[0].line}
                self.report(_problem("owner-has-several-numbers", other, organization.sor_code, details))

    def _tell(
        self, code: str, record: OrganizationRecord | EndpointRecord, identifier: str, reference: EndpointReference
    ) -> None:
        details = {"reference": shown(reference.address or reference.identifier)}
        self.report(_problem(code, record, identifier or None, details))


def _found(known: dict[str, T], reference: EndpointReference, *, other_than: T | None = None) -> T | None:
    """What a reference leads to: by its address, by the kind and id that this ends with, else by the number that it names."""
    address = reference.address
    record = known.get(address) if address else None
    if record is not None and record is not other_than:
        return record
    for name in ("/".join(address.partition("/_history/")[0].split("/")[-2:]), reference.identifier):
        record = known.get(name) if name else None
        if record is not None and record is not other_than:
            return record
    return None


def _fill(location: LocationRecord, said: LocationRecord) -> None:
    """What SOR says of a number's systems stays."""
    for name in ("system", "supplier", "net_operator"):
        if not getattr(location, name):
            setattr(location, name, getattr(said, name))


def _problem(
    code: str, record: OrganizationRecord | EndpointRecord, identifier: str | None, details: Mapping[str, object]
) -> Problem:
    return Problem(code, record.file, record.line or None, identifier, details)
