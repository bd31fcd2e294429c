"""Types of ledgers of deliveries, as a sender sees them. Checked by mypy, never run."""

from __future__ import annotations

import datetime as dt
from typing import assert_type

from sor_addressing import Audit, Register, RegisterStore, Review, Verdict, audit, review
from sor_addressing.deliveries import (
    Added,
    DeliveryError,
    DeliveryLedger,
    DeliveryReport,
    DeliveryRow,
    DeliveryState,
    Fared,
    Forgotten,
    LetterState,
    OverdueLetter,
    Refusal,
    RefusalCause,
    RefusalCauseKind,
    WaitingTime,
    WaitingTimes,
)
from sor_addressing.letters import FileReport, LetterHeader
from sor_addressing.messages import RefusalAbout

assert issubclass(DeliveryError, ValueError)


def remembers(ledger: DeliveryLedger, header: LetterHeader, report: FileReport) -> None:
    assert_type(ledger.add("outbox"), Added)
    assert_type(ledger.add([header, report, b"", "inbox"], senders=["5790999000017"]), Added)
    assert_type(ledger.forget(365, on=dt.date(2026, 1, 15)), Forgotten)
    assert_type(DeliveryLedger.rebuild("ledger", ["outbox"]), Added)


def tells(ledger: DeliveryLedger, register: Register, store: RegisterStore) -> None:
    state = ledger.state("5790999000024", "XDIS91")
    assert_type(state, DeliveryState)
    assert_type(state.refusal, Refusal | None)
    if state.refusal is not None:
        assert_type(state.refusal.about, RefusalAbout)
    assert_type(ledger.overdue(among="outbox"), tuple[OverdueLetter, ...])
    (letter,) = ledger.letters(b"")
    assert_type(letter, LetterState)
    assert_type(letter.fared, Fared | None)
    report = ledger.report(("receiver", "week"), register=register)
    assert_type(report, DeliveryReport)
    assert_type(ledger.refusals("reason").rows, tuple[DeliveryRow, ...])
    assert_type(report.to_html(), str)
    cause = ledger.causes(register, store.on)[0]
    assert_type(cause, RefusalCause)
    assert_type(cause.kind, RefusalCauseKind)
    assert_type(register.validate("990001", "XDIS91", deliveries=ledger), Verdict)
    assert_type(review([], register, deliveries=ledger), Review)
    assert_type(audit(register, deliveries=ledger), Audit)


def waits() -> None:
    times = WaitingTimes.shipped().but(vans=60)
    assert_type(times.of("vans"), WaitingTime)
    assert_type(DeliveryLedger("ledger", waiting=times, read_only=True).waiting, WaitingTimes)
