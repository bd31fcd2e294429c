from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import attrs
import pytest
from lxml import etree

from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.model import LocationRecord, LocationSource, Problem, UnitKind, UnitRecord
from sor_addressing.testing import (
    MadeUpExtract,
    RegisterBuilder,
    made_up_nation,
    numbers,
    sample_extract,
    write_sor_xml,
)
from sor_addressing.testing.builder import address, contact

V1 = "urn:oio:sundhedsstyrelsen:organisation:1.0.0"
V2 = "urn:oio:nsi:2.0.0"
XKOM = "http://rep.oio.dk/xkom.dk/xml/schemas/2006/01/06/"
XKOM_2005 = "http://rep.oio.dk/xkom.dk/xml/schemas/2005/03/15/"
DKCC_2003 = "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2003/02/13/"
DKCC_2005 = "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/03/15/"
CPR = "http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/"
KMS = "http://rep.oio.dk/kms.dk/xml/schemas/2007/05/23/"
CVR = "http://rep.oio.dk/cvr.dk/xml/schemas/2005/03/22/"
OSAK = "http://rep.oio.dk/osak.dk/xml/schemas/2006/04/25/"

# The layout as the publisher's schemas have it, version 1 and then version 2: parent to its children in order.
STATUS = "FromDate ToDate UpdatedAt FirstFromDate"
POSTAL = (
    "MailDeliverySublocationIdentifier StreetName StreetNameForAddressingName StreetBuildingIdentifier FloorIdentifier "
    "SuiteIdentifier DistrictSubdivisionIdentifier PostOfficeBoxIdentifier PostCodeIdentifier DistrictName "
    "CountryIdentificationCode"
)
SAME = {
    "SorTree": "CreatedAtTime SnapshotDate InstitutionOwnerEntity",
    "InstitutionOwnerEntity": "InstitutionOwner HealthInstitutionEntity",
    "HealthInstitutionEntity": "HealthInstitution OrganizationalUnitEntity",
    "OrganizationalUnitEntity": "OrganizationalUnit OrganizationalUnitEntity",
    "SorStatus": STATUS,
    "GeographicalParent": "GeographicalParentRelation GeographicalParentSorIdentifier",
    "PostalAddressInformation": "AddressPostal Stairway",
    "VisitingAddressInformation": "AddressPostal Stairway",
    "ActivityAddressInformation": "AddressPostal Stairway",
    "VirtualAddressInformation": "EmailAddressIdentifier Website TelephoneNumberIdentifier FaxNumberIdentifier",
    "ClinicalSpecialityCollection": "ClinicalSpeciality",
    "ReplacesEntityCollection": "SorIdentifier",
    "ReplacedByEntityCollection": "SorIdentifier",
    "OrganizationalUnitInformation": "AmbulantActivityIndicator PatientsAdmittedIndicator ReportingLevelIndicator",
    "LocalAttributeCollection": "LocalAttribute1 LocalAttribute2 LocalAttribute3 LocalAttribute4 LocalAttribute5",
}
LAYOUTS = {
    1: {
        **SAME,
        "InstitutionOwner": "SorIdentifier EntityName OwnerType EanLocationCodeEntity PostalAddressInformation "
        "VirtualAddressInformation SorStatus",
        "HealthInstitution": "SorIdentifier EntityName InstitutionType PharmacyIdentifier ShakIdentifier "
        "OptionalEanLocationCode GeographicalParent PostalAddressInformation VisitingAddressInformation "
        "VirtualAddressInformation SorStatus ReplacesEntityCollection ReplacedByEntityCollection",
        "OrganizationalUnit": "SorIdentifier EntityName UnitType LocalCode PharmacyIdentifier ShakIdentifier "
        "ProviderIdentifier OptionalEanLocationCode GeographicalParent PostalAddressInformation "
        "VisitingAddressInformation ActivityAddressInformation VirtualAddressInformation "
        "ClinicalSpecialityCollection SorStatus ReplacesEntityCollection ReplacedByEntityCollection "
        "OrganizationalUnitInformation LocalAttributeCollection",
        "OptionalEanLocationCode": "EanLocationCodeEntity EntityInheritedIndicator",
        "EanLocationCodeEntity": "EanLocationCode OnlyInternalIndicator NonActiveIndicator SystemSupplier SystemType "
        "CommunicationSupplier RegionCode EdiAdministrator SorNote SorStatus",
        "ClinicalSpeciality": "SpecialityCode SpecialityType",
        "AddressPostal": POSTAL,
    },
    2: {
        **SAME,
        "InstitutionOwner": "SorIdentifier EntityName EntityTypeIdentifier CVRnumberIdentifier EanLocationCodeEntity "
        "PostalAddressInformation VirtualAddressInformation SorStatus",
        "HealthInstitution": "SorIdentifier EntityName EntityTypeIdentifier CVRnumberIdentifier PharmacyIdentifier "
        "ShakIdentifier EanLocationCodeOption GeographicalParent PostalAddressInformation VisitingAddressInformation "
        "VirtualAddressInformation SorStatus ReplacesEntityCollection ReplacedByEntityCollection",
        "OrganizationalUnit": "SorIdentifier EntityName EntityTypeIdentifier CVRnumberIdentifier LocalCode "
        "PharmacyIdentifier ShakIdentifier ProviderIdentifier EanLocationCodeOption GeographicalParent "
        "PostalAddressInformation VisitingAddressInformation ActivityAddressInformation VirtualAddressInformation "
        "ClinicalSpecialityCollection SorStatus ReplacesEntityCollection ReplacedByEntityCollection "
        "OrganizationalUnitInformation LocalAttributeCollection",
        "EanLocationCodeOption": "EanLocationCodeEntity EntityInheritanceIndicator",
        "EanLocationCodeEntity": "EanLocationCode OnlyInternalIndicator NonActiveIndicator SystemSupplierIdentifier "
        "SystemTypeIdentifier CommunicationSupplierIdentifier RegionCode EdiAdministratorIdentifier SorNote SorStatus",
        "ClinicalSpeciality": "SpecialityIdentifier SpecialityType",
        "AddressPostal": POSTAL
        + " MunicipalityCode StreetCode RegionCode CoordETRS89z32NMeasure CoordETRS89z32EMeasure",
    },
}
OIO = {
    XKOM: "AddressPostal",
    XKOM_2005: "EmailAddressIdentifier",
    DKCC_2003: "MailDeliverySublocationIdentifier StreetBuildingIdentifier FloorIdentifier SuiteIdentifier "
    "CountryIdentificationCode",
    DKCC_2005: "StreetName DistrictSubdivisionIdentifier PostOfficeBoxIdentifier PostCodeIdentifier DistrictName",
    CPR: "StreetNameForAddressingName",
}
NEW_IN_OIO = {
    CVR: "CVRnumberIdentifier",
    CPR: "StreetNameForAddressingName MunicipalityCode StreetCode",
    KMS: "RegionCode",
    OSAK: "CoordETRS89z32NMeasure CoordETRS89z32EMeasure",
    V1: "CreatedAtTime SnapshotDate SorIdentifier EntityName ProviderIdentifier EanLocationCode OnlyInternalIndicator "
    "NonActiveIndicator SorStatus FromDate ToDate UpdatedAt FirstFromDate VirtualAddressInformation Website "
    "TelephoneNumberIdentifier FaxNumberIdentifier",
}


