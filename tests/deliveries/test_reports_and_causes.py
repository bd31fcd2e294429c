"""Refusals beside the register, and everything counted."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest

from sor_addressing import Register, UnknownRecipient, audit, review
from sor_addressing.changes import WatchMemory, watch
from sor_addressing.deliveries import DeliveryLedger, RefusalCauseKind
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, write_returned_letters
from sor_addressing.testing.in_a_line import register_of, unit_named
from sor_addressing.testing.numbers import location_number

SENT = dt.datetime(2026, 1, 15, 9, 30)  # noqa: DTZ001 (naive means Danish time)


def refused(
    ledger: DeliveryLedger, number: str | None, code: str = "DIS91", version: str | None = "D9134L", reason: str = "LOK"
) -> None:
    letter = MadeUpLetter(
        code=code,
        version=version,
        receiver=MadeUpParty(location_number=number),
        letter_id=f"BRV{number}"[:14],
        envelope_id=f"KUV{number}"[:14],
        sent=SENT,
    )
    receipt = attrs.evolve(
        letter,
        code="CTL02",
        version="C0230Q",
        sender=letter.receiver,
        receiver=letter.sender,
        answers=letter,
        answer_positive=False,
    )
    ledger.add([edifact_of(letter), edifact_of(receipt).replace(b"LOK", reason.encode())])


@pytest.fixture
def ledger(tmp_path: Path) -> DeliveryLedger:
    return DeliveryLedger(
        tmp_path / "deliveries.sqlite", now=lambda: dt.datetime(2026, 1, 16, tzinfo=dt.UTC).timestamp()
    )


def test_each_refusal_stands_beside_what_the_register_says(ledger: DeliveryLedger) -> None:
    register = Register.sample()
    clinic = register.resolve("990001").unwrap().location_number
    closed = next(unit for unit in register if unit.name == "Klinikken Lukket (afløst)").location
    assert closed is not None
    refused(ledger, clinic)
    refused(ledger, clinic, code="REF01", version="H0131R")
    refused(ledger, closed.number)
    refused(ledger, location_number(977))
    kinds = {(one.number, one.refusal.message_type): one for one in ledger.causes(register)}
    assert {place: one.kind for place, one in kinds.items()} == {
        (clinic, "DIS91 D9134L"): RefusalCauseKind.REGISTERED_YET_REFUSED,
        (clinic, "REF01 H0131R"): RefusalCauseKind.TYPE_NOT_REGISTERED,
        (closed.number, "DIS91 D9134L"): RefusalCauseKind.RECEIVER_MOVED,
        (location_number(977), "DIS91 D9134L"): RefusalCauseKind.RECEIVER_GONE,
    }
    moved = kinds[closed.number, "DIS91 D9134L"]
    assert moved.text("da") == f"{closed.number}: modtageren er siden flyttet. Ret adressebogen til {moved.successor}."


def test_what_the_register_said_on_that_day_counts(ledger: DeliveryLedger) -> None:
    before = register_of(Klinik={"provider_number": "990077", "registers": "REF01"})
    now = register_of(Klinik={"provider_number": "990077", "registers": "DIS91"})
    number = unit_named(now, "Klinik").location
    assert number is not None
    refused(ledger, number.number)
    (cause,) = ledger.causes(now, lambda _day: before)
    assert (cause.kind, cause.outcome, cause.outcome_then) == (
        RefusalCauseKind.WAS_NOT_REGISTERED,
        "supported",
        "unsupported",
    )

    def none(_day: dt.date) -> Register:
        raise UnknownRecipient("the store does not go back that far")

    (cause,) = ledger.causes(now, none)
    assert (cause.kind, cause.outcome_then) == (RefusalCauseKind.REGISTERED_YET_REFUSED, None)


def test_another_version_is_a_cause_of_its_own(ledger: DeliveryLedger) -> None:
    register = register_of(Klinik={"provider_number": "990077", "registers": "DIS91 D9134L"})
    location = unit_named(register, "Klinik").location
    assert location is not None
    refused(ledger, location.number, version="D9133L", reason="VER")
    (cause,) = ledger.causes(register)
    assert cause.kind is RefusalCauseKind.VERSION_NOT_REGISTERED


def test_what_is_wrong_with_the_content_says_nothing_of_the_register(ledger: DeliveryLedger) -> None:
    register = Register.sample()
    refused(ledger, register.resolve("990001").unwrap().location_number, reason="SYN")
    assert ledger.causes(register) == ()


def test_what_fails_in_a_program_of_the_callers_is_raised_and_no_damage_of_the_ledger(ledger: DeliveryLedger) -> None:
    register = Register.sample()
    refused(ledger, register.resolve("990001").unwrap().location_number)

    def broken(_day: dt.date) -> Register:
        raise KeyError("a program of the caller's own")

    with pytest.raises(KeyError):
        ledger.causes(register, broken)
    assert ledger.report(since=dt.date.min, until=dt.date.max).total.letters == 1


def test_a_report_of_days_without_letters_holds_none(ledger: DeliveryLedger) -> None:
    refused(ledger, location_number(977))
    assert ledger.report(since=SENT.date(), until=SENT.date()).total.letters == 1
    for days in ({"since": dt.date(2300, 1, 1)}, {"until": dt.date(1950, 1, 1)}):
        assert ledger.report(**days).total.letters == 0


@pytest.mark.parametrize("day", ["2026-01-15", 20260115])
def test_a_report_says_what_a_day_is(ledger: DeliveryLedger, day: object) -> None:
    refused(ledger, location_number(977))
    for name in ("since", "until"):
        with pytest.raises(TypeError, match=f"{name} is a datetime.date, not {day!r}"):
            ledger.report(**{name: day})  # type: ignore[arg-type]


def test_letters_are_counted_by_what_they_have_in_common(ledger: DeliveryLedger, tmp_path: Path) -> None:
    ledger.add(write_returned_letters(tmp_path))
    report = ledger.report(("type",))
    assert [(row.values, row.letters, row.answered, row.refused, row.open) for row in report.rows] == [
        (("DIS91",), 12, 3, 6, 3)
    ]
    assert (report.total.refusal_rate, report.total.answer_rate, report.total.median_minutes) == (50.0, 25.0, 5)
    assert (report.since, report.until) == ("2026-01-15", "2026-01-15")
    assert {row.values[0]: row.refused for row in ledger.refusals("by").rows} == {
        "message": 3,
        "network": 2,
        "station": 1,
    }
    assert next(row.values for row in ledger.refusals("reason").rows) == ("LOK",)
    assert ledger.report(since=dt.date(2026, 1, 16)).total.letters == 0
    with pytest.raises(ValueError, match="takes a register"):
        ledger.report("system")
    with pytest.raises(ValueError, match="not by 'patient'"):
        ledger.report("patient")
    by_register = ledger.report(("operator", "name"), register=Register.sample())
    assert by_register.total.letters == 12


def test_a_report_is_a_page_a_table_and_a_document(ledger: DeliveryLedger, tmp_path: Path) -> None:
    ledger.add(write_returned_letters(tmp_path))
    report = ledger.report()
    page = report.to_html(tmp_path / "report.html", language="da")
    assert "Flest afvisninger" in page
    assert "<script" not in page
    assert "12 breve: 3 kvitteret positivt, 6 afvist" in page
    report.to_csv(tmp_path / "report.csv", language="da")
    lines = (tmp_path / "report.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("Modtager;Type;Breve;Kvitteret")
    assert len(lines) == 13
    assert json.loads(report.to_json())["total"]["letters"] == 12


def test_a_book_and_its_watch_tell_what_came_back(ledger: DeliveryLedger) -> None:
    register = Register.sample()
    clinic = register.resolve("990001").unwrap().location_number
    book = [{"GLN": clinic, "type": "DIS91", "navn": "Lægehuset Entydig"}]
    columns = {"location_number": "GLN", "message_types": "type", "name": "navn"}
    refused(ledger, location_number(977))
    before = review(book, register, columns=columns, deliveries=ledger)
    assert "last-delivery-refused" not in before.entries[0].reasons
    memory = watch(before, WatchMemory()).memory
    refused(ledger, clinic)
    reviewed = review(book, register, columns=columns, deliveries=ledger)
    assert (reviewed.entries[0].state, reviewed.entries[0].reasons) == ("warning", ("last-delivery-refused",))
    told = watch(reviewed, memory)
    assert [one.reasons for one in told.news] == [("last-delivery-refused",)]
    assert "was refused on 2026-01-15" in told.text()


def test_the_audit_holds_a_registration_against_its_refusals(ledger: DeliveryLedger) -> None:
    register = Register.sample()
    clinic = register.resolve("990001").unwrap().location_number
    refused(ledger, clinic)
    refused(ledger, location_number(977))
    found = audit(register, rules=["registered-yet-refused"], deliveries=ledger)
    (remark,) = found.remarks
    assert remark.location_number == clinic
    assert remark.text() == (
        f"{clinic} (Lægehuset Entydig) has DIS91 D9134L registered, yet refused it on 2026-01-15: the receiver is not known (LOK)."
    )
    assert [one.text() for one in audit(register, rules=["registered-yet-refused"]).not_checked] == [
        "registered-yet-refused was not checked, because this is missing: a ledger of deliveries."
    ]
    assert (
        audit(register, rules=["registered-yet-refused"], deliveries=ledger, region="1085").counts[
            "registered-yet-refused"
        ]
        == 0
    )
