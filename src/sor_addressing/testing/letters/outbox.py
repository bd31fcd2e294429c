"""A made-up VANS client: it takes message files from an outbox, and puts the receipts that would come back into an inbox."""

from __future__ import annotations

import datetime as dt
import os
from enum import StrEnum
from pathlib import Path

import attrs

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.support import Outcome
from sor_addressing.errors import LetterError
from sor_addressing.letters.header import EnvelopeKind, LetterHeader, LetterIdentifierKind, Party
from sor_addressing.letters.report import LetterReport
from sor_addressing.messages.catalogue import MessageFormat
from sor_addressing.register.face import Register
from sor_addressing.testing.letters.edifact import edifact_of
from sor_addressing.testing.letters.envelopes import sbdh_of, vans_envelope_of
from sor_addressing.testing.letters.fhir import fhir_of
from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty
from sor_addressing.testing.letters.oioxml import oioxml_of
from sor_addressing.whole_file import TEMPORARY, written_binary

__all__ = ["Answering", "MadeUpOutbox", "TakenFile"]

_RECEIPTS = {
    (MessageFormat.EDI, True): ("CTL03", "C0330Q"),
    (MessageFormat.EDI, False): ("CTL02", "C0230Q"),
    (MessageFormat.XML, True): ("XCTL03", "XC0330Q"),
    (MessageFormat.XML, False): ("XCTL02", "XC0230Q"),
    (MessageFormat.FHIR, True): ("FCTL", "2.0.0"),
    (MessageFormat.FHIR, False): ("FCTL", "2.0.0"),
}
_SUFFIXES = {MessageFormat.EDI: "edi", MessageFormat.XML: "xml", MessageFormat.FHIR: "json"}


class Answering(StrEnum):
    """How letters are answered."""

    BY_REGISTER = "by-register"
    """A letter that the register says will arrive gets a positive receipt, another one a negative."""

    POSITIVE = "positive"
    NEGATIVE = "negative"

    SILENT = "silent"
    """No receipt comes at all."""


@attrs.frozen(slots=True)
class TakenFile:
    """A file that was taken from the outbox.

    Attributes:
        path: where it lies now: below ``sent``, or below ``refused`` where it is no message.
        reports: what the register says of each letter in it.
        receipts: the files in the inbox that answer it.
        error: why it can't be read; None where it can.
    """

    path: Path
    reports: tuple[LetterReport, ...] = ()
    receipts: tuple[Path, ...] = ()
    error: LetterError | None = None


