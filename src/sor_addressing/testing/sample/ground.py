"""What the parts of the sample share: its day, the codes that stand for types and systems, and its addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sor_addressing.testing.builder import LocationFields

SAMPLE_DAY = dt.date(2026, 1, 15)

REGION_TYPE, MUNICIPALITY_TYPE, PRIVATE = "990011000005100", "990021000005100", "550891000005100"
HOSPITAL, GENERAL_PRACTICE, SPECIALIST = "22232009", "394761003", "550671000005100"
PHARMACY, PODIATRIST, CARE, LABORATORY = "264372000", "554061000005105", "990031000005100", "990071000005100"
WARD, CLINIC, NOTIFICATION = "990111000005100", "990121000005100", "990401000005100"
CARDIOLOGY, RADIOLOGY, GENERAL = "990501000005100", "990541000005100", "990701000005100"
MAIN = "990801000005100"

EDI_RECEIPTS = ("CTL02 C0230Q", "CTL03 C0330Q")
XML_RECEIPTS = ("XCTL02 XC0230Q", "XCTL03 XC0330Q")
HOSPITAL_TYPES = (
    "XDIS91 XD9134L",
    "DIS91 D9134L",
    "REF01 H0131R",
    "XREF01 XH0131R",
    "XDIS16 XD1634C",
    *EDI_RECEIPTS,
    *XML_RECEIPTS,
)
PRACTICE_TYPES = ("DIS91 D9134L", "DIS01 D0134L", "DIS02 D0234L", "RPT01 R0131K", *EDI_RECEIPTS)
PRACTICE_SENDS = ("REF01 H0131R", "REQ01 Q0131K", "RUC01 U0131U")

HOSPITAL_SYSTEM: LocationFields = {
    "system": "9101",
    "supplier": "9201",
    "net_operator": "41000035001",
    "region_code": "1081",
    "administrator": "9601",
}
CARE_SYSTEM: LocationFields = {
    "system": "9111",
    "supplier": "9211",
    "net_operator": "51000035003",
    "region_code": "1081",
    "administrator": "9602",
}
PRACTICE_SYSTEM: LocationFields = {
    "system": "9121",
    "supplier": "9221",
    "net_operator": "81000035007",
    "region_code": "1081",
    "administrator": "9603",
}
LABORATORY_SYSTEM: LocationFields = {
    "system": "9151",
    "supplier": "9251",
    "net_operator": "91000035009",
    "region_code": "1081",
    "administrator": "9604",
    "note": "Svarer kun elektronisk",
}


def address_fields(street: str, building: str, **more: str) -> Mapping[str, str]:
    """A made-up address in the sample's only town, for the builder."""
    return {
        "street": street,
        "building": building,
        "postcode": "0100",
        "district": "Grævlingelund",
        "country": "DK",
        "municipality_code": "0901",
        "region_code": "1081",
        **more,
    }
