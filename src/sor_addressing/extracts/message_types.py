"""``Edityper.csv``: which message types stand on which location number, to send, to receive, or merely registered.

The header of the published file is not documented; columns are found by :mod:`sor_addressing.extracts.headers`. Message
types are handed on as written, one record a row: what they mean, and that two rows for two directions are one
registration, is for those who build the index.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import BinaryIO

from sor_addressing.extracts.directions import direction_reader
from sor_addressing.extracts.headers import ColumnMap, layout_named
from sor_addressing.extracts.identifier_cells import identifier_reader
from sor_addressing.extracts.row_periods import RowDays
from sor_addressing.extracts.table_rows import TableRows
from sor_addressing.extracts.tabular import shown
from sor_addressing.identifiers import LocationNumber
from sor_addressing.model import Problem, RegistrationRecord

__all__ = ["looks_like_message_types", "read_message_types", "type_as_written"]

LAYOUT = "message_types"

_WORD = re.compile(r"\w+")
# Message types repeat a lot: each is looked at once as long as there are not too many.
_REMEMBERED = 65_536


def looks_like_message_types(header: Sequence[str]) -> bool:
    """Whether a table with this header joins location numbers to message types.

    >>> looks_like_message_types(["Lokationsnummer", "EDI-type", "Retning"])
    True
    >>> looks_like_message_types(["SOR-kode", "Enhedsnavn", "Lokationsnummer"])
    False
    """
    return layout_named(LAYOUT).is_met_by(header)


def read_message_types(
    stream: BinaryIO,
    *,
    file: str,
    columns: ColumnMap | None = None,
    on: dt.date | None = None,
    report: Callable[[Problem], None],
) -> Iterator[RegistrationRecord]:
    """The registrations in a table of location numbers and message types, in the file's order.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        columns: the caller's map of columns, as in :func:`~sor_addressing.extracts.headers.match_columns`.
        on: where the table has days, rows that don't hold on this one are left out, and their number is reported.
        report: called with each problem. A row without a usable location number or without a message type is left out;
            everything else is kept.

    Raises:
        ExtractError: the file can't be read as such a table.
        PolicyError: ``columns`` names what doesn't exist.
    """
    rows = TableRows(stream, LAYOUT, file=file, columns=columns, report=report)
    in_force = RowDays(rows).in_force(on)
    others = 0
    location_cell = rows.cell("location_number")
    code_cell = rows.cell("message_type" if "message_type" in rows.positions else "message_type_id")
    version_cell = rows.cell("message_version")
    direction_of = direction_reader(rows.positions)
    location_of = identifier_reader(LocationNumber)
    type_of = lru_cache(maxsize=_REMEMBERED)(type_as_written)

    for line, cells in rows:
        location = location_of(location_cell(cells))
        message_type = type_of(code_cell(cells), version_cell(cells))
        if not location.value:
            rows.left_out("location-number-missing", line)
            continue
        if not message_type:
            rows.left_out("message-type-missing", line, location.seen)
            continue
        if location.fault is not None:
            rows.problem(location.fault, line, location.seen, **location.details)
            if location.is_lost:
                continue
        if not in_force(cells, line, location.seen):
            others += 1
            continue
        direction = direction_of(cells)
        if direction.fault is not None:
            rows.problem(direction.fault, line, location.seen, value=shown(direction.seen))
        yield RegistrationRecord(location.value, message_type, direction.may_send, direction.may_receive, line)
    if others and on is not None:
        report(Problem("registrations-not-in-force", file, None, None, {"count": others, "on": on.isoformat()}))


def type_as_written(code: str, version: str) -> str:
    """Code and version as written; the version once, also where the code's column has it too.

    >>> type_as_written("XDIS91", "XD9134L"), type_as_written("XDIS91 XD9134L", "XD9134L")
    ('XDIS91 XD9134L', 'XDIS91 XD9134L')
    """
    if not code or not version:
        return code or version
    if version.casefold() in _WORD.findall(code.casefold()):
        return code
    return f"{code} {version}"
