"""Writes the endpoint register (EER) of an extract: its units, and what its endpoints receive, as FHIR resources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Literal, Protocol

from sor_addressing.cells import json_encoder
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import EndpointRegistration, LocationSource, UnitRecord
from sor_addressing.testing.published.sor_xml import UnitsOfADay
from sor_addressing.whole_file import written_binary

__all__ = ["EndpointsOfADay", "write_endpoint_register"]

_TERMS = "http://medcomehmi.dk/ig/terminology/CodeSystem"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": " ", "\r": " ", "\t": " "})
_NAMED = {"production": "prod", "pilot": "pilot", "test": "test"}

Resource = dict[str, Any]


class EndpointsOfADay(UnitsOfADay, Protocol):
    """What is written: a :class:`~sor_addressing.testing.MadeUpExtract`, or anything else with these."""

    @property
    def endpoints(self) -> Sequence[EndpointRegistration]:
        """What endpoints receive, on location numbers."""


def write_endpoint_register(
    extract: EndpointsOfADay,
    target: str | Path | IO[bytes],
    *,
    form: Literal["bundle", "ndjson", "xml"] = "bundle",
    gln: str = "http://www.gs1.org/gln",
) -> None:
    """Write the units of an extract and its endpoints as the endpoint register has them; every name is made up.

    A unit refers to the endpoint of its own number, or of the one that the nearest unit above has. Registrations of one number that differ in
    period, status or environment are endpoints of their own.

    Args:
        extract: its units and endpoints.
        target: a path, or a binary file, which is left open.
        form: a ``Bundle`` of JSON with the extract's day, resources one a line, or a ``Bundle`` of XML.
        gln: the system that location numbers are written under; the pilot's has https.
    """
    encode = json_encoder(compact=True)
    day = f"{extract.snapshot_date.isoformat()}T06:00:00+01:00"
    with written_binary(target) as file:
        if form == "ndjson":
            for resource in _resources(extract, gln):
                file.write((encode(resource) + "\n").encode())
        elif form == "xml":
            file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<Bundle xmlns="http://hl7.org/fhir">\n')
            file.write(f'<type value="collection"/><timestamp value="{day}"/>\n'.encode())
            for resource in _resources(extract, gln):
                kind = resource.pop("resourceType")
                file.write(f"<entry><resource>{_xml(kind, resource)}</resource></entry>\n".encode())
            file.write(b"</Bundle>\n")
        else:
            file.write(f'{{"resourceType":"Bundle","type":"collection","timestamp":"{day}","entry":['.encode())
            between = "\n"
            for resource in _resources(extract, gln):
                file.write((between + encode({"resource": resource})).encode())
                between = ",\n"
            file.write(b"\n]}\n")


def _resources(extract: EndpointsOfADay, gln: str) -> Iterator[Resource]:
    units = list(extract.units)
    number_of: dict[str, str] = {}
    owner_of: dict[str, str] = {}
    for unit in units:
        if unit.location is not None:
            number_of[unit.sor_code] = unit.location.number
            owner_of.setdefault(unit.location.number, unit.sor_code)
        elif unit.location_source is LocationSource.INHERITED and unit.parent_sor_code in number_of:
            number_of[unit.sor_code] = number_of[unit.parent_sor_code]
    told = {one.location_number for one in extract.endpoints}
    names: dict[str, list[str]] = {}
    endpoints = list(_endpoints(extract.endpoints, owner_of, gln))
    for endpoint in endpoints:
        names.setdefault(endpoint["identifier"][0]["value"], []).append(endpoint["id"])
    for unit in units:
        number = number_of.get(unit.sor_code, "")
        yield _organization(unit, names.get(number, []) if number in told else [])
    yield from endpoints


def _organization(unit: UnitRecord, endpoints: list[str]) -> Resource:
    said: Resource = {
        "resourceType": "Organization",
        "id": unit.sor_code,
        "identifier": [{"use": "official", "system": "urn:oid:1.2.208.176.1.1", "value": unit.sor_code}],
        "active": True,
        "type": [{"coding": [{"system": f"{_TERMS}/eer-sor-organization-type", "code": str(unit.kind)}]}],
        "name": unit.name,
    }
    if unit.parent_sor_code:
        said["partOf"] = {"reference": f"Organization/{unit.parent_sor_code}"}
    if endpoints:
        said["endpoint"] = [{"reference": f"Endpoint/{one}"} for one in endpoints]
    return said


def _endpoints(registrations: Sequence[EndpointRegistration], owners: dict[str, str], gln: str) -> Iterator[Resource]:
    def terms(one: EndpointRegistration) -> tuple[str, ...]:
        days = ("" if day is None else day.isoformat() for day in (one.from_date, one.to_date))
        return (one.location_number, one.status, one.environment, *days)

    written: dict[str, int] = {}
    for (number, status, environment, first, last), group in groupby(sorted(registrations, key=terms), key=terms):
        count = written[number] = written.get(number, 0) + 1
        kinds = [_payload(one.message_type) for one in group]
        if environment:
            code = f"urn:dk:medcom:{_NAMED[environment]}:messaging:fhir"
            kinds.append({"coding": [{"system": f"{_TERMS}/ehmi-payload-type", "code": code}]})
        said: Resource = {
            "resourceType": "Endpoint",
            "id": number if count == 1 else f"{number}-{count}",
            "identifier": [{"use": "official", "system": gln, "value": number}],
            "status": status,
            "connectionType": {"system": f"{_TERMS}/eer-endpoint-connection-type", "code": "EerMessagingEdelivery"},
            "period": {name: day for name, day in (("start", first), ("end", last)) if day},
            "payloadType": kinds,
            "payloadMimeType": ["application/fhir+xml", "application/fhir+json"],
            "address": "https://found-inside-the-ap-extension.com",
        }
        if number in owners:
            said["managingOrganization"] = {"reference": f"Organization/{owners[number]}"}
        yield said


def _payload(message_type: str) -> Resource:
    urn = catalogue().parse(message_type).urn
    if urn is None:
        return {"text": message_type}
    return {"coding": [{"system": f"{_TERMS}/ehmi-message-definition-uri", "code": urn}]}


def _xml(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_xml(name, one) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_xml(key, one) for key, one in value.items())}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'<{name} value="{text.translate(_ESCAPES)}"/>'
