"""The endpoint register of a made-up extract: types that only it has, types that both registers have, and some about which they disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import EndpointRegistration
from sor_addressing.testing.extract import MadeUpExtract

_FIRST_DAY = dt.date(2025, 1, 1)
_PILOT = ("HCO 1.1", "HCO 1.2", "SBDHACK 1.0")
_CORRESPONDENCE = ("FDIS91 5.0", "FCTL 2.0.0")


def with_endpoints(extract: MadeUpExtract, *, everywhere: bool = False) -> MadeUpExtract:
    """The extract with an endpoint register: the same for the same extract. ``examples`` gains what shows what.

    Of numbers that receive FHIR correspondence in SOR-EDI most have it in EER too; some have another version there, or are suspended
    (``registers-disagree``). Every third practice receives home care observations, which stand in EER alone (``eer-only``). Some are of the test
    environment (``eer-test``).

    Args:
        extract: gains ``endpoints``, in place.
        everywhere: every location number of a unit has an endpoint, as after the takeover.
    """
    fhir = {
        one.location_number
        for one in extract.registrations
        if one.may_receive is not False and catalogue().parse(one.message_type).code == "FDIS91"
    }
    examples: dict[str, list[str]] = {}
    numbers: dict[str, bool] = {}
    for unit in extract.units:
        if unit.location is not None:
            number = unit.location.number
            numbers[number] = numbers.get(number, False) or bool(unit.provider_number)
    practices = both = 0
    for number, is_practice in numbers.items():
        if number in fhir:
            both += 1
            extract.endpoints.extend(_of_both(number, both, examples))
        practices += is_practice
        if everywhere or (is_practice and practices % 3 == 1):
            environment: Literal["", "test"] = "test" if practices % 50 == 1 and not everywhere else ""
            examples.setdefault("eer-test" if environment else "eer-only", []).append(number)
            for one in _PILOT:
                extract.endpoints.append(EndpointRegistration(number, one, _FIRST_DAY, environment=environment))
    extract.examples |= {name: tuple(found) for name, found in examples.items()}
    return extract


def _of_both(number: str, place: int, examples: dict[str, list[str]]) -> Iterator[EndpointRegistration]:
    """Every fifth has another version in EER, every seventh is suspended there."""
    suspended = place % 7 == 3
    types = ("FDIS91 4.0", "FCTL 2.0.0") if place % 5 == 2 else _CORRESPONDENCE
    shows = "registers-disagree" if suspended or types is not _CORRESPONDENCE else "eer-and-sor-edi"
    examples.setdefault(shows, []).append(number)
    for one in types:
        status = "suspended" if suspended else "active"
        yield EndpointRegistration(number, one, _FIRST_DAY, status=status, in_use=not suspended)
