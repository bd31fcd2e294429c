"""A handover, and what became of it, in words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from sor_addressing.cells import csv_writer, identifier_cell
from sor_addressing.changes.handing.record import SIDES, HandoverNumber, HandoverType
from sor_addressing.pages.sections import ReportSection
from sor_addressing.texts import text_of

if TYPE_CHECKING:
    from sor_addressing.changes.handing.checking import CheckedNumber, HandoverCheck
    from sor_addressing.changes.handing.report import Handover

Rows = tuple[tuple[str, ...], Iterable[Sequence[str]]]

_HEADS = ("number", "state", "owners", "owner-codes", "inheriting", *SIDES, "send", "receive", "not-known", "receipts")
_MORE = ("contact", "remarks", "change")
_LINE = "_" * 28
_LONGEST_NUMBER = 11


def write_rows(target: TextIO, heads: tuple[str, ...], rows: Iterable[Sequence[str]], delimiter: str) -> None:
    """A table for spreadsheets, which keep numbers, SOR codes and telephone numbers as they are."""
    writer = csv_writer(target, delimiter=delimiter)
    writer.writerow(heads)
    for cells in rows:
        writer.writerow([identifier_cell(cell) if _would_change(cell) else cell for cell in cells])


def _would_change(cell: str) -> bool:
    """Whether a spreadsheet would take a digit from it: the zero in front, or those at the end of a long number."""
    return cell.isdigit() and len(cell) > 1 and (cell[0] == "0" or len(cell) > _LONGEST_NUMBER)


def title_of(found: Handover, language: str) -> str:
    """The report's title."""
    return _say("title", language, whose=_whose(found, language))


def sheet(language: str) -> str:
    """What a sheet of a workbook is called."""
    return _say("sheet", language)


def rows_of(found: Handover, language: str) -> Rows:
    """A row a number."""
    heads = tuple(_say(f"head.{head}", language) for head in (*_HEADS, *_MORE))
    return heads, (_cells(one, language) for one in found.numbers)


def sections_of(found: Handover, language: str) -> Iterator[ReportSection]:
    """The report, part by part: what it is, counts, numbers, what is open on them, what changed last."""
    yield ReportSection("about", _say("heading.about", language), tuple(_about(found, language)))
    yield _counted(found, language)
    heads = tuple(_say(f"head.{head}", language) for head in _HEADS)
    rows = [tuple(_cells(one, language)[: len(_HEADS)]) for one in found.numbers]
    yield ReportSection("numbers", _say("heading.numbers", language), (), heads, rows, (4,))
    contacts = [
        (one.location_number, unit.name, ", ".join(unit.contact.values()))
        for one in found.numbers
        for unit in one.owners
        if unit.contact
    ]
    yield from _listed("contacts", ("number", "owners", "contact"), contacts, language)
    remarks = [(one.location_number, remark.texts[language]) for one in found.numbers for remark in one.remarks]
    yield from _listed("remarks", ("number", "remarks"), remarks, language)
    changes = [
        (one.location_number, change.day, change.texts[language]) for one in found.numbers for change in one.changes
    ]
    yield from _listed("changes", ("number", "day", "change"), changes, language)


def checked_title(found: HandoverCheck, language: str) -> str:
    """The title of before and after."""
    return _say("checked.title", language, whose=_whose(found.handover, language))


def checked_rows(found: HandoverCheck, language: str) -> Rows:
    """A row a number: what became of it, what is otherwise, what is lost, and how it is now."""
    heads = ("number", "outcome", "handed-over", "losses", "differences", *_HEADS[1:])
    return tuple(_say(f"head.{head}", language) for head in heads), (
        [
            one.location_number,
            _say(f"outcome.{one.outcome}", language),
            _yes(one.handed_over, language),
            " ".join(difference.text(language) for difference in one.losses),
            " ".join(difference.text(language) for difference in one.differences if not difference.is_loss),
            *(_cells(one.after, language)[1 : len(_HEADS)] if one.after else [""] * (len(_HEADS) - 1)),
        ]
        for one in found.numbers
    )


