"""What tells one letter from another on all its way: its sender and its id; and what a receipt calls the letter that it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sor_addressing.letters.header import LetterHeader, Party, Receipt

Key = tuple[str, str]
"""A sender, and an id that it gave."""

LETTER, ENVELOPE = "letter", "envelope"

SBDHACK = "SBDHACK"
"""The family of EHMI's receipts for an envelope."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def envelopes_of(header: LetterHeader) -> Iterator[Key]:
    """What a receipt can call the envelope of a letter: its sender and id, of the file's own envelope and of the one around it."""
    if header.envelope_id is not None:
        yield name_of(header.sender), alike(header.envelope_id)
    if header.envelope is not None and header.envelope.envelope_id is not None:
        yield name_of(header.envelope.sender), alike(header.envelope.envelope_id)


def named(header: LetterHeader, answered: Receipt, sender: str) -> list[tuple[str, Key]]:
    """What a receipt answers: the letters that it names, else its envelope. The network's own receipts name envelopes alone.

    What they call the message's id is the id that the envelope gives it, and mostly not that of the letter.
    """
    if answered.letter_ids and not (header.message_type is None and answered.envelope_id):
        return [(LETTER, (sender, alike(letter_id))) for letter_id in answered.letter_ids]
    return [(ENVELOPE, (sender, alike(answered.envelope_id)))] if answered.envelope_id else []


def alike(name: str) -> str:
    """An id as it is compared: a UUID is the same in any letter case, and as a URN."""
    lower = name.lower().removeprefix("urn:uuid:")
    return lower if _UUID.fullmatch(lower) else name


def is_uuid(name: str) -> bool:
    """Whether an id, as :func:`alike` gives it, is one that no two letters share, whoever sent them."""
    return _UUID.fullmatch(name) is not None


def name_of(party: Party) -> str:
    """What tells one sender from another: its location number, else the first identifier there is."""
    return party.location_number or next((one.value for one in party.identifiers), "")
