"""Whatever order files come in, and however often: the ledger tells the same."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from pathlib import Path

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing.deliveries import DeliveryLedger
from sor_addressing.letters import LetterHeader, read_message_header
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, fhir_of, oioxml_of, sbdh_of, vans_envelope_of
from sor_addressing.testing.numbers import location_number

START = dt.datetime(2026, 1, 15, 9, 0)  # noqa: DTZ001 (naive means Danish time)
_KINDS = {"DIS91": "D9134L", "XDIS91": "XD9134L", "FDIS91": "5.0"}
_RECEIPTS = {
    "DIS91": ("CTL02", "C0230Q", "CTL03", "C0330Q"),
    "XDIS91": ("XCTL02", "XC0230Q", "XCTL03", "XC0330Q"),
    "FDIS91": ("FCTL", "2.0.0") * 2,
}


def _written(letter: MadeUpLetter) -> bytes:
    write = {"D": edifact_of, "C": edifact_of, "X": oioxml_of, "F": fhir_of}[letter.code[0]]
    return write(letter)


@st.composite
def events(draw: st.DrawFn) -> list[LetterHeader]:
    """Letters to few numbers, sent again, converted, in envelopes; receipts that fit, don't fit, or name nothing known."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        number, code = draw(st.integers(1, 3)), draw(st.sampled_from(sorted(_KINDS)))
        letter = MadeUpLetter(
            code=code,
            version=_KINDS[code],
            receiver=MadeUpParty(location_number=location_number(50 + draw(st.integers(0, 1)))),
            letter_id=f"BRV{number:011}",
            envelope_id=f"KUV{draw(st.integers(1, 3)):011}",
            sent=START + dt.timedelta(minutes=draw(st.integers(0, 90))),
            receipt_wanted=draw(st.booleans()),
        )
        content = _written(letter)
        wrapped = draw(st.sampled_from(["", "vans", "sbdh"]))
        if wrapped:
            content = vans_envelope_of(content, letter) if wrapped == "vans" else sbdh_of(content, letter)
        if draw(st.booleans()):
            found += read_message_header(content)
        if draw(st.booleans()):
            form = draw(st.sampled_from(sorted(_KINDS)))
            positive = draw(st.booleans())
            codes = _RECEIPTS[form][2:] if positive else _RECEIPTS[form][:2]
            lost = draw(st.booleans())
            named = letter if form == "FDIS91" else attrs.evolve(letter, code="DIS91", version="D9134L")
            receipt = MadeUpLetter(
                code=codes[0],
                version=codes[1],
                sender=letter.receiver,
                receiver=letter.sender,
                letter_id=f"KVB{draw(st.integers(1, 2)):011}",
                sent=letter.sent + dt.timedelta(minutes=draw(st.integers(-10, 90))),
                answers=attrs.evolve(named, letter_id="elsewhere", envelope_id="nowhere") if lost else named,
                answer_positive=positive,
            )
            found += read_message_header(_written(receipt))
    return found


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the ledger tells, without the numbers that rows happen to have."""
    with sqlite3.connect(path) as connection:
        tables = {
            "letter": "SELECT hex(name), sender, receiver, subject, code, version, first_sent, sent, sendings, waits, wanted, moment,"
            " state, answered, reason, layer, sure, certain, formats FROM letter",
            "standing": "SELECT receiver, subject, sent, positive, refused, came, code, version, reason, layer, sure,"
            " last_is_refused, waiting FROM standing",
            "receipt": "SELECT hex(name), stray FROM receipt",
        }
        found = {name: sorted(connection.execute(query), key=repr) for name, query in tables.items()}
    connection.close()
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_order_and_repetition_change_nothing(data: st.DataObject) -> None:
    given_headers = data.draw(events())
    shuffled = data.draw(st.permutations(given_headers))
    twice = data.draw(st.lists(st.sampled_from(given_headers), max_size=5)) if given_headers else []
    key = "ab" * 32
    told = []
    with tempfile.TemporaryDirectory() as folder:
        for name, portions in (
            ("one", [given_headers]),
            ("two", [[header] for header in shuffled]),
            ("three", [shuffled[::-1], twice, given_headers]),
        ):
            path = Path(folder) / f"{name}.sqlite"
            path.with_name(path.name + ".key").write_text(key)
            with DeliveryLedger(path, now=lambda: 0.0) as ledger:
                for portion in portions:
                    ledger.add(portion)
                again = ledger.add(given_headers)
            assert (again.letters, again.receipts) == (0, 0)
            told.append(everything(path))
    assert told[0] == told[1] == told[2]
