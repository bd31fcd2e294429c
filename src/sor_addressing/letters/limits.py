"""How much a message file may be: beyond these bounds it is refused with one clear error."""

from __future__ import annotations

from sor_addressing.errors import LetterError

MAX_BYTES = 128 * 1024 * 1024
"""The network carries envelopes of up to 100 MB; what is larger is no message."""

LARGEST_ENVELOPE = 100_000_000
"""What the VANS network carries, envelope and attachments together (MedCom's FHIR communication, MFC 030)."""

MAX_LETTERS = 10_000
"""How many letters one file may hold."""


def refuse_oversized(size: int, file: str) -> None:
    """Refuse a file that is larger than any message.

    Raises:
        LetterError: it is.
    """
    if size > MAX_BYTES:
        raise LetterError(
            f"the file has {size:,} bytes, and a message has at most {MAX_BYTES:,}; this is no message, or one too large to send",
            file=file,
        )


MAX_PARTIES = 1_000
"""How many may get a copy of one letter; real ones have a few."""
