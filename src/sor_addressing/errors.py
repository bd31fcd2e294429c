"""Every error of this library.

One root, :class:`SorAddressingError`, and one leaf a cause. Each leaf also derives from the
built-in that fits it, so ``except ValueError`` keeps working for callers who know nothing of us.
Texts say what was seen, where, and what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

Kind = TypeVar("Kind", bound="SorAddressingError")


class SorAddressingError(Exception):
    """Root of every error that this library raises on purpose.

    Attributes:
        reason: what was seen and what to do, without the place.
        file: the file it was seen in, and the member inside an archive; None where it was in no file.
        line: line in the file, or place in what is no file, counted from 1; None where that is not known.
    """

    _texts: Mapping[str, str] = MappingProxyType({})

    def __init__(self, text: str = "", *, file: str | None = None, line: int | None = None) -> None:
        self.reason = text
        self.file = file
        self.line = line
        super().__init__(_placed(text, file, line))

    def text(self, language: str = "en") -> str:
        """The error in words, in English (``"en"``) or Danish (``"da"``).

        Raises:
            ValueError: the language is neither.
        """
        if language == "en":
            return str(self)
        if language != "da":
            raise ValueError(f"no texts in language {language!r}: use 'da' or 'en'")
        if "da" in self._texts:
            return self._texts["da"]
        from sor_addressing.texts.of_errors import danish_of

        return _placed(danish_of(self.reason), self.file, self.line, "linje")


def told(error: type[Kind], texts: Mapping[str, str]) -> Kind:
    """An error whose text is known in both languages."""
    made = error(texts["en"])
    made._texts = dict(texts)
    return made


def code_of(error: Exception) -> str:
    """A stable word for an error: the name of its class, ``extract-error``; for what the system refused, ``not-written``."""
    if not isinstance(error, SorAddressingError):
        return "not-written"
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in type(error).__name__)[1:]


def error_document(error: Exception, language: str = "en") -> dict[str, object]:
    """What JSON says of an error, wherever it is given: ``{"error": …}`` of the command line and of answers, the problem of a service.

    >>> error_document(UnknownRecipient("nobody has it"))
    {'code': 'unknown-recipient', 'text': 'nobody has it', 'file': None, 'line': None}
    """
    if isinstance(error, SorAddressingError):
        text = error.text(language)
    else:
        from sor_addressing.texts.of_errors import danish_of

        text = danish_of(str(error)) if language == "da" else str(error)
    return {
        "code": code_of(error),
        "text": text,
        "file": getattr(error, "file", None) or None,
        "line": getattr(error, "line", None),
    }


def _placed(text: str, file: str | None, line: int | None, word: str = "line") -> str:
    """``text`` with the file and line that it speaks of in front."""
    where = file or ""
    if line is not None:
        where = f"{where}, {word} {line}" if where else f"{word} {line}"
    return f"{where}: {text}" if where else text


class MalformedIdentifier(SorAddressingError, ValueError):
    """The identifier can't be one of its kind: wrong shape, or a check digit that doesn't fit."""


class MalformedMessageType(SorAddressingError, ValueError):
    """The text of a message type is blank, or has nothing in it that can be seen."""


class UnknownRecipient(SorAddressingError, LookupError):
    """The identifier is well formed, but the register holds no unit with it."""


class AmbiguousRecipient(SorAddressingError, LookupError):
    """Several units with different location numbers have the identifier."""


class RecipientNotAddressable(SorAddressingError, LookupError):
    """The unit is known, but a letter can't be sent to it: closed, or without a usable number."""


class MessageTypeUnsupported(SorAddressingError, ValueError):
    """The recipient is known, and the message type may not be sent to it."""


class SupportUnknown(SorAddressingError, LookupError):
    """The recipient is known, but nothing is known of what it can receive."""


class RegisterStale(SorAddressingError, RuntimeError):
    """All would be well, but the register is older than the policy allows."""


class ExtractError(SorAddressingError, ValueError):
    """A file can't be read as a published extract; nothing of it was loaded."""


class SnapshotError(SorAddressingError, ValueError):
    """A compiled register can't be opened: damaged, of another layout, or not one at all."""


class StoreError(SorAddressingError, OSError):
    """The store of daily registers can't be read or written."""


class LetterError(SorAddressingError, ValueError):
    """A message file can't be read as a message of a known format. The text never shows what stands in the file."""


class AddressBookError(SorAddressingError, ValueError):
    """An address book can't be read or written. The text never shows what stands in columns that the review does not use."""


class PolicyError(SorAddressingError, ValueError):
    """A policy, conversion model, package, column map or table of everyday names says what can't be, or names what doesn't exist."""


class PlanError(SorAddressingError, ValueError):
    """A plan of changes can't be read, or a row of it can't mean anything; the text names file and line, or the row."""


class RuleError(SorAddressingError, RuntimeError):
    """A rule of an audit failed or can't be loaded; the text names it."""


class FilterError(SorAddressingError, ValueError):
    """A filter is asked for something that it can't mean; the text names the field."""


class QuestionError(SorAddressingError, ValueError):
    """A question given as JSON can't mean anything; the text names the key."""


class SchemaUnknown(SorAddressingError, LookupError):
    """No answer has the name that a schema was asked for; the text suggests one."""


class ServiceError(SorAddressingError, ValueError):
    """A service can't be started as it was asked to be: its address, its tokens, or a worker that does not come up."""


class NotWritten(SorAddressingError, OSError):
    """A file can't be written, and what was there stays; the text says why and what to do."""


class DeliveryError(SorAddressingError, ValueError):
    """A ledger of deliveries can't be read: damaged, without its key, of a later version, or none at all."""


class HandoverError(SorAddressingError, ValueError):
    """A file of a handover can't be read: damaged, of a later version, or none at all."""


class ExportError(SorAddressingError, ValueError):
    """An extract can't be made or written: a use or format that doesn't exist, or a file that can't be replaced."""


class MissingExtra(SorAddressingError, ImportError):
    """A feature needs packages of an extra that isn't installed; the text names the extra."""

    def __init__(self, feature: str, extra: str, package: str) -> None:
        super().__init__(
            f"{feature} needs the package {package}, which is not installed: "
            f"install the extra with  pip install 'sor-addressing[{extra}]'"
        )
        self.extra = extra
        self.name = package
        self._given = (feature, extra, package)

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str, str]]:
        return type(self), self._given
