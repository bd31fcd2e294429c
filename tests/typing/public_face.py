"""Types of the public face, as a caller sees them. Checked by mypy, never run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import assert_type

from sor_addressing import (
    AddressingPolicy,
    Aliases,
    EverydayWords,
    Filter,
    Finding,
    Found,
    FoundRecipient,
    Match,
    Recipient,
    Register,
    Resolution,
    Unit,
    Verdict,
    audit,
    compare,
    review,
)
from sor_addressing.changes import (
    BookEntry,
    Cause,
    Change,
    ChangeKind,
    Comparison,
    ConversionCandidate,
    ConversionState,
    EntryConversion,
    EntryState,
    NotCompared,
    Readiness,
    Replacement,
    ReplacementCandidate,
    Review,
    ReviewedEntry,
)
from sor_addressing.quality import (
    Audit,
    AuditGroup,
    AuditScope,
    AuditTree,
    PlannedDay,
    Remark,
    Rule,
    Seen,
    TargetLine,
    TargetOutcome,
    TargetReport,
    TreeNode,
    Trend,
    rule,
    target,
    trend,
)
from sor_addressing.search import MatchedHow, MatchedWord, Step


def asks(register: Register, policy: AddressingPolicy) -> None:
    assert_type(register.snapshot_date, dt.date)
    assert_type(register.by_sor_code["9000011000016006"], Unit)
    assert_type(register.by_location_number["5790999000017"], tuple[Unit, ...])
    resolution = register.resolve("990001", policy=policy)
    assert_type(resolution, Resolution)
    assert_type(resolution.findings, tuple[Finding, ...])
    assert_type(resolution.reason, Finding | None)
    assert_type(resolution.unwrap(), Recipient)
    verdict = register.validate(resolution, "DIS91")
    assert_type(verdict, Verdict)
    assert_type(verdict.deliverable, bool)
    assert_type(verdict.explain("da"), str)


def searches(register: Register) -> None:
    assert_type(register.search("hjerteafdelingen", limit=3, municipality="0901"), tuple[Match, ...])
    match = register.search("hjerteafdelingen", aliases={"9000011000016006": ["Hjertehuset"]})[0]
    assert_type(match.unit, Unit)
    assert_type(match.matched, tuple[MatchedWord, ...])
    assert_type(match.matched[0].how, MatchedHow)
    assert_type(match.others, tuple[Unit, ...])
    assert_type(match.verdict, Verdict | None)
    assert_type(Aliases.load("names.toml").unknown(register.by_sor_code), tuple[str, ...])
    assert_type(EverydayWords.load("words.toml").groups, Mapping[str, tuple[str, ...]])


def finds(register: Register, unit: Unit) -> None:
    found = register.find(Filter(message_type="XREF15"), municipality=["0101", "0147"], within=unit, limit=5)
    assert_type(found, Found)
    assert_type(found[0], FoundRecipient)
    assert_type(found[:2], tuple[FoundRecipient, ...])
    assert_type(found[0].verdict, Verdict | None)
    assert_type(found[0].units, tuple[Unit, ...])
    assert_type(found.counts, tuple[Step, ...])


def compares(old: Register, new: Register, unit: Unit) -> None:
    found = compare(old, new, Filter(kind="OE"), within=unit)
    assert_type(found, Comparison)
    assert_type(found[0], Change)
    assert_type(found[:2], tuple[Change, ...])
    assert_type(found[0].kind, ChangeKind)
    assert_type(found[0].day, dt.date | None)
    assert_type(found[0].cause, Change | None)
    assert_type(found.causes, tuple[Cause, ...])
    assert_type(found.counts, dict[ChangeKind, int])
    assert_type(found.not_compared, tuple[NotCompared, ...])


def reviews(register: Register, previous: Register) -> None:
    found = review("book.csv", register, previous, columns={"name": "Navn"})
    assert_type(found, Review)
    assert_type(review([{"GLN": 5790999000017}], register).entries, tuple[ReviewedEntry, ...])
    assert_type(review([BookEntry(location_number="5790999000017")], register).counts, dict[EntryState, int])
    entry = found.broken[0]
    assert_type(entry.since, dt.date | None)
    assert_type(entry.replacements, tuple[Replacement, ...])
    assert_type(entry.candidates, tuple[ReplacementCandidate, ...])
    assert_type(found.by_reason, dict[str, int])
    leaving = review("book.csv", register, to="sor_code")
    assert_type(leaving.readiness, Readiness | None)
    assert_type(leaving.write_converted("new.csv"), Path)
    conversion = leaving.entries[0].conversion
    assert_type(conversion, EntryConversion | None)
    if conversion is not None:
        assert_type(conversion.state, ConversionState)
        assert_type(conversion.candidates, tuple[ConversionCandidate, ...])
        assert_type(conversion.question("da"), str)


def audits(register: Register) -> None:
    @rule("mine", "info")
    def mine(scope: AuditScope) -> list[Seen]:
        return [scope.seen(unit, name=unit.name) for unit in scope.units]

    assert_type(mine, Rule)
    found = audit(register, rules=["receipt-missing", mine], region="1081")
    assert_type(found, Audit)
    assert_type(found.remarks[0], Remark)
    assert_type(found.by("supplier"), tuple[AuditGroup, ...])
    assert_type(found.tree(2), AuditTree)
    assert_type(found.tree()[0], TreeNode)
    assert_type(found.to_html(by=["region"], limit=3), str)
    assert_type(trend([register], by="region"), Trend)
    report = target(trend([register]), until=dt.date(2026, 3, 1), goal=3, plan=[], register=register, rules=[])
    assert_type(report, TargetReport)
    assert_type(report.total, TargetLine)
    assert_type(report.total.outcome, TargetOutcome)
    assert_type(report.planned, tuple[PlannedDay, ...])
