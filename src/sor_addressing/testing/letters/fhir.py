"""Writes made-up letters as FHIR messages, JSON or XML: a Bundle with MessageHeader, Organizations and a patient that nobody is."""

from __future__ import annotations

import base64
import datetime as dt
import html
import json
from collections.abc import Callable, Sequence
from typing import Any, Literal

from sor_addressing.clock import offset_by_rule
from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty, fhir_id
from sor_addressing.testing.numbers import location_number, sor_code

__all__ = ["fhir_of"]

Resource = dict[str, Any]
Addresses = Literal["relative", "absolute", "urn"]

_GUIDE = "http://medcomfhir.dk/ig"
_DEFINITIONS = f"{_GUIDE}/messagedefinitions/MessageDefinition"
_USE_EXTENSION = f"{_GUIDE}/messaging/StructureDefinition/medcom-messaging-destinationUseExtension"
_LINK = "https://sor2.sum.dsdn.dk/#id="
_GLN = "https://www.gs1.org/gln"
_SOR = "urn:oid:1.2.208.176.1.1"
_PROVIDER = "urn:oid:1.2.208.176.1.4"
_SERVER = "http://example.org/opdigtet/"

_ADDRESS = {"line": ["Opdigtet Allé 1"], "city": "Opdigtet By", "postalCode": "0999"}

# Running numbers of Organizations that are in the message, and are neither sender nor receiver.
_BYSTANDERS = (9_001, 9_002)


def fhir_of(
    letter: MadeUpLetter,
    *,
    xml: bool = False,
    indent: int | None = None,
    addresses: Addresses = "relative",
    references: Addresses = "relative",
    marked: bool = True,
    endpoints: bool = True,
    gln_system: str = _GLN,
    bystanders_first: bool = False,
    attachment: int = 0,
    attached: Sequence[str] = ("application/pdf",),
    edit: Callable[[Resource], object] | None = None,
) -> bytes:
    """A made-up letter as a FHIR message, in UTF-8.

    Beside sender and receivers there are Organizations that are neither, a patient, and the letter's content as text. SHAK codes,
    municipality codes and where to reply have no place in the format, and are left out.

    Args:
        letter: ``code`` is a FHIR type such as ``FDIS91`` or an event code such as ``homecareobservation-message``; ids that are no
            UUIDs become one, the same each time.
        xml: as XML; else as JSON.
        indent: spaces a level, for JSON; None writes all in one line.
        addresses: how each ``fullUrl`` is written.
        references: how references to Organizations are written.
        marked: whether each destination says by its extension that it is primary or cc.
        endpoints: whether destination and source link to SOR.
        gln_system: the system of location numbers, of which there are four spellings.
        bystanders_first: whether the other Organizations stand before sender and receivers.
        attachment: how many bytes are attached to the letter, in each file; 0 for no attachment.
        attached: the media type of each attachment.
        edit: is given the Bundle as dictionaries and lists before it is written, to make anything odd of it.

    >>> from sor_addressing.testing.letters.made_up import MadeUpLetter
    >>> fhir_of(MadeUpLetter(code="FDIS91", version="5.0"))[:25]
    b'{"resourceType": "Bundle"'
    """
    parties = [letter.sender, letter.receiver, *letter.copy_receivers]
    organizations = [_organization(party, number, gln_system) for number, party in enumerate(parties)]
    others = [_organization(_bystander(number), number, gln_system) for number in _BYSTANDERS]
    header = _header(letter, organizations, references=references, marked=marked, endpoints=endpoints)
    between = [*others, *organizations] if bystanders_first else [*reversed(organizations), *others]
    resources = [header, *between, *_patient_part(letter, others[0]["id"], attachment, attached)]
    bundle = {
        "resourceType": "Bundle",
        "id": fhir_id(letter.envelope_id),
        "type": "message",
        "timestamp": _instant(letter.sent),
        "entry": [{"fullUrl": _address(one, addresses), "resource": one} for one in resources],
    }
    if edit is not None:
        edit(bundle)
    if not xml:
        return json.dumps(bundle, ensure_ascii=False, indent=indent).encode()
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_xml_of_resource(bundle)}'.encode()


