"""The verdict on a letter, told line by line in Danish or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import Severity
from sor_addressing.letters.corrections import Correction
from sor_addressing.letters.header import LetterIdentifierKind, Party
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.letters.report import LetterReport

_ORDER = tuple(Severity)


def explain_report(report: LetterReport, language: str) -> str:
    """The letter in a line, whether it may go, the reasons for each receiver, and what would make it right."""
    return "\n".join(_lines(report, language))


def correction_text(correction: Correction, language: str) -> str:
    """A correction as a sentence."""
    is_type = correction.field == "message_type"
    field = _say("message-type", language) if is_type else LetterIdentifierKind(correction.field)
    code = "correction-missing" if correction.seen is None else "correction"
    values = {"role": correction.role, "field": field, "seen": correction.seen, "suggested": correction.suggested}
    return _say(code, language, **values)


def name_of_party(party: Party, language: str) -> str:
    """The identifiers of a party, or that it has none."""
    return " / ".join(one.value for one in party.identifiers) or _say("nobody", language)


def _say(code: str, language: str, **values: object) -> str:
    return text_of("letters", code, language, values)


def _lines(report: LetterReport, language: str) -> Iterator[str]:
    header = report.header
    yield _say(
        "letter",
        language,
        file=header.file,
        position=header.position,
        message_type=header.message_type.text if header.message_type else _say("no-type", language),
        letter_id=header.letter_id or "–",
        sender=name_of_party(header.sender, language),
        receiver=", ".join(name_of_party(party, language) for party in header.receivers),
    )
    if header.envelope is not None:
        yield _say(
            "in-envelope",
            language,
            kind=header.envelope.kind,
            sender=name_of_party(header.envelope.sender, language),
            receiver=name_of_party(header.envelope.receiver, language),
        )
    if header.answered is not None:
        yield _say("answers", language, letter_ids=header.answered.letter_ids)
    yield _say("may-go" if report.deliverable else "may-not-go", language)
    yield from _reasons(report.findings, language)
    for check in report.receivers:
        if check.verdict is not None:
            yield _say("for-party", language, party=check.party.role)
            yield from ("  " + line for line in check.verdict.explain(language).split("\n"))
    for correction in report.corrections:
        yield correction_text(correction, language)


def _reasons(findings: Iterable[Finding], language: str) -> Iterator[str]:
    for finding in sorted(findings, key=lambda one: _ORDER.index(one.severity)):
        yield _say("reason", language, severity=finding.severity, text=finding.text(language))
