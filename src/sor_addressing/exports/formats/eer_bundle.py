"""An extract in the shape that the profiles of MedCom's endpoint register (EER) demand: units, endpoints by location number, products.

What SOR can't say is not made up: an address, and a manufacturer that nobody names, are FHIR's "unknown"; a message type for which EHMI has no
code, because the register gives none of its versions or an old one, is left out. What was left out is counted for the manifest.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TextIO

import attrs

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.cells import json_encoder
from sor_addressing.exports.formats.fhir_resources import Resource, _addresses, _id, _said, _telecom, units_to_tell
from sor_addressing.exports.rows import Table
from sor_addressing.field_names import EER
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.inside import index_of, row_of
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.registration import Registration
from sor_addressing.index.unit import Location, Unit
from sor_addressing.index.upward import upward
from sor_addressing.index.words import words_of
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.model import Period, UnitKind
from sor_addressing.shipped import shipped_toml

_OWN_NETWORK = "100097"
"""The net operator that is EHMI itself; all others are VANS."""

_CODE_OF_UNIT_TYPE = re.compile(r"[\s-]+")


@cache
def _names() -> dict[str, dict[str, Any]]:
    return shipped_toml("sor_addressing.exports", "data", "eer.toml")


@cache
def _unit_types() -> dict[str, str]:
    return {code.casefold(): code for code in _names()["unit_types"]["codes"]}


def write_eer(file: TextIO, table: Table, *, pilot: bool) -> dict[str, object]:
    """Write ``table`` as a Bundle of the type collection; how many resources of each kind there are, and what was left out of them."""
    encode = json_encoder(compact=True)
    asked = table.asked
    writer = EerWriter(asked.index, asked.day, asked.policy, pilot=pilot)
    counts: dict[str, int] = {}
    file.write('{"resourceType":"Bundle","type":"collection","entry":[')
    between = "\n"
    for resource in writer.resources(table.chosen.rows):
        file.write(between + encode({"resource": resource}))
        between = ",\n"
        kind = resource["resourceType"]
        counts[kind] = counts.get(kind, 0) + 1
    file.write("\n]}\n")
    return {
        "profile": "eer-pilot" if pilot else "eer",
        "resources": dict(sorted(counts.items())),
        "left_out": {name: dict(sorted(found.items())) for name, found in writer.left_out.items() if found},
    }


@attrs.define(slots=True)
class EerWriter:
    """Makes the resources of one extract.

    ``left_out`` counts, by the reason, what EER's profiles have no place for, or SOR no word.
    """

    index: Index
    day: int
    policy: AddressingPolicy
    pilot: bool = False
    left_out: dict[str, dict[str, int]] = attrs.field(
        factory=lambda: {
            "message_types_without_code": {},
            "unit_types_without_code": {},
            "location_numbers_without_types": {},
            "not_in_the_register": {},
        }
    )
    _endpoints_of: dict[str, list[Resource]] = attrs.field(factory=dict)
    _devices: dict[tuple[str, str], Resource] = attrs.field(factory=dict)

    def resources(self, rows: Iterable[int]) -> Iterator[Resource]:
        """Units after those above them, endpoints after their manager, products last."""
        told: set[int] = set()
        numbers: set[str] = set()
        for row in rows:
            unit = Unit(self.index, row)
            yield from map(self.organization, units_to_tell(unit, told))
            location = unit.location
            if location is not None and location.inherited:
                yield from map(self.organization, units_to_tell(location.owner, told))
            if location is not None and location.number not in numbers:
                numbers.add(location.number)
                yield from self.endpoints(location)
        yield from self.devices()

    def devices(self) -> Iterable[Resource]:
        """The products that anything referred to so far."""
        return self._devices.values()

    def organization(self, unit: Unit) -> Resource:
        """A unit; what it refers to is made by its other methods."""
        names = _names()
        systems, extensions, profiles = names["systems"], names["extensions"], names["profiles"]
        parents = self.index.columns.unit_parent
        top = upward(self.index, "top", lambda row: parents[row] == NOTHING).first(row_of(unit))
        owner = unit if top == NOTHING else Unit(self.index, top)
        has_owner = owner.kind is UnitKind.INSTITUTION_OWNER
        types = [{"coding": [{"system": systems["organization_type"], "code": str(unit.kind)}]}]
        slug = self._unit_type(unit)
        if slug:
            types.append({"coding": [{"system": systems["unit_type"], "code": slug}]})
        location = unit.location
        parent = unit.parent
        admin = {
            "extension": [{"url": extensions["owner"], "valueReference": _to_unit(owner)}],
            "purpose": {"coding": [{"system": systems["contact"], "code": "ADMIN"}]},
        }
        identifiers = [_identifier("sor_code", unit.sor_code)]
        if unit.cvr_number:
            identifiers.append(_identifier("cvr_number", unit.cvr_number))
        return _said(
            resourceType="Organization",
            id=_id(unit.sor_code),
            meta={"profile": [profiles["organization" if has_owner else "organization_without_owner"]]},
            extension=[] if location is None or location.inherited else self._systems(location),
            identifier=identifiers,
            active=self.index.is_in_force(row_of(unit), self.day),
            type=types,
            name=unit.name or unit.sor_code,
            telecom=_telecom(unit.contact),
            address=_addresses(unit.visiting_address or unit.postal_address),
            partOf=None if parent is None else _to_unit(parent),
            contact=[admin] if has_owner else [],
            endpoint=[] if location is None else [_to_endpoint(one, self.pilot) for one in self.endpoints(location)],
        )

    def _unit_type(self, unit: Unit) -> str:
        codes = _unit_types()
        for given in unit.types:
            words = words_of(index_of(unit), "type", given) or given
            slug = codes.get(_CODE_OF_UNIT_TYPE.sub("-", words.strip().casefold()))
            if slug:
                return slug
            self._leave_out("unit_types_without_code", given)
        return ""

    def _systems(self, location: Location) -> list[Resource]:
        extensions = _names()["extensions"]
        found = []
        if location.system:
            words = words_of(index_of(location.owner), "system", location.system)
            supplier = location.supplier
            by = supplier and (words_of(index_of(location.owner), "supplier", supplier) or supplier)
            device = self._device("EUA", location.system, words, by)
            found.append({"url": extensions["system"], "valueReference": device})
        if location.net_operator:
            words = words_of(index_of(location.owner), "net-operator", location.net_operator)
            device = self._device("MSH", location.net_operator, words, words or location.net_operator)
            found.append({"url": extensions["handler"], "valueReference": device})
        return found

    def _device(self, kind: str, code: str, words: str | None, manufacturer: str | None) -> Resource:
        names = _names()
        own_id = _id(f"{kind}-{code}")
        self._devices.setdefault(
            (kind, code),
            {
                "resourceType": "Device",
                "id": own_id,
                "meta": {"profile": [names["profiles"]["device"]]},
                "identifier": [{"value": code}],
                "status": "unknown",
                **({"manufacturer": manufacturer} if manufacturer else {"_manufacturer": _unknown()}),
                "deviceName": [{"name": words or code, "type": "user-friendly-name"}],
                "type": {"coding": [{"system": names["systems"]["device_type"], "code": kind}]},
            },
        )
        return {"reference": f"Device/{own_id}", "type": "Device"}

    def endpoints(self, location: Location) -> list[Resource]:
        """The endpoints of a number: SOR-EDI's, and of EER's one for each period and status."""
        known = self._endpoints_of.get(location.number)
        if known is not None:
            return known
        groups: dict[tuple[str, str, str, str], list[Registration]] = {}
        for one in location.registrations:
            if one.may_receive or (one.may_receive is None and one.may_send is None):
                groups.setdefault(self._terms(one), []).append(one)
        found = self._endpoints_of[location.number] = []
        for (source, status, first, last), said in sorted(groups.items()):
            endpoint = self._endpoint(location, source, status, (first, last), said)
            if endpoint is not None:
                endpoint["id"] = _id(location.number if not found else f"{location.number}-{len(found) + 1}")
                found.append(endpoint)
        if not found:
            self._leave_out("location_numbers_without_types", location.number)
        return found

    def _terms(self, one: Registration) -> tuple[str, str, str, str]:
        if one.source != EER:
            return (one.source, "", "", "")
        if (one.environment or "production") != self.policy.environment:
            return ("", "", "", "")
        days = one.period or Period()
        status = one.status if one.in_use or one.status != "active" else "suspended"
        first, last = ("" if day is None else day.isoformat() for day in (days.from_date, days.to_date))
        return (EER, status or "off", first, last)

    def _endpoint(
        self, location: Location, source: str, status: str, days: tuple[str, str], said: Iterable[Registration]
    ) -> Resource | None:
        if not source:
            for left in said:
                self._leave_out("not_in_the_register", f"{left.environment}: {left.message_type.text}")
            return None
        names = _names()
        types = [one.message_type for one in said]
        kinds = [kind for one in types if (kind := self._payload(one)) is not None]
        if not kinds:
            return None
        mime_types: dict[str, None] = {}
        for one in types:
            if one.urn and one.format is not None:
                mime_types.update(dict.fromkeys(names["mime_types"][one.format.value]))
        if source == EER:
            period = {name: day for name, day in zip(("start", "end"), days, strict=True) if day}
        else:
            period = _period(location.period)
            status = "active" if self._is_usable(location) else "off"
        ehmi = source == EER or location.net_operator == _OWN_NETWORK
        return {
            "resourceType": "Endpoint",
            "id": "",
            "meta": {"profile": [names["profiles"]["endpoint"]]},
            "identifier": [_identifier("location_number", location.number, self.pilot)],
            "status": status,
            "connectionType": {
                "system": names["systems"]["connection"],
                "code": "EerMessagingEdelivery" if ehmi else "vansMessaging",
            },
            "managingOrganization": _to_unit(location.owner),
            "period": period or {"_start": _unknown()},
            "payloadType": kinds,
            "payloadMimeType": list(mime_types),
            "_address": _unknown(),
        }

    def _is_usable(self, location: Location) -> bool:
        """Whether the number itself is: a closed unit does not close it."""
        period = location.period
        on = dt.date.fromordinal(self.day)
        return location.active is not False and not location.internal_only and period.contains(on)

    def _payload(self, message_type: MessageType) -> Resource | None:
        urn = message_type.urn
        if urn is None:
            self._leave_out("message_types_without_code", message_type.text)
            return None
        return {"coding": [{"system": _names()["systems"]["message_type"], "code": urn}]}

    def _leave_out(self, reason: str, what: str) -> None:
        found = self.left_out[reason]
        found[what] = found.get(what, 0) + 1


def _unknown() -> Resource:
    return {"extension": [{"url": _names()["extensions"]["absent"], "valueCode": "unknown"}]}


def _identifier(kind: str, value: str, pilot: bool = False) -> Resource:
    return {"use": "official", "system": _names()["systems"][f"{kind}_of_pilot" if pilot else kind], "value": value}


def _to_unit(unit: Unit) -> Resource:
    return {
        "reference": f"Organization/{_id(unit.sor_code)}",
        "type": "Organization",
        "identifier": _identifier("sor_code", unit.sor_code),
    }


def _to_endpoint(endpoint: Resource, pilot: bool) -> Resource:
    number = endpoint["identifier"][0]["value"]
    return {
        "reference": f"Endpoint/{endpoint['id']}",
        "type": "Endpoint",
        "identifier": _identifier("location_number", number, pilot),
    }


def _period(period: Period) -> Resource:
    first, last = period.from_date, period.to_date
    if first is not None and last is not None and first > last:
        return {}
    return _said(start=first.isoformat() if first else None, end=last.isoformat() if last else None)
