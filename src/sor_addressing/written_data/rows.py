"""Settings in CSV that somebody wrote: conversion models, lists of approved systems; small, with named columns and comments."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from sor_addressing.errors import SorAddressingError
from sor_addressing.hiding import shown
from sor_addressing.texts import counted
from sor_addressing.written_data.texts import text_of

__all__ = ["read_rows"]

_LONGEST_SHOWN = 300


def read_rows(
    path: str | os.PathLike[str],
    error: type[SorAddressingError],
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV of settings (comma, semicolon or tab; ``#`` lines are comments), each with its line number.

    An optional column that the file doesn't have is left out of the rows.

    Raises:
        SorAddressingError: the file can't be read, a column is missing, unknown or there twice, or a row is ragged.
    """
    import csv
    import io

    name = os.fspath(path)
    lines = list(io.StringIO(text_of(path, error), newline=""))
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
                header = [cell.lower() for cell in cells]
                _check_header(header, partial(error, file=name, line=reader.line_num), required, optional)
                continue
            if len(cells) != len(header):
                said = f"{counted(len(cells), 'field', 'fields')} where the header has {len(header)}: {delimiter.join(header)}"
                raise error(said, file=name, line=reader.line_num)
            rows.append((reader.line_num, dict(zip(header, cells, strict=True))))
    except csv.Error as fault:
        reason = f"can't be read as CSV: {fault}"
    else:
        reason = "" if header is not None else f"is empty: expected a header with {', '.join(required)}"
    if reason:
        raise error(reason, file=name, line=None if header is None else reader.line_num)
    return rows


def _comments_blanked(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield "\n" if line.startswith("#") else line


def _check_header(
    header: list[str], refused: Callable[[str], SorAddressingError], required: Sequence[str], optional: Sequence[str]
) -> None:
    missing = [column for column in required if column not in header]
    if missing:
        raise refused(
            f"no column {', '.join(missing)}; the header reads: {shown(', '.join(header), longest=_LONGEST_SHOWN)}"
        )
    allowed = (*required, *optional)
    for position, column in enumerate(header):
        if column not in allowed:
            raise refused(f"unknown column {shown(column)!r}; the columns are {', '.join(allowed)}")
        if column in header[:position]:
            raise refused(f"the column {column!r} is there twice")
