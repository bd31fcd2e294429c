"""Units and location numbers as FHIR R4 resources, in the shape of MedCom's endpoint register and of IHE mCSD.

A unit is an Organization and a Location, a location number an Endpoint. The register tells no address on a network, which an Endpoint has to have:
the number itself stands there, as a URN.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from functools import cache
from itertools import chain, takewhile
from typing import Any

from sor_addressing.index.inside import index_of, row_of
from sor_addressing.index.unit import Location, Registration, Unit
from sor_addressing.index.words import words_of
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import Address, Contact, Period
from sor_addressing.shipped import shipped_toml

Resource = dict[str, Any]

_FIT_FOR_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)


@cache
def _names() -> dict[str, dict[str, Any]]:
    return shipped_toml("sor_addressing.exports", "data", "fhir.toml")


def _id(identifier: str) -> str:
    """An identifier as the id of a resource, which can't hold everything that the register can."""
    if _FIT_FOR_ID.fullmatch(identifier):
        return identifier
    return str(uuid.uuid5(uuid.NAMESPACE_URL, identifier))


def full_url(kind: str, identifier: str) -> str:
    """The same name for the same unit or number, in every bundle."""
    system = _names()["systems"]["sor_code"]
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{system}|{kind}|{identifier}").urn


def entry(resource: Resource) -> Resource:
    """A resource as an entry of a bundle."""
    return {"fullUrl": full_url(resource["resourceType"], resource["id"]), "resource": resource}


def units_to_tell(unit: Unit, told: set[int]) -> Iterator[Unit]:
    """The unit and those above it, the top first, that are not in ``told``, and are then: all above one that was told were told before it."""
    index, row = index_of(unit), row_of(unit)
    way = list(takewhile(lambda one: one not in told, chain((row,), index.ancestors(row))))
    told.update(way)
    return (Unit(index, one) for one in reversed(way))


def organization(unit: Unit, *, active: bool, alias: str | None, with_endpoint: bool) -> Resource:
    """A unit: who it is, what it is part of, and, where the extract has it, the Endpoint that letters to it go to."""
    names = _names()
    location, contact = unit.location, unit.contact
    parent = unit.parent
    level = names["organization_types"][unit.kind]
    return _said(
        resourceType="Organization",
        id=_id(unit.sor_code),
        identifier=_identifiers(unit),
        active=active,
        type=[{"coding": [{"system": names["systems"]["organization_type"], "code": level}]}, *_types(unit)],
        name=unit.name or unit.sor_code,
        alias=[alias] if alias and alias != unit.name else [],
        telecom=_telecom(contact),
        address=_addresses(unit.visiting_address or unit.postal_address),
        partOf=reference(parent) if parent is not None else None,
        endpoint=[_to("Endpoint", location.number)] if location is not None and with_endpoint else [],
    )


def place(unit: Unit, *, active: bool) -> Resource:
    """Where a unit is."""
    location = unit.location
    return _said(
        resourceType="Location",
        id=_id(unit.sor_code),
        identifier=[_identifier("sor_code", unit.sor_code)],
        status="active" if active else "inactive",
        name=unit.name or unit.sor_code,
        mode="instance",
        type=_types(unit) or [_absent()],
        telecom=_telecom(unit.contact),
        address=next(iter(_addresses(unit.visiting_address)), None),
        managingOrganization=reference(unit),
        endpoint=[_to("Endpoint", location.number)] if location is not None else [],
    )


def endpoint(location: Location, *, usable: bool) -> Resource:
    """A location number: how letters come to it, and which it receives."""
    names = _names()
    connections = names["connections"]
    received = [
        one for one in location.registrations if one.may_receive or (one.may_receive is None and one.may_send is None)
    ]
    formats = dict.fromkeys(one.message_type.format for one in received)
    return _said(
        resourceType="Endpoint",
        id=_id(location.number),
        identifier=[_identifier("location_number", location.number)],
        status="active" if usable else "off",
        connectionType={
            "system": names["systems"]["connection"],
            "code": connections.get(location.net_operator or "", connections["other"]),
        },
        name=location.owner.name or location.number,
        managingOrganization=reference(location.owner),
        period=_period(location.period),
        payloadType=list(map(_payload, received)) or [_absent()],
        payloadMimeType=[mime for form in formats if form is not None for mime in names["mime_types"][form]],
        address=f"urn:oid:1.3.88.{location.number}",
    )


def reference(unit: Unit) -> Resource:
    """A reference to the Organization of a unit, which also names it by its SOR code."""
    identifier = _identifier("sor_code", unit.sor_code)
    return {**_to("Organization", unit.sor_code), "identifier": identifier, "display": unit.name or unit.sor_code}


def _to(kind: str, identifier: str) -> Resource:
    return {"reference": full_url(kind, _id(identifier)), "type": kind}


def _said(**fields: Any) -> Resource:
    """The fields that say something: FHIR knows neither null nor empty lists."""
    return {name: value for name, value in fields.items() if value is not None and value not in ([], {}, "")}


def _identifier(kind: str, value: str) -> Resource:
    return {"use": "official", "system": _names()["systems"][kind], "value": value}


def _identifiers(unit: Unit) -> list[Resource]:
    location = unit.location
    given = (
        ("sor_code", unit.sor_code),
        ("location_number", location.number if location is not None else None),
        ("provider_number", unit.provider_number),
        ("cvr_number", unit.cvr_number),
    )
    found = [_identifier(kind, value) for kind, value in given if value]
    if unit.shak_code:
        found.append({"use": "official", "type": {"text": "SHAK"}, "value": unit.shak_code})
    return found


def _types(unit: Unit) -> list[Resource]:
    return [_said(coding=[{"code": code}], text=words_of(index_of(unit), "type", code)) for code in unit.types]


def _absent() -> Resource:
    return {"coding": [{"system": _names()["systems"]["absent"], "code": "unknown"}]}


def _payload(registration: Registration) -> Resource:
    message_type = registration.message_type
    urn = catalogue().urn(message_type)
    coding = [{"system": _names()["systems"]["message_type"], "code": urn}] if urn else []
    return _said(coding=coding, text=message_type.text)


def _telecom(contact: Contact | None) -> list[Resource]:
    if contact is None:
        return []
    given = (("phone", contact.telephone), ("fax", contact.fax), ("email", contact.email), ("url", contact.website))
    return [{"system": system, "value": value} for system, value in given if value]


def _addresses(address: Address | None) -> list[Resource]:
    if address is None:
        return []
    lines = address.lines
    if address.postcode or address.district:
        lines = lines[:-1]
    said = _said(
        use="work",
        line=list(lines),
        city=address.district,
        postalCode=address.postcode,
        country=address.country,
    )
    return [said] if len(said) > 1 else []


def _period(period: Period) -> Resource:
    first, last = period.from_date, period.to_date
    if first is not None and last is not None and first > last:
        return {}
    return _said(start=first.isoformat() if first else None, end=last.isoformat() if last else None)
