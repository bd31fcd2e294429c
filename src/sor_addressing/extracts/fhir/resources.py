"""One resource of the endpoint register to a record: Organization, Endpoint, Device. What else there is, is passed over.

Sources: medcomdk/dk-ehmi-eer 2.0.1-draft and the single files of 3.0.0, dk-ehmi-eer-configurations (what is published, with its quirks),
dk-ehmi-terminology 1.2.0. Slips in names there (``identier``) are the real ones.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache

from sor_addressing.companions import (
    DeviceRecord,
    EndpointRecord,
    EndpointReference,
    EndpointRegisterRecord,
    OrganizationRecord,
)
from sor_addressing.extracts.checks import IdentifierCell, Report, identifier_reader
from sor_addressing.extracts.days import IsoDays
from sor_addressing.extracts.fhir.members import Members, flag, members, plain, several, text
from sor_addressing.field_names import ADDRESS_FIELDS, CONTACT_FIELDS
from sor_addressing.hiding import shown
from sor_addressing.identifiers import (
    IdentifierKind,
    LocationNumber,
    SorCode,
    kind_of_system,
    without_system,
)
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import Problem

LEVELS = {"IE": "IE", "SI": "SI", "OE": "OE", "IO": "IE", "HI": "SI", "OU": "OE"}
"""Codes of the level of a unit: the Danish ones, and the English that stand in the code system too."""

_EUA, _MSH, _AP = "eer-dk-eua-system-extension", "eer-dk-msh-system-extension", "eer-dk-ap-system-extension"
_UNIT_TYPE = "eer-sor-unit-type"
_PAYLOAD_KIND = "ehmi-payload-type"
_ENVELOPE = "urn:dk:healthcare:ehmi:messaging:envelope:"
_ABSENT = "data-absent-reason"
_ENVIRONMENTS = {"prod": "production", "test": "test", "pilot": "pilot"}
_OWNER_PROFILE = "eer-ap-organization-owner"
_STATUSES = frozenset(("active", "suspended", "error", "off", "entered-in-error", "test"))
_CODE_IN_NAME = re.compile(r"\((\d{11,18})\)", re.ASCII)
_PART_OF_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_ENVIRONMENT = re.compile(r"urn:dk:medcom:(prod|test|pilot):messaging:", re.ASCII)

_MOST_REFERENCES = 10_000
_location_number = identifier_reader(LocationNumber)
_sor_code = identifier_reader(SorCode)


class ResourceReader:
    """Makes records of the resources of one file.

    Args:
        file: the name used in problems.
        report: called with each problem.
    """

    def __init__(self, *, file: str, report: Report) -> None:
        self._file = file
        self._report = report
        self._days = IsoDays()

    def read(self, resource: object, url: str, line: int) -> EndpointRegisterRecord | None:
        """The record of a resource at an address; None where it is none of the three, or can't be told apart from others."""
        said = members(resource)
        make = _MAKERS.get(plain(said.get("resourceType")))
        return None if make is None else make(self, said, url, line)

    def _organization(self, said: Members, url: str, line: int) -> OrganizationRecord:
        identifiers = _identifiers(said)
        name = text(said.get("name"))
        in_name = _CODE_IN_NAME.fullmatch(name, name.rfind("(")) if name.endswith(")") and "(" in name else None
        own_id = plain(said.get("id"))
        code = identifiers.get(IdentifierKind.SOR_CODE, "")
        if not code and SorCode.is_canonical(own_id):
            code = own_id
        if not code and in_name:
            code = in_name[1]
        before = name[: in_name.start()].rstrip() if in_name else ""
        if in_name and before and (in_name[1] == code or SorCode.fits(in_name[1])):
            name = before
        is_unit = not any(
            _OWNER_PROFILE in one for one in several(members(said.get("meta")).get("profile")) if isinstance(one, str)
        )
        read = IdentifierCell(code, code) if SorCode.is_canonical(code) else _sor_code(code)
        if not code and is_unit:
            self._tell("organization-without-sor-code", line, own_id or url or None, {"name": shown(name)})
        elif read.fault and is_unit:
            self._tell(read.fault, line, read.seen, read.details)
        level = unit_type = ""
        for concept in several(said.get("type")):
            for coding in several(members(concept).get("coding")):
                found_level, found_type = _level_or_type(*_coding(coding))
                level, unit_type = level or found_level, unit_type or found_type
        extensions = _extensions(said)
        return OrganizationRecord(
            names=_names("Organization", own_id, url),
            sor_code=read.value,
            name=name,
            level=level,
            unit_type=unit_type,
            cvr_number=identifiers.get(IdentifierKind.CVR_NUMBER, ""),
            active=flag(said.get("active")),
            is_unit=is_unit and bool(code),
            part_of=_reference(said.get("partOf")),
            endpoints=_references(said.get("endpoint")),
            systems=extensions.get(_EUA, ()),
            handlers=extensions.get(_MSH, ()),
            address=_address(said),
            contact=_contact(said),
            file=self._file,
            line=line,
        )

    def _endpoint(self, said: Members, url: str, line: int) -> EndpointRecord:
        own_id = plain(said.get("id"))
        number = _identifiers(said).get(IdentifierKind.LOCATION_NUMBER, "")
        if not number and LocationNumber.fits(own_id):
            number = own_id
        read = _location_number(number)
        if not number:
            self._tell("endpoint-without-number", line, own_id or url or None, {})
        elif read.fault:
            self._tell(read.fault, line, read.seen, read.details)
        status = plain(said.get("status")).lower()
        if status not in _STATUSES:
            self._tell("endpoint-status-unreadable", line, read.seen or own_id, {"value": shown(status)})
        period = said.get("period")
        first, last, unreadable = self._period(members(period), line, read.seen or own_id)
        types: dict[str, None] = {}
        environment = ""
        for concept in several(said.get("payloadType")):
            found, told = _payload(members(concept))
            types.update(dict.fromkeys(found))
            environment = environment or told
        extensions = _extensions(said)
        return EndpointRecord(
            names=_names("Endpoint", own_id, url),
            number=read.value,
            status=status,
            manager=_reference(said.get("managingOrganization")),
            types=tuple(types),
            from_date=first,
            to_date=last,
            period_unreadable=unreadable or (period is not None and period.__class__ is not tuple),
            environment=environment,
            handlers=(*extensions.get(_MSH, ()), *extensions.get(_AP, ())),
            file=self._file,
            line=line,
        )

    def _device(self, said: Members, url: str, line: int) -> DeviceRecord:
        identifiers = [text(members(one).get("value")) for one in several(said.get("identifier"))]
        own_id = plain(said.get("id"))
        names = [text(members(one).get("name")) for one in several(said.get("deviceName"))]
        codes = [text(_coding(coding)[1]) for coding in several(members(said.get("type")).get("coding"))]
        return DeviceRecord(
            names=_names("Device", own_id, url),
            identifier=next(filter(None, identifiers), "") or text(own_id),
            kind=next(filter(None, codes), ""),
            name=next(filter(None, names), "") or text(own_id),
            manufacturer=text(said.get("manufacturer")),
            file=self._file,
            line=line,
        )

    def _period(self, said: Members, line: int, identifier: str) -> tuple[dt.date | None, dt.date | None, bool]:
        days: list[dt.date | None] = []
        unreadable = False
        for field in ("start", "end"):
            written = said.get(field)
            day = None
            if isinstance(written, str):
                day = self._days[written.strip()] or _part_of_day(written.strip(), is_end=field == "end")
            if written is not None and day is None:
                unreadable = True
                details = {"value": shown(str(written)), "field": "from_date" if field == "start" else "to_date"}
                self._tell("row-period-unreadable", line, identifier, details)
            days.append(day)
        first, last = days
        if first is not None and last is not None and last < first:
            self._tell(
                "period-reversed", line, identifier, {"from_date": first.isoformat(), "to_date": last.isoformat()}
            )
        return first, last, unreadable

    def _tell(self, code: str, line: int, identifier: str | None, details: object) -> None:
        self._report(Problem(code, self._file, line or None, shown(identifier) if identifier else None, details))  # type: ignore[arg-type]


