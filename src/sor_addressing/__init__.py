"""Who is this recipient in the Danish health service, and may I send this message type to it today?

:class:`Register` reads the daily extract of the national register SOR and answers from memory, with reasons.
Everything a user needs is importable from here; names are imported when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sor_addressing._version import __version__
    from sor_addressing.addressing.answers import Resolution, Status
    from sor_addressing.addressing.converting import Conversion
    from sor_addressing.addressing.findings import Finding
    from sor_addressing.addressing.policy import AddressingPolicy
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.addressing.severities import Severity
    from sor_addressing.addressing.support import Direction, Outcome
    from sor_addressing.addressing.verdicts import Verdict
    from sor_addressing.daily.days import StoredDay
    from sor_addressing.daily.guard import GuardPolicy
    from sor_addressing.daily.live import LiveRegister
    from sor_addressing.daily.outcomes import StoreState, UpdateReason, UpdateResult, UpdateState
    from sor_addressing.daily.store import RegisterStore
    from sor_addressing.errors import (
        AmbiguousRecipient,
        ExportError,
        ExtractError,
        FilterError,
        LetterError,
        MalformedIdentifier,
        MessageTypeUnsupported,
        MissingExtra,
        PolicyError,
        RecipientNotAddressable,
        RegisterStale,
        SnapshotError,
        SorAddressingError,
        StoreError,
        SupportUnknown,
        UnknownRecipient,
    )
    from sor_addressing.exports.exporting import export
    from sor_addressing.exports.manifest import Manifest
    from sor_addressing.exports.uses import Clause, Front, Key, Use
    from sor_addressing.identifiers import (
        CvrNumber,
        IdentifierKind,
        LocationNumber,
        ProviderNumber,
        ShakCode,
        SorCode,
    )
    from sor_addressing.index.history import UnitVersion
    from sor_addressing.index.report import LoadReport
    from sor_addressing.index.shak import ShakEntry, ShakName
    from sor_addressing.index.unit import Location, Registration, Unit
    from sor_addressing.letters.batch import BatchSummary, FileReport
    from sor_addressing.letters.corrections import Correction
    from sor_addressing.letters.header import (
        Answer,
        AnsweredLetter,
        Envelope,
        EnvelopeKind,
        LetterHeader,
        LetterIdentifier,
        LetterIdentifierKind,
        Party,
        Role,
    )
    from sor_addressing.letters.reading import read_message_header
    from sor_addressing.letters.report import LetterReport, ReceiverCheck
    from sor_addressing.letters.statistics import LetterSort, LetterStatistics, letter_statistics
    from sor_addressing.messages.catalogue import Catalogue, MessageFormat, MessageType
    from sor_addressing.messages.conversions import ConversionModel, ConversionRow, Converter
    from sor_addressing.model import (
        Address,
        Contact,
        LocationRecord,
        LocationSource,
        Period,
        Problem,
        RegistrationRecord,
        SourceDay,
        Speciality,
        UnitKind,
        UnitRecord,
    )
    from sor_addressing.register import Register
    from sor_addressing.search.aliases import Aliases
    from sor_addressing.search.facets import UnknownValue
    from sor_addressing.search.filters import Filter
    from sor_addressing.search.found import Found, FoundRecipient
    from sor_addressing.search.matches import Match, MatchedField, MatchedWord
    from sor_addressing.search.narrowing import Step

_HOMES = {
    "_version": ("__version__",),
    "addressing.answers": ("Resolution", "Status"),
    "addressing.findings": ("Finding",),
    "addressing.policy": ("AddressingPolicy",),
    "addressing.recipients": ("Recipient",),
    "addressing.converting": ("Conversion",),
    "addressing.severities": ("Severity",),
    "addressing.support": ("Direction", "Outcome"),
    "addressing.verdicts": ("Verdict",),
    "daily.days": ("StoredDay",),
    "daily.guard": ("GuardPolicy",),
    "daily.live": ("LiveRegister",),
    "daily.outcomes": ("StoreState", "UpdateReason", "UpdateResult", "UpdateState"),
    "daily.store": ("RegisterStore",),
    "errors": (
        "AmbiguousRecipient",
        "ExportError",
        "ExtractError",
        "FilterError",
        "LetterError",
        "MalformedIdentifier",
        "MessageTypeUnsupported",
        "MissingExtra",
        "PolicyError",
        "RecipientNotAddressable",
        "RegisterStale",
        "SnapshotError",
        "SorAddressingError",
        "StoreError",
        "SupportUnknown",
        "UnknownRecipient",
    ),
    "exports.exporting": ("export",),
    "exports.manifest": ("Manifest",),
    "exports.uses": ("Clause", "Front", "Key", "Use"),
    "identifiers": ("CvrNumber", "IdentifierKind", "LocationNumber", "ProviderNumber", "ShakCode", "SorCode"),
    "index.history": ("UnitVersion",),
    "index.report": ("LoadReport",),
    "index.shak": ("ShakEntry", "ShakName"),
    "index.unit": ("Location", "Registration", "Unit"),
    "letters.batch": ("BatchSummary", "FileReport"),
    "letters.corrections": ("Correction",),
    "letters.header": (
        "Answer",
        "AnsweredLetter",
        "Envelope",
        "EnvelopeKind",
        "LetterHeader",
        "LetterIdentifier",
        "LetterIdentifierKind",
        "Party",
        "Role",
    ),
    "letters.reading": ("read_message_header",),
    "letters.report": ("LetterReport", "ReceiverCheck"),
    "letters.statistics": ("LetterSort", "LetterStatistics", "letter_statistics"),
    "messages.catalogue": ("Catalogue", "MessageFormat", "MessageType"),
    "messages.conversions": ("ConversionModel", "ConversionRow", "Converter"),
    "model": (
        "Address",
        "Contact",
        "LocationRecord",
        "LocationSource",
        "Period",
        "Problem",
        "RegistrationRecord",
        "SourceDay",
        "Speciality",
        "UnitKind",
        "UnitRecord",
    ),
    "register": ("Register",),
    "search.aliases": ("Aliases",),
    "search.facets": ("UnknownValue",),
    "search.filters": ("Filter",),
    "search.found": ("Found", "FoundRecipient"),
    "search.matches": ("Match", "MatchedField", "MatchedWord"),
    "search.narrowing": ("Step",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Address",
    "AddressingPolicy",
    "Aliases",
    "AmbiguousRecipient",
    "Answer",
    "AnsweredLetter",
    "BatchSummary",
    "Catalogue",
    "Clause",
    "Contact",
    "Conversion",
    "ConversionModel",
    "ConversionRow",
    "Converter",
    "Correction",
    "CvrNumber",
    "Direction",
    "Envelope",
    "EnvelopeKind",
    "ExportError",
    "ExtractError",
    "FileReport",
    "Filter",
    "FilterError",
    "Finding",
    "Found",
    "FoundRecipient",
    "Front",
    "GuardPolicy",
    "IdentifierKind",
    "Key",
    "LetterError",
    "LetterHeader",
    "LetterIdentifier",
    "LetterIdentifierKind",
    "LetterReport",
    "LetterSort",
    "LetterStatistics",
    "LiveRegister",
    "LoadReport",
    "Location",
    "LocationNumber",
    "LocationRecord",
    "LocationSource",
    "MalformedIdentifier",
    "Manifest",
    "Match",
    "MatchedField",
    "MatchedWord",
    "MessageFormat",
    "MessageType",
    "MessageTypeUnsupported",
    "MissingExtra",
    "Outcome",
    "Party",
    "Period",
    "PolicyError",
    "Problem",
    "ProviderNumber",
    "ReceiverCheck",
    "Recipient",
    "RecipientNotAddressable",
    "Register",
    "RegisterStale",
    "RegisterStore",
    "Registration",
    "RegistrationRecord",
    "Resolution",
    "Role",
    "Severity",
    "ShakCode",
    "ShakEntry",
    "ShakName",
    "SnapshotError",
    "SorAddressingError",
    "SorCode",
    "SourceDay",
    "Speciality",
    "Status",
    "Step",
    "StoreError",
    "StoreState",
    "StoredDay",
    "SupportUnknown",
    "Unit",
    "UnitKind",
    "UnitRecord",
    "UnitVersion",
    "UnknownRecipient",
    "UnknownValue",
    "UpdateReason",
    "UpdateResult",
    "UpdateState",
    "Use",
    "Verdict",
    "__version__",
    "export",
    "letter_statistics",
    "read_message_header",
]


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
