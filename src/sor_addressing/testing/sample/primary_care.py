"""The municipality and the practices of the sample."""

from __future__ import annotations

import datetime as dt

from sor_addressing.testing import numbers
from sor_addressing.testing.builder import RegisterBuilder
from sor_addressing.testing.sample.ground import (
    CARE,
    CARE_SYSTEM,
    CLINIC,
    EDI_RECEIPTS,
    GENERAL,
    GENERAL_PRACTICE,
    LABORATORY,
    LABORATORY_SYSTEM,
    MAIN,
    MUNICIPALITY_TYPE,
    NOTIFICATION,
    PHARMACY,
    PODIATRIST,
    PRACTICE_SENDS,
    PRACTICE_SYSTEM,
    PRACTICE_TYPES,
    PRIVATE,
    SPECIALIST,
    XML_RECEIPTS,
    address_fields,
)


def add_primary_care(sample: RegisterBuilder) -> None:
    """Add the municipality and the practices."""
    _municipality(sample)
    _general_practices(sample)
    _shared_provider_numbers(sample)
    _clinics(sample)
    sample.registers(numbers.location_number(9_000), "DIS91 D9134L", *EDI_RECEIPTS, send=True, receive=True)


def _municipality(sample: RegisterBuilder) -> None:
    cvr_number = numbers.cvr_number(1)
    owner = sample.owner(
        "Grævlingelund Kommune",
        types=MUNICIPALITY_TYPE,
        location_number=True,
        location=CARE_SYSTEM,
        cvr_number=cvr_number,
        postal_address=address_fields("Rådhustorvet", "1"),
        contact={"email": "post@graevlingelund-kommune.example", "telephone": "00 30 30 30"},
    )
    care = sample.institution(
        owner, "Sundhed og Omsorg", types=CARE, location_number=True, location=CARE_SYSTEM, cvr_number=cvr_number
    )
    notification = sample.unit(
        care,
        "Sygehusadviser, Grævlingelund Kommune",
        types=NOTIFICATION,
        location_number=True,
        location={**CARE_SYSTEM, "net_operator": "100097"},
    )
    nursing = sample.unit(
        care, "Hjemmesygeplejen Nord", types=CARE, inherits=True, visiting_address=address_fields("Engen", "2")
    )
    sample.unit(nursing, "Aftenvagt", types=CARE, inherits=True)
    acute = sample.unit(care, "Akutfunktionen Grævlingelund", types=CARE, location_number=True, location=CARE_SYSTEM)
    sample.registers(owner, "XDIS91 XD9134L", *XML_RECEIPTS, send=True, receive=True)
    sample.registers(care, "XDIS91 XD9134L", "XDIS18 XD1834C", *XML_RECEIPTS, send=True, receive=True)
    sample.registers(care, "XREF15 XH1530R", "GGOP GGOP100", receive=True)
    sample.registers(notification, "FDIS20 3.0.0", receive=True)
    sample.registers(notification, "FDIS91 5.0", "FCTL 2.0.0", send=True, receive=True)
    sample.registers(acute, "XREF22 XH2230R", receive=True)
    sample.registers(acute, "XDIS22 XD2230L", send=True)
    sample.registers(acute, "XDIS91 XD9134L", *XML_RECEIPTS, send=True, receive=True)


def _general_practices(sample: RegisterBuilder) -> None:
    """One house with several practices, each registered in its own way."""
    cvr_number = numbers.cvr_number(2)
    owner = sample.owner(
        "Lægefællesskabet Tranebærgade",
        types=PRIVATE,
        cvr_number=cvr_number,
        postal_address=address_fields(
            "Tranebærgade", "7", street_code="0107", easting="530950.00", northing="6290340.75"
        ),
        contact={"email": "kontakt@tranebaergade.example", "telephone": "00 40 40 40"},
    )
    house = sample.institution(owner, "Lægehuset Tranebærgade", types=GENERAL_PRACTICE, cvr_number=cvr_number)

    def practice(name: str, provider_number: str) -> str:
        return sample.unit(
            house,
            name,
            types=CLINIC,
            location_number=True,
            location=PRACTICE_SYSTEM,
            provider_number=provider_number,
            specialities=[(GENERAL, MAIN)],
        )

    certain = practice("Lægehuset Entydig", numbers.provider_number(1))
    one_way = practice("Lægerne Envejs", numbers.provider_number(7))
    old = practice("Lægerne Gammel version", numbers.provider_number(8))
    without_receipts = practice("Lægerne Uden kvitteringer", numbers.provider_number(10))
    ceased = practice("Lægerne Ophørt ydernummer", numbers.provider_number(4))
    either = practice("Lægerne Samme tal", numbers.provider_number(150))
    for recipient in (certain, ceased, either):
        sample.registers(recipient, *PRACTICE_TYPES, send=True, receive=True)
        sample.registers(recipient, *PRACTICE_SENDS, send=True)
    sample.registers(one_way, "DIS91 D9134L", receive=True)
    sample.registers(one_way, *EDI_RECEIPTS, send=True, receive=True)
    sample.registers(old, "DIS91 D9133L", "REF01 H0130R", *EDI_RECEIPTS, send=True, receive=True)
    sample.registers(without_receipts, "DIS91 D9134L", send=True, receive=True)
    sample.provider_ceased(numbers.provider_number(4), dt.date(2025, 12, 31))


