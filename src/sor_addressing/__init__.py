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
    from sor_addressing.changes.book.entries import BookEntry
    from sor_addressing.changes.compare.change import Cause, Change
    from sor_addressing.changes.compare.common_facts import NotCompared
    from sor_addressing.changes.compare.kinds import ChangeKind
    from sor_addressing.changes.compare.register_pair import compare
    from sor_addressing.changes.compare.report import Comparison
    from sor_addressing.changes.life import Life, LifeEvent, life_of
    from sor_addressing.changes.review.address_book import review
    from sor_addressing.changes.review.choices import ReplacementCandidate
    from sor_addressing.changes.review.entry import ReviewedEntry
    from sor_addressing.changes.review.judging import EntryState
    from sor_addressing.changes.review.report import Review
    from sor_addressing.changes.review.suggesting import Replacement
    from sor_addressing.changes.review.watching import Watched, WatchMemory, watch
    from sor_addressing.daily.days import StoredDay
    from sor_addressing.daily.guard import GuardPolicy
    from sor_addressing.daily.live import LiveRegister
    from sor_addressing.daily.outcomes import StoreState, UpdateReason, UpdateResult, UpdateState
    from sor_addressing.daily.store import RegisterStore
    from sor_addressing.errors import (
        AddressBookError,
        AmbiguousRecipient,
        ExportError,
        ExtractError,
        FilterError,
        LetterError,
        MalformedIdentifier,
        MessageTypeUnsupported,
        MissingExtra,
        NotWritten,
        PolicyError,
        RecipientNotAddressable,
        RegisterStale,
        RuleError,
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
    from sor_addressing.quality.approvals import Approvals, ApprovalStatus
    from sor_addressing.quality.audit import Audit, audit, trend
    from sor_addressing.quality.groups import AuditGroup, GroupKind
    from sor_addressing.quality.outcome import UnmatchedSystem
    from sor_addressing.quality.packages import Package
    from sor_addressing.quality.remarks import Remark
    from sor_addressing.quality.report.written import Written
    from sor_addressing.quality.rule import NotChecked, Rule, rule
    from sor_addressing.quality.rule_set import shipped_rules
    from sor_addressing.quality.scope import AuditScope, Seen
    from sor_addressing.quality.system_names import MatchKind, SystemMatch
    from sor_addressing.quality.trend import Trend, TrendPoint
    from sor_addressing.register.face import Register
    from sor_addressing.search.rules.facets import UnknownValue
    from sor_addressing.search.rules.filters import Filter
    from sor_addressing.search.rules.found import Found, FoundRecipient
    from sor_addressing.search.rules.narrowing import Step
    from sor_addressing.search.words.aliases import Aliases
    from sor_addressing.search.words.matches import Match, MatchedField, MatchedWord

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
    "changes.compare.change": ("Cause", "Change"),
    "changes.compare.common_facts": ("NotCompared",),
    "changes.compare.register_pair": ("compare",),
    "changes.compare.report": ("Comparison",),
    "changes.compare.kinds": ("ChangeKind",),
    "changes.life": ("Life", "LifeEvent", "life_of"),
    "changes.book.entries": ("BookEntry",),
    "changes.review.choices": ("ReplacementCandidate",),
    "changes.review.address_book": ("review",),
    "changes.review.judging": ("EntryState",),
    "changes.review.report": ("Review",),
    "changes.review.entry": ("ReviewedEntry",),
    "changes.review.suggesting": ("Replacement",),
    "changes.review.watching": ("WatchMemory", "Watched", "watch"),
    "daily.days": ("StoredDay",),
    "daily.guard": ("GuardPolicy",),
    "daily.live": ("LiveRegister",),
    "daily.outcomes": ("StoreState", "UpdateReason", "UpdateResult", "UpdateState"),
    "daily.store": ("RegisterStore",),
    "errors": (
        "AddressBookError",
        "AmbiguousRecipient",
        "ExportError",
        "ExtractError",
        "FilterError",
        "LetterError",
        "MalformedIdentifier",
        "MessageTypeUnsupported",
        "MissingExtra",
        "NotWritten",
        "PolicyError",
        "RecipientNotAddressable",
        "RegisterStale",
        "RuleError",
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
    "quality.approvals": ("ApprovalStatus", "Approvals"),
    "quality.audit": ("Audit", "audit", "trend"),
    "quality.groups": ("AuditGroup", "GroupKind"),
    "quality.outcome": ("UnmatchedSystem",),
    "quality.packages": ("Package",),
    "quality.remarks": ("Remark",),
    "quality.rule": ("NotChecked", "Rule", "rule"),
    "quality.rule_set": ("shipped_rules",),
    "quality.scope": ("AuditScope", "Seen"),
    "quality.system_names": ("MatchKind", "SystemMatch"),
    "quality.trend": ("Trend", "TrendPoint"),
    "quality.report.written": ("Written",),
    "register.face": ("Register",),
    "search.words.aliases": ("Aliases",),
    "search.rules.facets": ("UnknownValue",),
    "search.rules.filters": ("Filter",),
    "search.rules.found": ("Found", "FoundRecipient"),
    "search.words.matches": ("Match", "MatchedField", "MatchedWord"),
    "search.rules.narrowing": ("Step",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

# A name that had to change keeps answering until the version named here: former name, present name, that version.
_FORMER_NAMES: dict[str, tuple[str, str]] = {}

__all__ = [
    "Address",
    "AddressBookError",
    "AddressingPolicy",
    "Aliases",
    "AmbiguousRecipient",
    "Answer",
    "AnsweredLetter",
    "ApprovalStatus",
    "Approvals",
    "Audit",
    "AuditGroup",
    "AuditScope",
    "BatchSummary",
    "BookEntry",
    "Catalogue",
    "Cause",
    "Change",
    "ChangeKind",
    "Clause",
    "Comparison",
    "Contact",
    "Conversion",
    "ConversionModel",
    "ConversionRow",
    "Converter",
    "Correction",
    "CvrNumber",
    "Direction",
    "EntryState",
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
    "GroupKind",
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
    "Life",
    "LifeEvent",
    "LiveRegister",
    "LoadReport",
    "Location",
    "LocationNumber",
    "LocationRecord",
    "LocationSource",
    "MalformedIdentifier",
    "Manifest",
    "Match",
    "MatchKind",
    "MatchedField",
    "MatchedWord",
    "MessageFormat",
    "MessageType",
    "MessageTypeUnsupported",
    "MissingExtra",
    "NotChecked",
    "NotCompared",
    "NotWritten",
    "Outcome",
    "Package",
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
    "Remark",
    "Replacement",
    "ReplacementCandidate",
    "Resolution",
    "Review",
    "ReviewedEntry",
    "Role",
    "Rule",
    "RuleError",
    "Seen",
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
    "SystemMatch",
    "Trend",
    "TrendPoint",
    "Unit",
    "UnitKind",
    "UnitRecord",
    "UnitVersion",
    "UnknownRecipient",
    "UnknownValue",
    "UnmatchedSystem",
    "UpdateReason",
    "UpdateResult",
    "UpdateState",
    "Use",
    "Verdict",
    "WatchMemory",
    "Watched",
    "Written",
    "__version__",
    "audit",
    "compare",
    "export",
    "letter_statistics",
    "life_of",
    "read_message_header",
    "review",
    "rule",
    "shipped_rules",
    "trend",
    "watch",
]


def __getattr__(name: str) -> object:
    if name in _FORMER_NAMES:
        return _by_former_name(name)
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def _by_former_name(name: str) -> object:
    import warnings

    present, until = _FORMER_NAMES[name]
    warnings.warn(
        f"sor_addressing.{name} is called {present} now; the former name goes with version {until}",
        DeprecationWarning,
        stacklevel=3,
    )
    return __getattr__(present)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
