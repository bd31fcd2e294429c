"""Types of letters and what is said of them, as a caller sees them. Checked by mypy, never run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import assert_type

from sor_addressing import Finding, LetterError, MessageType, Register, Verdict
from sor_addressing.letters import (
    BatchSummary,
    Correction,
    Envelope,
    EnvelopeKind,
    FileReport,
    LetterAnswer,
    LetterHeader,
    LetterIdentifier,
    LetterIdentifierKind,
    LetterReport,
    LetterSort,
    LetterStatistics,
    NeedlessEdi,
    OldNumber,
    OldNumberUse,
    Outdated,
    Party,
    Receipt,
    ReceiptKind,
    ReceiverCheck,
    Role,
    letter_statistics,
    read_message_header,
)
from sor_addressing.messages import MessageFormat


def reads() -> None:
    headers = read_message_header("letter.edi")
    assert_type(headers, tuple[LetterHeader, ...])
    header = headers[0]
    assert_type(header.format, MessageFormat | None)
    assert_type(header.message_type, MessageType | None)
    assert_type(header.sent, dt.datetime | None)
    assert_type(header.receivers, tuple[Party, ...])
    assert_type(header.receiver.role, Role)
    assert_type(header.receiver.identifiers, tuple[LetterIdentifier, ...])
    assert_type(header.receiver.identifiers[0].kind, LetterIdentifierKind)
    assert_type(header.receiver.location_number, str | None)
    assert_type(header.envelope, Envelope | None)
    assert_type(header.answered, Receipt | None)
    read_message_header(b"UNB")


def wraps(envelope: Envelope, answered: Receipt) -> None:
    assert_type(envelope.kind, EnvelopeKind)
    assert_type(envelope.findings, tuple[Finding, ...])
    assert_type(answered.answer, ReceiptKind | None)
    assert_type(answered.letters, tuple[LetterAnswer, ...])
    assert_type(envelope.receiver.outdated[0].outdated(dt.date(2026, 1, 15)), Outdated | None)


def checks(register: Register) -> None:
    (report,) = register.validate_message("letter.edi")
    assert_type(report, LetterReport)
    assert_type(report.deliverable, bool)
    assert_type(report.receivers, tuple[ReceiverCheck, ...])
    assert_type(report.receivers[0].verdict, Verdict | None)
    assert_type(report.corrections, tuple[Correction, ...])
    assert_type(report.corrections[0].suggested, str)
    assert_type(report.reasons, Iterator[Finding])


def checks_many(register: Register) -> None:
    summary = BatchSummary()
    for report in register.validate_messages(["outbox", b"UNB"]):
        assert_type(report, FileReport)
        assert_type(report.error, LetterError | None)
        summary.add(report)
    assert_type(summary.would_fail, int)


def counts(register: Register) -> None:
    counted = letter_statistics(register.validate_messages(["sent"]))
    assert_type(counted, LetterStatistics)
    assert_type(counted.needless_edi, tuple[tuple[NeedlessEdi, int], ...])
    assert_type(counted.old_numbers, tuple[tuple[OldNumber, int], ...])
    assert_type(counted.old_number_uses, tuple[OldNumberUse, ...])
    assert_type(counted.sorts, tuple[tuple[LetterSort, int], ...])
    assert_type(counted.by("family"), dict[object, int])
