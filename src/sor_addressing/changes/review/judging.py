"""One entry of an address book and one register: what is to be said of it. Equal entries are judged once, and each identifier is resolved once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import attrs

from sor_addressing.addressing.agreement import Agreement, agree
from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.findings import Finding, findings_of
from sor_addressing.addressing.inside import (
    candidate_rows,
    question_of,
    raws_beyond_recipient,
    raws_of,
    recipient_row,
    unit_certain,
)
from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.severities import OF_DELIVERIES, Severity
from sor_addressing.addressing.support import Direction
from sor_addressing.addressing.usable import assess
from sor_addressing.addressing.validate import validate
from sor_addressing.addressing.verdicts import Deliveries, with_deliveries
from sor_addressing.changes.book.entries import BookEntry
from sor_addressing.changes.book.identifiers import EntryIdentifiers, identifiers_in
from sor_addressing.changes.book.names import Names
from sor_addressing.clock import date_of
from sor_addressing.hiding import shown
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index

_MOST_ROWS_NAMED = 50
# The date in their details is the last day on which all was well.
_LAST_DAYS = frozenset({"unit-closed", "location-closed", "provider-ceased", "shak-code-retired"})


class EntryState(StrEnum):
    """How an entry of an address book stands: nothing to do, something to look at, or a letter would not arrive."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


_WEIGHT = {EntryState.BROKEN: Severity.ERROR, EntryState.WARNING: Severity.WARNING}


class Disagreeing(StrEnum):
    """Whose identifiers disagree."""

    ENTRY = "entry"


class EntryCells(NamedTuple):
    """What an entry asks of a register; equal ones have one answer."""

    cells: tuple[str, str, str, str]
    types: tuple[str, ...]
    name: str


@attrs.frozen(slots=True, eq=False)
class Judged:
    """What one register says of an entry.

    Attributes:
        identifiers: what its cells hold.
        agreement: what they come to; None where there are none.
        findings: everything that is to be said, the identifiers first.
        row: the unit that is meant; ``NOTHING`` where nobody is.
        unit_certain: whether it is that unit, and not only its number.
        likeness: how like its name the unit is, from 0 to 100; None where that was not asked.
    """

    identifiers: EntryIdentifiers
    agreement: Agreement | None
    findings: tuple[Finding, ...]
    row: int
    unit_certain: bool
    likeness: float | None

    @property
    def state(self) -> EntryState:
        """By the weightiest finding."""
        return state_of(self.findings)


