"""Made-up letters between the units of the sample: in every format, and one for each thing that can be wrong with an address."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import attrs

from sor_addressing.testing.letters.edifact import edifact_of
from sor_addressing.testing.letters.envelopes import sbdh_of, vans_envelope_of
from sor_addressing.testing.letters.fhir import fhir_of
from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty
from sor_addressing.testing.letters.oioxml import oioxml_of
from sor_addressing.testing.sample import sample_extract
from sor_addressing.whole_file import WholeFiles, folder_made

__all__ = ["SampleLetter", "sample_letters", "write_sample_letters"]


class SampleLetter(NamedTuple):
    """A letter of the sample: the name and content of its file, whether it may be sent, and a finding that it shows (None where it is fine).

    ``shows`` is None too for a file that can't be read.
    """

    name: str
    content: bytes
    deliverable: bool
    shows: str | None


def sample_letters() -> tuple[SampleLetter, ...]:
    """Every letter of the sample, in the order of their names.

    >>> [letter.name for letter in sample_letters()][:3]
    ['01-edifact.edi', '02-oioxml.xml', '03-fhir.json']
    """
    hospital, clinic = _party("Grævlingelund Sygehus"), _party("Lægehuset Entydig")
    fhir_only = _party("Klinikken Kun FHIR")
    edi = MadeUpLetter(code="DIS91", version="D9134L", sender=hospital, receiver=clinic)
    xml = MadeUpLetter(sender=hospital, receiver=_party("Klinikken Kun XML"))
    fhir = MadeUpLetter(code="FDIS91", version="5.0", sender=fhir_only, receiver=fhir_only)

    def to(letter: MadeUpLetter, number: int, **receiver: str | None) -> MadeUpLetter:
        changed = attrs.evolve(letter.receiver, **receiver)
        return attrs.evolve(letter, receiver=changed, letter_id=f"BRV{number:011}", envelope_id=f"KUV{number:011}")

    ward, closed = _party("Hjerteafdelingen"), _party("Klinikken Lukket (afløst)")
    inherits = _party("Ambulatoriet Nedarvet")
    mistyped = f"{clinic.location_number}"[:-1] + "9"
    to_closed = to(edi, 8, location_number=closed.location_number, sor_code=closed.sor_code)
    elsewhere = to(edi, 10, location_number=ward.location_number, sor_code=ward.sor_code)
    return (
        SampleLetter("01-edifact.edi", edifact_of(to(edi, 1)), True, None),
        SampleLetter("02-oioxml.xml", oioxml_of(to(xml, 2)), True, None),
        SampleLetter("03-fhir.json", fhir_of(to(fhir, 3)), True, None),
        SampleLetter("04-fhir.xml", fhir_of(to(fhir, 4), xml=True), True, None),
        SampleLetter("05-vans-envelope.xml", vans_envelope_of(oioxml_of(to(xml, 5)), to(xml, 5)), True, None),
        SampleLetter("06-ehmi-envelope.xml", sbdh_of(fhir_of(to(fhir, 6)), to(fhir, 6)), True, None),
        SampleLetter(
            "07-check-digit.edi", edifact_of(to(edi, 7, location_number=mistyped)), False, "check-digit-wrong"
        ),
        SampleLetter("08-closed.edi", edifact_of(to_closed), False, "unit-closed"),
        SampleLetter("09-two-units.edi", edifact_of(to(edi, 9, sor_code=ward.sor_code)), True, "identifiers-disagree"),
        SampleLetter(
            "10-envelope-elsewhere.xml",
            vans_envelope_of(edifact_of(to(edi, 10)), elsewhere),
            True,
            "envelope-differs",
        ),
        SampleLetter(
            "11-inherited.edi",
            edifact_of(to(edi, 11, location_number=inherits.location_number, sor_code=inherits.sor_code)),
            True,
            "identifiers-disagree",
        ),
        SampleLetter(
            "12-wrong-type.edi", edifact_of(to(_as(edi, "REF01", "H0131R"), 12)), False, "message-type-unsupported"
        ),
        SampleLetter(
            "13-no-receiver.edi",
            edifact_of(to(edi, 13, location_number=None, sor_code=None)),
            False,
            "receiver-missing",
        ),
        SampleLetter(
            "14-fhir-without-sor-code.json", fhir_of(to(fhir, 14, sor_code=None)), False, "letter-identifier-missing"
        ),
        SampleLetter("15-cut-off.edi", edifact_of(to(edi, 15))[:250], False, None),
    )


def write_sample_letters(folder: str | Path) -> tuple[Path, ...]:
    """Write every letter of the sample to ``folder``, which is made where it is missing."""
    target = folder_made(folder)
    letters = sample_letters()
    with WholeFiles() as files:
        for letter in letters:
            with files.binary(target / letter.name) as file:
                file.write(letter.content)
    return tuple(target / letter.name for letter in letters)


def _as(letter: MadeUpLetter, code: str, version: str) -> MadeUpLetter:
    return attrs.evolve(letter, code=code, version=version)


def _party(name: str) -> MadeUpParty:
    unit = sample_extract().unit(name)
    above = unit
    while above.location is None and above.parent_sor_code:
        above = next(one for one in sample_extract().units if one.sor_code == above.parent_sor_code)
    number = above.location.number if above.location else None
    return MadeUpParty(location_number=number, sor_code=unit.sor_code)