_MAKERS: dict[str, Callable[[ResourceReader, Members, str, int], EndpointRegisterRecord]] = {
    "Organization": ResourceReader._organization,
    "Endpoint": ResourceReader._endpoint,
    "Device": ResourceReader._device,
}


def day_in(written: object) -> dt.date | None:
    """The day of an instant or dateTime; None where it is none."""
    return IsoDays()[written.strip()] if isinstance(written, str) else None


def _part_of_day(written: str, *, is_end: bool) -> dt.date | None:
    """The first or the last day of a year or a month, which FHIR's dates can be."""
    match = _PART_OF_DAY.fullmatch(written)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or (12 if is_end else 1))
    try:
        first = dt.date(year, month, 1)
    except ValueError:
        return None
    if not is_end:
        return first
    return dt.date(year, 12, 31) if month == 12 else dt.date(year, month + 1, 1) - dt.timedelta(days=1)


def _names(kind: str, own_id: str, url: str) -> tuple[str, ...]:
    """What a resource can be referred to by: the address of its entry, and its kind and id."""
    relative = f"{kind}/{own_id}" if own_id else ""
    return tuple(name for name in (url, relative) if name)


def _identifiers(said: Members) -> dict[IdentifierKind, str]:
    """The first identifier of each kind; numbers of persons have no kind here, and are not read."""
    found: dict[IdentifierKind, str] = {}
    for one in several(said.get("identifier")):
        identifier = members(one)
        kind = _kind_of(identifier)
        value = identifier.get("value")
        if kind is not None and isinstance(value, str) and value.strip():
            found.setdefault(kind, _value(value))
    return found