def checked_sections(found: HandoverCheck, language: str) -> Iterator[ReportSection]:
    """Before and after, part by part: the answer, totals, lost, changed, new and unchanged numbers, and two signatures."""
    before = found.handover
    lines = [
        _say("checked.days", language, before=before.snapshot_date.isoformat(), after=found.snapshot_date.isoformat()),
        _say("checked.complete" if found.is_complete else "checked.incomplete", language),
    ]
    if before.to is not None:
        lines.append(
            _say("checked.handed-over", language, to=before.to, count=found.handed_over, of=len(before.numbers))
        )
    if not before.types_known:
        lines.append(_say("checked.types-not-compared", language))
    if found.not_compared:
        lines.append(_say("checked.not-compared", language, rules=list(found.not_compared)))
    totals = [(_say(f"outcome.{outcome}", language), str(count)) for outcome, count in found.counts.items()]
    totals.append((_say("checked.sum", language), str(len(before.numbers))))
    heads = (_say("head.outcome", language), _say("head.count", language))
    yield ReportSection("answer", _say("heading.answer", language), tuple(lines), heads, totals, (1,))
    kinds = [(_say(f"kind.{kind}", language), str(count)) for kind, count in found.differences.items()]
    yield from _listed("kinds", ("difference", "count"), kinds, language)
    for outcome in ("lost", "changed", "new"):
        rows = [
            (one.location_number, _names(one), difference.text(language))
            for one in found.of(outcome)
            for difference in one.differences
        ] or [(one.location_number, _names(one), "") for one in found.of(outcome)]
        yield from _listed(f"outcome-{outcome}", ("number", "owners", "difference"), rows, language)
    unchanged = [(one.location_number, _names(one)) for one in found.of("unchanged")]
    yield from _listed("outcome-unchanged", ("number", "owners"), unchanged, language)
    signed = tuple(_say(f"head.{head}", language) for head in ("side", "name", "day", "signature"))
    sides = [
        (_say("signature.from", language, who=_whose(before, language)), _LINE, _LINE, _LINE),
        (_say("signature.to", language, who=before.to or ""), _LINE, _LINE, _LINE),
    ]
    yield ReportSection(
        "signatures", _say("heading.signatures", language), (_say("signature.lead", language),), signed, sides
    )


def _listed(name: str, heads: Sequence[str], rows: Sequence[tuple[str, ...]], language: str) -> Iterator[ReportSection]:
    if rows:
        told = tuple(_say(f"head.{head}", language) for head in heads)
        yield ReportSection(name, _say(f"heading.{name}", language), (), told, rows)


def _about(found: Handover, language: str) -> Iterator[str]:
    yield _say("opening", language, date=found.snapshot_date.isoformat(), on=found.on.isoformat())
    if found.to is not None:
        yield _say(
            "to" if found.receiver != (found.to,) else "to-new", language, to=found.to, held=len(found.held_before)
        )
    if not found.types_known:
        yield _say("types-not-known", language)
    if not found.audited:
        yield _say("not-audited", language)
    several = [one.location_number for one in found.numbers if one.several]
    if several:
        yield _say("several", language, count=len(several), numbers=several)
    if found.without_unit:
        yield _say("without-unit", language, count=len(found.without_unit))


def _counted(found: Handover, language: str) -> ReportSection:
    counts = found.counts
    rows = [(_say(f"states.{state}", language), str(count)) for state, count in counts.by_state.items()]
    rows.append((_say("count.numbers", language), str(counts.numbers)))
    for name in ("owners", "inheriting", "types", "receipts", "remarks", "several_suppliers"):
        rows.append((_say(f"count.{name}", language), str(getattr(counts, name))))
    heads = (_say("head.what", language), _say("head.count", language))
    return ReportSection("counts", _say("heading.counts", language), (), heads, rows, (1,))


def _cells(one: HandoverNumber, language: str) -> list[str]:
    letters = [kind for kind in one.types if not kind.is_receipt]
    changes = [f"{change.day}: {change.texts[language]}" for change in one.changes]
    return [
        one.location_number,
        _say(f"state.{one.state}", language),
        ", ".join(unit.name for unit in one.owners),
        " ".join(unit.sor_code for unit in one.owners),
        str(len(one.inheriting)),
        *(", ".join(party.label for party in one.of(side)) for side in SIDES),
        _types((kind for kind in letters if kind.may_send), language),
        _types((kind for kind in letters if kind.may_receive), language),
        _types((kind for kind in letters if not kind.may_send and not kind.may_receive), language),
        ", ".join(_receipt(kind, language) for kind in one.receipts),
        "; ".join(", ".join(unit.contact.values()) for unit in one.owners if unit.contact),
        " ".join(remark.texts[language] for remark in one.remarks),
        " ".join(changes),
    ]


def _types(types: Iterable[HandoverType], language: str) -> str:
    return ", ".join(one.message_type if one.in_use else _say("idle", language, type=one.message_type) for one in types)


def _receipt(one: HandoverType, language: str) -> str:
    sides = [_say(f"direction.{side}", language) for side in ("send", "receive") if getattr(one, f"may_{side}")]
    return f"{one.message_type} ({' + '.join(sides) or _say('direction.not-known', language)})"


def _whose(found: Handover, language: str) -> str:
    return ", ".join(f"{_say(f'side.{side}', language)} {name}" for side, name in found.whose.items())


def _names(one: CheckedNumber) -> str:
    number = one.after if one.after is not None and one.after.owners else one.before
    return "" if number is None else ", ".join(unit.name for unit in number.owners)


def _yes(said: bool | None, language: str) -> str:
    return "" if said is None else _say("yes" if said else "no", language)


def _say(code: str, language: str, **values: object) -> str:
    return text_of("handover", code, language, values)
