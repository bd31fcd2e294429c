"""One unit element of ``Sor.xml`` to one record: owners, institutions and organisational units alike, versions 1 and 2.

Source: the publisher's schemas; version 2 renamed some elements and moved others to OIO namespaces, but within one parent every
local name has one meaning in both, so everything is matched by parent and local name, never by prefix.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from lxml import etree

from sor_addressing.extracts.checks import Report
from sor_addressing.extracts.days import YES_NO, IsoDays
from sor_addressing.identifiers import ProviderNumber, compact
from sor_addressing.model import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    UNIT_INFORMATION_FIELDS,
    LocationRecord,
    LocationSource,
    Problem,
    UnitKind,
    UnitRecord,
)

ROOT_NAMESPACES = {
    "urn:oio:sundhedsstyrelsen:organisation:1.0.0": "1",
    "urn:oio:nsi:2.0.0": "2",
}
"""Namespace of the root to version of the layout."""

_KNOWN_NAMESPACES = frozenset(
    {
        *ROOT_NAMESPACES,
        "http://rep.oio.dk/xkom.dk/xml/schemas/2006/01/06/",
        "http://rep.oio.dk/xkom.dk/xml/schemas/2005/03/15/",
        "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2003/02/13/",
        "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/03/15/",
        "http://rep.oio.dk/kms.dk/xml/schemas/2007/05/23/",
        "http://rep.oio.dk/cvr.dk/xml/schemas/2005/03/22/",
        "http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/",
        "http://rep.oio.dk/osak.dk/xml/schemas/2006/04/25/",
    }
)

_TYPE_NAMES = frozenset({"EntityTypeIdentifier", "OwnerType", "InstitutionType", "UnitType"})
_LOCATION_TEXTS = {
    "SystemType": "system",
    "SystemTypeIdentifier": "system",
    "SystemSupplier": "supplier",
    "SystemSupplierIdentifier": "supplier",
    "CommunicationSupplier": "net_operator",
    "CommunicationSupplierIdentifier": "net_operator",
    "RegionCode": "region_code",
    "EdiAdministrator": "administrator",
    "EdiAdministratorIdentifier": "administrator",
    "SorNote": "note",
}
_LOCATION_FLAGS = {"OnlyInternalIndicator": "internal_only", "NonActiveIndicator": "inactive"}
_ADDRESS_POSITIONS = {
    name: ADDRESS_FIELDS.index(field)
    for name, field in {
        "StreetName": "street",
        "StreetBuildingIdentifier": "building",
        "FloorIdentifier": "floor",
        "SuiteIdentifier": "suite",
        "MailDeliverySublocationIdentifier": "sublocation",
        "StreetNameForAddressingName": "street_for_addressing",
        "DistrictSubdivisionIdentifier": "district_subdivision",
        "PostOfficeBoxIdentifier": "post_office_box",
        "PostCodeIdentifier": "postcode",
        "DistrictName": "district",
        "CountryIdentificationCode": "country",
        "Stairway": "stairway",
        "MunicipalityCode": "municipality_code",
        "StreetCode": "street_code",
        "RegionCode": "region_code",
        "CoordETRS89z32EMeasure": "easting",
        "CoordETRS89z32NMeasure": "northing",
    }.items()
}
_CONTACT_POSITIONS = {
    name: CONTACT_FIELDS.index(field)
    for name, field in {
        "EmailAddressIdentifier": "email",
        "Website": "website",
        "TelephoneNumberIdentifier": "telephone",
        "FaxNumberIdentifier": "fax",
    }.items()
}
_INFORMATION_POSITIONS = {
    name: UNIT_INFORMATION_FIELDS.index(field)
    for name, field in {
        "AmbulantActivityIndicator": "ambulant_activity",
        "PatientsAdmittedIndicator": "patients_admitted",
        "ReportingLevelIndicator": "reporting_level",
    }.items()
}

_Handler = Callable[["UnitElements", UnitRecord, "etree._Element"], None]


class LocalNames(dict[object, str]):
    """Qualified tag to local name; remembers tags of namespaces that no known version uses."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def __missing__(self, tag: object) -> str:
        namespace, _, local = str(tag).rpartition("}")
        if namespace[1:] not in _KNOWN_NAMESPACES:
            self.foreign.append(str(tag))
        if len(self) < 10_000:
            self[tag] = local
        return local


