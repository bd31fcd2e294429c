"""What a ledger answers: how the last letters to a number fared, which wait too long, how a letter fared. Values, none of them of a patient."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import attrs

from sor_addressing.deliveries.waiting import WaitingTime
from sor_addressing.errors import LetterError
from sor_addressing.messages.refusals import RefusalAbout, about_of
from sor_addressing.texts import text_of

SUBJECT = "deliveries"


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


class Fared(StrEnum):
    """How a letter fared."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


@attrs.frozen(slots=True, kw_only=True)
class Refusal:
    """A receipt that refused a letter.

    Attributes:
        message_type: the letter's type and version.
        sent: when the letter was sent last.
        came: when it was refused.
        reason: the code as the receipt writes it; empty where there is none.
        by: who refused: ``network``, ``envelope``, ``message`` (the receiver's system) or ``station``.
        certain: whether an id says that it is this letter's; else it is by parties and time.
    """

    message_type: str
    sent: dt.datetime | None
    came: dt.datetime | None
    reason: str
    by: str
    certain: bool = True

    @property
    def about(self) -> RefusalAbout:
        """What the code is about."""
        return about_of(self.reason)

    def text(self, language: str = "en") -> str:
        """The refusal as a sentence, in English (``"en"``) or Danish (``"da"``)."""
        code = "refusal" if self.certain else "refusal.guessed"
        values = {
            "message_type": self.message_type,
            "day": self.came.date().isoformat() if self.came else None,
            "code": self.reason or "–",
            "about": self.about,
        }
        return text_of(SUBJECT, code, language, values)

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the text in both languages."""
        return {
            "message_type": self.message_type,
            "sent": _iso(self.sent),
            "came": _iso(self.came),
            "reason": self.reason,
            "about": str(self.about),
            "by": self.by,
            "certain": self.certain,
            "text": {"da": self.text("da"), "en": self.text("en")},
        }


@attrs.frozen(slots=True, kw_only=True)
class OverdueLetter:
    """A letter that waits for its receipt longer than it should.

    Attributes:
        reference: stands for the letter; ``DeliveryLedger.letters`` gives the same for its file.
        sender: who sent it.
        receiver: to whom.
        message_type: its type and version.
        sent: when it was sent last.
        due: when a receipt should have been there.
        times: how many times it was sent.
        waiting: the rule, with its source.
        file: where it lies, among the files that were named.
    """

    reference: str
    sender: str
    receiver: str
    message_type: str
    sent: dt.datetime
    due: dt.datetime
    times: int
    waiting: WaitingTime
    file: str | None = None

    @property
    def may_resend(self) -> bool | None:
        """Whether the rule lets it be sent once more; None where it does not say."""
        return None if self.waiting.resends is None else self.times <= self.waiting.resends

    def text(self, language: str = "en") -> str:
        """As a sentence that says what to do, in English (``"en"``) or Danish (``"da"``)."""
        code = {None: "overdue", True: "overdue.resend", False: "overdue.given-up"}[self.may_resend]
        values = {
            "message_type": self.message_type,
            "receiver": self.receiver,
            "sent": f"{self.sent:%Y-%m-%d %H:%M}",
            "due": f"{self.due:%Y-%m-%d %H:%M}",
            "times": self.times,
            "minutes": self.waiting.minutes,
            "reference": self.reference,
        }
        return text_of(SUBJECT, code, language, values)

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the text in both languages."""
        return {
            "reference": self.reference,
            "sender": self.sender,
            "receiver": self.receiver,
            "message_type": self.message_type,
            "sent": _iso(self.sent),
            "due": _iso(self.due),
            "times": self.times,
            "may_resend": self.may_resend,
            "waiting": self.waiting.to_dict(),
            "file": self.file,
            "text": {"da": self.text("da"), "en": self.text("en")},
        }


