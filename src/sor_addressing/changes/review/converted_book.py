"""The converted book, beside the old one: identifiers put in and taken out, a column that remembers what was there, and the way back."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sor_addressing.cells import csv_text, json_text
from sor_addressing.changes.book.csv_file import is_one_cell, rewritten_csv, written_cell
from sor_addressing.changes.book.entries import CONVERTED_FROM, Book, BookFormat
from sor_addressing.changes.book.json_file import rewritten_json
from sor_addressing.changes.book.sheet_file import rewritten_sheet
from sor_addressing.changes.review.conversion import ConversionState
from sor_addressing.changes.review.corrected_book import plain_rows, put_beside, refuse_same, source_of, table_as
from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.changes.review.traces import Trace, read, text_of_cell, written
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.written_data.json_texts import JsonFault, scan_json

STATE, REASONS, FROM = "conversion_state", "conversion_reasons", "conversion_from"
ADDED = (STATE, REASONS, FROM)
"""The columns that a converted book has more than the old one, besides one for the identifier where there was none."""

RawOf = Callable[[str], str]
"""What stands in the cell below a header, as the file has it."""


class NewCell(NamedTuple):
    """What a cell becomes: a text, or what an earlier file had in it, as that was written."""

    text: str
    is_written: bool = False


def write_converted(
    book: Book, entries: Sequence[ReviewedEntry], to: IdentifierKind, path: str | os.PathLike[str]
) -> Path:
    """Write ``book`` to ``path`` with the conversions of ``entries``; the path.

    Raises:
        AddressBookError: it is the old file, or that has changed since it was read, or it can't be written.
    """
    target = Path(path)
    plan = _Plan(book, entries, to)
    if book.file is None:
        data = _from_memory(plan, target.suffix.lower())
    else:
        refuse_same(book, target)
        source = source_of(book)
        data = _WRITERS.get(book.format, _json)(plan, source)
    put_beside(book, data, target)
    return target


class _Plan:
    """Which columns go and come, and what becomes of each entry."""

    def __init__(self, book: Book, entries: Sequence[ReviewedEntry], to: IdentifierKind) -> None:
        self.book = book
        self.entries = entries
        self.to = to
        self._traces = [read(one.entry.converted_from) if one.entry.converted_from else None for one in entries]
        all_back = all(trace is None or _is_restored(one) for trace, one in zip(self._traces, entries, strict=True))
        was_new = {trace.to for trace in self._traces if trace is not None and trace.is_new}
        own = {book.columns[kind] for kind in was_new if kind in book.columns}
        # The columns of an earlier conversion, which the old book did not have.
        self._earlier = {kind: book.columns[kind] for kind in was_new if kind in book.columns}
        changes = any(one.conversion is not None and one.conversion.cells for one in entries)
        had = CONVERTED_FROM in book.columns
        goes_back = had and all_back and to is IdentifierKind.PROVIDER_NUMBER and not changes
        is_needed = any(kind is to for one in entries if one.conversion for kind, _ in one.conversion.cells)
        self.header = book.columns.get(to, str(to))
        self._is_new = to not in book.columns or to in was_new
        dropped = {header for kind, header in self._earlier.items() if kind is not to} if all_back else set()
        if goes_back:
            dropped |= own
        self.dropped = dropped | {*ADDED, book.columns.get(CONVERTED_FROM, FROM)}
        self.added: tuple[str, ...] = () if goes_back else ADDED
        if is_needed and to not in book.columns:
            self.added = (self.header, *self.added)

    def cells(self, place: int, raw_of: RawOf) -> dict[str, NewCell]:
        """What changes in the entry at ``place``, by header, the new columns among them."""
        one, trace = self.entries[place], self._traces[place]
        found = one.conversion
        if found is None:
            return {}
        cells: dict[str, NewCell] = {}
        before: dict[IdentifierKind, str] = {}
        columns = self.book.columns
        if found.is_restored and trace is not None:
            if trace.to in self._earlier:
                cells[self._earlier[trace.to]] = NewCell("", is_written=True)
            for kind, raw in trace.cells.items():
                if kind in columns:
                    cells[columns[kind]] = NewCell(raw, is_written=True)
                    before[kind] = raw
        remembered: dict[IdentifierKind, str] = {}
        for kind, text in found.cells:
            if kind in columns and kind not in self._earlier:
                remembered[kind] = before.get(kind, raw_of(columns[kind]))
            cells[columns.get(kind, self.header)] = NewCell(text)
        if trace is not None and not found.is_restored and not found.cells:
            cells[FROM] = NewCell(one.entry.converted_from)
        elif found.is_ready and found.state is not ConversionState.RESTORED:
            cells[FROM] = NewCell(written(Trace(self.to, self._is_new, found.value or "", remembered)))
        cells[STATE] = NewCell(str(found.state))
        cells[REASONS] = NewCell(" ".join(found.reasons))
        return {header: cell for header, cell in cells.items() if header not in self.dropped or header in self.added}


def _is_restored(one: ReviewedEntry) -> bool:
    return one.conversion is not None and one.conversion.is_restored


def _csv(plan: _Plan, source: bytes) -> bytes:
    delimiter = plan.book.delimiter
    places = {one.entry.line: place for place, one in enumerate(plan.entries)}

    def rewrite(line: int, raw_of: RawOf) -> Mapping[str, str] | None:
        if line not in places:
            return None
        made: dict[str, str] = {}
        for header, cell in plan.cells(places[line], raw_of).items():
            if header in ADDED:
                made[header] = csv_text([cell.text], delimiter)
            elif not cell.is_written:
                made[header] = written_cell(cell.text, raw_of(header), delimiter)
            elif is_one_cell(cell.text, delimiter):
                made[header] = cell.text
            else:
                made[header] = csv_text([text_of_cell(cell.text)], delimiter)
        return made

    return rewritten_csv(plan.book, source, plan.dropped, plan.added, rewrite)


def _sheet(plan: _Plan, source: bytes) -> bytes:
    places = {one.entry.line: place for place, one in enumerate(plan.entries)}

    def rewrite(line: int, raw_of: RawOf) -> Mapping[str, object] | None:
        if line not in places:
            return None
        cells = plan.cells(places[line], raw_of).items()
        return {name: _value(cell.text) if cell.is_written and cell.text else cell.text for name, cell in cells}

    return rewritten_sheet(plan.book, source, plan.dropped, plan.added, rewrite)


def _json(plan: _Plan, source: bytes) -> bytes:
    return rewritten_json(plan.book, source, lambda place, members: _rewritten(plan, place, members))


def _from_memory(plan: _Plan, suffix: str) -> bytes:
    rows = [_rewritten(plan, place, row) for place, row in enumerate(plain_rows(plan.book))]
    return table_as(suffix, rows, plan.added, plan.book.delimiter)


def _rewritten(plan: _Plan, place: int, members: dict[str, object]) -> dict[str, object]:
    """An object with its new values; a key that an object did not have is gone again on the way back."""
    cells = plan.cells(place, lambda name: json_text(members[name]) if name in members else "")
    made = {name: value for name, value in members.items() if name not in plan.dropped}
    for header, cell in cells.items():
        if cell.is_written and cell.text == "":
            made.pop(header, None)
        elif cell.is_written:
            made[header] = _value(cell.text)
        elif header not in ADDED:
            made[header] = cell.text
    return {**made, **{name: cells[name].text if name in cells else "" for name in plan.added if name not in made}}


def _value(text: str) -> object:
    found = scan_json(text)
    return text_of_cell(text) if isinstance(found, JsonFault) or found[1] != len(text) else found[0]


_WRITERS = {BookFormat.CSV: _csv, BookFormat.WORKBOOK: _sheet}
