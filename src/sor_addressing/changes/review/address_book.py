"""``review``: how the entries of an address book stand in the register of a day, why, since when, and what should stand there instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from sor_addressing.addressing.age import said_of_age
from sor_addressing.addressing.findings import Finding, findings_of
from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.addressing.severities import Severity
from sor_addressing.addressing.verdicts import Deliveries
from sor_addressing.changes.book.entries import AddressBook, Book, BookEntry
from sor_addressing.changes.book.names import NAME_LIKENESS
from sor_addressing.changes.book.reading import read_book
from sor_addressing.changes.review.choices import CandidateSearch, Deferred, ReplacementCandidate
from sor_addressing.changes.review.conversion import ConvertedKind, kind_to_convert_to
from sor_addressing.changes.review.entry import ReviewedEntry, reasons_of
from sor_addressing.changes.review.judging import EntryState, Judge, Judged, since_of, state_of
from sor_addressing.changes.review.leaving import Leaving
from sor_addressing.changes.review.report import Review
from sor_addressing.changes.review.suggesting import Replacement, Suggester, changed, name_replacement, renamed
from sor_addressing.clock import day_number
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.making.resting import without_garbage_collection
from sor_addressing.register.face import Register
from sor_addressing.register.inside import clock_of, index_of

_MOST_LINES = 5
# What a previous day without message types can't say.
_OF_REGISTRATIONS = frozenset(
    (
        "message-type-unsupported",
        "conversion-not-agreed",
        "conversion-by-sender",
        "no-registrations",
        "direction-not-known",
        "message-type-unknown",
        "conversion-unproven",
        "conversion-loses-content",
        "receipt-missing",
        "reply-impossible",
        "version-differs",
        "version-unknown",
    )
)


def review(
    address_book: AddressBook,
    register: Register,
    previous: Register | None = None,
    *,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    columns: Mapping[str, str] | None = None,
    candidates: int = 3,
    name_likeness: float = NAME_LIKENESS,
    deliveries: Deliveries | None = None,
    to: ConvertedKind | None = None,
) -> Review:
    """How the entries of an address book stand: which are broken, why, since when, and what should stand there instead.

    Args:
        address_book: a path to a CSV file (any delimiter and encoding), an Excel workbook or JSON (a list of objects, or an object a line); or
            an iterable of mappings, or of :class:`BookEntry`. It has SOR codes, location numbers, provider numbers or SHAK codes, and may have names,
            message types and a key; other columns are left alone.
        register: the register of today.
        previous: that of an earlier day, from which is told what is new since then, and what a unit has now that had this number.
        on: the day asked about; today by default. The previous register is asked about its own day.
        policy: what is accepted; the default policy where None.
        columns: which column is which, where a header is not known: field (``sor_code``, ``location_number``, ``provider_number``,
            ``shak_code``, ``message_types``, ``key``, ``name``) to header.
        candidates: how many candidates a broken entry is given at most, where no replacement is certain; 0 for none.
        name_likeness: a name that is less like the unit's, from 0 to 100, does not fit it; 0 asks for no names.
        deliveries: a ledger of what came back; adds ``last-delivery-refused`` and ``receipt-overdue`` for the entries' message types.
        to: the kind of identifier that the book is to have instead of provider numbers and SHAK codes, ``sor_code`` or ``location_number``; or
            ``provider_number`` for the way back. Each entry then has a ``conversion``, and ``write_converted`` writes the book.

    Raises:
        AddressBookError: the book can't be read; the text names file and line.
        PolicyError: ``columns`` or ``to`` names what doesn't exist.
        ValueError: the previous register is of a later day than the register.

    >>> from sor_addressing import Register
    >>> reviewed = review([{"SOR-kode": "9005001000016002", "navn": "Klinikken"}], Register.sample())
    >>> reviewed
    <Review of 1 entries on 2026-01-15: 0 ok, 0 warning, 1 broken>
    >>> reviewed.entries[0].since, reviewed.entries[0].replacements[0].suggested
    (datetime.date(2025, 7, 1), '9005081000016005')
    """
    if previous is not None and previous.snapshot_date > register.snapshot_date:
        raise ValueError(
            f"the previous register is of {previous.snapshot_date}, and the register of {register.snapshot_date}: exchange them"
        )
    if candidates < 0:
        raise ValueError(f"candidates is {candidates}: use 0 or more")
    target = None if to is None else kind_to_convert_to(to)
    used = policy or DEFAULT_POLICY
    today = clock_of(register)().toordinal()
    day = today if on is None else day_number(on)
    with without_garbage_collection():
        book = read_book(address_book, columns, by_name=target is not None)
        judge = Judge(index_of(register), day, used, name_likeness=name_likeness, deliveries=deliveries)
        before = None
        if previous is not None:
            before = Judge(index_of(previous), index_of(previous).snapshot_day, used, name_likeness=name_likeness)
        leaving = None if target is None else Leaving(judge, target, before)
        reviewing = _Reviewing(register, judge, before, dt.date.fromordinal(day), candidates, name_likeness, leaving)
        entries = _with_duplicates(judge, [reviewing.reviewed(entry) for entry in book.entries])
    return Review(
        entries=tuple(entries),
        findings=tuple(_of_register(register, judge, book, today)),
        problems=book.problems,
        on=dt.date.fromordinal(day),
        snapshot_date=register.snapshot_date,
        previous_date=previous.snapshot_date if previous is not None else None,
        not_searched=reviewing.candidates.not_searched,
        book=book,
        to=target,
    )


class _Reviewing:
    def __init__(
        self,
        register: Register,
        judge: Judge,
        previous: Judge | None,
        on: dt.date,
        most: int,
        limit: float,
        leaving: Leaving | None,
    ) -> None:
        self._judge = judge
        self._previous = previous
        self._limit = limit
        self._leaving = leaving
        self._suggester = Suggester(judge, previous)
        self.candidates = CandidateSearch(register, judge, previous, on, most)

    def reviewed(self, entry: BookEntry) -> ReviewedEntry:
        if entry.is_misshapen:
            return ReviewedEntry(
                entry=entry,
                state=EntryState.BROKEN,
                findings=(self._judge.finding("entry-misshapen"),),
                conversion=self._leaving.of(entry, None) if self._leaving is not None else None,
            )
        judged = self._judge.judge(entry)
        before = self._previous.judge(entry) if self._previous is not None else None
        findings = judged.findings
        named: tuple[Replacement, ...] = ()
        if before is not None and self._previous is not None:
            rename = renamed(self._judge, self._previous, judged, before, self._limit)
            if rename is not None:
                findings = tuple(rename if one.code == rename.code else one for one in findings)
                named = (name_replacement(entry, rename),)
            change = changed(self._judge, self._previous, judged, before)
            if change is not None:
                findings = (*findings, change)
        state = state_of(findings)
        index, row = self._judge.index, judged.row
        replacements: tuple[Replacement, ...] = ()
        candidates: tuple[ReplacementCandidate, ...] | Deferred = ()
        if state is not EntryState.OK:
            certain, doubtful = self._suggester.replacements(entry, judged, before)
            replacements = (*certain, *named)
            wanted = row == NOTHING or any(one.code in ("recipient-changed", "name-differs") for one in findings)
            if not replacements and (wanted or doubtful):
                candidates = self.candidates.of(entry, judged, before, doubtful)
        return ReviewedEntry(
            entry=entry,
            state=state,
            findings=findings,
            since=since_of(findings, state),
            new=self._new(findings, before) if before is not None else (),
            sor_code=index.sor_code(row) if row != NOTHING else None,
            location_number=index.location_number(row) if row != NOTHING else None,
            recipient=self._judge.names.of(row) if row != NOTHING else None,
            replacements=replacements,
            candidates=candidates,
            conversion=self._leaving.of(entry, judged, before, replacements, candidates)
            if self._leaving is not None
            else None,
        )

    def _new(self, findings: Iterable[Finding], before: Judged) -> tuple[str, ...]:
        old = {one.code for one in before.findings}
        there = self._previous is not None and self._previous.index.has_message_types
        return tuple(
            code for code in reasons_of(findings) if code not in old and (there or code not in _OF_REGISTRATIONS)
        )


def _with_duplicates(judge: Judge, entries: list[ReviewedEntry]) -> list[ReviewedEntry]:
    """The entries, those that name one recipient for one message type twice with a finding that names the lines of the others."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(entries):
        if one.sor_code is not None:
            for message_type in one.entry.message_types or ("",):
                places.setdefault((one.sor_code, message_type.upper()), []).append(place)
    others: dict[int, dict[int, None]] = {}
    for found in places.values():
        if len(found) > 1:
            for place in found:
                near = found[: _MOST_LINES + 1]
                others.setdefault(place, {}).update((entries[at].entry.line, None) for at in near if at != place)
    for place, lines in others.items():
        one = entries[place]
        finding = judge.finding(
            "entry-duplicate", name=one.recipient, sor_code=one.sor_code, lines=tuple(sorted(lines)[:_MOST_LINES])
        )
        findings = (*one.findings, finding)
        entries[place] = attrs.evolve(one, findings=findings, state=state_of(findings))
    return entries


def _of_register(register: Register, judge: Judge, book: Book, today: int) -> Iterable[Finding]:
    """What is to be said of the register and not of an entry."""
    index, policy = index_of(register), judge.policy
    yield from findings_of(index, said_of_age(today - index.snapshot_day, policy))
    if not index.has_message_types and any(entry.message_types for entry in book.entries):
        yield attrs.evolve(judge.finding("message-types-not-loaded"), severity=Severity.WARNING)
