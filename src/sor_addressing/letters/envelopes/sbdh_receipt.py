"""What an EHMI envelope receipt says: a header of its own kind (SBDH) with an ebBP signal in it.

The scopes ``ORIGINAL…`` and the correlation in the acknowledgement's scope name what it answers; the signal repeats it, and has the reason
of a refusal. ``Type`` of the document, or the root of the signal, says whether the message was accepted.

Source: the guide to the EHMI SBDH and its examples (dk-ehmi-sbdh 1a1733b), where older texts write ``SBDHReceiptAcknowledgement``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from sor_addressing.letters.header import (
    LetterAnswer,
    LetterIdentifierKind,
    Receipt,
    ReceiptKind,
    identifier_of,
)
from sor_addressing.letters.oioxml.fields import child_of, first_value, shown, shown_code
from sor_addressing.letters.oioxml.xml_input import local_name
from sor_addressing.letters.stated_type import stated_type
from sor_addressing.messages.catalogue import MessageType

LOCATION_PREFIX = "0088:"
"""Stands before a location number in EHMI's envelopes."""
_KINDS = {
    "receiptacknowledgement": ReceiptKind.POSITIVE,
    "acceptanceacknowledgement": ReceiptKind.POSITIVE,
    "receiptexception": ReceiptKind.NEGATIVE,
    "acceptanceexception": ReceiptKind.NEGATIVE,
    "exception": ReceiptKind.NEGATIVE,
}


def kind_of(name: str | None) -> ReceiptKind | None:
    """What a document type or the root of a signal says; None where it is none of a receipt's.

    >>> kind_of("ReceiptException"), kind_of("SBDHReceiptAcknowledgement"), kind_of("Bundle")
    (<ReceiptKind.NEGATIVE: 'negative'>, <ReceiptKind.POSITIVE: 'positive'>, None)
    """
    return _KINDS.get((name or "").lower().removeprefix("sbdh"))


def receipt_of(
    stated: ReceiptKind | None, scopes: Mapping[str, Sequence[str]], signal: etree._Element | None, file: str
) -> Receipt:
    """The receipt of what the document's type states, the scopes and the signal inside; of two that differ the refusal counts."""
    inside = None if signal is None else kind_of(local_name(signal))
    answer = ReceiptKind.NEGATIVE if ReceiptKind.NEGATIVE in (stated, inside) else stated or inside

    def said(holds: str) -> str | None:
        return next(iter(scopes.get(holds, ())), None)

    in_signal = first_value(signal, "OriginalMessageIdentifier", file)
    reason = _reason(signal, file) if answer is ReceiptKind.NEGATIVE else None
    letter_id = shown(said("original_letter_id"))
    message_type = _original_type(said("original_standard"), said("original_version"))
    if message_type is None:
        message_type = _original_type(first_value(signal, "OriginalDocumentIdentifier", file), None)
    return Receipt(
        answer,
        envelope_id=shown(said("original_envelope_id") or said("correlation") or in_signal),
        letter_ids=(letter_id,) if letter_id else (),
        sender=_number(signal, "ToPartyInfo", file),
        receiver=_number(signal, "FromPartyInfo", file),
        reason=reason,
        inner_envelope_id=shown(said("original_inner_envelope_id")),
        letters=(LetterAnswer(letter_id, answer, reason, message_type),) if letter_id or message_type else (),
    )


def _original_type(standard: str | None, version: str | None) -> MessageType | None:
    found, _ = stated_type(standard, version)
    return found


def _reason(signal: etree._Element | None, file: str) -> str | None:
    """The kind of an exception, such as ``Syntax``; its texts are free and not read."""
    kind = child_of(signal, "ExceptionType")
    return shown_code(first_value(kind, "ReceiptException", file) or first_value(kind, "GeneralException", file))


def _number(signal: etree._Element | None, name: str, file: str) -> str | None:
    text = (first_value(signal, name, file) or "").removeprefix(LOCATION_PREFIX).strip()
    return identifier_of(LetterIdentifierKind.LOCATION_NUMBER, text, name).value if text else None
