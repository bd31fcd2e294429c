"""Errors as a caller catches them: each one is an error of the library and a built-in one. Checked by mypy, never run."""

from __future__ import annotations

from sor_addressing import (
    AmbiguousRecipient,
    ExtractError,
    FilterError,
    LetterError,
    MalformedIdentifier,
    MalformedMessageType,
    MessageTypeUnsupported,
    MissingExtra,
    NotWritten,
    PolicyError,
    RecipientNotAddressable,
    RegisterStale,
    SnapshotError,
    SorAddressingError,
    StoreError,
    SupportUnknown,
    UnknownRecipient,
)
from sor_addressing.changes import AddressBookError
from sor_addressing.exports import ExportError
from sor_addressing.quality import RuleError

ALL: tuple[type[SorAddressingError], ...] = (MalformedIdentifier, RegisterStale, MissingExtra, SnapshotError)

LOOKING_UP: tuple[type[LookupError], ...] = (AmbiguousRecipient, RecipientNotAddressable, UnknownRecipient)
VALUES: tuple[type[ValueError], ...] = (
    AddressBookError,
    ExtractError,
    FilterError,
    LetterError,
    MalformedIdentifier,
    MalformedMessageType,
    MessageTypeUnsupported,
    PolicyError,
)
SYSTEM: tuple[type[OSError], ...] = (StoreError,)
OTHERS: tuple[type[SorAddressingError], ...] = (ExportError, NotWritten, RuleError, SupportUnknown)


def tells_where(error: ExtractError | LetterError | AddressBookError) -> tuple[str | None, int | None]:
    return error.file, error.line
