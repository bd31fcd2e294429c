"""The region of the sample: one hospital, five levels deep, with a department for everything that can be odd."""

from __future__ import annotations

import datetime as dt

from sor_addressing.testing import numbers
from sor_addressing.testing.builder import LocationFields, RegisterBuilder
from sor_addressing.testing.sample.ground import (
    CARDIOLOGY,
    CLINIC,
    HOSPITAL,
    HOSPITAL_SYSTEM,
    HOSPITAL_TYPES,
    MAIN,
    RADIOLOGY,
    REGION_TYPE,
    SAMPLE_DAY,
    WARD,
    XML_RECEIPTS,
    address_fields,
)


def add_hospital(sample: RegisterBuilder) -> None:
    """Add the region, its hospital, and all departments that show something."""
    hospital = _region(sample)
    _numbers_of_departments(sample, hospital)
    _periods_of_departments(sample, hospital)
    _successors(sample, hospital)


def _region(sample: RegisterBuilder) -> str:
    cvr_number = numbers.cvr_number(0)
    region = sample.owner(
        "Region Nordhav",
        types=REGION_TYPE,
        location_number=True,
        location=HOSPITAL_SYSTEM,
        cvr_number=cvr_number,
        postal_address=address_fields("Havtornsallé", "1"),
        contact={"email": "kontakt@region-nordhav.example", "telephone": "00 10 10 10"},
    )
    hospital = sample.institution(
        region,
        "Grævlingelund Sygehus",
        types=HOSPITAL,
        location_number=True,
        location=HOSPITAL_SYSTEM,
        shak_code=numbers.shak_code(1),
        cvr_number=cvr_number,
        postal_address=address_fields(
            "Tranebærvej", "12", street_code="0042", easting="531200.50", northing="6290100.25", sublocation="Bygning 1"
        ),
        contact={
            "email": "post@graevlingelund-sygehus.example",
            "website": "https://graevlingelund-sygehus.example",
            "telephone": "00 20 20 20",
            "fax": "00 20 20 21",
        },
    )
    heart = sample.unit(
        hospital,
        "Hjerteafdelingen",
        types=(WARD, CLINIC),
        location_number=True,
        location={**HOSPITAL_SYSTEM, "from_date": dt.date(2015, 5, 1)},
        shak_code=numbers.shak_code(101, "department"),
        specialities=[(CARDIOLOGY, MAIN)],
        visiting_address=address_fields("Tranebærvej", "14", floor="2", stairway="Opgang B"),
        information={"ambulant_activity": True, "patients_admitted": True, "reporting_level": True},
    )
    ward = sample.unit(
        heart, "Hjertemedicinsk Sengeafsnit", types=WARD, inherits=True, shak_code=numbers.shak_code(1_011, "ward")
    )
    sample.unit(
        ward,
        "Ambulatoriet Nedarvet",
        types=CLINIC,
        inherits=True,
        activity_address=address_fields("Porsevej", "3"),
        contact={"telephone": "00 20 20 55"},
        local_code="H101",
    )
    x_ray = sample.unit(
        hospital,
        "Røntgenafdelingen",
        types=CLINIC,
        location_number=True,
        location=HOSPITAL_SYSTEM,
        shak_code=numbers.shak_code(102, "department"),
        specialities=[(RADIOLOGY, MAIN)],
    )
    for recipient in (region, hospital, heart):
        sample.registers(recipient, *HOSPITAL_TYPES, send=True, receive=True)
    sample.registers(x_ray, "XREF02 XH0231R", receive=True)
    sample.registers(x_ray, "XDIS05 XD0533L", send=True)
    sample.registers(x_ray, *XML_RECEIPTS, send=True, receive=True)
    return hospital


