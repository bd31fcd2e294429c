"""Delivery status of EHMI: events of stations, as one resource, a Bundle, a list or lines; whatever else they hold is passed over."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sor_addressing.deliveries import DeliveryLedger, Fared
from sor_addressing.deliveries.audit_events import read_letters_or_events
from sor_addressing.errors import LetterError
from sor_addressing.testing import MadeUpLetter, audit_event_of, fhir_of, sbdh_of

LETTER = MadeUpLetter(code="FDIS91", version="5.0")


def shapes(*events: bytes) -> dict[str, bytes]:
    parsed = [json.loads(event) for event in events]
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in parsed]}
    return {
        "bundle": json.dumps(bundle, indent=2).encode(),
        "lines": b"\n".join(json.dumps(one).encode() for one in parsed),
        "list": json.dumps(parsed).encode(),
        "mark": b"\xef\xbb\xbf" + json.dumps(bundle).encode(),
    }


@pytest.mark.parametrize("shape", ["bundle", "lines", "list", "mark"])
def test_events_come_in_every_shape(tmp_path: Path, shape: str) -> None:
    failed = audit_event_of(LETTER)
    done = audit_event_of(LETTER, station="EUA", failed=False, minutes=9)
    ledger = DeliveryLedger(tmp_path / "ledger")
    ledger.add([fhir_of(LETTER), shapes(failed, done)[shape]])
    (state,) = ledger.letters(fhir_of(LETTER))
    assert state.fared is Fared.ANSWERED  # the last word is the receiver's
    other = DeliveryLedger(tmp_path / "other")
    assert other.add([sbdh_of(fhir_of(LETTER), LETTER), shapes(failed, failed)[shape]]).receipts == 1
    (state,) = other.letters(fhir_of(LETTER))
    assert state.refusal is not None
    assert (state.fared, state.refusal.reason, state.refusal.by) == (Fared.REFUSED, "eds-msh", "station")


def test_events_a_line_each_may_hold_what_else_ends_a_line(tmp_path: Path) -> None:
    event = json.loads(audit_event_of(LETTER))
    lines = [json.dumps({**event, "outcomeDesc": f"a{mark}b"}, ensure_ascii=False) for mark in "\u2028\x85\u2029"]
    ledger = DeliveryLedger(tmp_path / "ledger")
    added = ledger.add([fhir_of(LETTER), "\r\n".join(lines).encode()])
    assert (added.receipts, added.unreadable) == (1, ())


def test_a_station_that_only_passes_a_letter_on_says_nothing(tmp_path: Path) -> None:
    ledger = DeliveryLedger(tmp_path / "ledger")
    passed_on = audit_event_of(LETTER, station="AP", failed=False)
    assert ledger.add([fhir_of(LETTER), passed_on]).receipts == 0


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_event_however_odd_raises_anything_but_ours(data: st.DataObject) -> None:
    event = json.loads(audit_event_of(LETTER))
    odd = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["code", "type", "value", "identifier", "what", "coding", "extension", "who"]),
                inner,
                max_size=2,
            )
        ),
        max_leaves=4,
    )
    for name in data.draw(st.lists(st.sampled_from(sorted(event)), max_size=4)):
        event[name] = data.draw(odd)
    content = json.dumps(event).encode()
    cut = data.draw(st.integers(0, len(content)))
    for given_content in (content, content[:cut]):
        with contextlib.suppress(LetterError):
            read_letters_or_events(given_content, "events.json")
