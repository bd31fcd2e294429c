"""The message type that a letter or envelope states in two fields, type and version, and whether the two contradict each other."""

from __future__ import annotations

from sor_addressing.addressing.findings import Finding
from sor_addressing.letters.header import hide, letter_finding
from sor_addressing.messages.catalogue import MessageType, catalogue


def stated_type(code: str | None, version: str | None) -> tuple[MessageType | None, tuple[Finding, ...]]:
    """The message type of a type code and a version, and ``type-contradicts-version`` where the version belongs to another code.

    >>> message_type, findings = stated_type("XDIS20", "XD9134L")
    >>> message_type.known, findings[0].details["belongs_to"]
    (False, 'XDIS91')

    Args:
        code: as the letter writes it; without it there is no type, whatever the version.
        version: likewise; None where the letter gives none.
    """
    if not code:
        return None, ()
    # A text that looks like a CPR number is no type, and is not remembered by the catalogue either.
    message_type = catalogue().read(hide(f"{code} {version}" if version else code))
    if message_type is None or message_type.known or not version:
        return message_type, ()
    alone, other = catalogue().read(hide(code)), catalogue().read(hide(version))
    if (
        alone is None
        or other is None
        or not (alone.known and other.known)
        or (other.code == alone.code and other.version == message_type.version)
    ):
        return message_type, ()
    if other.code == alone.code and other.version:
        return other, ()  # a version by another name, as ebbp-signals-2.0 is of an EHMI receipt
    details = {"message_type": alone.code, "version": other.version or other.text, "belongs_to": other.code}
    return message_type, (letter_finding("type-contradicts-version", **details),)
