"""A made-up outbox with a letter for every way in which one can come back, and the receipts that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sor_addressing.cells import json_text
from sor_addressing.testing.letters.edifact import edifact_of
from sor_addressing.testing.letters.envelopes import sbdh_of, vans_envelope_of
from sor_addressing.testing.letters.fhir import fhir_of
from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty, fhir_id
from sor_addressing.testing.letters.oioxml import oioxml_of
from sor_addressing.testing.numbers import location_number
from sor_addressing.whole_file import WholeFiles, folder_made

__all__ = ["ReturnedLetter", "audit_event_of", "returned_letters", "write_returned_letters"]

_Fate = tuple[bytes, bytes | None]
"""A letter as it left, and what came back."""

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


def _letter(number: int, code: str, version: str) -> MadeUpLetter:
    return MadeUpLetter(
        code=code,
        version=version,
        sender=_SENDER,
        receiver=MadeUpParty(location_number=location_number(41 + number)),
        letter_id=f"BRV{number:011}",
        envelope_id=f"KUV{number:011}",
        sent=dt.datetime(2026, 1, 15, 9, number),  # noqa: DTZ001 (naive means Danish time)
    )


def _receipt(of: MadeUpLetter, code: str, version: str, *, positive: bool = False) -> MadeUpLetter:
    return MadeUpLetter(
        code=code,
        version=version,
        sender=of.receiver,
        receiver=of.sender,
        letter_id=f"KVB{of.letter_id[3:]}",
        envelope_id=f"KVK{of.envelope_id[3:]}",
        sent=of.sent + dt.timedelta(minutes=5),
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


def _written(letter: MadeUpLetter) -> bytes:
    if letter.code.startswith("F"):
        return fhir_of(letter)
    return oioxml_of(letter) if letter.code.startswith("X") else edifact_of(letter)


def _silent(letter: MadeUpLetter) -> _Fate:
    return _written(letter), None


def _met_by(code: str, version: str, *, positive: bool = False) -> Callable[[MadeUpLetter], _Fate]:
    return lambda letter: (_written(letter), _written(_receipt(letter, code, version, positive=positive)))


def _refused_by_the_network(letter: MadeUpLetter) -> _Fate:
    refusal = _receipt(letter, *_XML)
    return vans_envelope_of(_written(letter), letter), vans_envelope_of(b"", refusal, receipt="NegativeVans")


def _failed_on_the_way(letter: MadeUpLetter) -> _Fate:
    return sbdh_of(_written(letter), letter), audit_event_of(letter)


_EDI, _XML, _FHIR = ("DIS91", "D9134L"), ("XDIS91", "XD9134L"), ("FDIS91", "5.0")
_CASES = (
    ("01-edi-answered.edi", _EDI, _met_by("CTL03", "C0330Q", positive=True), "answered", ""),
    ("02-edi-refused.edi", _EDI, _met_by("CTL02", "C0230Q"), "refused", "LOK"),
    ("03-edi-silent.edi", _EDI, _silent, "open", ""),
    ("04-xml-answered.xml", _XML, _met_by("XCTL03", "XC0330Q", positive=True), "answered", ""),
    ("05-xml-refused.xml", _XML, _met_by("XCTL02", "XC0230Q"), "refused", "ukendt_lokationsnummer"),
    ("06-xml-silent.xml", _XML, _silent, "open", ""),
    ("07-refused-by-the-network.xml", _XML, _refused_by_the_network, "refused", "LOK"),
    ("08-fhir-answered.json", _FHIR, _met_by("FCTL", "2.0.0", positive=True), "answered", ""),
    ("09-fhir-refused.json", _FHIR, _met_by("FCTL", "2.0.0"), "refused", "fatal-error"),
    ("10-failed-on-the-way.xml", _FHIR, _failed_on_the_way, "refused", "eds-msh"),
    ("11-fhir-silent.json", _FHIR, _silent, "open", ""),
    ("12-refused-by-an-operator.edi", _EDI, _met_by("CTL01", "C0130Q"), "refused", "LOK"),
)
"""Of each its name, its type, what leaves and comes back, how it fared, and the code of the refusal."""


def returned_letters() -> tuple[ReturnedLetter, ...]:
    """One of each, in the order of their names.

    >>> [one.reason for one in returned_letters() if one.fared == "refused"]
    ['LOK', 'ukendt_lokationsnummer', 'LOK', 'fatal-error', 'eds-msh', 'LOK']
    """
    found = []
    for number, (name, kind, fate_of, fared, reason) in enumerate(_CASES, start=1):
        letter = _letter(number, *kind)
        found.append(ReturnedLetter(name, letter, *fate_of(letter), fared, reason))
    return tuple(found)


def write_returned_letters(folder: str | Path) -> tuple[Path, Path]:
    """Write the letters to ``outbox`` in a folder, which is made where it is missing, and what came back to ``inbox``; the two folders."""
    outbox, inbox = folder_made(Path(folder) / "outbox"), folder_made(Path(folder) / "inbox")
    with WholeFiles() as files:
        for one in returned_letters():
            with files.binary(outbox / one.name) as file:
                file.write(one.content)
            if one.receipt is not None:
                suffix = {b"{": "json", b"U": "edi"}.get(one.receipt[:1], "xml")
                with files.binary(inbox / f"{one.name[:2]}-receipt.{suffix}") as file:
                    file.write(one.receipt)
    return outbox, inbox