def _numbers_of_departments(sample: RegisterBuilder, hospital: str) -> None:
    """Numbers that can't be used, units without one, and one number with two owners."""
    yesterday, soon = SAMPLE_DAY - dt.timedelta(1), dt.date(2026, 3, 1)
    oddities: tuple[tuple[str, LocationFields], ...] = (
        ("Afdelingen Kun intern", {"internal_only": True}),
        ("Afdelingen Inaktivt nummer", {"inactive": True}),
        ("Afdelingen Lukket nummer", {"from_date": dt.date(2012, 1, 1), "to_date": yesterday}),
        ("Afdelingen Kommende nummer", {"from_date": soon}),
    )
    for name, location in oddities:
        unit = sample.unit(hospital, name, types=WARD, location_number=True, location={**HOSPITAL_SYSTEM, **location})
        sample.registers(unit, *HOSPITAL_TYPES, send=True, receive=True)
    without = sample.unit(hospital, "Afdelingen Uden nummer", types=WARD)
    sample.unit(without, "Afsnittet Brudt arv", types=WARD, inherits=True)
    shared = sample.location_number()
    for letter in "AB":
        sample.unit(
            hospital,
            f"Sekretariatet Fælles nummer {letter}",
            types=CLINIC,
            location_number=shared,
            location=HOSPITAL_SYSTEM,
        )
    sample.registers(shared, "XDIS91 XD9134L", *XML_RECEIPTS, send=True, receive=True)
    for letter in "AB":
        unit = sample.unit(
            hospital,
            f"Afdelingen Delt SHAK {letter}",
            types=WARD,
            location_number=True,
            location=HOSPITAL_SYSTEM,
            shak_code=numbers.shak_code(103, "department"),
        )
        sample.registers(unit, *HOSPITAL_TYPES, send=True, receive=True)
    either = sample.unit(
        hospital,
        "Afdelingen Samme tal",
        types=WARD,
        location_number=True,
        location=HOSPITAL_SYSTEM,
        shak_code=numbers.shak_code(150, "department"),
    )
    sample.registers(either, *HOSPITAL_TYPES, send=True, receive=True)


def _periods_of_departments(sample: RegisterBuilder, hospital: str) -> None:
    """Units closed, closing, not yet open or with a date that can't be read, and open ones below a closed one."""
    closed = sample.unit(
        hospital,
        "Afdelingen Lukket over åbent afsnit",
        types=WARD,
        location_number=True,
        location={**HOSPITAL_SYSTEM, "from_date": dt.date(2010, 1, 1)},
        to_date=dt.date(2025, 10, 31),
    )
    sample.unit(closed, "Afsnittet Åbent under lukket", types=WARD, inherits=True)
    sample.registers(closed, *HOSPITAL_TYPES, send=True, receive=True)
    for name, first, last, unreadable in (
        ("Afdelingen Lukker snart", dt.date(2011, 4, 1), dt.date(2026, 1, 31), False),
        ("Afdelingen Åbner til marts", dt.date(2026, 3, 1), None, False),
        ("Afdelingen Ulæselig dato", dt.date(2011, 4, 1), None, True),
    ):
        unit = sample.unit(
            hospital,
            name,
            types=WARD,
            location_number=True,
            location=HOSPITAL_SYSTEM,
            from_date=first,
            to_date=last,
            period_unreadable=unreadable,
        )
        sample.registers(unit, *HOSPITAL_TYPES, send=True, receive=True)


def _successors(sample: RegisterBuilder, hospital: str) -> None:
    """Closed clinics: with one certain successor, in a chain, with several, in a loop, and with a dead end."""
    codes = {
        name: numbers.sor_code(running)
        for running, name in enumerate(
            (
                "Klinikken Lukket (afløst)",
                "Klinikken Lukket (afløst i to led)",
                "Klinikken Lukket (mellemled)",
                "Klinikken Lukket (delt i to)",
                "Klinikken Lukket (i ring A)",
                "Klinikken Lukket (i ring B)",
                "Klinikken Lukket (blindgyde)",
                "Klinikken Lukket (uden afløser)",
                "Klinikken Efterfølger",
                "Klinikken Anden efterfølger",
            ),
            start=500,
        )
    }
    chain = {
        "Klinikken Lukket (afløst)": ["Klinikken Efterfølger"],
        "Klinikken Lukket (afløst i to led)": ["Klinikken Lukket (mellemled)"],
        "Klinikken Lukket (mellemled)": ["Klinikken Efterfølger"],
        "Klinikken Lukket (delt i to)": ["Klinikken Efterfølger", "Klinikken Anden efterfølger"],
        "Klinikken Lukket (i ring A)": ["Klinikken Lukket (i ring B)"],
        "Klinikken Lukket (i ring B)": ["Klinikken Lukket (i ring A)"],
    }
    for name, code in codes.items():
        replaced_by = [codes[successor] for successor in chain.get(name, ())]
        if name == "Klinikken Lukket (blindgyde)":
            replaced_by = [numbers.sor_code(9_000)]
        last = dt.date(2025, 6, 30) if "Lukket" in name else None
        sample.unit(
            hospital,
            name,
            sor_code=code,
            types=CLINIC,
            location_number=True,
            location={**HOSPITAL_SYSTEM, "from_date": dt.date(2010, 1, 1), "to_date": last},
            to_date=last,
            replaced_by=replaced_by,
            replaces=[codes[closed] for closed, successors in chain.items() if name in successors],
        )
        if last is None:
            sample.registers(code, *HOSPITAL_TYPES, send=True, receive=True)