def everything() -> MadeUpExtract:
    """Three units that between them have every fact there is."""
    full = address(
        street="Tranebærvej & Søn",
        building="7 A",
        floor="2",
        suite="tv",
        sublocation="Bygning <4>",
        street_for_addressing="Tranebærv.",
        district_subdivision="Marken",
        post_office_box="44",
        postcode="0100",
        district="Prøveby",
        country="DK",
        stairway="Opgang B",
        municipality_code="0901",
        street_code="0042",
        region_code="1081",
        easting="531200.50",
        northing="6290100.25",
    )
    everywhere: dict[str, Any] = {
        "types": ("990101000005100",),
        "from_date": dt.date(2011, 1, 2),
        "to_date": dt.date(2026, 12, 31),
        "first_from_date": dt.date(2010, 1, 2),
        "updated_at": "2025-03-04T05:06:07",
        "cvr_number": numbers.cvr_number(3),
        "postal_address": full,
        "contact": contact(email="a@b.example", website="https://b.example", telephone="00 10", fax="00 11"),
    }
    location = LocationRecord(
        numbers.location_number(1),
        internal_only=True,
        inactive=True,
        system="9101",
        supplier="9201",
        net_operator="100097",
        region_code="1081",
        administrator="9601",
        note="Æ & Ø < Å > slut",
        has_status=True,
        from_date=dt.date(2012, 1, 2),
        to_date=dt.date(2026, 11, 30),
        first_from_date=dt.date(2009, 1, 2),
        updated_at="2025-03-04T05:06:08",
    )
    codes = [numbers.sor_code(n) for n in range(7)]
    return MadeUpExtract(
        snapshot_date=dt.date(2026, 1, 15),
        created_at=dt.datetime(2026, 1, 15, 22, 1, 2),  # noqa: DTZ001  as in the file
        units=[
            UnitRecord(
                codes[0],
                UnitKind.INSTITUTION_OWNER,
                "Ejer",
                location=location,
                location_source=LocationSource.OWN,
                **everywhere,
            ),
            UnitRecord(
                codes[1],
                UnitKind.HEALTH_INSTITUTION,
                "Hus",
                parent_sor_code=codes[0],
                location=attrs.evolve(location, number=numbers.location_number(2), has_status=False, from_date=None,
                                      to_date=None, first_from_date=None, updated_at=""),
                location_source=LocationSource.OWN,
                pharmacy_number="9901,1",
                shak_code="9901",
                geographical_parent=("1", ""),
                visiting_address=full,
                replaces=(codes[3], codes[4]),
                replaced_by=(codes[5],),
                **everywhere,
            ),
            UnitRecord(
                codes[2],
                UnitKind.ORGANISATIONAL_UNIT,
                "Enhed",
                parent_sor_code=codes[1],
                location=attrs.evolve(
                    location, number=numbers.location_number(3), to_date=None, period_unreadable=True
                ),
                location_source=LocationSource.OWN,
                provider_number="990001",
                shak_code="9901011",
                pharmacy_number="9901,2",
                local_code="H1",
                geographical_parent=("3", codes[1]),
                visiting_address=full,
                activity_address=full,
                specialities=tuple((f"9905{n}1000005100", "990801000005100") for n in range(8)),
                replaces=(codes[3],),
                replaced_by=(codes[5], codes[6]),
                information=("true", "false", "true"),
                local_attributes=("a", "b", "c", "d", "e"),
                **everywhere,
            ),
        ],
    )  # fmt: skip


