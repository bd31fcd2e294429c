"""Receipts (*kvitteringer*) in EDIFACT: what UCI and UCM of a CONTRL message answer, and why; never the text of FTX."""

from __future__ import annotations

import re

import attrs

from sor_addressing.letters.edifact.segments import SegmentReader
from sor_addressing.letters.header import LetterAnswer, Receipt, ReceiptKind, hide, identifier_of
from sor_addressing.letters.header import LetterIdentifierKind as Kind
from sor_addressing.letters.limits import MAX_LETTERS
from sor_addressing.messages.catalogue import MessageType, catalogue

_REFUSED = "4"
_ACCEPTED = frozenset(["7", "8"])
_REASON = re.compile(r"[A-Z0-9]{1,6}")
_BY_TYPE = {"CTL01": ReceiptKind.NEGATIVE_VANS, "CTL02": ReceiptKind.NEGATIVE, "CTL03": ReceiptKind.POSITIVE}
_MORE_THAN_LETTERS = 3


def read_receipt(reader: SegmentReader, message_type: MessageType | None) -> tuple[Receipt, int, int]:
    """What a receipt answers, how many segments say it, and where they end.

    A receipt of the network (CTL01) is a refusal of its own kind. Otherwise one letter refused makes the answer negative; where
    no action is written, the type says which it is.

    Raises:
        LetterError: the file ends here, or the receipt answers more letters than any file holds.
    """
    envelope_id = sender = receiver = reason = None
    letters: list[_OfLetter] = []
    actions: set[str] = set()
    counted = 0
    while True:
        position = reader.position
        segment = reader.following("UNT")
        if segment.tag[:2] == b"UN":
            break
        counted += 1
        if counted > MAX_LETTERS * _MORE_THAN_LETTERS:
            raise reader.error("a receipt for more letters than a file may hold; make the file again", segment.start)
        if segment.tag == b"UCI":
            elements = reader.service(segment)
            envelope_id = hide(reader.value(elements, 1)) or None
            sender, receiver = (_number(reader.value(elements, number)) for number in (2, 3))
            actions.add(reader.value(elements, 4))
        elif segment.tag == b"UCM":
            elements = reader.service(segment)
            letter_id = hide(reader.value(elements, 1)) or None
            kind = reader.components(elements, 2)
            letters.append(_OfLetter(letter_id, reader.value(elements, 3), kind[4] if len(kind) > 4 else ""))
            actions.add(letters[-1].action)
        elif segment.tag == b"FTX":
            code = reader.value(reader.elements(segment), 1)
            said = code if _REASON.fullmatch(code) else None
            if letters and letters[-1].reason is None:
                letters[-1].reason = said
            reason = reason or said
    reader.position = position
    answer = _answer(message_type, actions)
    answered = Receipt(
        answer,
        envelope_id,
        tuple([one.letter_id for one in letters if one.letter_id]),
        sender,
        receiver,
        reason,
        letters=tuple([one.told(answer, reason) for one in letters]),
    )
    return answered, counted, position


@attrs.define(slots=True)
class _OfLetter:
    """What UCM and the FTX after it say of a letter."""

    letter_id: str | None
    action: str
    version: str
    reason: str | None = None

    def told(self, answer: ReceiptKind | None, reason: str | None) -> LetterAnswer:
        """As a value; ``answer`` and ``reason`` are those of the whole."""
        own = answer
        if answer is not ReceiptKind.NEGATIVE_VANS and self.action in (_REFUSED, *_ACCEPTED):
            own = ReceiptKind.NEGATIVE if self.action == _REFUSED else ReceiptKind.POSITIVE
        if own is ReceiptKind.POSITIVE:
            reason = None
        return LetterAnswer(
            self.letter_id, own, self.reason or reason, catalogue().read(hide(self.version)) if self.version else None
        )


def _number(text: str) -> str | None:
    return identifier_of(Kind.LOCATION_NUMBER, text, "UCI").value if text else None


def _answer(message_type: MessageType | None, actions: set[str]) -> ReceiptKind | None:
    by_type = _BY_TYPE.get(message_type.code) if message_type is not None else None
    if by_type is ReceiptKind.NEGATIVE_VANS:
        return by_type
    if _REFUSED in actions:
        return ReceiptKind.NEGATIVE
    return ReceiptKind.POSITIVE if actions & _ACCEPTED else by_type
