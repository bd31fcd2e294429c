"""Types of what belongs to one room and stands in no other of these files. Checked by mypy, never run."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from sor_addressing.changes import Comparison, Review, html_report, review_html, writers
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
from sor_addressing.register import Register, Source, Table


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