def _header(
    letter: MadeUpLetter, organizations: list[Resource], *, references: Addresses, marked: bool, endpoints: bool
) -> Resource:
    event = _event(letter.code)
    destinations: list[Resource] = []
    for number, (party, organization) in enumerate(
        zip((letter.receiver, *letter.copy_receivers), organizations[1:], strict=True)
    ):
        use = {
            "system": f"{_GUIDE}/terminology/CodeSystem/medcom-messaging-destinationUse",
            "code": "cc" if number else "primary",
        }
        destinations.append(
            {
                **({"extension": [{"url": _USE_EXTENSION, "valueCoding": use}]} if marked else {}),
                **({"endpoint": _endpoint(party)} if endpoints else {}),
                "receiver": {"reference": _address(organization, references)},
            }
        )
    header: Resource = {
        **_resource("MessageHeader", letter.letter_id, letter.content),
        "eventCoding": {"system": f"{_GUIDE}/terminology/CodeSystem/medcom-messaging-eventCodes", "code": event},
        "destination": destinations,
        "sender": {"reference": _address(organizations[0], references)},
        "source": {"endpoint": _endpoint(letter.sender) if endpoints else "http://medcomfhir.dk/unknown"},
    }
    if letter.answers is not None:
        header["response"] = {
            "identifier": fhir_id(letter.answers.letter_id),
            "code": "ok" if letter.answer_positive else "fatal-error",
        }
    if letter.version is not None:
        name = "".join(word.capitalize() for word in event.removesuffix("-message").split("-"))
        header["definition"] = f"{_DEFINITIONS}/MedCom{name}MessageDefinition|{letter.version}"
    return header


def _organization(party: MadeUpParty, number: int, gln_system: str) -> Resource:
    said = ((gln_system, party.location_number), (_SOR, party.sor_code), (_PROVIDER, party.provider_number))
    return {
        **_resource("Organization", f"organization {number}", f"Opdigtet organisation {number}"),
        "identifier": [{"system": system, "value": value} for system, value in said if value is not None],
        "name": f"Opdigtet organisation {number}",
        "telecom": [{"system": "phone", "value": "00 00 00 00"}],
        "address": [_ADDRESS],
        "contact": [{"name": {"family": "Opdigtet"}, "telecom": [{"system": "phone", "value": "00 00 00 00"}]}],
    }


def _bystander(number: int) -> MadeUpParty:
    return MadeUpParty(location_number=location_number(number), sor_code=sor_code(number))


