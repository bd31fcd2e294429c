"""Checks a catalogue that a caller wrote, before anything is built on it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from sor_addressing.errors import PolicyError
from sor_addressing.written_data.rows import read_rows

_FORMATS = ("EDI", "XML", "FHIR")
_YES_OR_NO = ("yes", "no")
_UPPER_CASE = ("family", "code", "format", "version", "receipts")


def checked_rows(path: str | os.PathLike[str], *, required: Sequence[str], optional: Sequence[str]) -> list[list[str]]:
    """The rows of a caller's catalogue in the order ``required`` then ``optional``; what is left out is empty.

    Raises:
        PolicyError: the file or a row of it is not as it must be.
    """
    formats_of_codes: dict[str, str] = {}
    lines_of_types: dict[tuple[str, str], int] = {}
    rows = []
    for line, cells in read_rows(path, PolicyError, required=required, optional=optional):
        where = f"{os.fspath(path)}, line {line}"
        for column in _UPPER_CASE:
            if column in cells:
                cells[column] = cells[column].upper()
        _check_cells(cells, where)
        code, version = cells["code"], cells["version"]
        if (code, version) in lines_of_types:
            raise PolicyError(f"{where}: {code} {version} is already on line {lines_of_types[code, version]}")
        if formats_of_codes.setdefault(code, cells["format"]) != cells["format"]:
            raise PolicyError(f"{where}: the code {code} has two formats: {formats_of_codes[code]}, {cells['format']}")
        lines_of_types[code, version] = line
        rows.append([cells.get(column, "") for column in (*required, *optional)])
    if not rows:
        raise PolicyError(f"{os.fspath(path)}: no message types: a catalogue has one line a version")
    return rows


def _check_cells(cells: dict[str, str], where: str) -> None:
    for column in ("family", "code", "version"):
        if not cells[column] or not all(char.isalnum() or char == "." for char in cells[column]):
            raise PolicyError(f"{where}: {column} is {cells[column]!r}: expected letters, digits and dots")
    if cells["format"] not in _FORMATS:
        raise PolicyError(f"{where}: format is {cells['format']!r}: expected {', '.join(_FORMATS)}")
    for column in ("current", "expects_reply"):
        value = cells.get(column, "")
        if value not in _YES_OR_NO and (value or column == "current"):
            raise PolicyError(f"{where}: {column} is {value!r}: expected yes or no")
    for column in ("approved_to_send", "approved_to_receive"):
        value = cells.get(column, "")
        if value and not (value.isascii() and value.isdigit()):
            raise PolicyError(f"{where}: {column} is {value!r}: expected a number, or nothing")