@attrs.frozen(slots=True, kw_only=True)
class DeliveryState:
    """How letters of a type to a location number fared so far.

    Attributes:
        number: the location number.
        message_type: what was asked for; letters of its whole family count, whatever their format.
        sent: when the last one was sent; None where none is known.
        answered: when the last one that arrived was answered.
        refusal: the last refusal.
        last_refused: whether nothing was answered since that refusal.
        waiting_since: since when the oldest letter waits to which nothing came back, and nothing to a later one.
        due: when its receipt should have been there; None where nothing says how long to wait.
        overdue: whether that is past.
    """

    number: str
    message_type: str
    sent: dt.datetime | None = None
    answered: dt.datetime | None = None
    refusal: Refusal | None = None
    last_refused: bool = False
    waiting_since: dt.datetime | None = None
    due: dt.datetime | None = None
    overdue: bool = False

    def text(self, language: str = "en") -> str:
        """As a few sentences, in English (``"en"``) or Danish (``"da"``)."""

        def say(code: str, **values: object) -> str:
            return text_of(
                SUBJECT, code, language, {"number": self.number, "message_type": self.message_type, **values}
            )

        def at(moment: dt.datetime) -> str:
            return f"{moment:%Y-%m-%d %H:%M}"

        if self.sent is None and self.refusal is None and self.answered is None:
            return say("state.nothing")
        said = [say("state.sent", sent=at(self.sent) if self.sent else None)]
        if self.answered is not None:
            said.append(say("state.answered", answered=at(self.answered)))
        if self.refusal is not None:
            said.append(self.refusal.text(language))
        if self.overdue and self.waiting_since and self.due:
            said.append(say("state.overdue", sent=at(self.waiting_since), due=at(self.due)))
        elif self.waiting_since is not None:
            said.append(
                say(
                    "state.waiting" if self.due else "state.no-rule",
                    sent=at(self.waiting_since),
                    due=self.due and at(self.due),
                )
            )
        return " ".join(said)

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the text in both languages."""
        return {
            "number": self.number,
            "message_type": self.message_type,
            "sent": _iso(self.sent),
            "answered": _iso(self.answered),
            "refusal": self.refusal.to_dict() if self.refusal else None,
            "last_refused": self.last_refused,
            "waiting_since": _iso(self.waiting_since),
            "due": _iso(self.due),
            "overdue": self.overdue,
            "text": {"da": self.text("da"), "en": self.text("en")},
        }


@attrs.frozen(slots=True, kw_only=True)
class LetterState:
    """How one letter fared.

    Attributes:
        reference: stands for it in lists.
        file: the file that was asked about.
        receiver: to whom it went.
        message_type: its type and version.
        fared: ``open``, ``answered`` or ``refused``; None where the ledger does not know it.
        sent: when it was sent last.
        times: how many times.
        answered: when what decided it came.
        refusal: why it was refused.
        error: why the file can't be read; then nothing else is told of it.
    """

    reference: str
    file: str
    receiver: str
    message_type: str
    fared: Fared | None = None
    sent: dt.datetime | None = None
    times: int = 0
    answered: dt.datetime | None = None
    refusal: Refusal | None = None
    error: LetterError | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "reference": self.reference,
            "file": self.file,
            "receiver": self.receiver,
            "message_type": self.message_type,
            "fared": str(self.fared) if self.fared else None,
            "sent": _iso(self.sent),
            "times": self.times,
            "answered": _iso(self.answered),
            "refusal": self.refusal.to_dict() if self.refusal else None,
            "error": self.error.text() if self.error else None,
        }


@attrs.frozen(slots=True)
class Added:
    """What became of what was added.

    Attributes:
        letters: how many letters are new.
        receipts: how many receipts are new, one for each letter that a receipt speaks of.
        known: how many were there already.
        passed_over: how many say nothing that can be kept: letters without id and time, of others than ``senders``, receipts for nothing.
        unreadable: the files that can't be read, each with the reason.
    """

    letters: int = 0
    receipts: int = 0
    known: int = 0
    passed_over: int = 0
    unreadable: tuple[tuple[str, LetterError], ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "letters": self.letters,
            "receipts": self.receipts,
            "known": self.known,
            "passed_over": self.passed_over,
            "unreadable": [{"file": file, "error": error.text()} for file, error in self.unreadable],
        }


@attrs.frozen(slots=True)
class Forgotten:
    """What was forgotten for good: how many letters and receipts, all of before ``before``."""

    letters: int
    receipts: int
    before: dt.date

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"letters": self.letters, "receipts": self.receipts, "before": self.before.isoformat()}