def _patient_part(letter: MadeUpLetter, organization: str, attachment: int, attached: Sequence[str]) -> list[Resource]:
    payload: list[Resource] = [{"contentString": letter.content}]
    if attachment:
        data = base64.b64encode(bytes(range(256)) * (attachment // 256 + 1))[: (attachment + 2) // 3 * 4].decode()
        payload += [
            {"contentAttachment": {"contentType": kind, "data": data, "title": letter.content}} for kind in attached
        ]
    patient = {
        **_resource("Patient", "patient", letter.content),
        "identifier": [{"system": "urn:opdigtet:patient", "value": letter.content}],
        "name": [{"use": "official", "family": letter.content, "given": ["Opdigtet"]}],
        "telecom": [{"system": "phone", "value": "00 00 00 00", "use": "home"}],
        "address": [_ADDRESS],
        "managingOrganization": {"reference": f"Organization/{organization}"},
    }
    communication = {
        **_resource("Communication", "communication", letter.content),
        "status": "unknown",
        "category": [{"coding": [{"code": "other"}], "text": letter.content}],
        "priority": "routine",
        "subject": {"reference": f"Patient/{patient['id']}"},
        "sender": {"reference": f"PractitionerRole/{fhir_id('role')}"},
        "payload": payload,
    }
    provenance = {
        **_resource("Provenance", "provenance", letter.content),
        "target": [{"reference": f"MessageHeader/{fhir_id(letter.letter_id)}"}],
        "recorded": _instant(letter.sent),
        "activity": {"coding": [{"system": f"{_GUIDE}/terminology/CodeSystem/opdigtet", "code": "new-message"}]},
        "agent": [{"who": {"reference": f"Organization/{organization}", "display": letter.content}}],
    }
    practitioner = {
        **_resource("Practitioner", "practitioner", letter.content),
        "name": [{"use": "official", "family": letter.content, "given": ["Opdigtet"]}],
    }
    role = {
        **_resource("PractitionerRole", "role", letter.content),
        "practitioner": {"reference": f"Practitioner/{practitioner['id']}"},
        "organization": {"reference": f"Organization/{organization}"},
        "code": [{"coding": [{"system": "urn:opdigtet:rolle", "code": "opdigtet", "display": "Opdigtet rolle"}]}],
        "telecom": [{"system": "phone", "value": "00 00 00 00"}],
    }
    return [communication, patient, practitioner, role, provenance]


def _resource(resource_type: str, name: str, text: str) -> Resource:
    """What every resource begins with."""
    return {
        "resourceType": resource_type,
        "id": fhir_id(name),
        "meta": {"profile": [f"{_GUIDE}/opdigtet/StructureDefinition/opdigtet-{resource_type.lower()}"]},
        "text": {"status": "generated", "div": f"{text} ({resource_type})"},
    }


# MedCom's code system of events (medcom-messaging-eventCodes), by the code that SOR-EDI has.
_EVENTS = {
    "FDIS91": "care-communication-message",
    "FDIS20": "hospital-notification-message",
    "FCTL": "acknowledgement-message",
    "HCO": "homecareobservation-message",
}


def _event(code: str) -> str:
    """The event code of a FHIR type; what is none is written as it stands."""
    return _EVENTS.get(code, code)


def _endpoint(party: MadeUpParty) -> str:
    return f"{_LINK}{party.sor_code}" if party.sor_code else "http://medcomfhir.dk/unknown"


def _address(resource: Resource, addresses: Addresses) -> str:
    if addresses == "urn":
        return f"urn:uuid:{resource['id']}"
    relative = f"{resource['resourceType']}/{resource['id']}"
    return f"{_SERVER}{relative}" if addresses == "absolute" else relative


def _instant(moment: dt.datetime) -> str:
    """A moment with its time zone; a naive one is in Danish time."""
    if moment.tzinfo is None:
        standard = moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=1)))
        ahead = dt.timedelta(seconds=offset_by_rule(standard.timestamp()))
        moment = moment.replace(tzinfo=dt.timezone(ahead))
    return moment.isoformat()


def _xml_of_resource(resource: Resource) -> str:
    name = resource["resourceType"]
    namespace = ' xmlns="http://hl7.org/fhir"' if name == "Bundle" else ""
    members = {key: value for key, value in resource.items() if key != "resourceType"}
    return f"<{name}{namespace}>{_xml_of_members(members)}</{name}>"


def _xml_of_members(members: Resource) -> str:
    return "".join(
        _xml_of(key, value)
        for key, values in members.items()
        for value in (values if isinstance(values, list) else [values])
    )


def _xml_of(key: str, value: object) -> str:
    if key == "div":
        return f'<div xmlns="http://www.w3.org/1999/xhtml">{html.escape(str(value))}</div>'
    if not isinstance(value, dict):
        return f'<{key} value="{html.escape(str(value))}"/>'
    if "resourceType" in value:
        return f"<{key}>{_xml_of_resource(value)}</{key}>"
    attributes = f' url="{html.escape(value["url"])}"' if key == "extension" else ""
    members = {name: inner for name, inner in value.items() if not (key == "extension" and name == "url")}
    return f"<{key}{attributes}>{_xml_of_members(members)}</{key}>"