def _shared_provider_numbers(sample: RegisterBuilder) -> None:
    cvr_number = numbers.cvr_number(3)
    owner = sample.owner(
        "Lægerne Porsegade",
        types=PRIVATE,
        cvr_number=cvr_number,
        postal_address=address_fields("Porsegade", "21"),
        contact={"telephone": "00 50 50 50"},
    )
    one_address = sample.institution(
        owner,
        "Lægerne Delt Ydernummer",
        types=GENERAL_PRACTICE,
        location_number=True,
        location=PRACTICE_SYSTEM,
        cvr_number=cvr_number,
    )
    for letter in "AB":
        sample.unit(
            one_address,
            f"Lægerne Delt Ydernummer {letter}",
            types=CLINIC,
            inherits=True,
            provider_number=numbers.provider_number(2),
        )
    sample.registers(one_address, *PRACTICE_TYPES, send=True, receive=True)
    two_addresses = sample.institution(owner, "Lægerne To Adresser", types=GENERAL_PRACTICE, cvr_number=cvr_number)
    for letter, street in (("A", "Porsegade"), ("B", "Havtornsallé")):
        unit = sample.unit(
            two_addresses,
            f"Lægerne To Adresser {letter}",
            types=CLINIC,
            location_number=True,
            location=PRACTICE_SYSTEM,
            provider_number=numbers.provider_number(3),
            visiting_address=address_fields(street, "23"),
        )
        sample.registers(unit, *PRACTICE_TYPES, send=True, receive=True)


def _clinics(sample: RegisterBuilder) -> None:
    """Small owners of other kinds: one format only, an unknown type, no registrations, a bare code."""
    owner = sample.owner(
        "Klinikfællesskabet Revlingtorv",
        types=PRIVATE,
        cvr_number=numbers.cvr_number(4),
        postal_address=address_fields("Revlingtorv", "4"),
        contact={"email": "kontakt@revlingtorv.example", "telephone": "00 60 60 60"},
    )
    house = sample.institution(owner, "Speciallægerne Revlingtorv", types=SPECIALIST)

    def clinic(name: str, number: int) -> str:
        return sample.unit(
            house,
            name,
            types=CLINIC,
            location_number=True,
            location=PRACTICE_SYSTEM,
            provider_number=numbers.provider_number(number),
        )

    xml = clinic("Klinikken Kun XML", 5)
    fhir = clinic("Klinikken Kun FHIR", 6)
    unknown = clinic("Klinikken Ukendt type", 9)
    clinic("Klinikken Uden registreringer", 11)
    sample.registers(xml, "XDIS91 XD9134L", "XDIS01 XD0134L", "XREF06 XH0630R", *XML_RECEIPTS, send=True, receive=True)
    sample.registers(fhir, "FDIS91 5.0", "FCTL 2.0.0", send=True, receive=True)
    sample.registers(unknown, "HYGIEJNE1", "DIS91 D9134L", *EDI_RECEIPTS, send=True, receive=True)

    podiatry = sample.institution(owner, "Fodterapien Revlingtorv", types=PODIATRIST)
    feet = sample.unit(
        podiatry,
        "Fodterapeuterne",
        types=CLINIC,
        location_number=True,
        location=PRACTICE_SYSTEM,
        provider_number=numbers.provider_number(12),
    )
    sample.registers(feet, "REF08 H0831R", "DIS91 D9134L", *EDI_RECEIPTS, send=True, receive=True)
    sample.registers(feet, "RPT01F R0131F", send=True)

    pharmacy = sample.institution(
        owner,
        "Grævlingelund Apotek",
        types=PHARMACY,
        location_number=True,
        location=LABORATORY_SYSTEM,
        pharmacy_number="9901,1",
    )
    sample.registers(pharmacy, "PRE01 LMS016", *EDI_RECEIPTS, send=True, receive=True)
    laboratory = sample.institution(
        owner, "Grævlingelund Laboratorium", types=LABORATORY, location_number=True, location=LABORATORY_SYSTEM
    )
    sample.registers(laboratory, "RPT01", "REQ01 Q0131K", *EDI_RECEIPTS, send=True, receive=True)
