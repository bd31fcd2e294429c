"""Reading the tables of this floor: those shipped in the package, and those a caller wrote.

The shipped ones are held by a test to be plain (no quotes, no commas inside a field), so that splitting is enough and a
new process need not import :mod:`csv`. A caller's table is read with care, and every fault names file and line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from sor_addressing.errors import PolicyError

# Not pathlib or importlib.resources: this is on the way of every new process, and importing them costs more than reading the tables.
_DATA = os.path.join(os.path.dirname(__file__), "data")  # noqa: PTH118, PTH120


def shipped_rows(name: str) -> list[list[str]]:
    """The rows of a table in the package, comments and header left out."""
    # The loader of the package reads it from a folder, a wheel or a zip alike.
    data: bytes = __spec__.loader.get_data(os.path.join(_DATA, name))  # type: ignore[union-attr]  # noqa: PTH118
    lines = [line for line in data.decode().replace("\r\n", "\n").split("\n") if line and line[0] != "#"]
    return [line.split(",") for line in lines[1:]]


def caller_text(path: str | os.PathLike[str]) -> str:
    """The text of a caller's file, UTF-8 with or without a byte order mark.

    Raises:
        PolicyError: the file can't be read, or isn't UTF-8.
    """
    from pathlib import Path

    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{os.fspath(path)}: is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise PolicyError(f"{os.fspath(path)}: can't be read: {error.strerror or error}") from error


def caller_rows(
    path: str | os.PathLike[str], *, required: Sequence[str], optional: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """The rows of a caller's CSV (comma, semicolon or tab; ``#`` lines are comments), each with its line number.

    An optional column that the file doesn't have is left out of the rows.

    Raises:
        PolicyError: the file can't be read, a column is missing, unknown or there twice, or a row is ragged.
    """
    import csv

    name = os.fspath(path)
    lines = caller_text(path).splitlines(keepends=True)
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    delimiter = next((mark for mark in ";\t" if mark in first), ",")
    reader = csv.reader(_comments_blanked(lines), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    rows = []
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if header is None:
                header = _checked_header([cell.lower() for cell in cells], name, required, optional)
                continue
            if len(cells) != len(header):
                raise PolicyError(
                    f"{name}, line {reader.line_num}: {len(cells)} fields where the header has {len(header)}: "
                    f"{delimiter.join(header)}"
                )
            rows.append((reader.line_num, dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        raise PolicyError(f"{name}, line {reader.line_num}: can't be read as CSV: {error}") from error
    if header is None:
        raise PolicyError(f"{name}: is empty: expected a header with {', '.join(required)}")
    return rows


def _comments_blanked(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield "\n" if line.startswith("#") else line


def _checked_header(header: list[str], name: str, required: Sequence[str], optional: Sequence[str]) -> list[str]:
    missing = [column for column in required if column not in header]
    if missing:
        raise PolicyError(f"{name}: no column {', '.join(missing)}; the header reads: {', '.join(header)}")
    allowed = (*required, *optional)
    for position, column in enumerate(header):
        if column not in allowed:
            raise PolicyError(f"{name}: unknown column {column!r}; the columns are {', '.join(allowed)}")
        if column in header[:position]:
            raise PolicyError(f"{name}: the column {column!r} is there twice")
    return header
