"""What came back, remembered: added in every format, told by number and type, forgotten for good."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path

import attrs
import pytest

from sor_addressing import AddressingPolicy, Register
from sor_addressing.deliveries import DeliveryError, DeliveryLedger, DeliveryState, Fared, WaitingTimes
from sor_addressing.letters import read_message_header
from sor_addressing.messages import RefusalAbout
from sor_addressing.testing import (
    MadeUpLetter,
    MadeUpParty,
    edifact_of,
    fhir_of,
    oioxml_of,
    returned_letters,
    sbdh_of,
    vans_envelope_of,
    write_returned_letters,
)
from sor_addressing.testing.numbers import location_number

MORNING = dt.datetime(2026, 1, 15, 9, 30)  # noqa: DTZ001 (naive means Danish time)
HOURS_LATER = dt.datetime(2026, 1, 15, 14, 0, tzinfo=dt.UTC).timestamp()
RECEIVER = "5790999000024"


def ledger_at(folder: Path, now: float = HOURS_LATER, **given: object) -> DeliveryLedger:
    return DeliveryLedger(folder / "deliveries.sqlite", now=lambda: now, **given)  # type: ignore[arg-type]


def receipt_for(
    letter: MadeUpLetter, code: str, version: str, *, positive: bool = True, minutes: int = 5
) -> MadeUpLetter:
    return MadeUpLetter(
        code=code,
        version=version,
        sender=letter.receiver,
        receiver=letter.sender,
        letter_id="KVB" + letter.letter_id[3:],
        envelope_id="KVK" + letter.envelope_id[3:],
        sent=letter.sent + dt.timedelta(minutes=minutes),
        answers=letter,
        answer_positive=positive,
    )


def test_every_kind_of_receipt_finds_its_letter(tmp_path: Path) -> None:
    outbox, inbox = write_returned_letters(tmp_path)
    ledger = ledger_at(tmp_path)
    added = ledger.add([outbox, inbox])
    assert (added.letters, added.receipts, added.unreadable) == (12, 9, ())
    told = {Path(one.file).name: one for one in ledger.letters(outbox)}
    for one in returned_letters():
        state = told[one.name]
        assert (one.name, state.fared, state.refusal.reason if state.refusal else "") == (
            one.name,
            one.fared,
            one.reason,
        )
        of_number = ledger.state(one.letter.receiver.location_number or "", one.letter.code)
        assert of_number.last_refused is (one.fared == "refused")


def test_a_state_tells_what_was_sent_answered_and_refused(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    letter = MadeUpLetter(sent=MORNING)
    assert ledger.add(oioxml_of(letter)).to_dict() == {
        "letters": 1,
        "receipts": 0,
        "known": 0,
        "passed_over": 0,
        "unreadable": [],
    }
    ledger.add(oioxml_of(receipt_for(letter, "XCTL02", "XC0230Q", positive=False)))
    state = ledger.state(RECEIVER, "XDIS91")
    assert state.refusal is not None
    assert state.last_refused
    assert (state.refusal.reason, state.refusal.about) == ("ukendt_lokationsnummer", RefusalAbout.RECEIVER)
    assert state.text() == (
        "Last sent 2026-01-15 09:30. XDIS91 XD9134L was refused on 2026-01-15: the receiver is not known (ukendt_lokationsnummer)."
    )
    assert state.text("da") == (
        "Senest sendt 2026-01-15 09:30. XDIS91 XD9134L blev afvist 2026-01-15: modtageren er ikke kendt (ukendt_lokationsnummer)."
    )
    assert ledger.state(RECEIVER, "DIS91").last_refused  # whatever the format
    assert ledger.state(" 5790 9990 00024", "XDIS91") == state  # and however the number is written
    assert ledger.state(RECEIVER, "XREF01") == DeliveryState(number=RECEIVER, message_type="XREF01")
    assert (
        ledger.state("5790999000017", "XDIS91").text("da") == "Intet brev af typen XDIS91 til 5790999000017 er kendt."
    )


def test_a_letter_that_is_sent_again_and_answered_is_answered(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    letter = MadeUpLetter(sent=MORNING)
    again = attrs.evolve(letter, envelope_id="KUV00000000002", sent=MORNING + dt.timedelta(minutes=40))
    ledger.add(
        [oioxml_of(letter), oioxml_of(receipt_for(letter, "XCTL02", "XC0230Q", positive=False)), oioxml_of(again)]
    )
    ledger.add(oioxml_of(receipt_for(again, "XCTL03", "XC0330Q")))
    (state,) = ledger.letters(oioxml_of(letter))
    assert (state.fared, state.times) == (Fared.ANSWERED, 2)
    assert not ledger.state(RECEIVER, "XDIS91").last_refused


def test_that_an_envelope_was_accepted_does_not_answer_the_letter_in_it(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    letter = MadeUpLetter(sent=MORNING)
    ledger.add(vans_envelope_of(oioxml_of(letter), letter))
    accepted = receipt_for(letter, "XDIS91", "XD9134L")
    ledger.add(vans_envelope_of(b"", accepted, receipt="PositiveMessage"))
    (state,) = ledger.letters(oioxml_of(letter))
    assert state.fared is Fared.OPEN
    ledger.add(oioxml_of(receipt_for(letter, "XCTL03", "XC0330Q")))
    (state,) = ledger.letters(oioxml_of(letter))
    assert state.fared is Fared.ANSWERED


def test_one_letter_of_a_file_can_be_refused_alone(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    letters = [
        MadeUpLetter(code="DIS91", version="D9134L", letter_id=f"BRV0000000000{n}", sent=MORNING) for n in (1, 2)
    ]
    for one in letters:
        ledger.add(edifact_of(one))
    text = edifact_of(receipt_for(letters[0], "CTL02", "C0230Q", positive=False)).decode("latin-1")
    refused = "UCM+BRV00000000001"
    at = text.index(refused)
    other = text[at : text.index("'", at) + 1].replace("BRV00000000001", "BRV00000000002").replace("+4'", "+7'")
    both = (text[:at] + other + text[at:]).replace("UNT+", "UNT+", 1)
    ledger.add(list(read_message_header(both.encode("latin-1"))))
    assert [one.fared for one in ledger.letters([edifact_of(one) for one in letters])] == [
        Fared.REFUSED,
        Fared.ANSWERED,
    ]


def test_a_converted_letter_is_matched_by_parties_and_time_and_told_as_less_certain(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    letter = MadeUpLetter(sent=MORNING)
    answer = attrs.evolve(
        receipt_for(letter, "FCTL", "2.0.0", positive=False), answers=attrs.evolve(letter, letter_id="converted")
    )
    ledger.add([fhir_of(answer), oioxml_of(letter)])
    state = ledger.state(RECEIVER, "XDIS91")
    assert state.refusal is not None
    assert not state.refusal.certain
    assert "by parties and time alone" in state.refusal.text()
    other = attrs.evolve(letter, letter_id="BRV00000000009", sent=MORNING - dt.timedelta(minutes=1))
    ledger.add(oioxml_of(other))  # now it could be either's
    assert ledger.state(RECEIVER, "XDIS91").refusal is None
    ledger.add(oioxml_of(receipt_for(other, "XCTL03", "XC0330Q")))  # and now it can't
    assert ledger.state(RECEIVER, "XDIS91").refusal is not None


def test_a_receipt_that_names_another_id_in_the_letters_own_format_is_another_letters(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    letter = MadeUpLetter(sent=MORNING)
    unknown = attrs.evolve(letter, letter_id="BRV00000000077", envelope_id="KUV00000000077")
    ledger.add([oioxml_of(letter), oioxml_of(receipt_for(unknown, "XCTL02", "XC0230Q", positive=False))])
    assert ledger.state(RECEIVER, "XDIS91").refusal is None


def test_overdue_goes_by_the_published_rules_and_says_whose(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    fhir = MadeUpLetter(code="FDIS91", version="5.0", sent=MORNING)
    plain = MadeUpLetter(sent=MORNING, receiver=MadeUpParty(location_number=location_number(3)))
    path = tmp_path / "letter.json"
    path.write_bytes(fhir_of(fhir))
    ledger.add([path, oioxml_of(plain)])
    (late,) = ledger.overdue(path)
    assert (late.receiver, late.waiting.minutes, late.times, late.may_resend, late.file) == (
        RECEIVER,
        30,
        1,
        True,
        str(path),
    )
    assert "MFC 020" in late.waiting.source
    assert "3 times" in late.waiting.otherwise
    assert late.due.isoformat() == "2026-01-15T10:00:00+01:00"
    own = ledger_at(tmp_path, waiting=WaitingTimes.shipped().but(vans=60))
    assert [one.receiver for one in own.overdue()] == [RECEIVER, location_number(3)]
    assert own.state(location_number(3), "XDIS91").overdue
    early = ledger_at(tmp_path, now=MORNING.replace(tzinfo=dt.UTC).timestamp() - 3600)
    assert early.overdue() == ()
    ledger.add(fhir_of(receipt_for(fhir, "FCTL", "2.0.0")))
    assert ledger.overdue() == ()


def test_a_verdict_tells_what_came_back_and_stops_only_where_the_policy_says_so(tmp_path: Path) -> None:
    register = Register.sample()
    unit = register.resolve("990001").unwrap()
    letter = MadeUpLetter(
        code="DIS91", version="D9134L", sent=MORNING, receiver=MadeUpParty(location_number=unit.location_number)
    )
    ledger = ledger_at(tmp_path, waiting=WaitingTimes.shipped().but(vans=60))
    ledger.add([edifact_of(letter), edifact_of(receipt_for(letter, "CTL02", "C0230Q", positive=False))])
    verdict = register.validate("990001", "DIS91", deliveries=ledger)
    assert verdict.deliverable
    (finding,) = [one for one in verdict.findings if one.code == "last-delivery-refused"]
    assert (finding.severity, finding.details["refusal"]) == ("warning", "LOK")
    assert finding.text() == (
        f"The last letter to {unit.location_number} that was answered (DIS91 D9134L) was refused on 2026-01-15: "
        "the receiver is not known (LOK). Find the reason before you send again."
    )
    strict = AddressingPolicy(severities={"last-delivery-refused": "error"})
    refused = register.validate("990001", "DIS91", policy=strict, deliveries=ledger)
    assert not refused.deliverable
    assert refused.reason is not None
    assert refused.reason.code == "last-delivery-refused"
    assert "last-delivery-refused" not in {one.code for one in register.validate("990001", "DIS91").findings}
    (many,) = register.validate_many([("990001", "DIS91")], deliveries=ledger)
    assert many == verdict
    assert register.choose("990001", ["DIS91"], deliveries=ledger).findings == verdict.findings
    for (report,) in (
        register.validate_message(edifact_of(letter), deliveries=ledger),
        next(register.validate_messages([edifact_of(letter)], deliveries=ledger)).letters,
    ):
        assert "last-delivery-refused" in {one.code for one in report.reasons}
        assert report.deliverable
    (stopped,) = register.validate_message(edifact_of(letter), policy=strict, deliveries=ledger)
    assert not stopped.deliverable
    (found,) = [
        one
        for one in register.find(message_type="DIS91", deliveries=ledger)
        if one.recipient.location_number == unit.location_number
    ]
    assert found.verdict is not None
    assert "last-delivery-refused" in {one.code for one in found.verdict.findings}
    left = register.find(message_type="DIS91", deliveries=ledger, policy=strict)
    assert unit.location_number not in {one.recipient.location_number for one in left}
    later = attrs.evolve(
        letter, letter_id="BRV00000000002", envelope_id="KUV00000000002", sent=MORNING + dt.timedelta(hours=1)
    )
    ledger.add(edifact_of(later))
    codes = {one.code for one in register.validate("990001", "DIS91", deliveries=ledger).findings}
    assert {"last-delivery-refused", "receipt-overdue"} <= codes


def test_a_missing_ledger_is_an_error_and_not_silence(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="there is no ledger here yet") as raised:
        Register.sample().validate("990001", "DIS91", deliveries=ledger_at(tmp_path))
    assert raised.value.text("da").endswith("her er intet regnskab endnu; tilføj først breve og kvitteringer")
    assert list(tmp_path.iterdir()) == []


def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    old = MadeUpLetter(sent=MORNING - dt.timedelta(days=90))
    new = MadeUpLetter(
        sent=MORNING, letter_id="BRV00000000002", receiver=MadeUpParty(location_number=location_number(3))
    )
    ledger.add([oioxml_of(old), oioxml_of(receipt_for(old, "XCTL02", "XC0230Q", positive=False)), oioxml_of(new)])
    assert ledger.state(RECEIVER, "XDIS91").last_refused
    done = ledger.forget(30)
    assert done.to_dict() == {"letters": 1, "receipts": 1, "before": "2025-12-16"}
    assert ledger.state(RECEIVER, "XDIS91").sent is None
    assert ledger.state(location_number(3), "XDIS91").sent is not None
    for path in tmp_path.iterdir():
        assert RECEIVER.encode() not in path.read_bytes(), path.name


def test_a_clock_that_jumped_forgets_nothing(tmp_path: Path) -> None:
    ledger_at(tmp_path).add(oioxml_of(MadeUpLetter(sent=MORNING)))
    jumped = ledger_at(tmp_path, now=HOURS_LATER + 5 * 366 * 86_400)
    with pytest.raises(DeliveryError, match="more than a year before"):
        jumped.forget(30)
    assert jumped.forget(30, on=dt.date(2031, 1, 1)).letters == 1
    with pytest.raises(ValueError, match="is no number of days"):
        jumped.forget(-1)


def test_the_key_is_its_owners_alone_and_ids_take_it(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    ledger.add(oioxml_of(MadeUpLetter()))
    key = tmp_path / "deliveries.sqlite.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    ledger.close()
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(DeliveryError, match="the key of the ledger is missing"):
        ledger_at(tmp_path).add(oioxml_of(MadeUpLetter()))
    key.write_bytes(b"0" * 64)
    with pytest.raises(DeliveryError, match="the key of another ledger"):
        ledger_at(tmp_path).add(oioxml_of(MadeUpLetter()))
    key.write_bytes(kept)
    assert ledger_at(tmp_path).add(oioxml_of(MadeUpLetter())).known == 1
    assert ledger_at(tmp_path, read_only=True).state(RECEIVER, "XDIS91").sent is not None


def test_a_reader_writes_nothing(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path, read_only=True)
    with pytest.raises(DeliveryError, match="read only"):
        ledger.add(oioxml_of(MadeUpLetter()))
    with pytest.raises(DeliveryError, match="no ledger here"):
        ledger.overdue()
    with pytest.raises(TypeError, match="not int"):
        ledger_at(tmp_path).add(3)  # type: ignore[arg-type]


def test_letters_of_others_can_be_passed_over(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    assert ledger.add(oioxml_of(MadeUpLetter()), senders=[RECEIVER]).passed_over == 1
    assert (
        ledger.add(
            sbdh_of(fhir_of(MadeUpLetter(code="FDIS91", version="5.0")), MadeUpLetter()), senders=["5790999000017"]
        ).letters
        == 1
    )


def test_waiting_times_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "waiting.toml"
    path.write_text("[vans]\nminutes = 240\nresends = 1\nsource = 'own agreement'\n", "utf-8")
    assert WaitingTimes.load(path).of("vans").minutes == 240
    assert WaitingTimes.load(path).of("fhir").minutes == 30
    path.write_text("[vans]\nminutes = 0\n", "utf-8")
    with pytest.raises(ValueError, match="minutes"):
        WaitingTimes.load(path)
    with pytest.raises(ValueError, match="there is no case"):
        WaitingTimes.shipped().but(post=3)


def test_a_receipt_that_names_its_letter_refuses_no_other_of_the_same_interchange_number(tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path)
    old = MadeUpLetter(code="DIS91", version="D9134L", sent=MORNING - dt.timedelta(days=300))
    new = attrs.evolve(old, letter_id="BRV00000000002", sent=MORNING)
    refusal = attrs.evolve(
        receipt_for(new, "CTL01", "C0130Q", positive=False), sender=MadeUpParty(location_number=location_number(9))
    )
    ledger.add([edifact_of(old), edifact_of(new), edifact_of(refusal)])
    assert [one.fared for one in ledger.letters([edifact_of(old), edifact_of(new)])] == [Fared.OPEN, Fared.REFUSED]


def test_a_file_that_cannot_be_read_is_no_letter_that_fared_well(tmp_path: Path) -> None:
    letter = edifact_of(MadeUpLetter())
    with ledger_at(tmp_path) as ledger:
        ledger.add(letter)
        known, cut, missing = ledger.letters([letter[:90], letter, tmp_path / "misspelt.edi"])
    assert (known.fared, known.error) == (Fared.OPEN, None)
    assert cut.error is not None
    assert missing.error is not None
    assert (missing.file, missing.fared) == (str(tmp_path / "misspelt.edi"), None)
    assert missing.to_dict()["error"] == missing.error.text()


def test_a_header_that_is_none_is_no_damage_of_the_ledger(tmp_path: Path) -> None:
    (header,) = read_message_header(edifact_of(MadeUpLetter()))
    with ledger_at(tmp_path) as ledger:
        with pytest.raises(AttributeError):
            ledger.add(attrs.evolve(header, message_type="DIS91"))  # type: ignore[arg-type]
        assert ledger.add(header).letters == 1


def test_a_code_of_hl7_is_kept_as_the_receipt_has_it(tmp_path: Path) -> None:
    letter = MadeUpLetter(code="FDIS91", version="3.0.0")
    receipt = json.loads(fhir_of(receipt_for(letter, "FCTL", "2.0.0", positive=False)))
    for code, kept, about in (
        ("MSG_BAD_SYNTAX", "MSG_BAD_SYNTAX", RefusalAbout.CONTENT),
        ("MSG_Jens_Jensen", "fatal-error", RefusalAbout.UNSAID),
    ):
        issue = {"severity": "error", "details": {"coding": [{"code": code}]}}
        outcome = {"fullUrl": "urn:uuid:u1", "resource": {"resourceType": "OperationOutcome", "issue": [issue]}}
        with ledger_at(tmp_path / code) as ledger:
            ledger.add([fhir_of(letter), json.dumps({**receipt, "entry": [*receipt["entry"], outcome]}).encode()])
            (state,) = ledger.letters(fhir_of(letter))
        assert state.refusal is not None
        assert (state.refusal.reason, state.refusal.about) == (kept, about)
