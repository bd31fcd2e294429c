"""What a pile of letters is: families, formats, net operators, conversions. Each letter counts once.

A letter on its way is seen many times: in the sender's outbox, in an envelope, converted by an operator, and answered by receipts. All of
these carry the sender's location number and the letter's id, and these two are what is counted by. Receipts are no letters; they are
counted by what they answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import attrs

from sor_addressing.addressing.support import Outcome
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.hiding import HIDDEN
from sor_addressing.letters.batch import FileReport
from sor_addressing.letters.header import LetterHeader, ReceiptKind
from sor_addressing.letters.identity import ENVELOPE, LETTER, Key, alike, envelopes_of, name_of, named
from sor_addressing.letters.old_numbers import OldNumber, OldNumberUse, numbers_by_frequency, old_numbers_in, uses_of
from sor_addressing.letters.report import LetterReport
from sor_addressing.messages.catalogue import MessageFormat, catalogue


class LetterSort(NamedTuple):
    """What letters are counted by. Texts are None where the letter or the register does not say.

    ``family`` is the type as the letter writes it, where no catalogue has that.
    ``format_sent`` is the format that left the sender, ``format_arrives`` the one that the receiver gets: the same unless ``converted``.
    """

    family: str | None
    format_sent: str | None
    format_arrives: str | None
    sender_operator: str | None
    receiver_operator: str | None
    converted: bool


class NeedlessEdi(NamedTuple):
    """Letters that were sent as EDI although sender and receiver are registered for XML of the same family, by what they are counted by.

    ``sender_system`` is the sender's system as the register has it, ``receiver`` the receiver's location number.
    """

    family: str
    sender_system: str | None
    receiver: str | None


@attrs.frozen(slots=True)
class LetterStatistics:
    """The letters of a pile, counted.

    Attributes:
        letters: how many different letters there are.
        seen: how many times letters were seen, hops and envelopes counted each.
        without_id: letters without an id, or with one that had to be hidden: they can't be told apart and are counted each time.
        sorts: how many letters there are of each sort, the most frequent first.
        answered: how many letters a receipt was seen of, by what it says; a letter with two counts in both.
        unanswered: how many letters no receipt was seen of.
        stray_receipts: receipts on letters and envelopes that are not in the pile.
        refusals: the reasons of negative receipts, as the receipts write them.
        needless_edi: how many letters were sent as EDI although both ends are registered for XML, the most frequent first: at one end or both
            they are converted for nothing. Only where the file of message types has directions.
        needless_files: the first files in which such letters are.
        old_numbers: how many letters name a party by each provider number or SHAK code, without its SOR code, the most frequent first; with what
            could stand there instead.
        old_number_uses: the same by the sender's system, role and kind of number: how many letters, and in how many of them it is certain which
            SOR code could stand there.
        with_old_numbers: how many letters name any party so.
    """

    letters: int
    seen: int
    without_id: int
    sorts: tuple[tuple[LetterSort, int], ...]
    answered: tuple[tuple[str, int], ...]
    unanswered: int
    stray_receipts: int
    refusals: tuple[tuple[str, int], ...]
    needless_edi: tuple[tuple[NeedlessEdi, int], ...] = ()
    needless_files: tuple[str, ...] = ()
    old_numbers: tuple[tuple[OldNumber, int], ...] = ()
    old_number_uses: tuple[OldNumberUse, ...] = ()
    with_old_numbers: int = 0

    def by(self, field: str) -> dict[object, int]:
        """How many letters there are of each value of one field of :class:`LetterSort`, the most frequent first.

        Raises:
            ValueError: there is no such field.
        """
        if field not in LetterSort._fields:
            raise ValueError(f"letters are counted by {', '.join(LetterSort._fields)}, not by {field!r}")
        counts: Counter[object] = Counter()
        for sort, count in self.sorts:
            counts[getattr(sort, field)] += count
        return dict(counts.most_common())

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "letters": self.letters,
            "seen": self.seen,
            "without_id": self.without_id,
            "sorts": [{**sort._asdict(), "letters": count} for sort, count in self.sorts],
            "answered": dict(self.answered),
            "unanswered": self.unanswered,
            "stray_receipts": self.stray_receipts,
            "refusals": dict(self.refusals),
            "needless_edi": [{**one._asdict(), "letters": count} for one, count in self.needless_edi],
            "needless_files": list(self.needless_files),
            "with_old_numbers": self.with_old_numbers,
            "old_number_uses": [one._asdict() for one in self.old_number_uses],
            "old_numbers": [{**one._asdict(), "letters": count} for one, count in self.old_numbers],
        }


def letter_statistics(reports: Iterable[FileReport | LetterReport]) -> LetterStatistics:
    """The statistics of the letters in ``reports``, such as ``Register.validate_messages`` gives; they are taken one by one and let go."""
    counting = LetterCounter()
    for report in reports:
        for letter in report.letters if isinstance(report, FileReport) else (report,):
            counting.add(letter)
    return counting.statistics()


_MOST_FILES = 1_000


class _Seen(NamedTuple):
    """How a letter was seen: its sort, whether its sender is registered to send that format, its receiver to receive it."""

    sort: LetterSort
    as_sent: bool
    as_arriving: bool
    needless: NeedlessEdi | None = None
    file: str = ""
    old: tuple[OldNumber, ...] = ()


class LetterCounter:
    """Counts letters while their reports go by; :func:`letter_statistics` does so for a whole pile."""

    def __init__(self) -> None:
        self._letters: dict[Key, _Seen] = {}
        self._without_id: Counter[LetterSort] = Counter()
        self._needless_without_id: Counter[NeedlessEdi] = Counter()
        self._needless_files: dict[str, None] = {}
        self._old_without_id: Counter[tuple[OldNumber, ...]] = Counter()
        self._seen = 0
        self._in_envelope: dict[Key, dict[Key, None]] = {}
        self._refusals: Counter[str] = Counter()
        self._receipts: dict[tuple[str, Key], set[ReceiptKind | None]] = {}

    def add(self, report: LetterReport) -> None:
        """Count one more letter, unless it was counted before."""
        header = report.header
        if header.answered is not None or catalogue().is_receipt(header.family):
            self._add_receipt(header)
            return
        self._seen += 1
        seen = _seen(report)
        if header.letter_id is None or HIDDEN in header.letter_id:
            self._without_id[seen.sort] += 1
            if seen.needless is not None:
                self._needless_without_id[seen.needless] += 1
            if seen.old:
                self._old_without_id[seen.old] += 1
            self._keep_file(seen)
            return
        key = (name_of(header.sender), alike(header.letter_id))
        for sender, envelope_id in envelopes_of(header):
            self._in_envelope.setdefault((sender, envelope_id), {})[key] = None
        self._keep_file(seen)
        before = self._letters.get(key)
        self._letters[key] = seen if before is None else _together(before, seen)

    def _keep_file(self, seen: _Seen) -> None:
        if seen.needless is not None and len(self._needless_files) < _MOST_FILES:
            self._needless_files[seen.file] = None

    def _add_receipt(self, header: LetterHeader) -> None:
        answered = header.answered
        if answered is None:
            return
        sender = answered.sender or name_of(header.receiver)
        own = {alike(one.letter_id): one for one in answered.letters if one.letter_id}
        for called in named(header, answered, sender):
            of_letter = own.get(called[1][1]) if called[0] == LETTER else None
            answer, reason = (of_letter.answer, of_letter.reason) if of_letter else (answered.answer, answered.reason)
            answers = self._receipts.setdefault(called, set())
            if answer in answers:
                continue
            answers.add(answer)
            if reason:
                self._refusals[reason] += 1

    def _letters_of(self, called: tuple[str, Key]) -> Iterable[Key]:
        """The letters in the pile that a receipt answers, naming them or their envelope."""
        of, key = called
        if of == ENVELOPE:
            return self._in_envelope.get(key, ())
        return (key,) if key in self._letters else ()

    def statistics(self) -> LetterStatistics:
        """What was counted so far."""
        sorts = Counter(seen.sort for seen in self._letters.values()) + self._without_id
        answers_of: dict[Key, set[ReceiptKind | None]] = {}
        stray = 0
        for called, answers in self._receipts.items():
            letters = self._letters_of(called)
            stray += not letters
            for key in letters:
                answers_of.setdefault(key, set()).update(answers)
        answered = Counter(str(answer) for answers in answers_of.values() for answer in answers if answer is not None)
        with_answer = sum(1 for answers in answers_of.values() if answers != {None})
        without_id = sum(self._without_id.values())
        needless = Counter(seen.needless for seen in self._letters.values() if seen.needless is not None)
        needless.update(self._needless_without_id)
        old = Counter(seen.old for seen in self._letters.values() if seen.old) + self._old_without_id
        numbers: Counter[OldNumber] = Counter()
        for found, count in old.items():
            numbers.update(dict.fromkeys(found, count))
        return LetterStatistics(
            letters=len(self._letters) + without_id,
            seen=self._seen,
            without_id=without_id,
            sorts=tuple(sorted(sorts.items(), key=lambda one: (-one[1], *map(str, one[0])))),
            answered=tuple(sorted(answered.items())),
            unanswered=len(self._letters) + without_id - with_answer,
            stray_receipts=stray,
            refusals=tuple(sorted(self._refusals.items(), key=lambda one: (-one[1], one[0]))),
            needless_edi=tuple(sorted(needless.items(), key=lambda one: (-one[1], *map(str, one[0])))),
            needless_files=tuple(self._needless_files),
            old_numbers=numbers_by_frequency(numbers),
            old_number_uses=uses_of(old.items()),
            with_old_numbers=old.total(),
        )


def _seen(report: LetterReport) -> _Seen:
    header, sender = report.header, report.sender
    first = report.receivers[0].verdict if report.receivers else None
    sent = str(header.format) if header.format else None
    arrives = first.arrives_as.format if first and first.arrives_as else None
    stated = header.message_type
    sort = LetterSort(
        (stated.family or stated.text) if stated else None,
        sent,
        str(arrives) if arrives else None,
        _operator(sender) if sender else None,
        _operator(first) if first else None,
        first is not None and first.outcome is Outcome.CONVERTED,
    )
    as_sent = sender is not None and sender.outcome is Outcome.SUPPORTED
    as_arriving = first is not None and first.outcome is Outcome.SUPPORTED
    return _Seen(sort, as_sent, as_arriving, _needless(header, sender, first), header.file, old_numbers_in(report))


def _needless(header: LetterHeader, sender: Verdict | None, receiver: Verdict | None) -> NeedlessEdi | None:
    """Whether a letter was sent as EDI although its sender may send, and its receiver take, XML of the same family."""
    family = header.family
    if header.format is not MessageFormat.EDI or family is None or sender is None or receiver is None:
        return None
    if not (_has_xml(sender, family) and _has_xml(receiver, family)):
        return None
    recipient, from_whom = receiver.resolution.recipient, sender.resolution.recipient
    location = from_whom.location if from_whom else None
    return NeedlessEdi(family, location.system if location else None, recipient.location_number if recipient else None)


def _has_xml(verdict: Verdict, family: str) -> bool:
    return any(one.format is MessageFormat.XML and one.family == family for one in verdict.alternatives)


def _together(before: _Seen, now: _Seen) -> _Seen:
    """One letter seen twice: in two formats, it was converted in between."""
    if before.sort.format_sent == now.sort.format_sent:
        return before
    if now.as_sent and not before.as_sent:
        before, now = now, before
    arrives = (
        now.sort.format_sent if now.as_arriving or before.sort.format_arrives is None else before.sort.format_arrives
    )
    return before._replace(sort=before.sort._replace(format_arrives=arrives, converted=True))


def _operator(verdict: Verdict) -> str | None:
    recipient = verdict.resolution.recipient
    location = recipient.location if recipient else None
    return location.net_operator if location else None
