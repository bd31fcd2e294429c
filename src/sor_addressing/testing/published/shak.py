"""Writes the SHAK register: hospitals and departments in lines of fixed width, and hospitals with their SOR codes in a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sor_addressing.model import ADDRESS_FIELDS, UnitRecord
from sor_addressing.testing.published.sor_xml import UnitsOfADay
from sor_addressing.whole_file import written_binary

__all__ = ["write_hospitals", "write_shak"]

_OPEN = "25000101"
_IMPOSSIBLE = "20200231"


def write_shak(
    extract: UnitsOfADay,
    target: str | Path | IO[bytes],
    *,
    encoding: str = "iso-8859-1",
    newline: str = "\r\n",
) -> None:
    r"""Write the SHAK codes of an extract as ``shakcomplete.txt``: a line for each code and period of a unit that has it.

    A code is called what its first unit is called. Departments come without the hospital that they lie in, unless a unit
    has its code.

    Args:
        extract: its units.
        target: a path, or a binary file, which is left open.
        encoding: ISO-8859-1 in the published file; letters that it lacks are written as question marks.
        newline: between the lines; ``"\r\n"`` in published files.
    """
    data = "".join(line + newline for line in _lines(extract)).encode(encoding, "replace")
    with written_binary(target) as file:
        file.write(data)


def write_hospitals(
    extract: UnitsOfADay,
    target: str | Path | IO[bytes],
    *,
    encoding: str = "iso-8859-1",
    newline: str = "\r\n",
) -> None:
    r"""Write the hospitals of an extract as ``SHAKregion.txt``: each unit with a SHAK code of four characters, in columns between tabs.

    Args:
        extract: its units.
        target: a path, or a binary file, which is left open.
        encoding: as in :func:`write_shak`.
        newline: between the lines.
    """
    lines = []
    for unit in extract.units:
        if len(unit.shak_code) == 4:
            region = (unit.postal_address or ("",) * len(ADDRESS_FIELDS))[ADDRESS_FIELDS.index("region_code")]
            cells = (unit.shak_code, unit.name.replace("\t", " "), *_days(unit), "1", "1", region, unit.sor_code)
            lines.append("\t".join(cells) + newline)
    data = "".join(lines).encode(encoding, "replace")
    with written_binary(target) as file:
        file.write(data)


def _lines(extract: UnitsOfADay) -> Iterator[str]:
    names: dict[str, str] = {}
    written = set()
    for unit in extract.units:
        if not unit.shak_code:
            continue
        name = names.setdefault(unit.shak_code, unit.name)
        line = _line(unit, name)
        if line not in written:
            written.add(line)
            yield line


def _line(unit: UnitRecord, name: str) -> str:
    from_text, to_text = _days(unit)
    kind = "sgh" if len(unit.shak_code) == 4 else "afd"
    operation = "3" if unit.to_date is not None else "1"
    start = f"{kind}{unit.shak_code:<20}{from_text:<8}{from_text if not unit.period_unreadable else '':<8}{to_text:<8}"
    return f"{start}{name[:120]:<120}{'':20}{operation}".ljust(214)


def _days(unit: UnitRecord) -> tuple[str, str]:
    """First and last day; an unreadable period has an impossible one."""
    from_text, to_text = _day(unit.from_date, ""), _day(unit.to_date, _OPEN)
    if unit.period_unreadable:
        return (from_text, _IMPOSSIBLE) if from_text else (_IMPOSSIBLE, to_text)
    return from_text, to_text


def _day(day: dt.date | None, missing: str) -> str:
    return missing if day is None else f"{day.year:04d}{day.month:02d}{day.day:02d}"
