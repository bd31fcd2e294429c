"""A made-up outbox with a letter for every way in which one can come back, and the receipts that say so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

import attrs

from sor_addressing.cells import json_text
from sor_addressing.testing.letters.edifact import edifact_of
from sor_addressing.testing.letters.envelopes import sbdh_of, vans_envelope_of
from sor_addressing.testing.letters.fhir import fhir_of
from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty, fhir_id
from sor_addressing.testing.letters.oioxml import oioxml_of
from sor_addressing.testing.numbers import location_number
from sor_addressing.whole_file import WholeFiles, folder_made

__all__ = ["ReturnedLetter", "audit_event_of", "returned_letters", "write_returned_letters"]

_SENDER = MadeUpParty(location_number=location_number(41))


class ReturnedLetter(NamedTuple):
    """A letter that left, and what came back: nothing, or one receipt.

    ``fared`` is ``open``, ``answered`` or ``refused``, ``reason`` the code of the refusal.
    """

    name: str
    letter: MadeUpLetter
    content: bytes
    receipt: bytes | None
    fared: str
    reason: str = ""


def _letter(number: int, code: str, version: str, *, minutes: int = 0) -> MadeUpLetter:
    return MadeUpLetter(
        code=code,
        version=version,
        sender=_SENDER,
        receiver=MadeUpParty(location_number=location_number(41 + number)),
        letter_id=f"BRV{number:011}",
        envelope_id=f"KUV{number:011}",
        sent=dt.datetime(2026, 1, 15, 9, number) + dt.timedelta(minutes=minutes),  # noqa: DTZ001 (naive means Danish time)
    )


def _receipt(of: MadeUpLetter, code: str, version: str, *, positive: bool = False, minutes: int = 5) -> MadeUpLetter:
    return MadeUpLetter(
        code=code,
        version=version,
        sender=of.receiver,
        receiver=of.sender,
        letter_id=f"KVB{of.letter_id[3:]}",
        envelope_id=f"KVK{of.envelope_id[3:]}",
        sent=of.sent + dt.timedelta(minutes=minutes),
        receipt_wanted=False,
        answers=of,
        answer_positive=positive,
    )


def audit_event_of(of: MadeUpLetter, *, station: str = "MSH", failed: bool = True, minutes: int = 2) -> bytes:
    """An AuditEvent of EHMI's delivery status, as a sender gets it: a station tells how it fared with a letter."""
    event = {
        "resourceType": "AuditEvent",
        "id": fhir_id(f"event {of.letter_id} {station} {failed}"),
        "type": {"code": "ehmiMessaging"},
        "subtype": [{"code": "msg-sent" if failed else "msg-received-and-finalized"}],
        "outcome": "8" if failed else "0",
        "recorded": (of.sent + dt.timedelta(minutes=minutes)).isoformat() + "+01:00",
        "agent": [
            {
                "type": {"coding": [{"code": kind}]},
                "who": {
                    "extension": [
                        {
                            "url": "http://medcomehmi.dk/ig/eds/StructureDefinition/eds-otherId",
                            "valueIdentifier": {"value": party.location_number},
                        }
                    ]
                },
            }
            for kind, party in (("ehmiSender", of.sender), ("ehmiReceiver", of.receiver))
        ],
        "source": {"type": [{"code": station}]},
        "entity": [
            {"type": {"code": "ehmiMessage"}, "what": {"identifier": {"value": fhir_id(of.letter_id)}}},
            {"type": {"code": "ehmiPatient"}, "what": {"identifier": {"value": "OPDIGTET PATIENT"}}},
        ],
    }
    return json_text(event).encode()


