"""Writes the provider register: the provider numbers of an extract, and those that have ceased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol

from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, UnitRecord
from sor_addressing.testing.published.sor_xml import UnitsOfADay
from sor_addressing.whole_file import written_binary

__all__ = ["ProvidersOfADay", "write_providers"]

_IMPOSSIBLE = "20200231"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": " ", "\r": " ", "\t": " "})
_REGIONS = {"1081": "Region Nordhav", "1082": "Region Midthede", "1083": "Region Sydfjord", "1084": "Region Hovedsund",
            "1085": "Region Østersø"}  # fmt: skip


class ProvidersOfADay(UnitsOfADay, Protocol):
    """What is written: a :class:`~sor_addressing.testing.MadeUpExtract`, or anything else with these."""

    @property
    def ceased_providers(self) -> Mapping[str, dt.date]:
        """Provider numbers that have ended, with their last day."""


def write_providers(
    extract: ProvidersOfADay,
    target: str | Path | IO[bytes],
    *,
    newer: bool = False,
    persons: int = 0,
    encoding: str = "iso-8859-1",
    newline: str = "\r\n",
) -> None:
    r"""Write the provider numbers of an extract as the provider register's XML, piece by piece.

    A number is once in it, with the name, address and speciality of its first unit. It is in use unless
    ``ceased_providers`` says otherwise: the provider register knows what SOR does not.

    Args:
        extract: its units and ceased providers.
        target: a path, or a binary file, which is left open.
        newer: write the newer variant, in which other elements than ``Yder`` have other names, in a namespace.
        persons: how many persons stand in each ``Yder``, each with a number of the form of a CPR number that nobody can
            have, for tests that nothing of persons is ever read.
        encoding: of the file; letters that it lacks are written as character references.
        newline: between the lines.
    """
    with written_binary(target) as file:
        for line in _document(extract, newer=newer, persons=persons, encoding=encoding):
            file.write((line + newline).encode(encoding, "xmlcharrefreplace"))


def _document(extract: ProvidersOfADay, *, newer: bool, persons: int, encoding: str) -> Iterator[str]:
    root, holder, person = ("Yderregister", "Ydere", "Behandler") if newer else ("etds1040025XML", "", "Person")
    yield f'<?xml version="1.0" encoding="{encoding.upper()}"?>'
    yield f'<{root} xmlns="urn:opdigtet:yderregister">' if newer else f"<{root}>"
    day = {
        "OpgDato": _day(extract.snapshot_date),
        "Timestamp": extract.created_at.isoformat(),
        "SnitfladeId": "ETDS1040025",
    }
    yield f"<Start{_attributes(day)}/>"
    if holder:
        yield f"<{holder}>"
    providers = _providers(extract)
    for number, unit in providers.items():
        attributes = _attributes(_provider(number, unit, extract.ceased_providers.get(number)))
        if not persons:
            yield f"<Yder{attributes}/>"
            continue
        yield f"<Yder{attributes}>"
        for n in range(persons):
            yield f'<{person} CprNr="{_nobody(n)}" Navn="Opdigtet Person {n}"/>'
        yield "</Yder>"
    if holder:
        yield f"</{holder}>"
    yield f'<Slut AntPost="{len(providers) * (1 + persons)}"/>'
    yield f"</{root}>"


def _providers(extract: ProvidersOfADay) -> dict[str, UnitRecord | None]:
    found: dict[str, UnitRecord | None] = {}
    for unit in extract.units:
        if unit.provider_number:
            found.setdefault(unit.provider_number, unit)
    for number in extract.ceased_providers:
        found.setdefault(number, None)
    return found


def _provider(number: str, unit: UnitRecord | None, last_day: dt.date | None) -> dict[str, str]:
    """The attributes, padded with blanks as the publisher pads them."""
    postal, contact, region, speciality = (
        dict.fromkeys(ADDRESS_FIELDS, ""),
        dict.fromkeys(CONTACT_FIELDS, ""),
        "",
        ("", ""),
    )
    if unit is not None:
        postal |= dict(zip(ADDRESS_FIELDS, unit.visiting_address or unit.postal_address or (), strict=False))
        contact |= dict(zip(CONTACT_FIELDS, unit.contact or (), strict=False))
        region = postal["region_code"] or (unit.location.region_code if unit.location is not None else "")
        speciality = unit.specialities[0] if unit.specialities else speciality
    return {
        "YdernrYder": number.ljust(9),
        "PrakBetegn": (unit.name if unit is not None else f"Ophørt yder {number}").ljust(50),
        "AmtKodeYder": region.ljust(5),
        "AmtTxtYder": _REGIONS.get(region, "").ljust(30),
        "AdrYder": f"{postal['street']} {postal['building']}".strip().ljust(50),
        "PostnrYder": postal["postcode"].ljust(5),
        "PostdistYder": postal["district"].ljust(20),
        "TilgDatoYder": _first_day(unit).ljust(8),
        "AfgDatoYder": _day(last_day).ljust(8),
        "HvdSpecKode": speciality[0].ljust(20),
        "HvdSpecTxt": (f"Opdigtet speciale {speciality[0]}" if speciality[0] else "").ljust(60),
        "HvdTlf": contact["telephone"].ljust(15),
        "EmailYder": contact["email"].ljust(50),
        "WWW": contact["website"].ljust(50),
        "HistIdYder": number.ljust(10),
    }


def _first_day(unit: UnitRecord | None) -> str:
    if unit is None:
        return ""
    return _IMPOSSIBLE if unit.period_unreadable and unit.from_date is None else _day(unit.from_date)


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f' {name}="{text.translate(_ESCAPES)}"' for name, text in values.items())


def _nobody(n: int) -> str:
    """The shape of a CPR number, of a day that there isn't."""
    return f"{31:02d}{2:02d}{n % 100:02d}{n // 100 % 10_000:04d}"


def _day(day: dt.date | None) -> str:
    return "" if day is None else f"{day.year:04d}{day.month:02d}{day.day:02d}"
