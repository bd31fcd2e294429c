"""Nothing of a patient: planted numbers and names are in no file of the ledger and in nothing that it tells."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest

from sor_addressing import Register
from sor_addressing.deliveries import DeliveryLedger, WaitingTimes
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, fhir_of, oioxml_of, sbdh_of, vans_envelope_of
from sor_addressing.testing.letters.refusing import audit_event_of
from sor_addressing.testing.numbers import location_number

# A day that is none, so that it is nobody's; and one in the letter's id, where digits run on.
NUMBER = "310299" + "9999"
NAME = "Oldefar"
PLANTED = (NUMBER, "310299-9999", NAME, NAME.upper(), "BRVOPDIGT")
LETTERS = [
    MadeUpLetter(
        code=code,
        version=version,
        letter_id=letter_id,
        envelope_id=f"{NUMBER}7788",
        content=f"{NAME} {NUMBER}",
        receiver=MadeUpParty(location_number=number, shak_code=NAME.upper(), provider_number=NAME),
    )
    for code, version in (("DIS91", "D9134L"), ("XDIS91", "XD9134L"), ("FDIS91", "5.0"))
    for letter_id in (f"{NUMBER}0001", "BRVOPDIGT", NUMBER)
    for number in (location_number(7), NAME)
]


def written(letter: MadeUpLetter) -> list[bytes]:
    write = {"D": edifact_of, "X": oioxml_of, "F": fhir_of, "C": edifact_of}[letter.code[0]]
    content = write(letter)
    return [content, vans_envelope_of(content, letter), sbdh_of(content, letter, patient=NUMBER)]


def receipts(letter: MadeUpLetter) -> list[bytes]:
    codes = {"D": ("CTL02", "C0230Q"), "X": ("XCTL02", "XC0230Q"), "F": ("FCTL", "2.0.0")}[letter.code[0]]
    receipt = attrs.evolve(
        letter,
        code=codes[0],
        version=codes[1],
        sender=letter.receiver,
        receiver=letter.sender,
        answers=letter,
        answer_positive=False,
    )
    content = {"C": edifact_of, "X": oioxml_of, "F": fhir_of}[codes[0][0]](receipt)
    marked = content.replace(b"LOK", NAME.upper().encode()).replace(b"ukendt_lokationsnummer", NAME.encode())
    return [
        content,
        marked,
        vans_envelope_of(b"", attrs.evolve(receipt, answers=letter), receipt="NegativeVans"),
        audit_event_of(letter),
    ]


@pytest.fixture
def ledger(tmp_path: Path) -> DeliveryLedger:
    for number, letter in enumerate(LETTERS):
        for turn, content in enumerate(written(letter) + (receipts(letter) if number in (1, 13) else [])):
            folder = tmp_path / NAME
            folder.mkdir(exist_ok=True)
            (folder / f"{NAME}-{NUMBER}-{number}-{turn}.msg").write_bytes(content)
    silent = attrs.evolve(LETTERS[0], letter_id=f"{NUMBER}0009", envelope_id="KUV00000000009")
    (tmp_path / NAME / "silent.msg").write_bytes(edifact_of(silent))
    late = dt.datetime(2026, 3, 1, tzinfo=dt.UTC).timestamp()
    ledger = DeliveryLedger(
        tmp_path / "deliveries.sqlite", now=lambda: late, waiting=WaitingTimes.shipped().but(vans=60)
    )
    ledger.add(tmp_path / NAME)
    return ledger


def without(text: str) -> None:
    assert [one for one in PLANTED if one in text] == []


def test_no_file_of_the_ledger_has_it(ledger: DeliveryLedger, tmp_path: Path) -> None:
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.name.removeprefix("deliveries.sqlite") for path in files} >= {"", "-wal", ".key"}
    for path in files:
        without(path.read_bytes().decode("latin-1"))
        without(path.read_bytes().decode("utf-16-le", "replace"))


def test_no_answer_has_it(ledger: DeliveryLedger, tmp_path: Path) -> None:
    register = Register.sample()
    report = ledger.report(("receiver", "sender", "type", "code", "week", "reason", "about", "by"))
    assert report.total.letters > 5
    assert report.total.refused
    report.to_csv(tmp_path / "report.csv", language="da")
    without((tmp_path / "report.csv").read_text("utf-8"))
    without(report.to_html(language="da"))
    without(report.to_json())
    without(json.dumps([one.to_dict() for one in ledger.overdue()]))
    without(json.dumps([one.to_dict() for one in ledger.causes(register)]))
    numbers = {row.values[0] for row in report.rows}
    for number in numbers:
        state = ledger.state(number, "XDIS91")
        without(json.dumps(state.to_dict()) + state.text() + state.text("da"))
        without(json.dumps(register.validate(number, "XDIS91", deliveries=ledger).to_dict()).replace(number, ""))
    assert len(ledger.overdue()) > 0


def test_forgetting_leaves_nothing(ledger: DeliveryLedger, tmp_path: Path) -> None:
    ledger.forget(0, on=dt.date(2026, 6, 1))
    for path in tmp_path.iterdir():
        if path.is_file():
            assert location_number(7).encode() not in path.read_bytes()
            assert b"LOK" not in path.read_bytes()