class UnitElements:
    """Reads unit elements; keeps what all of one file share: names, days read, and elements already complained of."""

    def __init__(self, *, file: str, report: Report) -> None:
        self._file = file
        self._report = report
        self._days = IsoDays()
        self._unknown: set[tuple[str, str]] = set()
        self.local = LocalNames()

    def unit(self, element: etree._Element, kind: UnitKind) -> UnitRecord:
        record = UnitRecord("", kind)
        if kind is UnitKind.INSTITUTION_OWNER:
            record.location_source = LocationSource.NONE
        local = self.local
        handlers = _HANDLERS
        for child in element:
            name = local[child.tag]
            handler = handlers.get(name)
            if handler is not None:
                handler(self, record, child)
            else:
                self.unknown_element(child, local[element.tag])
        return record

    def unknown_element(self, element: etree._Element, parent: str) -> None:
        tag = str(element.tag)
        if (tag, parent) not in self._unknown and len(self._unknown) < 1_000:
            self._unknown.add((tag, parent))
            self.problem("unknown-element", element.sourceline, None, element=tag, parent=parent)

    def problem(self, code: str, line: int | None, identifier: str | None, **details: object) -> None:
        self._report(Problem(code, self._file, line, identifier, details))

    def day(self, element: etree._Element, name: str, identifier: str | None) -> dt.date | None:
        text = text_of_element(element)
        if not text:
            return None
        day = self._days[text]
        if day is None:
            self.problem("date-unreadable", element.sourceline, identifier, field=name, value=text[:80])
        return day

    def _sor_code(self, record: UnitRecord, element: etree._Element) -> None:
        record.sor_code = compact(text_of_element(element))
        record.line = element.sourceline or 0

    def _name(self, record: UnitRecord, element: etree._Element) -> None:
        record.name = text_of_element(element)

    def _type(self, record: UnitRecord, element: etree._Element) -> None:
        text = text_of_element(element)
        if text and text not in record.types:
            record.types = (*record.types, text)

    def _local_code(self, record: UnitRecord, element: etree._Element) -> None:
        record.local_code = text_of_element(element)

    def _pharmacy(self, record: UnitRecord, element: etree._Element) -> None:
        record.pharmacy_number = text_of_element(element)

    def _shak(self, record: UnitRecord, element: etree._Element) -> None:
        record.shak_code = compact(text_of_element(element))

    def _provider(self, record: UnitRecord, element: etree._Element) -> None:
        record.provider_number = ProviderNumber.compact(text_of_element(element))

    def _cvr(self, record: UnitRecord, element: etree._Element) -> None:
        record.cvr_number = compact(text_of_element(element))

    def _location_option(self, record: UnitRecord, element: etree._Element) -> None:
        for child in element:
            name = self.local[child.tag]
            if name == "EanLocationCodeEntity":
                self._location(record, child)
            elif name in ("EntityInheritedIndicator", "EntityInheritanceIndicator"):
                inherits = YES_NO.get(text_of_element(child))
                if inherits is None:
                    self.problem(
                        "boolean-unreadable",
                        child.sourceline,
                        record.sor_code,
                        field=name,
                        value=text_of_element(child)[:80],
                    )
                elif record.location is None:
                    record.location_source = LocationSource.INHERITED if inherits else LocationSource.NONE
            else:
                self.unknown_element(child, "EanLocationCodeOption")

    def _location(self, record: UnitRecord, element: etree._Element) -> None:
        location = LocationRecord("")
        local = self.local
        for child in element:
            name = local[child.tag]
            if name == "EanLocationCode":
                location.number = compact(text_of_element(child))
            elif (field := _LOCATION_TEXTS.get(name)) is not None:
                setattr(location, field, text_of_element(child))
            elif (flag := _LOCATION_FLAGS.get(name)) is not None:
                value = YES_NO.get(text_of_element(child))
                if value is None:
                    self.problem(
                        "boolean-unreadable",
                        child.sourceline,
                        record.sor_code,
                        field=name,
                        value=text_of_element(child)[:80],
                    )
                else:
                    setattr(location, flag, value)
            elif name == "SorStatus":
                location.has_status = True
                self._status(location, child, record.sor_code)
            else:
                self.unknown_element(child, "EanLocationCodeEntity")
        if not location.number:
            self.problem("location-number-missing", element.sourceline, record.sor_code)
            return
        record.location = location
        record.location_source = LocationSource.OWN

    def _unit_status(self, record: UnitRecord, element: etree._Element) -> None:
        self._status(record, element, record.sor_code)

    def _status(self, target: UnitRecord | LocationRecord, element: etree._Element, identifier: str) -> None:
        for child in element:
            name = self.local[child.tag]
            if name == "FromDate":
                target.from_date = self.day(child, name, identifier)
                target.period_unreadable |= target.from_date is None and bool(text_of_element(child))
            elif name == "ToDate":
                target.to_date = self.day(child, name, identifier)
                target.period_unreadable |= target.to_date is None and bool(text_of_element(child))
            elif name == "FirstFromDate":
                target.first_from_date = self.day(child, name, identifier)
            elif name == "UpdatedAt":
                target.updated_at = text_of_element(child)
            else:
                self.unknown_element(child, "SorStatus")
        if target.from_date and target.to_date and target.to_date < target.from_date:
            self.problem(
                "period-reversed",
                element.sourceline,
                identifier,
                from_date=target.from_date.isoformat(),
                to_date=target.to_date.isoformat(),
            )

    def _postal(self, record: UnitRecord, element: etree._Element) -> None:
        record.postal_address = self._address(element)

    def _visiting(self, record: UnitRecord, element: etree._Element) -> None:
        record.visiting_address = self._address(element)

    def _activity(self, record: UnitRecord, element: etree._Element) -> None:
        record.activity_address = self._address(element)

    def _address(self, element: etree._Element) -> tuple[str, ...] | None:
        parts = [""] * len(ADDRESS_FIELDS)
        for child in element:
            if self.local[child.tag] == "AddressPostal":
                self._fill(parts, child, _ADDRESS_POSITIONS, "AddressPostal")
        self._fill(parts, element, _ADDRESS_POSITIONS, "AddressInformation", passing="AddressPostal")
        return tuple(parts) if any(parts) else None

    def _fill(
        self,
        parts: list[str],
        element: etree._Element,
        positions: dict[str, int],
        parent: str,
        *,
        passing: str | None = None,
    ) -> None:
        local = self.local
        for child in element:
            name = local[child.tag]
            position = positions.get(name)
            if position is not None:
                text = child.text
                if text:
                    parts[position] = text.strip()
            elif name != passing:
                self.unknown_element(child, parent)

    def _contact(self, record: UnitRecord, element: etree._Element) -> None:
        parts = [""] * len(CONTACT_FIELDS)
        self._fill(parts, element, _CONTACT_POSITIONS, "VirtualAddressInformation")
        if any(parts):
            record.contact = tuple(parts)

    def _information(self, record: UnitRecord, element: etree._Element) -> None:
        parts = [""] * len(UNIT_INFORMATION_FIELDS)
        self._fill(parts, element, _INFORMATION_POSITIONS, "OrganizationalUnitInformation")
        if any(parts):
            record.information = tuple(parts)

    def _geographical_parent(self, record: UnitRecord, element: etree._Element) -> None:
        relation = code = ""
        for child in element:
            name = self.local[child.tag]
            if name.endswith("SorIdentifier"):
                code = compact(text_of_element(child))
            elif name.startswith("GeographicalParentRelation"):
                relation = text_of_element(child)
            else:
                self.unknown_element(child, "GeographicalParent")
        if relation or code:
            record.geographical_parent = (relation, code)

    def _specialities(self, record: UnitRecord, element: etree._Element) -> None:
        found = []
        for speciality in element:
            code = kind = ""
            for child in speciality:
                name = self.local[child.tag]
                if name in ("SpecialityCode", "SpecialityIdentifier"):
                    code = text_of_element(child)
                elif name in ("SpecialityType", "SpecialityTypeIdentifier"):
                    kind = text_of_element(child)
                else:
                    self.unknown_element(child, "ClinicalSpeciality")
            if code:
                found.append((code, kind))
        record.specialities = tuple(found)

    def _replaces(self, record: UnitRecord, element: etree._Element) -> None:
        record.replaces = self._codes(element)

    def _replaced_by(self, record: UnitRecord, element: etree._Element) -> None:
        record.replaced_by = self._codes(element)

    def _codes(self, element: etree._Element) -> tuple[str, ...]:
        codes = (compact(text_of_element(child)) for child in element)
        return tuple(dict.fromkeys(code for code in codes if code))

    def _local_attributes(self, record: UnitRecord, element: etree._Element) -> None:
        texts = [""] * 5
        for child in element:
            name = self.local[child.tag]
            if name[:-1] == "LocalAttribute" and name[-1] in "12345":
                texts[int(name[-1]) - 1] = text_of_element(child)
            else:
                self.unknown_element(child, "LocalAttributeCollection")
        if any(texts):
            record.local_attributes = tuple(texts)


