"""The tables that stand beside the units in the complete set: successors, SHAK codes, texts of codes, coordinates.

Those of location numbers and message types are read in :mod:`sor_addressing.extracts.tables.locations`, and can be had here too.
Their headers are not documented; columns are found by :mod:`sor_addressing.extracts.tables.headers`. All readers take a stream,
the file's name for errors and problems, the caller's map of columns, and what is called with each problem. They raise
``ExtractError`` where the file can't be read as such a table, and ``PolicyError`` where the map names what doesn't exist.
Every row that can't be used is reported and left out; an identifier with a wrong shape or check digit is reported and kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from sor_addressing.cells.reading import LOST, is_mangled
from sor_addressing.companions import CodeText, PlaceRecord, ReplacementRecord, ShakMapRecord
from sor_addressing.extracts.checks import IdentifierCell, Report, identifier_reader
from sor_addressing.extracts.tables.cell_values import is_degrees
from sor_addressing.extracts.tables.headers import ColumnMap
from sor_addressing.extracts.tables.locations import read_location_message_types, read_locations, read_message_type_list
from sor_addressing.extracts.tables.rows import RowDays, TableRows
from sor_addressing.hiding import shown
from sor_addressing.identifiers import ShakCode, SorCode

__all__ = [
    "read_classifications",
    "read_geolocations",
    "read_location_message_types",
    "read_locations",
    "read_message_type_list",
    "read_replaced_units",
    "read_shak_map",
]

# Metres in zone 32: with a comma or a point for decimals, and never so few that the point could divide thousands.
_EASTING = re.compile(r"(\d{5,7})(?:[.,](\d{1,12}))?", re.ASCII)
_NORTHING = re.compile(r"(\d{6,8})(?:[.,](\d{1,12}))?", re.ASCII)


def read_replaced_units(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[ReplacementRecord]:
    """Who took over from whom (``SORReplacedEntities.csv``), in the file's order.

    A unit that replaces itself is reported and left out. A day that can't be read is reported and read as not said.
    """
    rows = TableRows(stream, "replaced_units", file=file, columns=columns, report=report)
    days = RowDays(rows)
    code_of = identifier_reader(SorCode)
    fields = ("replaced_sor_code", "replacing_sor_code")
    replaced_cell, replacing_cell = map(rows.cell, fields)
    from_cell = rows.cell("from_date")
    for line, cells in rows:
        replaced, replacing = code_of(replaced_cell(cells)), code_of(replacing_cell(cells))
        if not _are_usable(rows, line, replaced.seen, fields, replaced, replacing):
            continue
        seen = replaced.seen
        if replaced.value == replacing.value:
            rows.problem("replaces-itself", line, seen)
            continue
        from_date = days.day(from_cell(cells), "from_date", line, seen)
        yield ReplacementRecord(replaced.value, replacing.value, from_date, line)


def read_shak_map(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[ShakMapRecord]:
    """Which SHAK code is whose and when (``SHAKSORMap.csv``), in the file's order.

    A row with a day that can't be read has ``period_unreadable``: it holds on no day.
    """
    rows = TableRows(stream, "shak_map", file=file, columns=columns, report=report)
    days = RowDays(rows)
    shak_of, code_of = identifier_reader(ShakCode), identifier_reader(SorCode)
    fields = ("shak_code", "sor_code")
    shak_cell, code_cell = map(rows.cell, fields)
    for line, cells in rows:
        shak, code = shak_of(shak_cell(cells)), code_of(code_cell(cells))
        if not _are_usable(rows, line, code.seen, fields, shak, code):
            continue
        period = days.period(cells, line, shak.seen)
        yield ShakMapRecord(
            shak.value, code.value, period.from_date, period.to_date, line, period_unreadable=period.unreadable
        )


def read_classifications(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[CodeText]:
    """The codes of the register and their texts (``SORClassifications.csv``), in the file's order."""
    rows = TableRows(stream, "classifications", file=file, columns=columns, report=report)
    fields = ("classification_code", "classification_text")
    code_cell, text_cell = map(rows.cell, fields)
    group_cell = rows.cell("classification_group")
    for line, cells in rows:
        code, text = code_cell(cells), text_cell(cells)
        if not code or not text:
            missing = tuple(field for field, cell in zip(fields, (code, text), strict=True) if not cell)
            rows.left_out("row-incomplete", line, shown(code), fields=missing)
        elif is_mangled(code):
            rows.left_out(LOST, line, shown(code), value=code)
        else:
            yield CodeText(code, text, group_cell(cells), line)


def read_geolocations(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[PlaceRecord]:
    """Where units lie (``Geolocations.csv``), in the file's order, the coordinates with a decimal point.

    A row with a coordinate that can't be read is reported and left out: half a place is none. So is one in degrees, which is told
    once a file.
    """
    rows = TableRows(stream, "geolocations", file=file, columns=columns, report=report)
    code_of = identifier_reader(SorCode)
    code_cell = rows.cell("sor_code")
    told_of_degrees = False
    coordinates = (("easting", rows.cell("easting"), _EASTING), ("northing", rows.cell("northing"), _NORTHING))
    for line, cells in rows:
        code = code_of(code_cell(cells))
        seen = code.seen
        if not _are_usable(rows, line, seen, ("sor_code",), code):
            continue
        found = []
        for field, cell, form in coordinates:
            text = cell(cells)
            match = form.fullmatch(text)
            if match is not None:
                found.append(f"{match[1]}.{match[2]}" if match[2] else match[1])
            elif is_degrees(text):
                if not told_of_degrees:
                    told_of_degrees = True
                    rows.problem("coordinates-in-degrees", line, seen, value=shown(text), field=field)
            elif text:
                rows.left_out("coordinate-unreadable", line, seen, value=shown(text), field=field)
            else:
                rows.left_out("row-incomplete", line, seen, fields=(field,))
        if len(found) == 2:
            yield PlaceRecord(code.value, found[0], found[1], line)


def _are_usable(rows: TableRows, line: int, identifier: str, fields: tuple[str, ...], *found: IdentifierCell) -> bool:
    """Whether a row has all its identifiers; what is wrong with them is reported."""
    missing = tuple(field for field, cell in zip(fields, found, strict=True) if not cell.value)
    if missing:
        rows.left_out("row-incomplete", line, identifier, fields=missing)
        return False
    for cell in found:
        if cell.fault is not None:
            rows.problem(cell.fault, line, identifier, **cell.details)
    return not any(cell.is_lost for cell in found)
