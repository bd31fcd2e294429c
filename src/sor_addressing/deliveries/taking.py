"""From headers to rows: letters that left and receipts that came, each under a name made of all that it says, so that twice is once."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple, TypeGuard

from sor_addressing.deliveries.ids import Ids, code_of, kept_reason, subject_of, version_of
from sor_addressing.deliveries.moments import DAY, seconds_of
from sor_addressing.hiding import HIDDEN
from sor_addressing.letters.header import EnvelopeKind, LetterHeader, Party, Receipt, ReceiptKind
from sor_addressing.letters.identity import SBDHACK, alike, name_of
from sor_addressing.messages.catalogue import MessageType, catalogue

NETWORK, ENVELOPE, MESSAGE, STATION = "network", "envelope", "message", "station"
"""Who answers: the VANS network, the envelope's receiver (EHMI), the system that the letter is for, or a station that reports to EDS."""

NEAR = DAY
"""How long after a letter a receipt that names no known id may come and still be taken for its own."""


class Event(NamedTuple):
    """A receipt as it is kept. ``calls`` are hashes of what it calls the letter by."""

    calls: tuple[bytes, ...]
    sender: str
    receiver: str
    subject: str
    layer: str
    answer: str
    reason: str
    came: int | None
    format: str


class NamedLetter(NamedTuple):
    """What tells a letter from every other, its parties, what it is counted by, and when it left."""

    name: bytes
    sender: str
    receiver: str
    subject: str
    sent: int | None


def named_letter(ids: Ids, header: LetterHeader) -> NamedLetter | None:
    """What a letter is in the ledger; None for one without an id and a time, which can't be told from others."""
    around = header.envelope
    sent = seconds_of(header.sent or (around.sent if around else None))
    letter_id = next((one for one in (header.letter_id, header.envelope_id) if _is_id(one)), None)
    if letter_id is None and sent is None:
        return None
    inner = header.receiver.location_number
    party: Party = around.receiver if around and not inner and around.receiver.location_number else header.receiver
    receiver, subject = ids.party(party), subject_of(header.message_type)
    called = f"at {sent}" if letter_id is None else alike(letter_id)
    name = ids.hashed("a letter", name_of(header.sender), receiver, subject, called)
    return NamedLetter(name, ids.party(header.sender), receiver, subject, sent)


def _is_id(text: str | None) -> TypeGuard[str]:
    return bool(text) and HIDDEN not in (text or "")


