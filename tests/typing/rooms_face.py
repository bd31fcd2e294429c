"""Types of what belongs to one room and stands in no other of these files. Checked by mypy, never run."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from sor_addressing import what_if
from sor_addressing.changes import (
    CheckedNumber,
    Comparison,
    DifferenceKind,
    Handover,
    HandoverChange,
    HandoverCheck,
    HandoverCounts,
    HandoverDifference,
    HandoverError,
    HandoverNumber,
    HandoverOutcome,
    HandoverParty,
    HandoverRemark,
    HandoverState,
    HandoverType,
    HandoverUnit,
    PairChange,
    PairOutcome,
    PlanEffect,
    Review,
    WhatIf,
    WhatIfStep,
    check_handover,
    handover,
    html_report,
    review_html,
    writers,
)
from sor_addressing.daily import LEGACY, SOR2_DAILY, Fetched, FileSet, Origin, PublishedFile
from sor_addressing.identifiers import IdentifierKind, LocationNumber, identifier_class
from sor_addressing.messages import (
    ConversionEvidence,
    ConversionRow,
    ConversionScope,
    MessageType,
    conversion_evidence,
    cross_family_conversions,
)
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, Progress
from sor_addressing.quality import Audit, Written
from sor_addressing.register import (
    AllowedNote,
    AllowedReceipt,
    AllowedSystem,
    AllowedType,
    AllowedTypes,
    Approval,
    ApprovalReason,
    ApprovalRow,
    ChangePlan,
    ConversionCount,
    Conversions,
    PlanError,
    PlannedChange,
    PlannedDirection,
    PlanRow,
    Register,
    RowEffect,
    Source,
    Table,
    TypeStanding,
)


def loads(source: Source, progress: Progress) -> Register:
    return Register.load(source, progress=progress)


def keeps_the_kind(register: Register, table: Table) -> Table:
    return register.validate_table(table)


def converts(row: ConversionRow, source: MessageType, target: MessageType) -> None:
    assert_type(row.scope, ConversionScope)
    assert_type(conversion_evidence(source, target), ConversionEvidence | None)
    assert_type(cross_family_conversions("GGOP"), tuple[ConversionEvidence, ...])


def fetches(origin: Origin) -> None:
    assert_type(LEGACY, FileSet)
    assert_type(SOR2_DAILY.files, tuple[PublishedFile, ...])
    assert_type(len(ADDRESS_FIELDS + CONTACT_FIELDS), int)
    assert issubclass(identifier_class(IdentifierKind.LOCATION_NUMBER), LocationNumber)
    fetch = origin.fetch
    assert callable(fetch)
    assert_type(Fetched((), unchanged=True, known={}, origin="").unchanged, bool)


def writes_itself(comparison: Comparison, found: Review, audit: Audit) -> None:
    assert_type(comparison.to_html("changes.html", language="da"), str)
    assert_type(comparison.to_markdown(), str)
    assert_type(found.to_html(), str)
    assert_type(found.to_markdown("review.md", language="da"), str)
    assert_type(audit.to_markdown(), str)
    assert_type(audit.to_csv("remarks.csv"), Written)
    with Path("changes.csv").open("w", newline="") as file:
        comparison.to_csv(file)
        found.to_csv(file)
        assert_type(audit.to_csv(file), Written)
        html_report.to_html(comparison, file)
        review_html.to_html(found, file)
        writers.to_csv(comparison, file)
        writers.to_json_lines(comparison, file)
        writers.to_markdown(comparison, file)


def plans(register: Register) -> None:
    row = PlanRow(change="remove", format="EDI", system="9101", from_date="2026-03-01")
    assert_type(row.change, PlannedChange)
    assert_type(row.direction, PlannedDirection)
    plan = ChangePlan((row,)) + ChangePlan.load("plan.csv")
    assert_type(register.with_changes(plan), Register)
    found = what_if(
        register, [{"change": "add", "message_type": "FCTL", "system": "9101"}], traffic=[("990001", "DIS91")]
    )
    assert_type(found, WhatIf)
    assert_type(found.total, PlanEffect)
    assert_type(found.steps, tuple[WhatIfStep, ...])
    assert_type(found.rows, tuple[RowEffect, ...])
    assert_type(found.total.becoming("converted"), tuple[PairChange, ...])
    assert_type(found.total.changed[0].after, PairOutcome)
    assert issubclass(PlanError, ValueError)


def counts(register: Register) -> None:
    found = register.conversions(by=("region", "system"), models=["none", "current-practice"])
    assert_type(found, Conversions)
    assert_type(found.counts, tuple[ConversionCount, ...])
    assert_type(found.to_html(), str)


def may_stand(register: Register) -> None:
    found = register.allowed_types("5790999000017", approvals="approvals.csv", system="Omsorg", policy=None)
    assert_type(found, AllowedTypes)
    assert_type(found.systems[0], AllowedSystem)
    assert_type(found.approvals, tuple[Approval, ...])
    assert_type(found.notes, tuple[AllowedNote, ...])
    assert_type(found.missing, tuple[AllowedType, ...])
    assert_type(found.missing[0].standing, TypeStanding)
    assert_type(found.missing[0].receipts, tuple[AllowedReceipt, ...])
    assert_type(found.missing[0].reasons, tuple[ApprovalReason, ...])
    assert_type(found.missing[0].reasons[0].row, ApprovalRow | None)


def hands_over(register: Register, after: Register) -> None:
    found = handover(register, supplier="Alfa", to="MedCom", before=[register])
    assert_type(found, Handover)
    assert_type(found.counts, HandoverCounts)
    number = found.numbers[0]
    assert_type(number, HandoverNumber)
    assert_type(number.state, HandoverState)
    assert_type(number.owners, tuple[HandoverUnit, ...])
    assert_type(number.of("supplier"), tuple[HandoverParty, ...])
    assert_type(number.receipts, tuple[HandoverType, ...])
    assert_type(number.remarks, tuple[HandoverRemark, ...])
    assert_type(number.changes, tuple[HandoverChange, ...])
    check = check_handover("before.json", after)
    assert_type(check, HandoverCheck)
    assert_type(check.of("lost"), tuple[CheckedNumber, ...])
    assert_type(check.numbers[0].outcome, HandoverOutcome)
    assert_type(check.numbers[0].losses, tuple[HandoverDifference, ...])
    assert_type(check.numbers[0].losses[0].kind, DifferenceKind)
    assert issubclass(HandoverError, ValueError)
