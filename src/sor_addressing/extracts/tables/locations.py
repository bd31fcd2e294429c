"""The three tables of the complete set that speak of location numbers: the numbers, the message types, and which are on which.

Their headers are not documented; columns are found by :mod:`sor_addressing.extracts.tables.headers`. Every row that can't be used
is reported and left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from sor_addressing.authorities import region_code
from sor_addressing.cells import is_blank
from sor_addressing.companions import MessageTypeRow, NumberRecord
from sor_addressing.extracts.checks import Report, identifier_reader
from sor_addressing.extracts.tables.headers import ColumnMap, cell_words, normalise
from sor_addressing.extracts.tables.message_types import direction_reader, type_as_written, yes_or_no
from sor_addressing.extracts.tables.rows import RowDays, TableRows
from sor_addressing.hiding import shown
from sor_addressing.identifiers import LocationNumber, SorCode
from sor_addressing.model import Problem, RegistrationRecord

__all__ = ["read_location_message_types", "read_locations", "read_message_type_list"]


def read_locations(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[NumberRecord]:
    """The location numbers of ``LocationsCodes.csv``, in the file's order.

    A number is inactive where the column for that or the one for its status says so; a status that says closed (*lukket*,
    *ophørt*) counts as inactive too. A cell that can't be read is reported and says nothing.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        columns: the caller's map of columns, as in :func:`~sor_addressing.extracts.tables.headers.match_columns`.
        report: called with each problem. A row without a number, or with one that a spreadsheet destroyed, is left out.

    Raises:
        ExtractError: the file can't be read as such a table.
        PolicyError: ``columns`` names what doesn't exist.
    """
    rows = TableRows(stream, "locations", file=file, columns=columns, report=report)
    days = RowDays(rows)
    number_of, code_of = identifier_reader(LocationNumber), identifier_reader(SorCode)
    number_cell, code_cell = rows.cell("location_number"), rows.cell("sor_code")
    flag_fields = ("inactive", "location_status", "internal_only")
    inactive_cell, status_cell, internal_cell = map(rows.cell, flag_fields)
    flags_of = lru_cache(maxsize=1_024)(_flags)
    system, supplier, net_operator, region, administrator = map(
        rows.coded_cell, ("system", "supplier", "net_operator", "region", "administrator")
    )
    note, updated_at = map(rows.cell, ("note", "updated_at"))
    code_of_region = lru_cache(maxsize=1_024)(region_code)
    first_cell = rows.cell("first_from_date")

    for line, cells in rows:
        number = number_of(number_cell(cells))
        if not number.value:
            rows.left_out("location-number-missing", line)
            continue
        seen = number.seen
        if number.fault is not None:
            rows.problem(number.fault, line, seen, **number.details)
            if number.is_lost:
                continue
        owner = code_of(code_cell(cells))
        if owner.fault is not None:
            rows.problem(owner.fault, line, seen, **owner.details)
        flags = flags_of(inactive_cell(cells), status_cell(cells), internal_cell(cells))
        for fault, field, value in flags.faults:
            rows.problem(fault, line, seen, value=shown(value), field=field)
        period = days.period(cells, line, seen)
        yield NumberRecord(
            number.value,
            "" if owner.is_lost else owner.value,
            flags.inactive,
            flags.internal_only,
            system(cells),
            supplier(cells),
            net_operator(cells),
            code_of_region(region(cells)),
            administrator(cells),
            note(cells),
            period.is_said,
            period.from_date,
            period.to_date,
            days.day(first_cell(cells), "first_from_date", line, seen),
            updated_at(cells),
            period.unreadable,
            line,
            bool(flags.faults),
        )


def read_message_type_list(
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Report
) -> Iterator[MessageTypeRow]:
    """The message types of ``EDITypes.csv``, in the file's order; arguments and errors as in :func:`read_locations`.

    A row with neither an identifier nor a code nor a version is left out.
    """
    rows = TableRows(stream, "message_type_list", file=file, columns=columns, report=report)
    fields = ("message_type_id", "message_type", "message_version", "message_name")
    identifier_cell, code_cell, version_cell, name_cell = map(rows.cell, fields)
    for line, cells in rows:
        identifier, code, version = identifier_cell(cells), code_cell(cells), version_cell(cells)
        if not (identifier or code or version):
            rows.left_out("row-incomplete", line, fields=fields[:3])
            continue
        yield MessageTypeRow(identifier, code, version, name_cell(cells), line)


def read_location_message_types(
    stream: BinaryIO,
    *,
    types: Mapping[str, MessageTypeRow] | Iterable[MessageTypeRow],
    file: str,
    columns: ColumnMap | None = None,
    on: dt.date | None = None,
    report: Report,
) -> Iterator[RegistrationRecord]:
    """The registrations of ``LocationsCodeEDITypeMap.csv``, their message types as ``types`` spells them: code and version.

    Args:
        stream: the bytes; need not be seekable.
        types: the message types that identifiers and codes of the file refer to, from :func:`read_message_type_list`. What
            is not among them is kept as written, and reported the first time.
        file: name used in errors and problems.
        columns: the caller's map of columns, as in :func:`~sor_addressing.extracts.tables.headers.match_columns`.
        on: where the table has days, rows that don't hold on this one are left out, and their number is reported.
        report: called with each problem. A row without a usable location number or without a message type is left out.

    Raises:
        ExtractError: the file can't be read as such a table.
        PolicyError: ``columns`` names what doesn't exist.
    """
    rows = TableRows(stream, "location_message_types", file=file, columns=columns, report=report)
    number_of = identifier_reader(LocationNumber)
    in_force = RowDays(rows).in_force(on)
    others = 0
    fields = ("location_number", "message_type_id", "message_type", "message_version")
    number_cell, identifier_cell, code_cell, version_cell = map(rows.cell, fields)
    direction_of = direction_reader(rows.positions)
    spelt = _Spellings(types.values() if isinstance(types, Mapping) else types)

    for line, cells in rows:
        number = number_of(number_cell(cells))
        if not number.value:
            rows.left_out("location-number-missing", line)
            continue
        seen = number.seen
        message_type, fault = spelt[identifier_cell(cells), code_cell(cells), version_cell(cells)]
        if not message_type:
            rows.left_out("message-type-missing", line, seen)
            continue
        if number.fault is not None:
            rows.problem(number.fault, line, seen, **number.details)
            if number.is_lost:
                continue
        if not in_force(cells, line, seen):
            others += 1
            continue
        if fault and spelt.is_new(message_type):
            rows.problem(fault, line, seen, value=shown(message_type))
        direction = direction_of(cells)
        if direction.fault is not None:
            rows.problem(direction.fault, line, seen, value=shown(direction.seen))
        yield RegistrationRecord(number.value, message_type, *direction.counted, line)
    if others and on is not None:
        report(Problem("registrations-not-in-force", file, None, None, {"count": others, "on": on.isoformat()}))


class _Spellings(dict[tuple[str, str, str], tuple[str, str]]):
    """Identifier, code and version of a row to the message type they mean, and to the code of a problem or an empty text.

    An identifier goes before a code. A code or a version that stands for one message type of the list alone is that; one that
    stands for several is left as it is, for nobody can tell which of them is meant.
    """

    def __init__(self, types: Iterable[MessageTypeRow]) -> None:
        super().__init__()
        self._by_identifier: dict[str, set[str]] = {}
        self._by_text: dict[str, set[str]] = {}
        self._reported: set[str] = set()
        for row in types:
            whole = type_as_written(row.code, row.version)
            if not whole:
                continue
            if row.identifier:
                self._by_identifier.setdefault(row.identifier.casefold(), set()).add(whole)
            for text in {row.code, row.version, whole} - {""}:
                self._by_text.setdefault(text.casefold(), set()).add(whole)

    def __missing__(self, key: tuple[str, str, str]) -> tuple[str, str]:
        identifier, code, version = key
        answer = self._answer(identifier, type_as_written(code, version))
        if len(self) < 65_536:
            self[key] = answer
        return answer

    def is_new(self, message_type: str) -> bool:
        """Whether this is the first time that a message type is asked about here."""
        if message_type in self._reported:
            return False
        self._reported.add(message_type)
        return True

    def _answer(self, identifier: str, code: str) -> tuple[str, str]:
        for text, known in ((identifier, self._by_identifier), (identifier, self._by_text), (code, self._by_text)):
            found = known.get(text.casefold()) if text else None
            if found is None:
                continue
            if len(found) == 1:
                return next(iter(found)), ""
            if known is self._by_identifier:
                return code or identifier, "message-type-id-ambiguous"
            return text, ""
        # A code in the column for identifiers, or the other way round, is no fault as long as the list has it.
        found = self._by_identifier.get(code.casefold()) if code else None
        if found is not None and len(found) == 1:
            return next(iter(found)), ""
        return code or identifier, "message-type-not-listed"


class _Flags(NamedTuple):
    inactive: bool | None
    internal_only: bool | None
    faults: tuple[tuple[str, str, str], ...]


def _flags(inactive_cell: str, status: str, internal_cell: str) -> _Flags:
    """What three cells say; of those that can't be read, the code of the problem, the field, and what stood there."""
    faults: list[tuple[str, str, str]] = []

    def said(cell: str, field: str) -> bool | None:
        if is_blank(cell):
            return None
        answer = yes_or_no(cell)
        if answer is None:
            faults.append(("yes-no-unreadable", field, cell))
        return answer

    inactive = said(inactive_cell, "inactive")
    if not is_blank(status):
        word = normalise(status)
        if word in cell_words("out_of_use"):
            inactive = True
        elif word in cell_words("in_use"):
            inactive = inactive or False
        else:
            faults.append(("number-status-unreadable", "location_status", status))
    return _Flags(inactive, said(internal_cell, "internal_only"), tuple(faults))