def written(extract: MadeUpExtract, **options: Any) -> bytes:
    target = io.BytesIO()
    write_sor_xml(extract, target, **options)
    assert not target.closed
    return target.getvalue()


def read(data: bytes) -> tuple[list[UnitRecord], list[Problem]]:
    problems: list[Problem] = []
    reader = SorXmlReader(io.BytesIO(data), file="Sor.xml", report=problems.append)
    return [attrs.evolve(unit, line=0) for unit in reader], problems


def as_in_version_1(unit: UnitRecord) -> UnitRecord:
    def shortened(given: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if given is None else (*given[:12], *[""] * 5)

    return attrs.evolve(
        unit,
        cvr_number="",
        postal_address=shortened(unit.postal_address),
        visiting_address=shortened(unit.visiting_address),
        activity_address=shortened(unit.activity_address),
    )


def test_what_is_written_is_read_again() -> None:
    extract = everything()
    units, problems = read(written(extract))
    assert units == extract.units
    assert [problem.code for problem in problems] == ["date-unreadable"]


def test_version_1_loses_what_it_has_no_element_for_and_nothing_else() -> None:
    extract = everything()
    units, _ = read(written(extract, version=1))
    assert units == [as_in_version_1(unit) for unit in extract.units]


@pytest.mark.parametrize("version", [1, 2])
def test_a_nation_that_is_written_is_read_again(version: int) -> None:
    extract = made_up_nation(1_500, seed=4)
    units, problems = read(written(extract, version=version))
    assert units == (extract.units if version == 2 else [as_in_version_1(unit) for unit in extract.units])
    assert {problem.code for problem in problems} == {"date-unreadable"}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("make", [everything, sample_extract, lambda: made_up_nation(700)])
def test_elements_stand_in_the_order_of_the_schema_and_in_its_namespaces(make, version: int) -> None:  # type: ignore[no-untyped-def]
    layout = {parent: names.split() for parent, names in LAYOUTS[version].items()}
    namespaces = {name: uri for uri, names in OIO.items() for name in names.split()}
    if version == 2:
        namespaces |= {name: uri for uri, names in NEW_IN_OIO.items() for name in names.split()}
    tree = etree.fromstring(written(make(), version=version))
    seen = set()
    for element in tree.iter():
        name = etree.QName(element).localname
        assert etree.QName(element).namespace == namespaces.get(name, V1 if version == 1 else V2), name
        children = [etree.QName(child).localname for child in element]
        positions = [layout[name].index(child) for child in children]
        assert positions == sorted(positions), name
        seen |= {(name, child) for child in children}
        if not children and name not in layout:
            assert element.text, name
    if make is everything:
        expected = {(parent, child) for parent, children in layout.items() for child in children}
        inheritance = {("OptionalEanLocationCode", "EntityInheritedIndicator"),
                       ("EanLocationCodeOption", "EntityInheritanceIndicator")}  # fmt: skip
        deeper = {("OrganizationalUnitEntity", "OrganizationalUnitEntity")}
        assert expected - seen - inheritance - deeper == set()


def test_a_published_file_has_a_byte_order_mark_and_windows_line_ends() -> None:
    data = written(everything())
    assert data.startswith(b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\r\n<SorTree xmlns="urn:oio:nsi:2.0.0" ')
    assert data.endswith(b"\r\n</SorTree>\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert "Æ &amp; Ø &lt; Å &gt; slut".encode() in data
    assert b'<dkcc:CountryIdentificationCode scheme="iso3166-alpha2">DK</' in data


def test_mark_line_ends_and_indentation_can_be_chosen() -> None:
    extract = everything()
    plain = written(extract, bom=False, newline="\n")
    assert plain.startswith(b"<?xml ")
    assert b"\r" not in plain
    lines = plain.decode().split("\n")
    assert lines[4:7] == ["  <InstitutionOwnerEntity>", "    <InstitutionOwner>",
                          f"      <sor1:SorIdentifier>{numbers.sor_code(0)}</sor1:SorIdentifier>"]  # fmt: skip
    flat = written(extract, indent=False)
    assert b"\n" not in flat
    assert b"> " not in flat.replace(b"</sor1:", b"").replace(b"&gt;", b"")
    assert read(flat) [0] == read(plain)[0] == extract.units  # fmt: skip


def test_where_the_number_comes_from_is_written_as_an_indicator() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer")
    build.institution(owner, "Nedarvet", inherits=True)
    build.institution(owner, "Uden")
    build.institution(owner, "Siger ikke", inherits=None)
    found = {}
    for element in etree.fromstring(written(build.extract())).iter(
        f"{{{V2}}}InstitutionOwner", f"{{{V2}}}HealthInstitution"
    ):
        indicators = [child.text for child in element.iter(f"{{{V2}}}EntityInheritanceIndicator")]
        found[element.findtext(f"{{{V1}}}EntityName")] = indicators
    assert found == {"Ejer": [], "Nedarvet": ["true"], "Uden": ["false"], "Siger ikke": []}


def test_an_unreadable_period_is_an_impossible_date() -> None:
    build = RegisterBuilder()
    build.owner("Slut", period_unreadable=True)
    build.owner("Start", period_unreadable=True, from_date=None, sor_code=numbers.sor_code(9))
    statuses = [
        [(etree.QName(child).localname, child.text) for child in status]
        for status in etree.fromstring(written(build.extract())).iter(f"{{{V1}}}SorStatus")
    ]
    assert statuses == [
        [("FromDate", "2010-01-01"), ("ToDate", "2020-02-31"), ("FirstFromDate", "2010-01-01")],
        [("FromDate", "2020-02-31")],
    ]
    units, _ = read(written(build.extract()))
    assert units == build.extract().units


def test_a_path_is_opened_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "Sor.xml"
    write_sor_xml(everything(), path)
    assert path.read_bytes() == written(everything())
    write_sor_xml(everything(), str(path), version=1)
    assert path.read_bytes() == written(everything(), version=1)


def refusal(change: Any, **options: Any) -> str:
    extract = everything()
    change(extract.units)
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the text is what is asked for
        written(extract, **options)
    return str(caught.value)


def test_units_out_of_document_order_are_refused() -> None:
    assert "put the units in document order" in refusal(lambda units: units.reverse())


def test_units_where_the_layout_cannot_have_them_are_refused() -> None:
    def skip_a_level(units: list[UnitRecord]) -> None:
        units[2].parent_sor_code = units[0].sor_code
        del units[1]

    assert "is of kind OE and lies in IE" in refusal(skip_a_level)
    assert "is of kind SI and lies in nothing" in refusal(lambda units: units.__setitem__(slice(None), [
        attrs.evolve(units[1], parent_sor_code=None)]))  # fmt: skip


def test_a_number_and_a_source_that_disagree_are_refused() -> None:
    assert "disagree" in refusal(lambda units: setattr(units[1], "location_source", LocationSource.INHERITED))
    assert "disagree" in refusal(lambda units: setattr(units[1], "location", None))


def test_an_owner_that_inherits_is_refused() -> None:
    def inherit(units: list[UnitRecord]) -> None:
        units[0].location, units[0].location_source = None, LocationSource.INHERITED

    assert "an institution owner, which can't inherit" in refusal(inherit)


def test_a_text_that_xml_cannot_hold_is_refused() -> None:
    assert refusal(lambda units: setattr(units[0], "name", "A\x00B")) == "XML can't hold the text 'A\\x00B'"


def test_another_version_is_refused() -> None:
    assert refusal(lambda _: None, version=3) == "version 1 or 2 of Sor.xml, not 3"
