"""``Edityper.csv``: which message types stand on which location number, to send, to receive, or merely registered.

The header of the published file is not documented; columns are found by :mod:`sor_addressing.extracts.headers`. Message
types are handed on as written, one record a row: what they mean, and that two rows for two directions are one
registration, is for those who build the index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from sor_addressing.extracts.headers import ColumnMap, cell_words, layout_named, match_columns, normalise
from sor_addressing.extracts.tabular import open_table, shown
from sor_addressing.identifiers import LocationNumber, compact
from sor_addressing.model import Problem, RegistrationRecord

__all__ = ["looks_like_message_types", "read_message_types"]

LAYOUT = "message_types"

# A number as a spreadsheet shows it when it has run out of room: 5,79E+12.
_MANGLED = re.compile(r"\d(?:[.,]\d*)?[eE]\+?\d{1,3}")
_WORD = re.compile(r"\w+")
# Location numbers and message types repeat a lot: each is looked at once as long as there are not too many.
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
    stream: BinaryIO, *, file: str, columns: ColumnMap | None = None, report: Callable[[Problem], None]
) -> Iterator[RegistrationRecord]:
    """The registrations in a table of location numbers and message types, in the file's order.

    Args:
        stream: the bytes; need not be seekable.
        file: name used in errors and problems.
        columns: the caller's map of columns, as in :func:`~sor_addressing.extracts.headers.match_columns`.
        report: called with each problem. A row without a usable location number or without a message type is left out;
            everything else is kept.

    Raises:
        ExtractError: the file can't be read as such a table.
        PolicyError: ``columns`` names what doesn't exist.
    """
    ragged_line = 0

    def note(problem: Problem) -> None:
        nonlocal ragged_line
        if problem.code == "ragged-line":
            ragged_line = problem.line or 0
        report(problem)

    table = open_table(stream, file=file, report=note)
    match = match_columns(table.header, LAYOUT, file=file, columns=columns, line=table.header_line)
    if match.unknown:
        report(Problem("unknown-columns", file, table.header_line, None, {"columns": match.unknown}))
    positions = match.positions
    location_at = positions["location_number"]
    code_at = positions.get("message_type", positions.get("message_type_id"))
    version_at = positions.get("message_version")
    direction_of = _direction_reader(positions)
    location_of = lru_cache(maxsize=_REMEMBERED)(_location)
    type_of = lru_cache(maxsize=_REMEMBERED)(_message_type)

    for line, cells in table.rows():
        location = location_of(cells[location_at])
        message_type = type_of(
            cells[code_at] if code_at is not None else "", cells[version_at] if version_at is not None else ""
        )
        if not location.number or not message_type:
            if line != ragged_line:
                code = "message-type-missing" if location.number else "location-number-missing"
                report(Problem(code, file, line, shown(location.number) or None))
            continue
        if location.fault is not None:
            report(Problem(location.fault, file, line, shown(location.number), location.details))
            if location.fault == "identifier-mangled-by-spreadsheet":
                continue
        direction = direction_of(cells)
        if direction.fault is not None:
            report(Problem(direction.fault, file, line, shown(location.number), {"value": shown(direction.seen)}))
        yield RegistrationRecord(location.number, message_type, direction.may_send, direction.may_receive, line)


class _Location(NamedTuple):
    number: str
    fault: str | None = None
    details: Mapping[str, object] = {}  # never written to


def _location(cell: str) -> _Location:
    number = compact(cell)
    if not number or LocationNumber.is_canonical(number):
        return _Location(number)
    if _MANGLED.fullmatch(cell):
        return _Location(cell, "identifier-mangled-by-spreadsheet", {"value": cell})
    if not LocationNumber.fits(number):
        return _Location(
            number, "location-number-shape", {"value": shown(number), "expected": LocationNumber.shape_text}
        )
    expected = LocationNumber.expected_check_digit(number)
    return _Location(number, "location-number-check-digit", {"value": number, "expected": expected})


def _message_type(code: str, version: str) -> str:
    """Code and version as written; the version once, also where the code's column has it too."""
    if not code or not version:
        return code or version
    if version.casefold() in _WORD.findall(code.casefold()):
        return code
    return f"{code} {version}"


class _Direction(NamedTuple):
    may_send: bool | None
    may_receive: bool | None
    fault: str | None = None
    seen: str = ""


_NOT_SAID = _Direction(None, None)


def _direction_reader(positions: Mapping[str, int]) -> Callable[[list[str]], _Direction]:
    """How a row's direction is read: from a column each for send and receive, from one column, or not at all."""
    send_at, receive_at = positions.get("may_send"), positions.get("may_receive")
    direction_at = positions.get("direction")
    if send_at is not None and receive_at is not None:
        from_two = lru_cache(maxsize=_REMEMBERED)(_from_two_cells)
        return lambda cells: from_two(cells[send_at], cells[receive_at])
    from_one = lru_cache(maxsize=_REMEMBERED)(_from_one_cell)
    if direction_at is not None:
        return lambda cells: from_one(cells[direction_at])
    if send_at is not None:
        return lambda cells: _one_side(cells[send_at], sends=True)
    if receive_at is not None:
        return lambda cells: _one_side(cells[receive_at], sends=False)
    return lambda _cells: _NOT_SAID


def _from_one_cell(cell: str) -> _Direction:
    if _is_blank(cell):
        return _Direction(None, None, "direction-missing")
    word = normalise(cell)
    if word in cell_words("both"):
        return _Direction(True, True)
    if word in cell_words("send"):
        return _Direction(True, False)
    if word in cell_words("receive"):
        return _Direction(False, True)
    return _Direction(None, None, "direction-unreadable", cell)


def _from_two_cells(send: str, receive: str) -> _Direction:
    """Blank is "no" beside a cell that says something; two blank cells say nothing."""
    if _is_blank(send) and _is_blank(receive):
        return _Direction(None, None, "direction-missing")
    may_send, may_receive = _yes_or_no(send), _yes_or_no(receive)
    if may_send is None or may_receive is None:
        return _Direction(None, None, "direction-unreadable", f"{send} / {receive}")
    return _Direction(may_send, may_receive)


def _one_side(cell: str, *, sends: bool) -> _Direction:
    answer = _yes_or_no(cell)
    if answer is None:
        return _Direction(None, None, "direction-unreadable", cell)
    return _Direction(answer, None) if sends else _Direction(None, answer)


def _yes_or_no(cell: str) -> bool | None:
    if _is_blank(cell):
        return False
    word = normalise(cell)
    if word in cell_words("yes"):
        return True
    return False if word in cell_words("no") else None


def _is_blank(cell: str) -> bool:
    return cell.strip("-–— ") == ""
