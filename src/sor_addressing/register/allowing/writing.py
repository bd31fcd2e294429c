"""Which types may stand there, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from sor_addressing.cells import csv_writer, identifier_cell
from sor_addressing.pages.sections import ReportSection
from sor_addressing.register.allowing.standing import TypeStanding
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.addressing.support import Direction
    from sor_addressing.register.allowing.answer import AllowedReceipt, AllowedType, AllowedTypes

_COLUMNS = (
    "location_number",
    "message_type",
    "direction",
    "standing",
    "only_some",
    "approved_by",
    "file",
    "line",
    "date",
    "receipts",
    "receipts_missing",
)
_FIRST = (
    TypeStanding.NOT_APPROVED,
    TypeStanding.MISSING,
    TypeStanding.APPROVED,
    TypeStanding.OTHER_VERSION,
    TypeStanding.MAY_STAND,
    TypeStanding.NOT_TOLD,
)
"""What has to be mended stands first."""


def write_types(found: AllowedTypes, target: TextIO, delimiter: str) -> None:
    """One row a type and direction, with a header; it does not change with the language."""
    writer = csv_writer(target, delimiter=delimiter)
    writer.writerow(_COLUMNS)
    for one in found.types:
        rows = [reason.row for reason in one.reasons if reason.row is not None]
        writer.writerow(
            [
                identifier_cell(found.location_number or ""),
                one.message_type.text,
                str(one.direction or ""),
                str(one.standing),
                "yes" if one.only_some else "no",
                "; ".join(approval.label for approval in one.approved_by),
                found.approval_list,
                " ".join(str(row.line) for row in rows),
                " ".join(row.date.isoformat() for row in rows if row.date is not None),
                " ".join(receipt.code for receipt in one.receipts),
                " ".join(receipt.code for receipt in one.receipts if receipt.registered is False),
            ]
        )


def title_of(found: AllowedTypes, language: str) -> str:
    """The report's title."""
    return _say("title", language, asked=found.location_number or found.asked)


def explained(found: AllowedTypes, language: str) -> str:
    """The answer in sentences: whose systems, what is not certain, and each type with its reasons."""
    lines = list(_about(found, language))
    for standing in _FIRST:
        types = found.standing(standing)
        if not types:
            continue
        lines.append(_say(f"heading.{standing}", language) + ":")
        for one in types:
            some = _say("only-some", language) if one.only_some else ""
            lines.append(f"- {_type(one, language)}{some}")
            lines.extend(f"    {reason.text(language)}" for reason in one.reasons)
            if one.receipts:
                lines.append(f"    {_say('receipts', language, receipts=_receipts(one, language))}")
    return "\n".join(lines)


def sections_of(found: AllowedTypes, language: str) -> Iterator[ReportSection]:
    """The report, part by part."""
    yield ReportSection("about", _say("heading.about", language), tuple(_about(found, language)))
    heads = tuple(_say(f"head.{head}", language) for head in ("type", "direction", "name", "reason", "receipts"))
    for standing in _FIRST:
        types = found.standing(standing)
        if types:
            lead = _say(f"lead.{standing}", language, count=len(types))
            rows = [_row(one, language) for one in types]
            yield ReportSection(str(standing), _say(f"heading.{standing}", language), (lead,), heads, rows)


def _about(found: AllowedTypes, language: str) -> Iterator[str]:
    yield _say("opening", language, date=found.snapshot_date.isoformat(), file=found.approval_list)
    for system in found.systems:
        labels = tuple(one.label for one in system.approvals)
        yield _say("system", language, system=system.name, approvals=labels)
    for note in found.notes:
        yield note.text(language)
    if found.others:
        yield _say("others", language, types=found.others)


def _row(one: AllowedType, language: str) -> tuple[str, ...]:
    reasons = " ".join(reason.text(language) for reason in one.reasons)
    some = _say("only-some", language).strip() if one.only_some else ""
    return (
        one.message_type.text,
        _direction(one.direction, language),
        one.message_type.name(language),
        " ".join(filter(None, (some, reasons))),
        _receipts(one, language),
    )


def _type(one: AllowedType, language: str) -> str:
    direction = _direction(one.direction, language)
    return _say("type", language, type=one.message_type.text, name=one.message_type.name(language), direction=direction)


def _receipts(one: AllowedType, language: str) -> str:
    return ", ".join(_receipt(receipt, language) for receipt in one.receipts)


def _receipt(receipt: AllowedReceipt, language: str) -> str:
    state = {True: "there", False: "missing", None: "not-known"}[receipt.registered]
    direction = _direction(receipt.direction, language)
    return _say(f"receipt.{state}", language, receipt=receipt.code, direction=direction)


def _direction(direction: Direction | None, language: str) -> str:
    return _say(f"direction.{direction or 'not-known'}", language)


def _say(code: str, language: str, **values: object) -> str:
    return text_of("allowed", code, language, values)