_CODES = {"GLN": IdentifierKind.LOCATION_NUMBER, "SOR": IdentifierKind.SOR_CODE, "SORID": IdentifierKind.SOR_CODE}


def _kind_of(identifier: Members) -> IdentifierKind | None:
    system = identifier.get("system")
    kind = kind_of_system(system) if isinstance(system, str) else None
    if kind is None and not system:
        for coding in several(members(identifier.get("type")).get("coding")):
            kind = kind or _CODES.get(_coding(coding)[1])
    return kind


def _value(written: str) -> str:
    if 10 < len(written) <= 200 and written.isdigit() and written.isascii():  # nearly all: no system, and no CPR number
        return written
    return text(without_system(written)[:200])


def _coding(coding: object) -> tuple[str, str]:
    said = members(coding)
    return plain(said.get("system")), plain(said.get("code"))


@lru_cache(maxsize=4_096)
def _level_or_type(system: str, code: str) -> tuple[str, str]:
    """The level of a unit that a code stands for, or the type of unit that it is."""
    return ("", text(code)) if system.endswith(_UNIT_TYPE) else (LEVELS.get(code, ""), "")


def _payload(concept: Members) -> tuple[tuple[str, ...], str]:
    """The message types of a payload type, as written, and the environment that it names; an envelope is no type."""
    types: list[str] = []
    environment = ""
    for coding in several(concept.get("coding")):
        found, told = _payload_code(*_coding(coding))
        if found:
            types.append(found)
        environment = environment or told
    words = text(concept.get("text"))
    if not types and words and not concept.get("coding"):
        types.append(words)
    elif words and types and not any(catalogue().parse(one).known for one in types) and catalogue().parse(words).known:
        types = [words]
    return tuple(types), environment


@lru_cache(maxsize=4_096)
def _payload_code(system: str, code: str) -> tuple[str, str]:
    match = _ENVIRONMENT.match(code)
    if match:
        return "", _ENVIRONMENTS[match[1]]
    if not code or system.endswith((_PAYLOAD_KIND, _ABSENT)) or code.startswith(_ENVELOPE):
        return "", ""
    return (text(code), "") if catalogue().read(code) is not None else ("", "")


def _reference(value: object) -> EndpointReference | None:
    said = members(value)
    if not said:
        return None
    address, identifier = plain(said.get("reference")), members(said.get("identifier"))
    named = identifier.get("value")
    if isinstance(named, str) and _kind_of(identifier) is not None:
        return EndpointReference(address, _value(named))
    return EndpointReference(address)


def _references(value: object) -> tuple[EndpointReference, ...]:
    return tuple(filter(None, map(_reference, several(value)[:_MOST_REFERENCES])))


def _extensions(said: Members) -> dict[str, tuple[EndpointReference, ...]]:
    """The references to devices, by the last word of the extension's address."""
    found: dict[str, list[EndpointReference]] = {}
    for one in several(said.get("extension"))[:_MOST_REFERENCES]:
        extension = members(one)
        name = plain(extension.get("url")).rpartition("/")[2]
        reference = _reference(extension.get("valueReference")) if name in (_EUA, _MSH, _AP) else None
        if reference is not None:
            found.setdefault(name, []).append(reference)
    return {name: tuple(references) for name, references in found.items()}


def _address(said: Members) -> tuple[str, ...] | None:
    for one in several(said.get("address")):
        address = members(one)
        values = {
            "street": ", ".join(filter(None, map(text, several(address.get("line"))))),
            "postcode": text(address.get("postalCode")),
            "district": text(address.get("city")),
            "country": text(address.get("country")),
        }
        if any(values.values()):
            return tuple(values.get(field, "") for field in ADDRESS_FIELDS)
    return None


_TELECOMS = {"phone": "telephone", "fax": "fax", "email": "email", "url": "website"}


def _contact(said: Members) -> tuple[str, ...] | None:
    values: dict[str, str] = {}
    for one in several(said.get("telecom")):
        telecom = members(one)
        field = _TELECOMS.get(text(telecom.get("system")))
        value = text(telecom.get("value"))
        if field and value and "sor2.sum.dsdn.dk" not in value:
            values.setdefault(field, value)
    return tuple(values.get(field, "") for field in CONTACT_FIELDS) if values else None
