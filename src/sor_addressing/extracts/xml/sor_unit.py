"""One unit element of ``Sor.xml`` to one record: owners, institutions and organisational units alike, versions 1 and 2.

Source: the publisher's schemas; version 2 renamed some elements and moved others to OIO namespaces, but within one parent every
local name has one meaning in both, so everything is matched by parent and local name, never by prefix.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from lxml import etree

from sor_addressing.cells import without_control_characters
from sor_addressing.extracts.checks import Report
from sor_addressing.extracts.days import YES_NO, IsoDays
from sor_addressing.extracts.xml.local_names import ByTag, LocalNames
from sor_addressing.field_names import UNIT_INFORMATION_FIELDS
from sor_addressing.hiding import shown
from sor_addressing.identifiers import ProviderNumber, compact
from sor_addressing.model import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    LocationRecord,
    LocationSource,
    Problem,
    UnitKind,
    UnitRecord,
)

_TYPE_NAMES = ("EntityTypeIdentifier", "OwnerType", "InstitutionType", "UnitType")
_LEVEL_NAMES = tuple(
    f"Organi{letter}ationalLevel{end}" for letter in "sz" for end in ("", "Code", "Identifier", "Name")
)
_UNIT_TEXTS = {
    "EntityName": "name",
    "LocalCode": "local_code",
    "PharmacyIdentifier": "pharmacy_number",
    "ShakIdentifier": "shak_code",
    "ProviderIdentifier": "provider_number",
    "CVRnumberIdentifier": "cvr_number",
}
_LOCATION_TEXTS = {
    "EanLocationCode": "number",
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
_LOCATION_FIELDS = tuple(dict.fromkeys(_LOCATION_TEXTS.values()))
_STATUS_FIELD_OF = {
    "FromDate": "from_date",
    "ToDate": "to_date",
    "FirstFromDate": "first_from_date",
    "UpdatedAt": "updated_at",
}
_LOCATION_FLAGS = {"OnlyInternalIndicator": "internal_only", "NonActiveIndicator": "inactive"}
_ADDRESS_FIELD_OF = {
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
}
_CONTACT_FIELD_OF = {
    "EmailAddressIdentifier": "email",
    "Website": "website",
    "TelephoneNumberIdentifier": "telephone",
    "FaxNumberIdentifier": "fax",
}
_INFORMATION_FIELD_OF = {
    "AmbulantActivityIndicator": "ambulant_activity",
    "PatientsAdmittedIndicator": "patients_admitted",
    "ReportingLevelIndicator": "reporting_level",
}

_PASS = -1
_MANY_COMPLAINTS = 1_000

_Handler = Callable[["UnitElements", UnitRecord, "etree._Element"], None]


def _positions(fields: tuple[str, ...], field_of: Mapping[str, str], passed: str = "") -> dict[str, int]:
    positions = {name: fields.index(field) for name, field in field_of.items()}
    return {**positions, passed: _PASS} if passed else positions


class UnitElements:
    """Reads unit elements; keeps what all of one file share: names, days read, and elements already complained of."""

    def __init__(self, *, file: str, report: Report) -> None:
        self._file = file
        self._report = report
        self._days = IsoDays()
        self._unknown: set[tuple[str, str]] = set()
        self._has_status = self._has_location = False
        self.local = local = LocalNames()
        self._of_unit: ByTag[str | _Handler] = ByTag(local, {**_UNIT_TEXTS, **_UNIT_HANDLERS})
        self._of_location: ByTag[str] = ByTag(local, _LOCATION_TEXTS)
        self._of_address = ByTag(local, _positions(ADDRESS_FIELDS, _ADDRESS_FIELD_OF, "AddressPostal"))
        self._of_postal = ByTag(local, _positions(ADDRESS_FIELDS, _ADDRESS_FIELD_OF))
        self._of_status: ByTag[str] = ByTag(local, _STATUS_FIELD_OF)
        self._of_contact = ByTag(local, _positions(CONTACT_FIELDS, _CONTACT_FIELD_OF))
        self._of_information = ByTag(local, _positions(UNIT_INFORMATION_FIELDS, _INFORMATION_FIELD_OF))

    def unit(self, element: etree._Element, kind: UnitKind) -> UnitRecord:
        """The unit that an ``InstitutionOwner``, ``HealthInstitution`` or ``OrganizationalUnit`` element describes."""
        record = UnitRecord("", kind)
        self._has_status = self._has_location = False
        if kind is UnitKind.INSTITUTION_OWNER:
            record.location_source = LocationSource.NONE
        meanings = self._of_unit
        for child in element:
            meaning = meanings[child.tag]
            if meaning.__class__ is str:
                text = child.text
                if text:
                    setattr(record, meaning, text.strip())
            elif meaning is not None:
                meaning(self, record, child)  # type: ignore[operator]  # what is not text is a handler
            else:
                self.unknown_element(child, self.local[element.tag])
        if not (record.name + record.local_code + record.pharmacy_number).isprintable():
            record.name = without_control_characters(record.name)
            record.local_code = without_control_characters(record.local_code)
            record.pharmacy_number = without_control_characters(record.pharmacy_number)
        if record.provider_number:
            record.provider_number = ProviderNumber.compact(record.provider_number)
        if record.shak_code:
            record.shak_code = compact(record.shak_code)
        if record.cvr_number:
            record.cvr_number = compact(record.cvr_number)
        return record

    def unknown_element(self, element: etree._Element, parent: str) -> None:
        tag = str(element.tag)
        if (tag, parent) not in self._unknown and len(self._unknown) < _MANY_COMPLAINTS:
            self._unknown.add((tag, parent))
            self.problem("unknown-element", element.sourceline, None, element=tag, parent=parent)

    def problem(self, code: str, line: int | None, identifier: str | None, **details: object) -> None:
        self._report(Problem(code, self._file, line, identifier or None, details))

    def day(
        self, element: etree._Element, name: str, identifier: str | None, *, problem: str = "date-unreadable"
    ) -> dt.date | None:
        """The day in ``element``; one that can't be read is reported as ``problem``."""
        text = text_of_element(element)
        if not text:
            return None
        day = self._days[text]
        if day is None:
            self.problem(problem, element.sourceline, identifier, field=name, value=shown(text))
        return day

    def _sor_code(self, record: UnitRecord, element: etree._Element) -> None:
        code = compact(element.text or "")
        if not record.sor_code:
            record.sor_code = code
            record.line = element.sourceline or 0
        elif code not in ("", record.sor_code):
            self.problem("sor-code-second", element.sourceline, record.sor_code, value=shown(code))

    def _type(self, record: UnitRecord, element: etree._Element) -> None:
        text = text_of_element(element)
        if text and text not in record.types:
            record.types = (*record.types, text)

    def _own_location(self, record: UnitRecord, element: etree._Element) -> None:
        """A location number that stands in the unit's element itself."""
        self._location(record, element, first=not self._has_location)
        self._has_location = True

    def _location_option(self, record: UnitRecord, element: etree._Element) -> None:
        first = True
        for child in element:
            name = self.local[child.tag]
            if name == "EanLocationCodeEntity":
                self._location(record, child, first=first)
                first = False
            elif name in ("EntityInheritedIndicator", "EntityInheritanceIndicator"):
                inherits = self._yes_or_no(child, name, record.sor_code)
                if inherits is not None and record.location is None:
                    record.location_source = LocationSource.INHERITED if inherits else LocationSource.NONE
            else:
                self.unknown_element(child, "EanLocationCodeOption")

    def _yes_or_no(self, element: etree._Element, name: str, identifier: str) -> bool | None:
        value = YES_NO.get(element.text or "")
        if value is not None:
            return value
        text = text_of_element(element)
        value = YES_NO.get(text.casefold())
        if value is None:
            self.problem("boolean-unreadable", element.sourceline, identifier, field=name, value=shown(text))
        return value

    def _location(self, record: UnitRecord, element: etree._Element, *, first: bool) -> None:
        """A location number; where it is not the ``first`` in its element, none of them is to be relied on."""
        location = LocationRecord("")
        texts = self._of_location
        said: list[str] = []
        for child in element:
            field = texts[child.tag]
            if field is not None:
                text = child.text
                if text:
                    if field == "number" and location.number:
                        self._second_number(record, location, child)
                    else:
                        setattr(location, field, text.strip())
                continue
            name = self.local[child.tag]
            flag = _LOCATION_FLAGS.get(name)
            if flag is not None:
                answer = self._yes_or_no(child, name, record.sor_code)
                if answer:
                    setattr(location, flag, True)
                if answer is None or self._is_said_twice(child, name, said, record.sor_code):
                    location.state_unreadable = True
            elif name == "SorStatus":
                self._status(location, child, record.sor_code, again=location.has_status)
                location.has_status = True
            else:
                self.unknown_element(child, "EanLocationCodeEntity")
        location.number = compact(location.number)
        if not location.number:
            self.problem("location-number-empty", element.sourceline, record.sor_code)
            return
        if record.location is not None:
            self._second_number(record, record.location, element, location.number, unsure=not first)
            return
        texts_said = location.system + location.supplier + location.net_operator + location.region_code
        if not (texts_said + location.administrator + location.note).isprintable():
            for field in _LOCATION_FIELDS:
                setattr(location, field, without_control_characters(getattr(location, field)))
        record.location = location
        record.location_source = LocationSource.OWN

    def _second_number(
        self,
        record: UnitRecord,
        kept: LocationRecord,
        element: etree._Element,
        number: str | None = None,
        *,
        unsure: bool = True,
    ) -> None:
        """A number where there is one already: the first is kept, and can't be relied on where both stand in one element."""
        value = compact(element.text or "") if number is None else number
        if number is None and value == compact(kept.number):
            return
        kept.state_unreadable |= unsure
        self.problem(
            "location-number-second",
            element.sourceline,
            record.sor_code,
            kept=shown(compact(kept.number)),
            value=shown(value),
        )

    def _is_said_twice(self, element: etree._Element, name: str, said: list[str], identifier: str) -> bool:
        """Whether something was said before in the same place; then nobody knows what counts, also where it was the same."""
        if name in said:
            self.problem("said-twice", element.sourceline, identifier, field=name)
            return True
        said.append(name)
        return False

    def _unit_status(self, record: UnitRecord, element: etree._Element) -> None:
        self._status(record, element, record.sor_code, again=self._has_status)
        self._has_status = True

    def _status(
        self, target: UnitRecord | LocationRecord, element: etree._Element, identifier: str, *, again: bool
    ) -> None:
        """A period; where it is said ``again``, nobody knows which counts."""
        fields = self._of_status
        days = self._days
        said: list[str] = ["SorStatus"] if again else []
        if self._is_said_twice(element, "SorStatus", said, identifier):
            target.period_unreadable = True
        for child in element:
            field = fields[child.tag]
            if field is None:
                self.unknown_element(child, "SorStatus")
                continue
            text = child.text
            if field == "updated_at":
                target.updated_at = (text or "").strip()
                continue
            if field != "first_from_date" and self._is_said_twice(child, self.local[child.tag], said, identifier):
                target.period_unreadable = True
            if not text and not len(child):
                continue
            day = days[text or ""] or self._day_of_status(target, child, field, identifier)
            if day is not None:
                setattr(target, field, day)
        if target.from_date and target.to_date and target.to_date < target.from_date:
            self.problem(
                "period-reversed",
                element.sourceline,
                identifier,
                from_date=target.from_date.isoformat(),
                to_date=target.to_date.isoformat(),
            )

    def _day_of_status(
        self, target: UnitRecord | LocationRecord, element: etree._Element, field: str, identifier: str
    ) -> dt.date | None:
        """The day in ``element``, should white space be all that hides it; an unreadable one makes the period unreadable."""
        name = self.local[element.tag]
        if field == "first_from_date":
            return self.day(element, name, identifier, problem="first-from-date-unreadable")
        day = self.day(element, name, identifier)
        if len(element):
            self.problem("date-unreadable", element.sourceline, identifier, field=name, value="<…>")
        target.period_unreadable |= (day is None and bool(text_of_element(element))) or len(element) > 0
        return day

    def _postal(self, record: UnitRecord, element: etree._Element) -> None:
        record.postal_address = self._address(element)

    def _visiting(self, record: UnitRecord, element: etree._Element) -> None:
        record.visiting_address = self._address(element)

    def _activity(self, record: UnitRecord, element: etree._Element) -> None:
        record.activity_address = self._address(element)

    def _address(self, element: etree._Element) -> tuple[str, ...] | None:
        parts = [""] * len(ADDRESS_FIELDS)
        return self._filled(parts, element, self._of_address, "AddressPostal")

    def _filled(
        self, parts: list[str], element: etree._Element, positions: ByTag[int], parent: str
    ) -> tuple[str, ...] | None:
        """The parts as a record has them, None where the file says nothing."""
        self._fill(parts, element, positions, parent)
        text = "".join(parts)
        if text.isprintable():
            return tuple(parts) if text else None
        parts = list(map(without_control_characters, parts))
        return tuple(parts) if any(parts) else None

    def _fill(self, parts: list[str], element: etree._Element, positions: ByTag[int], parent: str) -> None:
        for child in element:
            position = positions[child.tag]
            if position is None:
                self.unknown_element(child, parent)
            elif position == _PASS:
                self._fill(parts, child, self._of_postal, parent)
            else:
                text = child.text
                if text:
                    parts[position] = text.strip()

    def _contact(self, record: UnitRecord, element: etree._Element) -> None:
        parts = [""] * len(CONTACT_FIELDS)
        record.contact = self._filled(parts, element, self._of_contact, "VirtualAddressInformation")

    def _information(self, record: UnitRecord, element: etree._Element) -> None:
        parts = [""] * len(UNIT_INFORMATION_FIELDS)
        record.information = self._filled(parts, element, self._of_information, "OrganizationalUnitInformation")

    def _geographical_parent(self, record: UnitRecord, element: etree._Element) -> None:
        relation = code = ""
        for child in element:
            name = self.local[child.tag]
            if name.endswith("SorIdentifier"):
                code = compact(child.text or "")
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

    def _organisational_level(self, record: UnitRecord, element: etree._Element) -> None:
        """Code and name, in elements of their own or in one that holds both; version 3 is known to have them, not how."""
        if len(element):
            for child in element:
                self._organisational_level(record, child)
            return
        code, name = record.organisational_level or ("", "")
        text = text_of_element(element)
        if self.local[element.tag].endswith("Name"):
            name = name or text
        else:
            code = code or text
        if code or name:
            record.organisational_level = (code, name)

    def _replaces(self, record: UnitRecord, element: etree._Element) -> None:
        record.replaces = self._codes(element)

    def _replaced_by(self, record: UnitRecord, element: etree._Element) -> None:
        record.replaced_by = self._codes(element)

    def _codes(self, element: etree._Element) -> tuple[str, ...]:
        codes = (compact(child.text or "") for child in element)
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
    """The text directly in ``element``, without white space around it and control characters in it."""
    text = (element.text or "").strip()
    return text if text.isprintable() else without_control_characters(text)


_UNIT_HANDLERS: dict[str, _Handler] = {
    "SorIdentifier": UnitElements._sor_code,
    **dict.fromkeys(_TYPE_NAMES, UnitElements._type),
    "EanLocationCodeEntity": UnitElements._own_location,
    "OptionalEanLocationCode": UnitElements._location_option,
    "EanLocationCodeOption": UnitElements._location_option,
    "GeographicalParent": UnitElements._geographical_parent,
    "PostalAddressInformation": UnitElements._postal,
    "VisitingAddressInformation": UnitElements._visiting,
    "ActivityAddressInformation": UnitElements._activity,
    "VirtualAddressInformation": UnitElements._contact,
    "ClinicalSpecialityCollection": UnitElements._specialities,
    "SorStatus": UnitElements._unit_status,
    **dict.fromkeys(_LEVEL_NAMES, UnitElements._organisational_level),
    "ReplacesEntityCollection": UnitElements._replaces,
    "ReplacedByEntityCollection": UnitElements._replaced_by,
    "OrganizationalUnitInformation": UnitElements._information,
    "LocalAttributeCollection": UnitElements._local_attributes,
}