def returned_letters() -> tuple[ReturnedLetter, ...]:
    """One of each, in the order of their names.

    >>> [one.reason for one in returned_letters() if one.fared == "refused"]
    ['LOK', 'ukendt_lokationsnummer', 'LOK', 'fatal-error', 'eds-msh', 'LOK']
    """
    edi, xml, fhir = ("DIS91", "D9134L"), ("XDIS91", "XD9134L"), ("FDIS91", "5.0")
    letters = {
        number: _letter(number, *kind)
        for number, kind in enumerate((edi, edi, edi, xml, xml, xml, xml, fhir, fhir, fhir, fhir, edi), start=1)
    }

    def answer(number: int, code: str, version: str, *, positive: bool = False) -> MadeUpLetter:
        return _receipt(letters[number], code, version, positive=positive)

    def in_vans(number: int) -> bytes:
        return vans_envelope_of(oioxml_of(letters[number]), letters[number])

    acknowledgement = ("FCTL", "2.0.0")
    network = attrs.evolve(answer(7, *xml), answers=letters[7])
    return (
        ReturnedLetter(
            "01-edi-answered.edi",
            letters[1],
            edifact_of(letters[1]),
            edifact_of(answer(1, "CTL03", "C0330Q", positive=True)),
            "answered",
        ),
        ReturnedLetter(
            "02-edi-refused.edi",
            letters[2],
            edifact_of(letters[2]),
            edifact_of(answer(2, "CTL02", "C0230Q")),
            "refused",
            "LOK",
        ),
        ReturnedLetter("03-edi-silent.edi", letters[3], edifact_of(letters[3]), None, "open"),
        ReturnedLetter(
            "04-xml-answered.xml",
            letters[4],
            oioxml_of(letters[4]),
            oioxml_of(answer(4, "XCTL03", "XC0330Q", positive=True)),
            "answered",
        ),
        ReturnedLetter(
            "05-xml-refused.xml",
            letters[5],
            oioxml_of(letters[5]),
            oioxml_of(answer(5, "XCTL02", "XC0230Q")),
            "refused",
            "ukendt_lokationsnummer",
        ),
        ReturnedLetter("06-xml-silent.xml", letters[6], oioxml_of(letters[6]), None, "open"),
        ReturnedLetter(
            "07-refused-by-the-network.xml",
            letters[7],
            in_vans(7),
            vans_envelope_of(b"", network, receipt="NegativeVans"),
            "refused",
            "LOK",
        ),
        ReturnedLetter(
            "08-fhir-answered.json",
            letters[8],
            fhir_of(letters[8]),
            fhir_of(answer(8, *acknowledgement, positive=True)),
            "answered",
        ),
        ReturnedLetter(
            "09-fhir-refused.json",
            letters[9],
            fhir_of(letters[9]),
            fhir_of(answer(9, *acknowledgement)),
            "refused",
            "fatal-error",
        ),
        ReturnedLetter(
            "10-failed-on-the-way.xml",
            letters[10],
            sbdh_of(fhir_of(letters[10]), letters[10]),
            audit_event_of(letters[10]),
            "refused",
            "eds-msh",
        ),
        ReturnedLetter("11-fhir-silent.json", letters[11], fhir_of(letters[11]), None, "open"),
        ReturnedLetter(
            "12-refused-by-an-operator.edi",
            letters[12],
            edifact_of(letters[12]),
            edifact_of(answer(12, "CTL01", "C0130Q")),
            "refused",
            "LOK",
        ),
    )


def write_returned_letters(folder: str | Path) -> tuple[Path, Path]:
    """Write the letters to ``outbox`` in a folder, which is made where it is missing, and what came back to ``inbox``; the two folders."""
    outbox, inbox = folder_made(Path(folder) / "outbox"), folder_made(Path(folder) / "inbox")
    with WholeFiles() as files:
        for one in returned_letters():
            with files.binary(outbox / one.name) as file:
                file.write(one.content)
            if one.receipt is not None:
                suffix = (
                    "json"
                    if one.receipt[:1] == b"{"
                    else "edi"
                    if one.receipt[:3] == b"UNA" or one.receipt[:3] == b"UNB"
                    else "xml"
                )
                with files.binary(inbox / f"{one.name[:2]}-receipt.{suffix}") as file:
                    file.write(one.receipt)
    return outbox, inbox
