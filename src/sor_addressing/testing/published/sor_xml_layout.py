"""The layout of ``Sor.xml`` as tables: namespaces, names in both versions, and the order of elements.

Source: the publisher's schemas ``urn:oio:sundhedsstyrelsen:organisation:1.0.0`` and ``urn:oio:nsi:2.0.0``, and the OIO
schemas that they take in.
"""

from __future__ import annotations

from sor_addressing.model import ADDRESS_FIELDS, UnitKind

NOT_IN_VERSION_1 = ("cvr_number", "municipality_code", "street_code", "region_code", "easting", "northing")
"""What version 1 has no element for: a unit's CVR number, and the last five fields of its addresses.

The region code of a location number is in both.
"""

_V1 = "urn:oio:sundhedsstyrelsen:organisation:1.0.0"
_V2 = "urn:oio:nsi:2.0.0"
_OIO_PREFIXES = {
    "xkom": "http://rep.oio.dk/xkom.dk/xml/schemas/2006/01/06/",
    "xkom2005": "http://rep.oio.dk/xkom.dk/xml/schemas/2005/03/15/",
    "dkcc": "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2003/02/13/",
    "dkcc2005": "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/03/15/",
    "cpr": "http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/",
}
_V2_PREFIXES = {
    "sor1": _V1,
    **_OIO_PREFIXES,
    "kms": "http://rep.oio.dk/kms.dk/xml/schemas/2007/05/23/",
    "cvr": "http://rep.oio.dk/cvr.dk/xml/schemas/2005/03/22/",
    "osak": "http://rep.oio.dk/osak.dk/xml/schemas/2006/04/25/",
}
_OIO_TAGS = {
    "xkom": ("AddressPostal",),
    "xkom2005": ("EmailAddressIdentifier",),
    "dkcc": (
        "MailDeliverySublocationIdentifier",
        "StreetBuildingIdentifier",
        "FloorIdentifier",
        "SuiteIdentifier",
        "CountryIdentificationCode",
    ),
    "dkcc2005": (
        "StreetName",
        "DistrictSubdivisionIdentifier",
        "PostOfficeBoxIdentifier",
        "PostCodeIdentifier",
        "DistrictName",
    ),
    "cpr": ("StreetNameForAddressingName", "MunicipalityCode", "StreetCode"),
    "cvr": ("CVRnumberIdentifier",),
    "osak": ("CoordETRS89z32NMeasure", "CoordETRS89z32EMeasure"),
}
_KEPT_FROM_V1 = (
    "CreatedAtTime",
    "SnapshotDate",
    "SorIdentifier",
    "EntityName",
    "ProviderIdentifier",
    "EanLocationCode",
    "OnlyInternalIndicator",
    "NonActiveIndicator",
    "SorStatus",
    "FromDate",
    "ToDate",
    "UpdatedAt",
    "FirstFromDate",
    "VirtualAddressInformation",
    "Website",
    "TelephoneNumberIdentifier",
    "FaxNumberIdentifier",
)
_RENAMED_IN_V2 = {
    "OwnerType": "EntityTypeIdentifier",
    "InstitutionType": "EntityTypeIdentifier",
    "UnitType": "EntityTypeIdentifier",
    "OptionalEanLocationCode": "EanLocationCodeOption",
    "EntityInheritedIndicator": "EntityInheritanceIndicator",
    "SystemSupplier": "SystemSupplierIdentifier",
    "SystemType": "SystemTypeIdentifier",
    "CommunicationSupplier": "CommunicationSupplierIdentifier",
    "EdiAdministrator": "EdiAdministratorIdentifier",
    "SpecialityCode": "SpecialityIdentifier",
    "RegionCode": "kms:RegionCode",
}

_ADDRESS_ELEMENTS = (
    ("MailDeliverySublocationIdentifier", "sublocation"),
    ("StreetName", "street"),
    ("StreetNameForAddressingName", "street_for_addressing"),
    ("StreetBuildingIdentifier", "building"),
    ("FloorIdentifier", "floor"),
    ("SuiteIdentifier", "suite"),
    ("DistrictSubdivisionIdentifier", "district_subdivision"),
    ("PostOfficeBoxIdentifier", "post_office_box"),
    ("PostCodeIdentifier", "postcode"),
    ("DistrictName", "district"),
    ("CountryIdentificationCode", "country"),
    ("MunicipalityCode", "municipality_code"),
    ("StreetCode", "street_code"),
    ("RegionCode", "region_code"),
    ("CoordETRS89z32NMeasure", "northing"),
    ("CoordETRS89z32EMeasure", "easting"),
)
STAIRWAY = ADDRESS_FIELDS.index("stairway")
CONTACT_ELEMENTS = ("EmailAddressIdentifier", "Website", "TelephoneNumberIdentifier", "FaxNumberIdentifier")
_LOCATION_ELEMENTS = (
    ("SystemSupplier", "supplier"),
    ("SystemType", "system"),
    ("CommunicationSupplier", "net_operator"),
    ("RegionCode", "region_code"),
    ("EdiAdministrator", "administrator"),
    ("SorNote", "note"),
)
INFORMATION_ELEMENTS = ("AmbulantActivityIndicator", "PatientsAdmittedIndicator", "ReportingLevelIndicator")

ELEMENTS_OF_KIND = {
    UnitKind.INSTITUTION_OWNER: ("InstitutionOwnerEntity", "InstitutionOwner", "OwnerType"),
    UnitKind.HEALTH_INSTITUTION: ("HealthInstitutionEntity", "HealthInstitution", "InstitutionType"),
    UnitKind.ORGANISATIONAL_UNIT: ("OrganizationalUnitEntity", "OrganizationalUnit", "UnitType"),
}
PARENTS_OF_KIND: dict[UnitKind, tuple[UnitKind | None, ...]] = {
    UnitKind.INSTITUTION_OWNER: (None,),
    UnitKind.HEALTH_INSTITUTION: (UnitKind.INSTITUTION_OWNER,),
    UnitKind.ORGANISATIONAL_UNIT: (UnitKind.HEALTH_INSTITUTION, UnitKind.ORGANISATIONAL_UNIT),
}


class Tags(dict[str, str]):
    """Name of an element in version 1 to its name with prefix in the version that is written.

    ``address`` and ``location`` pair such names with a position in an address and a field of a location record.
    """

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version
        self.root_namespace = _V1 if version == 1 else _V2
        self.prefixes = _OIO_PREFIXES if version == 1 else _V2_PREFIXES
        self.update((name, f"{prefix}:{name}") for prefix, names in _OIO_TAGS.items() for name in names)
        if version == 2:
            self.update((name, f"sor1:{name}") for name in _KEPT_FROM_V1)
            self.update(_RENAMED_IN_V2)
        self.address = [
            (self[name], ADDRESS_FIELDS.index(field))
            for name, field in _ADDRESS_ELEMENTS
            if version == 2 or field not in NOT_IN_VERSION_1
        ]
        self.location = [(self[name], field) for name, field in _LOCATION_ELEMENTS]

    def __missing__(self, name: str) -> str:
        return name
