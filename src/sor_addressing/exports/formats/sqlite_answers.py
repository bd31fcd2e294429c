"""What an SQLite extract answers: every identifier of the register, and every message type asked for, as the library itself would.

An answer is worked out once for all that it is the same for: many identifiers are of one address, and many addresses have the same
registrations. The tables hold it that way; the views put it together.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from sor_addressing.addressing.age import said_of_day
from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.inside import alike, candidate_rows, raws_of, recipient_row, unit_certain, why_not
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.severities import (
    BOOK_CODES,
    DEFAULT_SEVERITIES,
    LETTER_CODES,
    OF_DELIVERIES,
    RawFinding,
    Severity,
    first_error,
    raw_finding,
)
from sor_addressing.addressing.support import Direction, Outcome, Support, support
from sor_addressing.addressing.usable import assess
from sor_addressing.exports.choosing import ExportQuestion
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.model import KINDS
from sor_addressing.texts import title_of

ANY = "any"
"""The kind of an identifier whose kind the one who asks does not know."""

_SCHEMA = """
CREATE TABLE unit (sor_code TEXT PRIMARY KEY, name TEXT NOT NULL, level TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE address (address INTEGER PRIMARY KEY, location_number TEXT NOT NULL);
CREATE INDEX address_by_location_number ON address (location_number);
CREATE TABLE identifier (
    identifier TEXT NOT NULL COLLATE NOCASE, kind TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
    sor_code TEXT, address INTEGER, unit_certain INTEGER, findings TEXT NOT NULL, error TEXT NOT NULL, lesser TEXT NOT NULL, candidates INTEGER,
    PRIMARY KEY (identifier, kind)
) WITHOUT ROWID;
CREATE TABLE candidate (
    candidates INTEGER, place INTEGER, sor_code TEXT NOT NULL, address INTEGER, usable INTEGER NOT NULL, findings TEXT NOT NULL,
    PRIMARY KEY (candidates, place)
) WITHOUT ROWID;
CREATE TABLE narrowed (
    identifier TEXT NOT NULL COLLATE NOCASE, kind TEXT NOT NULL, message_type TEXT NOT NULL,
    sor_code TEXT NOT NULL, address INTEGER NOT NULL, unit_certain INTEGER NOT NULL,
    findings TEXT NOT NULL, error TEXT NOT NULL, lesser TEXT NOT NULL,
    PRIMARY KEY (identifier, kind, message_type)
) WITHOUT ROWID;
CREATE TABLE message_type (
    message_type TEXT PRIMARY KEY, family INTEGER NOT NULL, findings TEXT NOT NULL, error TEXT NOT NULL, lesser TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE spelling (spelling TEXT PRIMARY KEY COLLATE NOCASE, message_type TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE answer (
    answer INTEGER PRIMARY KEY, outcome TEXT NOT NULL, accepted INTEGER NOT NULL, send_as TEXT, arrives_as TEXT,
    converted_by TEXT, receipts TEXT NOT NULL, findings TEXT NOT NULL, error TEXT NOT NULL, lesser TEXT NOT NULL
);
CREATE TABLE registered (
    address INTEGER, family INTEGER, alike INTEGER NOT NULL, PRIMARY KEY (address, family)
) WITHOUT ROWID;
CREATE TABLE answered (
    alike INTEGER, message_type TEXT, answer INTEGER NOT NULL, PRIMARY KEY (alike, message_type)
) WITHOUT ROWID;
CREATE TABLE reason (code TEXT PRIMARY KEY, severity TEXT NOT NULL, da TEXT NOT NULL, en TEXT NOT NULL) WITHOUT ROWID;
"""

# With what is said of the day, which is the same for all.
_VIEWS = """
CREATE VIEW deliverable AS
SELECT
    a.address, a.location_number, t.message_type, w.outcome,
    w.accepted AND t.error || w.error || '{error}' = '' AS deliverable,
    w.send_as, w.arrives_as, w.converted_by, w.receipts,
    trim(trim(t.findings || ' ' || w.findings) || ' {findings}') AS reasons
FROM address a CROSS JOIN message_type t JOIN registered g ON g.address = a.address AND g.family = t.family
JOIN answered x ON x.alike = g.alike AND x.message_type = t.message_type JOIN answer w ON w.answer = x.answer;

CREATE VIEW meant AS
SELECT
    i.identifier, i.kind, t.message_type, t.family, coalesce(n.sor_code, i.sor_code) AS sor_code, coalesce(n.address, i.address) AS address,
    coalesce(n.unit_certain, i.unit_certain) AS unit_certain, coalesce(n.findings, i.findings) AS findings,
    coalesce(n.error, i.error) AS error, coalesce(n.lesser, i.lesser) AS lesser,
    t.findings AS type_findings, t.error AS type_error, t.lesser AS type_lesser
FROM identifier i CROSS JOIN message_type t
LEFT JOIN narrowed n ON n.identifier = i.identifier AND n.kind = i.kind AND n.message_type = t.message_type;

CREATE VIEW told AS
SELECT
    m.identifier, m.kind, m.message_type, coalesce(w.outcome, 'not_resolved') AS outcome,
    coalesce(w.accepted AND m.error || m.type_error || w.error || '{error}' = '', 0) AS deliverable,
    m.sor_code, m.unit_certain, a.location_number, w.send_as, w.arrives_as, w.converted_by, coalesce(w.receipts, '') AS receipts,
    coalesce(nullif(m.error, ''), nullif(m.type_error, ''), nullif(w.error, ''), nullif('{error}', '')) AS error,
    coalesce(nullif(m.lesser, ''), nullif(m.type_lesser, ''), nullif(w.lesser, '')) AS lesser,
    trim(trim(trim(m.findings || ' ' || m.type_findings) || ' ' || coalesce(w.findings, '')) || ' {findings}') AS reasons
FROM meant m LEFT JOIN address a ON a.address = m.address
LEFT JOIN registered g ON g.address = m.address AND g.family = m.family
LEFT JOIN answered x ON x.alike = g.alike AND x.message_type = m.message_type
LEFT JOIN answer w ON w.answer = x.answer;

CREATE VIEW may_send AS
SELECT
    t.identifier, t.kind, s.spelling, t.message_type, t.outcome, t.deliverable, t.sor_code, u.name, t.unit_certain, t.location_number,
    t.send_as, t.arrives_as, t.converted_by, t.receipts,
    CASE WHEN t.deliverable THEN '' ELSE coalesce(t.error, t.lesser, substr(t.reasons, 1, instr(t.reasons || ' ', ' ') - 1)) END AS reason,
    t.reasons
FROM told t JOIN spelling s ON s.message_type = t.message_type LEFT JOIN unit u ON u.sor_code = t.sor_code;

CREATE VIEW who_receives AS
SELECT s.spelling, d.message_type, d.location_number, i.sor_code, u.name, d.outcome, d.send_as, d.arrives_as, d.converted_by, d.receipts
FROM spelling s JOIN deliverable d ON d.message_type = s.message_type
JOIN identifier i ON i.identifier = d.location_number AND i.kind = 'location_number' AND i.address = d.address
JOIN unit u ON u.sor_code = i.sor_code
WHERE d.deliverable AND i.error = '';

CREATE VIEW who_is AS
SELECT i.identifier, i.kind, i.status, i.reason, c.place, c.sor_code, u.name, a.location_number, c.usable, c.findings
FROM identifier i JOIN candidate c ON c.candidates = i.candidates
JOIN unit u ON u.sor_code = c.sor_code LEFT JOIN address a ON a.address = c.address;

CREATE VIEW why AS
SELECT m.identifier, m.kind, m.spelling, r.code, r.severity, r.da, r.en
FROM may_send m JOIN reason r ON ' ' || m.reasons || ' ' LIKE '% ' || r.code || ' %';
"""

_SENDABLE = (Outcome.SUPPORTED, Outcome.CONVERTED)
_KINDS = (
    IdentifierKind.SOR_CODE,
    IdentifierKind.LOCATION_NUMBER,
    IdentifierKind.PROVIDER_NUMBER,
    IdentifierKind.SHAK_CODE,
    IdentifierKind.CVR_NUMBER,
)


def write_answers(database: sqlite3.Connection, asked: ExportQuestion, types: tuple[MessageType, ...]) -> None:
    """Write the tables and views of answers to ``types`` into ``database``, inside the transaction that is open."""
    for statement in _SCHEMA.split(";\n"):
        database.execute(statement)
    index, policy = asked.index, asked.policy
    levels = levels_of(policy)
    _fill(
        database,
        "unit",
        ((index.sor_code(row), index.name(row), str(KINDS[index.columns.unit_kind[row]])) for row in range(len(index))),
    )
    _fill(
        database,
        "reason",
        (
            (code, str(level), title_of("findings", code, "da"), title_of("findings", code, "en"))
            for code, level in sorted(levels.items())
            if code not in LETTER_CODES | BOOK_CODES | OF_DELIVERIES
        ),
    )
    families = _families(types)
    for family, some in enumerate(families):
        for message_type in some:
            raws = () if message_type.known else (raw_finding(levels, "message-type-unknown", message_type.text),)
            row = (message_type.text, family, *_told(raws))
            database.execute("INSERT INTO message_type VALUES (?, ?, ?, ?, ?)", row)
    _fill(database, "spelling", _spellings(types))
    _addresses(database, asked, families)
    _Identifiers(database, asked, types).write()
    findings, error, _ = _told(said_of_day(index, asked.day, policy))
    for statement in _VIEWS.format(findings=findings, error=error).split(";\n"):
        database.execute(statement)


def _fill(database: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(first))})"  # noqa: S608 (names of this module)
    database.execute(statement, first)
    database.executemany(statement, rows)


def _told(raws: tuple[RawFinding, ...]) -> tuple[str, str, str]:
    """The codes of findings, the first that is an error, and the first that is one where the policy doesn't relabel it."""
    stop = first_error(raws)
    lesser = next((raw[0] for raw in raws if DEFAULT_SEVERITIES[raw[0]] is Severity.ERROR), "")
    return " ".join(raw[0] for raw in raws), stop[0] if stop else "", lesser


def _spellings(types: tuple[MessageType, ...]) -> Iterator[tuple[str, str]]:
    """How a type asked for may be spelt; what could be two of them is neither."""
    parse, found = catalogue().parse, dict[str, str]()
    for message_type in types:
        code, version = message_type.code, message_type.version
        written = [message_type.text, *(one for some in message_type.official_spellings.values() for one in some)]
        if version:
            written += [f"{code} ({version})", f"{code}:{version}", f"{code}/{version}", f"{version} {code}", version]
        for one in written:
            if parse(one) == message_type:
                found.setdefault(one.upper(), message_type.text)
    yield from found.items()


def _families(types: tuple[MessageType, ...]) -> list[list[MessageType]]:
    """The types by family, for what a number has registered of one is nearly always like what others have."""
    found: dict[str, list[MessageType]] = {}
    for one in types:
        found.setdefault(one.family or one.code, []).append(one)
    return list(found.values())


def _addresses(database: sqlite3.Connection, asked: ExportQuestion, families: list[list[MessageType]]) -> None:
    """Every location that units are reached at, and what is answered to each type, once for all that have the same registered of its family."""
    columns = asked.index.columns
    numbers = enumerate(columns.location_number)
    _fill(database, "address", ((location, asked.index.number_text(number)) for location, number in numbers))
    answers: dict[tuple[object, ...], int] = {}
    kinds: dict[object, int] = {}
    answered: list[tuple[object, ...]] = []
    for family, types in enumerate(families):
        _fill(database, "registered", _registered(asked, family, types, kinds, answers, answered))
    _fill(database, "answered", answered)
    _fill(database, "answer", ((place, *row) for row, place in answers.items()))


def _registered(
    asked: ExportQuestion,
    family: int,
    types: list[MessageType],
    kinds: dict[object, int],
    answers: dict[tuple[object, ...], int],
    answered: list[tuple[object, ...]],
) -> Iterator[tuple[int, int, int]]:
    index, policy, day = asked.index, asked.policy, asked.day
    plans = [(one.text, plan_for(index, one)) for one in types]
    relevant = reduce(or_, (plan.relevant | plan.uncertain_family for _, plan in plans))
    for location, number in enumerate(index.columns.location_number):
        key = (family, alike(index, relevant, number, location, policy, day))
        kind = kinds.get(key)
        if kind is None:
            kind = kinds[key] = len(kinds)
            for text, plan in plans:
                row = _answer(support(index, plan, number, location, Direction.RECEIVE, policy, day), policy)
                answered.append((kind, text, answers.setdefault(row, len(answers))))
        yield location, family, kind


def _answer(found: Support, policy: AddressingPolicy) -> tuple[object, ...]:
    arrives = found.arrives_as
    receipts = () if arrives is None or arrives.format is None else catalogue().receipts(arrives.format, arrives.family)
    accepted = found.outcome in _SENDABLE or (
        found.outcome is Outcome.SUPPORT_UNKNOWN and policy.unknown_support == "accept"
    )
    return (
        str(found.outcome),
        int(accepted),
        found.send_as and found.send_as.text,
        arrives and arrives.text,
        found.conversion and str(found.conversion.by),
        " ".join(receipts),
        *_told(found.raws),
    )


class _Identifiers:
    """Every identifier of the register in every spelling, with who it means."""

    def __init__(self, database: sqlite3.Connection, asked: ExportQuestion, types: tuple[MessageType, ...]) -> None:
        self.database = database
        self.asked = asked
        self.types = types
        self.sets: dict[tuple[int, ...], int] = {}
        self.narrowed: list[tuple[object, ...]] = []

    def write(self) -> None:
        """Write identifiers, their candidates, and whom the types asked for narrow them to."""
        _fill(self.database, "identifier", self._rows())
        _fill(self.database, "candidate", self._candidates())
        _fill(self.database, "narrowed", self.narrowed)

    def _rows(self) -> Iterator[tuple[object, ...]]:
        seen: set[str] = set()
        for kind in _KINDS:
            spelt = {one for text in _held(self.asked.index, kind) for one in _spelt(kind, text)}
            for text in sorted(spelt):
                yield self._row(text, kind)
            for text in sorted(spelt - seen):
                yield self._row(text, None)
            seen |= spelt

    def _question(self, text: str, kind: IdentifierKind | None, asked: MessageType | None = None) -> Question:
        return Question(text, kind, self.asked.day, self.asked.policy, asked)

    def _row(self, text: str, kind: IdentifierKind | None) -> tuple[object, ...]:
        found = resolve(self.asked.index, self._question(text, kind))
        if found.status is Status.AMBIGUOUS and self.asked.policy.narrow_by_message_type:
            self._narrow(text, kind)
        return (text, str(kind or ANY), *self._of(found, kind, text))

    def _of(self, found: Resolution, kind: IdentifierKind | None, text: str) -> tuple[object, ...]:
        rows = tuple(candidate_rows(found))
        if kind is IdentifierKind.CVR_NUMBER:
            rows = tuple(self.asked.index.rows(kind, text))
        sor_code, address, certain = self._meant(found)
        candidates = self.sets.setdefault(rows, len(self.sets)) if rows else None
        return (str(found.status), why_not(found), sor_code, address, certain, *_told(raws_of(found)), candidates)

    def _meant(self, found: Resolution) -> tuple[str | None, int | None, int | None]:
        index, row = self.asked.index, recipient_row(found)
        if row == NOTHING:
            return None, None, None
        return index.sor_code(row), index.columns.unit_location[row], int(unit_certain(found))

    def _narrow(self, text: str, kind: IdentifierKind | None) -> None:
        for one in self.types:
            found = resolve(self.asked.index, self._question(text, kind, one))
            if found.status is Status.RESOLVED:
                meant = self._meant(found)
                self.narrowed.append((text, str(kind or ANY), one.text, *meant, *_told(raws_of(found))))

    def _candidates(self) -> Iterator[tuple[object, ...]]:
        index, day, policy = self.asked.index, self.asked.day, self.asked.policy
        told: dict[int, tuple[object, ...]] = {}
        for rows, candidates in self.sets.items():
            for place, row in enumerate(rows):
                said = told.get(row)
                if said is None:
                    usable, raws = assess(index, row, day, policy)
                    location = index.columns.unit_location[row]
                    address = None if location == NOTHING else location
                    said = told[row] = (index.sor_code(row), address, int(usable), _told(raws)[0])
                yield (candidates, place, *said)


def _held(index: Index, kind: IdentifierKind) -> Iterable[str]:
    """Every identifier of a kind that the register has, also numbers that have registrations and no unit."""
    if kind is IdentifierKind.LOCATION_NUMBER:
        return map(index.text_of_key, index.columns.number_key)
    return index.keys(kind)


def _spelt(kind: IdentifierKind, text: str) -> tuple[str, ...]:
    """The spellings of an identifier that are looked up apart: without zeros in front, and small letters that SQLite doesn't take for capitals."""
    if kind is IdentifierKind.PROVIDER_NUMBER and text.isdigit() and text.startswith("0"):
        shorter = text.lstrip("0") or "0"
        return tuple(text[cut:] for cut in range(len(text) - len(shorter) + 1))
    return (text,) if text.isascii() else (text, text.lower())
