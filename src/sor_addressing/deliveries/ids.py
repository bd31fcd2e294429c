"""Ids of letters and envelopes as keyed hashes: an id can hold a CPR number, and nobody can work one out of these without the key."""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from sor_addressing.errors import DeliveryError
from sor_addressing.letters.header import LetterIdentifierKind, Party
from sor_addressing.letters.identity import ENVELOPE, LETTER, alike, is_uuid
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.messages.refusals import is_listed
from sor_addressing.whole_file import written_binary

if TYPE_CHECKING:
    import sqlite3

_SIZE = 16
_KEY = re.compile(rb"[0-9a-f]{64}\n?")
_REFERENCE = 10

# What may stand in the ledger as it is; whatever else a letter calls its parties and types could be somebody's name.
_PLAIN = {
    LetterIdentifierKind.LOCATION_NUMBER: re.compile(r"[0-9]{13}"),
    LetterIdentifierKind.SOR_CODE: re.compile(r"[0-9]{11,18}"),
    LetterIdentifierKind.PROVIDER_NUMBER: re.compile(r"[0-9]{6}"),
    LetterIdentifierKind.SHAK_CODE: re.compile(r"[0-9]{4}[0-9A-Z]{0,3}"),
}
_CODE = re.compile(r"[A-Z]{2,5}[0-9]{2,3}")
_VERSION = re.compile(r"[A-Z]{0,2}[0-9]{3,4}[A-Z]|[0-9]{1,2}(?:\.[0-9]{1,2}){1,2}")
_LONGEST_NUMBER = 4
OTHER = "other"
"""Stands for a type whose name could be anything."""


class Ids:
    """Makes keyed hashes.

    Args:
        key: the key of the ledger.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hashed(self, *parts: object) -> bytes:
        """The hash of what ``parts`` are, in their order."""
        text = "\x1f".join(["" if part is None else str(part) for part in parts])
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE, key=self._key).digest()

    def called(self, of: str, sender: str, name: str) -> bytes:
        """What a letter or an envelope is called by, ``of`` being which; a UUID is one letter's alone, whoever is said to have sent it."""
        name = alike(name)
        return self.hashed("uuid", name) if is_uuid(name) else self.hashed(of, sender, name)

    def of_letter(self, sender: str, name: str) -> bytes:
        """What a receipt calls a letter by."""
        return self.called(LETTER, sender, name)

    def of_envelope(self, sender: str, name: str) -> bytes:
        """What a receipt calls an envelope by."""
        return self.called(ENVELOPE, sender, name)

    def reference(self, sender: str, name: str) -> str:
        """A short text that stands for a letter in lists; the same for the same letter in this ledger alone."""
        return reference_of(self.of_letter(sender, name))

    def party(self, party: Party) -> str:
        """A party by its location number, else by the first of its identifiers that can be nobody's name, else as a hash."""
        for kind, shape in _PLAIN.items():
            value = party.first(kind)
            if value is not None and shape.fullmatch(value):
                return value
        first = next((one.value for one in party.identifiers), "")
        return f"~{self.hashed('party', first).hex()[:_REFERENCE]}" if first else ""

    def number(self, text: str | None) -> str:
        """A number that a receipt gives, in the same way."""
        if not text:
            return ""
        plain = _PLAIN[LetterIdentifierKind.LOCATION_NUMBER].fullmatch(text)
        return text if plain else f"~{self.hashed('party', text).hex()[:_REFERENCE]}"


def reference_of(name: bytes) -> str:
    """The short text that stands for a hash."""
    return name.hex()[:_REFERENCE]


def subject_of(message_type: MessageType | None) -> str:
    """What letters are counted together by: the family of the type, else its code."""
    if message_type is None:
        return OTHER
    return message_type.family or code_of(message_type)


def code_of(message_type: MessageType | None) -> str:
    """The code of a type as the ledger keeps it."""
    if message_type is None:
        return OTHER
    code = message_type.code.upper()
    return code if message_type.known or _CODE.fullmatch(code) else OTHER


def version_of(message_type: MessageType | None) -> str:
    """The version of a type as the ledger keeps it; empty where there is none, or it is none of a version's shapes."""
    version = message_type.version if message_type is not None else None
    return version if version and _VERSION.fullmatch(version) else ""


def family_of(message_type: str | MessageType) -> str:
    """What letters of a type in any spelling are counted by."""
    return subject_of(catalogue().parse(message_type))


def key_path(path: Path) -> Path:
    """Where the key of a ledger stands: beside it."""
    return path.with_name(path.name + ".key")


def key_of(connection: sqlite3.Connection, path: Path) -> bytes:
    """The key of the ledger, made where it is new; called while the database is locked for writing.

    Raises:
        DeliveryError: the key is missing, or another one's.
        NotWritten: it can't be written.
    """
    place = key_path(path)
    text: bytes | None
    known = connection.execute("SELECT value FROM fact WHERE name = 'key'").fetchone()
    try:
        text = place.read_bytes() or None  # empty: whoever made it was killed before the key was in it
    except FileNotFoundError:
        text = None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DeliveryError(
            f"the key of the ledger can't be read ({reason}); look at its rights", file=str(place)
        ) from error
    if text is None:
        if known is not None:
            raise DeliveryError(
                "the key of the ledger is missing, and without it nothing can be matched; put it back, or make the ledger anew with rebuild",
                file=str(place),
            )
        text = secrets.token_hex(32).encode() + b"\n"
        if not place.exists():
            with written_binary(place):
                pass
        place.chmod(0o600)  # while nothing is in it; what replaces a file has its rights
        with written_binary(place) as file:
            file.write(text)
    if not _KEY.fullmatch(text):
        raise DeliveryError("this is no key of a ledger; put the right one back", file=str(place))
    key = bytes.fromhex(text.decode("ascii"))
    check = hashlib.blake2b(b"key", digest_size=_SIZE, key=key).digest()
    if known is None:
        connection.execute("INSERT INTO fact VALUES ('key', ?)", (check,))
    elif known[0] != check:
        raise DeliveryError("this is the key of another ledger; put the right one back", file=str(place))
    return key


def kept_reason(reason: str | None) -> str:
    """A code as the ledger keeps it: those of the formats' lists; whatever else stands there could be text that somebody wrote."""
    if not reason:
        return ""
    code = reason.strip()
    if is_listed(code) or (code.isascii() and code.isdigit() and len(code) <= _LONGEST_NUMBER):
        return code
    return OTHER
