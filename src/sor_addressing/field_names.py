"""What addresses, contacts and the like are made of, in the order in which records hold it; and what recipients are looked for by.

Apart from the records, since this is all of them that opening a compiled register needs.
"""

from __future__ import annotations

ADDRESS_FIELDS = (
    "street",
    "building",
    "floor",
    "suite",
    "sublocation",
    "street_for_addressing",
    "district_subdivision",
    "post_office_box",
    "postcode",
    "district",
    "country",
    "stairway",
    "municipality_code",
    "street_code",
    "region_code",
    "easting",
    "northing",
)
"""The fields of an address record, in order; what the file does not say is an empty text."""

CONTACT_FIELDS = ("email", "website", "telephone", "fax")
"""The fields of a contact record, in order; what the file does not say is an empty text."""

UNIT_INFORMATION_FIELDS = ("ambulant_activity", "patients_admitted", "reporting_level")
"""The three yes/no facts of an organisational unit (*OrganizationalUnitInformation*), as the file writes them."""

SOR_EDI, EER = "SOR-EDI", "EER"
REGISTERS = (SOR_EDI, EER)
"""The registers that message types stand in: SOR-EDI, and EHMI's endpoint register, which takes over from it type by type."""

PRODUCTION = "production"
ENVIRONMENTS = ("", PRODUCTION, "pilot", "test")
"""The environments of EER, in the order of the numbers that stand for them; the first is "not said", which counts as production."""

LISTED_FILTERS = (
    "region",
    "municipality",
    "postal_code",
    "unit_type",
    "speciality",
    "organisational_level",
    "provider_number",
    "system",
    "supplier",
    "net_operator",
    "administrator",
    "kind",
    "level",
    "owner",
    "institution",
    "hospital",
)
"""The fields of a ``Filter`` that take several values, of which one has to fit."""

OTHER_FILTERS = ("within", "own_location_only", "in_force_only", "near", "max_distance_m")
"""Those that take one."""

FILTERS = ("message_type", "conversion", "direction", *LISTED_FILTERS, *OTHER_FILTERS)
"""All fields of a ``Filter``, which a test holds to be all of them: the class itself is imported by who needs it."""
