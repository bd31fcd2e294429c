"""Writes a table as the publisher might: any delimiter, encoding and header, with or without the form that spreadsheets want."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal, TypedDict, get_args

from sor_addressing.cells import raw_csv_writer
from sor_addressing.whole_file import written_binary

__all__ = ["Dates", "TableOptions", "write_table", "written_day"]

Dates = Literal["iso", "danish", "dotted", "moment"]
"""How days are written: ``2026-01-15``, ``15-01-2026``, ``15.01.2026`` or ``2026-01-15 00:00:00``."""

_FORMS: Mapping[str, str] = {
    "iso": "{0.year:04d}-{0.month:02d}-{0.day:02d}",
    "danish": "{0.day:02d}-{0.month:02d}-{0.year:04d}",
    "dotted": "{0.day:02d}.{0.month:02d}.{0.year:04d}",
    "moment": "{0.year:04d}-{0.month:02d}-{0.day:02d} 00:00:00",
}


class TableOptions(TypedDict, total=False):
    """How a table is written; all of it can be left out.

    ``header`` has other names for some of the columns. ``excel`` writes cells as ``="…"``, as for a spreadsheet that would
    round them. ``dates`` is one of :data:`Dates`.
    """

    header: Mapping[str, str]
    delimiter: str
    encoding: str
    newline: str
    excel: bool
    dates: Dates


def write_table(
    names: Mapping[str, str],
    rows: Iterable[Sequence[str]],
    target: str | Path | IO[bytes],
    *,
    header: Mapping[str, str] | None = None,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
    newline: str = "\r\n",
    excel: bool = False,
    dates: Dates = "iso",  # noqa: ARG001  # the cells are texts already; taken here so that all options can be passed on
) -> None:
    """Write a table.

    Args:
        names: field to header, a column each.
        rows: the cells of each row, in the order of ``names``.
        target: a path, or a binary file, which is left open.
        header: other headers for some of the fields, as in ``Register.load(columns=…)``.
        delimiter: between the cells.
        encoding: any that Python knows; ``utf-8-sig`` is UTF-8 with a byte order mark.
        newline: between the rows.
        excel: write cells as ``="…"``.
        dates: not used here.

    Raises:
        ValueError: ``header`` has a field that the table has not.
    """
    if unknown := sorted(set(header or ()) - names.keys()):
        raise ValueError(f"no columns {', '.join(unknown)}; there are {', '.join(names)}")
    text = io.StringIO(newline="")
    writer = raw_csv_writer(text, delimiter=delimiter, end=newline)
    writer.writerow({**names, **(header or {})}.values())
    for cells in rows:
        writer.writerow([f'="{cell}"' if cell else cell for cell in cells] if excel else cells)
    data = text.getvalue().encode(encoding)
    with written_binary(target) as file:
        file.write(data)


def written_day(day: dt.date | None, dates: Dates) -> str:
    """A day as it is written; an empty text for none.

    >>> written_day(dt.date(2026, 1, 15), "danish"), written_day(None, "iso")
    ('15-01-2026', '')

    Raises:
        ValueError: an unknown way of writing days.
    """
    form = _FORMS.get(dates)
    if form is None:
        raise ValueError(f"dates is one of {', '.join(get_args(Dates))}, not {dates!r}")
    return "" if day is None else form.format(day)
