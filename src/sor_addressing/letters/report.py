"""Whether a letter will arrive, and why or why not: :class:`LetterReport`."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import Severity
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.letters.corrections import Correction
from sor_addressing.letters.header import LetterHeader, Party


@attrs.frozen(slots=True)
class ReceiverCheck:
    """One receiver of a letter and the verdict on sending it the letter.

    ``verdict`` is None where the letter gives nothing that can be resolved, or no message type; ``findings`` say so, and where the
    identifiers of the party disagree.
    """

    party: Party
    verdict: Verdict | None
    findings: tuple[Finding, ...] = ()

    @property
    def deliverable(self) -> bool:
        """Whether the letter may be sent to this receiver."""
        return self.verdict is not None and self.verdict.deliverable

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "party": self.party.to_dict(),
            "deliverable": self.deliverable,
            "verdict": self.verdict.to_dict() if self.verdict else None,
            "findings": [finding.to_dict() for finding in self.findings],
        }


@attrs.frozen(slots=True)
class LetterReport:
    """The verdict on one letter of a message file.

    Attributes:
        header: what the letter says of its sender, receivers and type.
        receivers: one check a receiver, in the order of ``header.receivers``.
        sender: whether the sender is registered to send the letter (direction ``send``); None where it can't be resolved.
        findings: what is wrong with the letter itself and its sender; what is to be said of a receiver stands in its verdict.
        corrections: what would make the letter right, where exactly one thing would.
    """

    header: LetterHeader
    receivers: tuple[ReceiverCheck, ...]
    sender: Verdict | None
    findings: tuple[Finding, ...]
    corrections: tuple[Correction, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts on the receivers, in their order: the receiver first, then those who get a copy."""
        return tuple(check.verdict for check in self.receivers if check.verdict is not None)

    @property
    def deliverable(self) -> bool:
        """Whether the letter may be sent: to every receiver, and nothing in the letter itself is an error.

        A receiver of a copy that can't be looked up stops no letter; it is a finding.
        """
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            return False
        return all(check.deliverable for check in self.receivers if check.verdict is not None) and bool(
            self.verdicts or self.header.answered
        )

    @property
    def reasons(self) -> Iterator[Finding]:
        """Every finding of the letter: its own, then those of its receivers' verdicts."""
        yield from self.findings
        for verdict in self.verdicts:
            yield from verdict.findings

    def explain(self, language: str = "en") -> str:
        """The letter, its receivers, and every reason, for people, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.letters.explain import explain_report

        return explain_report(self, language)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, for logs and JSON."""
        return {
            "deliverable": self.deliverable,
            "header": self.header.to_dict(),
            "receivers": [check.to_dict() for check in self.receivers],
            "sender": self.sender.to_dict() if self.sender else None,
            "findings": [finding.to_dict() for finding in self.findings],
            "corrections": [correction.to_dict() for correction in self.corrections],
        }