class MadeUpOutbox:
    """A VANS client's folders, and the network behind it.

    A system under test writes its message files to :attr:`outbox` and reads the receipts in :attr:`inbox`; :meth:`collect` is the moment at
    which the client runs. Receipts are in the format of the letter, in the envelope that it came in; a positive one comes only where the letter
    asks for it. A letter in a VANSEnvelope that comes to nobody is answered by the network's own negative receipt; receipts are answered by nothing.

    Args:
        folder: ``outbox``, ``inbox``, ``sent`` and ``refused`` are made in it.
        register: says what arrives; the sample where None.
        answering: how letters are answered.
        on: the day; today by the register's clock, by default.
        policy: what is accepted; the default policy where None.

    >>> from tempfile import TemporaryDirectory
    >>> from sor_addressing.testing import sample_letters
    >>> with TemporaryDirectory() as folder:
    ...     vans = MadeUpOutbox(folder)
    ...     for letter in sample_letters():
    ...         _ = vans.put(letter.name, letter.content)
    ...     taken = vans.collect()
    ...     receipt = Register.sample().validate_message(taken[0].receipts[0])[0].header
    >>> str(receipt.message_type), str(receipt.answered.answer)
    ('CTL03 C0330Q', 'positive')
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        register: Register | None = None,
        *,
        answering: Answering | str = Answering.BY_REGISTER,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
    ) -> None:
        self.outbox, self.inbox, self.sent, self.refused = (
            Path(folder) / name for name in ("outbox", "inbox", "sent", "refused")
        )
        for place in (self.outbox, self.inbox, self.sent, self.refused):
            place.mkdir(parents=True, exist_ok=True)
        self.register = Register.sample() if register is None else register
        self.answering = Answering(answering)
        self._on = on
        self._policy = policy
        self._written = 0

    def put(self, name: str, content: bytes) -> Path:
        """Put a message file into the outbox, as the system under test would."""
        path = self.outbox / name
        with written_binary(path) as file:
            file.write(content)
        return path

    def collect(self) -> tuple[TakenFile, ...]:
        """Take every file from the outbox, in the order of their names, and answer it."""
        found = sorted(path for path in self.outbox.iterdir() if not path.name.endswith(TEMPORARY))
        return tuple(self._take(path) for path in found if path.is_file())

    def _take(self, path: Path) -> TakenFile:
        try:
            reports = self.register.validate_message(path, on=self._on, policy=self._policy)
        except LetterError as error:
            return TakenFile(path.replace(self.refused / path.name), error=error)
        receipts = [receipt for report in reports if (receipt := self._answer(report)) is not None]
        return TakenFile(path.replace(self.sent / path.name), reports, tuple(receipts))

    def _answer(self, report: LetterReport) -> Path | None:
        header = report.header
        if header.answered is not None or header.format is None or self.answering is Answering.SILENT:
            return None
        positive = (
            report.deliverable if self.answering is Answering.BY_REGISTER else self.answering is Answering.POSITIVE
        )
        wanted = header.envelope.receipt_wanted if header.envelope is not None else header.receipt_wanted
        if positive and not (wanted or header.receipt_wanted):
            return None
        self._written += 1
        letter = _receipt(header, positive=positive, number=self._written)
        if not positive and self._is_refused_by_the_network(report):
            content, suffix = _network_receipt(letter), "xml"
        else:
            content, suffix = _written(letter, header)
        path = self.inbox / f"{self._written:04}-{'positive' if positive else 'negative'}.{suffix}"
        # Whoever watches the inbox never sees half a receipt.
        beside = self.inbox.parent / path.name
        with written_binary(beside) as file:
            file.write(content)
        return beside.replace(path)

    def _is_refused_by_the_network(self, report: LetterReport) -> bool:
        """Whether the letter comes to nobody: then the VANS network answers, in the place of a receiver."""
        envelope = report.header.envelope
        if envelope is None or envelope.kind is not EnvelopeKind.VANS or self.answering is not Answering.BY_REGISTER:
            return False
        return any(verdict.outcome is Outcome.NOT_RESOLVED for verdict in report.verdicts)


def _network_receipt(letter: MadeUpLetter) -> bytes:
    """The negative receipt of the VANS network, in an envelope that speaks of the letter which can't be brought."""
    answered = letter.answers or letter
    told = attrs.evolve(letter, code=answered.code, version=answered.version)
    return vans_envelope_of(b"", told, receipt="NegativeVans")


def _receipt(header: LetterHeader, *, positive: bool, number: int) -> MadeUpLetter:
    code, version = _RECEIPTS[header.format or MessageFormat.FHIR, positive]
    sender, receiver = _party(header.sender), _party(header.receiver)
    answered = MadeUpLetter(
        code=header.message_type.code if header.message_type else "DIS91",
        version=header.message_type.version if header.message_type else None,
        sender=sender,
        receiver=receiver,
        letter_id=header.letter_id or "",
        envelope_id=header.envelope_id or "",
    )
    return MadeUpLetter(
        code=code,
        version=version,
        sender=receiver,
        receiver=sender,
        letter_id=f"KVB{number:011}",
        envelope_id=f"KVK{number:011}",
        receipt_wanted=False,
        answers=answered,
        answer_positive=positive,
    )


def _written(letter: MadeUpLetter, header: LetterHeader) -> tuple[bytes, str]:
    """The bytes of a receipt, and how the name of its file ends."""
    if header.format is MessageFormat.EDI:
        content = edifact_of(letter)
    elif header.format is MessageFormat.XML:
        content = oioxml_of(letter)
    else:
        content = fhir_of(letter)
    if header.envelope is None:
        return content, _SUFFIXES[header.format or MessageFormat.FHIR]
    if header.envelope.kind is EnvelopeKind.VANS:
        return vans_envelope_of(content, letter), "xml"
    return sbdh_of(content, letter, acknowledgement="Response"), "xml"


def _party(party: Party) -> MadeUpParty:
    said = {one.kind: one.value for one in reversed(party.identifiers)}
    return MadeUpParty(
        location_number=said.get(LetterIdentifierKind.LOCATION_NUMBER),
        sor_code=said.get(LetterIdentifierKind.SOR_CODE),
        provider_number=said.get(LetterIdentifierKind.PROVIDER_NUMBER),
        shak_code=said.get(LetterIdentifierKind.SHAK_CODE),
        municipality_code=said.get(LetterIdentifierKind.MUNICIPALITY_CODE),
    )