class Judge:
    """Answers for one register on one day."""

    def __init__(
        self,
        index: Index,
        day: int,
        policy: AddressingPolicy,
        *,
        name_likeness: float,
        deliveries: Deliveries | None = None,
    ) -> None:
        self.index = index
        self.day = day
        self.policy = policy
        self.names = Names(index)
        self.name_likeness = name_likeness
        self._deliveries = deliveries
        self._resolutions: dict[tuple[IdentifierKind, str], Resolution] = {}
        self._of_resolution: dict[tuple[IdentifierKind, str], tuple[Finding, ...]] = {}
        self._of_type: dict[tuple[int, str], tuple[Finding, ...]] = {}
        self._known: dict[EntryCells, Judged] = {}

    def ask(self, kind: IdentifierKind, value: str) -> Resolution:
        """Who an identifier of a kind means."""
        found = self._resolutions.get((kind, value))
        if found is None:
            found = self._resolutions[kind, value] = resolve(self.index, Question(value, kind, self.day, self.policy))
        return found

    def can_be_used(self, row: int) -> bool:
        """Whether a letter can be addressed to the unit in ``row``."""
        return assess(self.index, row, self.day, self.policy).usable

    def judge(self, entry: BookEntry) -> Judged:
        """What is to be said of ``entry``."""
        return self.answer(EntryCells(entry.cells, entry.message_types, entry.name))

    def answer(self, question: EntryCells) -> Judged:
        """What is to be said of entries with these cells."""
        known = self._known.get(question)
        if known is None:
            known = self._known[question] = self._judged(question)
        return known

    def finding(self, code: str, **details: object) -> Finding:
        """A finding with the severity that the policy gives it."""
        return Finding(code, levels_of(self.policy)[code], details)

    def _judged(self, question: EntryCells) -> Judged:
        index = self.index
        identifiers = identifiers_in(index, question.cells, levels_of(self.policy))
        agreement = agree(index, identifiers.given, self.ask)
        findings = [*identifiers.findings]
        if agreement is None:
            if not findings:
                findings.append(self.finding("entry-without-identifier"))
            return Judged(identifiers, None, tuple(findings), NOTHING, False, None)
        chosen = agreement.resolution
        findings += self._of(chosen)
        findings += self._of_others(agreement)
        findings += (
            self.finding("identifiers-disagree", party=Disagreeing.ENTRY, **details)
            for details in agreement.disagreements
            # Books have the number beside the ward that inherits it; the resolution says that it does.
            if details.get("variant") != "inherited"
        )
        row, certain = recipient_row(chosen), unit_certain(chosen)
        likeness = None
        if row != NOTHING:
            if index.has_message_types or self._deliveries is not None:
                for message_type in question.types:
                    findings += self._of_registrations(row, message_type)
            if question.name and self.name_likeness:
                rows = (row,) if certain else (row, *candidate_rows(chosen)[:_MOST_ROWS_NAMED])
                likeness = self.names.likeness(question.name, rows)
                if likeness < self.name_likeness:
                    unit = {"name": index.name(row), "sor_code": index.sor_code(row)}
                    findings.append(
                        self.finding("name-differs", book_name=shown(question.name), **unit, likeness=round(likeness))
                    )
        if len({one.code for one in findings}) < len(findings):
            findings = list({(one.code, repr(one.details)): one for one in findings}.values())
        return Judged(identifiers, agreement, tuple(findings), row, certain, likeness)

    def _of(self, resolution: Resolution) -> tuple[Finding, ...]:
        if not raws_of(resolution):
            return ()
        question = question_of(resolution)
        if question.kind is None:
            return resolution.findings
        key = (question.kind, question.identifier)
        found = self._of_resolution.get(key)
        if found is None:
            found = self._of_resolution[key] = resolution.findings
        return found

    def _of_others(self, agreement: Agreement) -> Iterator[Finding]:
        """What is wrong with identifiers that don't decide, of units that the register has: the letter arrives, so these are warnings."""
        for resolution in agreement.resolutions.values():
            if resolution is agreement.resolution or resolution.status is not Status.NOT_ADDRESSABLE:
                continue
            for finding in self._of(resolution):
                if finding.severity is Severity.ERROR and agreement.resolution.status is Status.RESOLVED:
                    finding = attrs.evolve(finding, severity=Severity.WARNING)
                yield finding

    def _of_registrations(self, row: int, message_type: str) -> tuple[Finding, ...]:
        """What is to be said of a message type to the unit in ``row``, which can be addressed."""
        found = self._of_type.get((row, message_type))
        if found is None:
            index = self.index
            verdict = validate(
                index,
                index.sor_code(row),
                message_type,
                kind=IdentifierKind.SOR_CODE,
                direction=Direction.RECEIVE,
                day=self.day,
                # The age of the register is said once, of the book.
                today=index.snapshot_day,
                policy=self.policy,
            )
            if self._deliveries is not None:
                verdict = with_deliveries(verdict, self._deliveries, self.policy)
            raws = raws_beyond_recipient(verdict)
            if not index.has_message_types:  # which is said once, of the book
                raws = tuple(raw for raw in raws if raw[0] in OF_DELIVERIES)
            found = self._of_type[row, message_type] = findings_of(index, raws, row)
        return found


def state_of(findings: tuple[Finding, ...]) -> EntryState:
    """How an entry with these findings stands."""
    severities = {finding.severity for finding in findings}
    if Severity.ERROR in severities:
        return EntryState.BROKEN
    return EntryState.WARNING if Severity.WARNING in severities else EntryState.OK


def since_of(findings: tuple[Finding, ...], state: EntryState) -> dt.date | None:
    """The first day on which what is wrong was wrong, as far as the register tells it."""
    if state is EntryState.OK:
        return None
    days = []
    for finding in findings:
        if finding.code in _LAST_DAYS and finding.severity is _WEIGHT[state]:
            date = finding.details.get("date")
            if isinstance(date, str):
                days.append(date_of(dt.date.fromisoformat(date).toordinal() + 1))
    return min(filter(None, days), default=None)
