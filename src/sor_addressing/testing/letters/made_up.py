"""What a made-up letter says, the same for every format: the writers of message files each put it down in theirs."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import attrs

from sor_addressing.misspelt import suggests_fields
from sor_addressing.testing.numbers import location_number

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@suggests_fields
@attrs.frozen(slots=True, kw_only=True)
class MadeUpParty:
    """A sender or receiver of a made-up letter, with the identifiers that the letter is to give it; None leaves one out.

    A format that has no place for an identifier leaves it out too, and writers say so. Values are written as they stand, also wrong ones.
    """

    location_number: str | None = None
    sor_code: str | None = None
    provider_number: str | None = None
    shak_code: str | None = None
    municipality_code: str | None = None


@suggests_fields
@attrs.frozen(slots=True, kw_only=True)
class MadeUpLetter:
    """A made-up letter: its header, and the text that stands where a patient would.

    Attributes:
        code: type code as the format writes it, such as ``DIS91``, ``XDIS91`` or ``FDIS91``.
        version: such as ``D9134L``, ``XD9134L`` or ``5.0``.
        letter_id: at most 14 characters; FHIR messages need a UUID and make one of it.
        envelope_id: likewise.
        sent: naive means Danish time.
        receipt_wanted: whether a positive receipt is asked for.
        content: what stands in the patient's part, obviously made up.
        answers: for a receipt, the letter it answers.
        answer_positive: for a receipt, whether it is the positive one.
    """

    code: str = "XDIS91"
    version: str | None = "XD9134L"
    sender: MadeUpParty = MadeUpParty(location_number=location_number(1))
    receiver: MadeUpParty = MadeUpParty(location_number=location_number(2))
    copy_receivers: tuple[MadeUpParty, ...] = ()
    reply_to: MadeUpParty | None = None
    letter_id: str = "BRV00000000001"
    envelope_id: str = "KUV00000000001"
    sent: dt.datetime = dt.datetime(2026, 1, 15, 9, 30)  # noqa: DTZ001 (naive means Danish time, as in letters)
    receipt_wanted: bool = True
    content: str = "OPDIGTET INDHOLD"
    answers: MadeUpLetter | None = None
    answer_positive: bool = True


def fhir_id(text: str) -> str:
    """The id that stands in a FHIR message for an id of a made-up letter: a UUID as it is, else one that is made of it.

    >>> fhir_id("BRV00000000001") == fhir_id("BRV00000000001") != fhir_id("BRV00000000002")
    True
    """
    return text if _UUID.fullmatch(text) else str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:opdigtet:{text}"))