def text_of_element(element: etree._Element) -> str:
    """The text directly in ``element``, without white space around it."""
    return (element.text or "").strip()


_HANDLERS: dict[str, _Handler] = {
    "SorIdentifier": UnitElements._sor_code,
    "EntityName": UnitElements._name,
    **dict.fromkeys(_TYPE_NAMES, UnitElements._type),
    "LocalCode": UnitElements._local_code,
    "PharmacyIdentifier": UnitElements._pharmacy,
    "ShakIdentifier": UnitElements._shak,
    "ProviderIdentifier": UnitElements._provider,
    "CVRnumberIdentifier": UnitElements._cvr,
    "EanLocationCodeEntity": UnitElements._location,
    "OptionalEanLocationCode": UnitElements._location_option,
    "EanLocationCodeOption": UnitElements._location_option,
    "GeographicalParent": UnitElements._geographical_parent,
    "PostalAddressInformation": UnitElements._postal,
    "VisitingAddressInformation": UnitElements._visiting,
    "ActivityAddressInformation": UnitElements._activity,
    "VirtualAddressInformation": UnitElements._contact,
    "ClinicalSpecialityCollection": UnitElements._specialities,
    "SorStatus": UnitElements._unit_status,
    "ReplacesEntityCollection": UnitElements._replaces,
    "ReplacedByEntityCollection": UnitElements._replaced_by,
    "OrganizationalUnitInformation": UnitElements._information,
    "LocalAttributeCollection": UnitElements._local_attributes,
}