class Taker:
    """Puts headers into the database, and remembers which letters and receipts that touches.

    Args:
        connection: the database, inside a transaction.
        ids: makes hashes with the ledger's key.
        senders: only letters of these location numbers are taken; of everybody where None.
    """

    def __init__(self, connection: sqlite3.Connection, ids: Ids, senders: frozenset[str] | None = None) -> None:
        self._connection = connection
        self._ids = ids
        self._senders = senders
        self.letters: set[int] = set()
        self.new_letters = self.new_receipts = self.known = self.passed_over = 0

    def take(self, header: LetterHeader, *, converted: bool = False) -> None:
        """Take one letter or receipt; ``converted`` where somebody is known to convert the letter on its way."""
        if header.answered is not None:
            self._receipt(header, header.answered)
        elif catalogue().is_receipt(header.family):
            self.passed_over += 1
        else:
            self._letter(header, converted=converted)

    def event(self, event: Event, *own: object) -> None:
        """Take what a receipt says of one letter; ``own`` are the receipt's own ids."""
        ids, connection = self._ids, self._connection
        name = ids.hashed("receipt", *own, *[call.hex() for call in event.calls], *event[1:])
        made = connection.execute(
            "INSERT OR IGNORE INTO receipt (name, sender, receiver, subject, layer, answer, reason, came, format) VALUES (?,?,?,?,?,?,?,?,?)",
            (name, *event[1:]),
        )
        if not made.rowcount:
            self.known += 1
            return
        self.new_receipts += 1
        receipt = made.lastrowid
        letters: list[int] = []
        for call in event.calls:
            connection.execute("INSERT OR IGNORE INTO call VALUES (?, ?)", (call, receipt))
            letters += [row[0] for row in connection.execute("SELECT letter FROM alias WHERE name = ?", (call,))]
        if letters:
            self.letters.update(letters)
        else:
            connection.execute("UPDATE receipt SET stray = 1, unsettled = 1 WHERE id = ?", (receipt,))

    def _letter(self, header: LetterHeader, *, converted: bool) -> None:
        ids, connection, envelope = self._ids, self._connection, header.envelope
        known = named_letter(ids, header)
        if known is None or (self._senders is not None and known.sender not in self._senders):
            self.passed_over += 1
            return
        name, sender, receiver, subject, sent = known
        found = connection.execute("SELECT id FROM letter WHERE name = ?", (name,)).fetchone()
        if found is None:
            made = connection.execute(
                "INSERT INTO letter (name, sender, receiver, subject) VALUES (?, ?, ?, ?)",
                (name, sender, receiver, subject),
            )
            letter = made.lastrowid or 0
            self.new_letters += 1
        else:
            letter = found[0]
        wanted = next(
            (one for one in (envelope and envelope.receipt_wanted, header.receipt_wanted) if one is not None), False
        )
        if header.receipt_wanted:
            wanted = True
        ehmi = envelope is not None and envelope.kind is EnvelopeKind.SBDH
        row = (
            letter,
            code_of(header.message_type),
            version_of(header.message_type),
            str(header.format or ""),
            sent,
            int(bool(wanted)),
            int(ehmi),
            int(converted),
        )
        called = self._called(header)
        sending = ids.hashed("sending", name.hex(), *row[1:], *sorted(one.hex() for one in called))
        made = connection.execute("INSERT OR IGNORE INTO sending VALUES (?,?,?,?,?,?,?,?,?)", (sending, *row))
        if not made.rowcount:
            self.known += 1
            return
        for one in called:
            connection.execute("INSERT OR IGNORE INTO alias VALUES (?, ?)", (one, letter))
            connection.execute(
                "UPDATE receipt SET stray = 0, unsettled = 1 WHERE stray AND id IN (SELECT receipt FROM call WHERE name = ?)",
                (one,),
            )
        self.letters.add(letter)

    def _called(self, header: LetterHeader) -> set[bytes]:
        """What receipts can call a letter by: the ids of the letter and of every envelope around it, which converters keep some of."""
        ids, around = self._ids, header.envelope
        senders = {name_of(header.sender)} | ({name_of(around.sender)} if around else set())
        letters, envelopes = [header.letter_id], [header.envelope_id]
        if around is not None:
            letters.append(around.letter_id)
            envelopes += [around.envelope_id, around.inner_envelope_id]
        found = {ids.of_letter(who, one) for who in senders for one in letters if _is_id(one)}
        return found | {ids.of_envelope(who, one) for who in senders for one in envelopes if _is_id(one)}

    def _receipt(self, header: LetterHeader, answered: Receipt) -> None:
        ids = self._ids
        sender = answered.sender or name_of(header.receiver)
        layer = _layer(header, answered)
        receiver = answered.receiver
        parties = (
            ids.number(answered.sender) if answered.sender else ids.party(header.receiver),
            ids.number(receiver) if receiver else "" if layer == NETWORK else ids.party(header.sender),
        )
        came = seconds_of(header.sent or (header.envelope.sent if header.envelope else None))
        told = [(one.letter_id, one.answer, one.reason, one.message_type) for one in answered.letters]
        if not told:
            told = [(one, answered.answer, answered.reason, None) for one in answered.letter_ids or (None,)]
        for letter_id, answer, reason, message_type in told:
            calls = [ids.of_letter(sender, letter_id)] if _is_id(letter_id) else []
            # What a receipt of an envelope calls the message is mostly not the letter's id; other receipts name their letters, and
            # numbers of interchanges come again.
            if not calls or header.message_type is None or layer == ENVELOPE:
                envelopes = (answered.envelope_id, answered.inner_envelope_id)
                calls += [ids.of_envelope(sender, one) for one in envelopes if _is_id(one)]
            self.event(
                Event(
                    tuple(sorted({*calls})),
                    *parties,
                    _subject(message_type),
                    layer,
                    str(answer or ""),
                    kept_reason(reason) if answer not in (None, ReceiptKind.POSITIVE) else "",
                    came,
                    str(header.format or ""),
                ),
                name_of(header.sender),
                header.letter_id,
                header.envelope_id,
            )


def _subject(message_type: MessageType | None) -> str:
    return subject_of(message_type) if message_type is not None else ""


def _layer(header: LetterHeader, answered: Receipt) -> str:
    if header.namespace == STATION:
        return STATION
    if header.message_type is None or answered.answer is ReceiptKind.NEGATIVE_VANS:
        return NETWORK
    return ENVELOPE if header.family == SBDHACK else MESSAGE
