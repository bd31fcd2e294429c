"""Message types whose place a new one takes, and by when the old ones are to be gone: data, of the package or of yours."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from functools import cache

import attrs

from sor_addressing.errors import PolicyError
from sor_addressing.shipped import shipped_toml
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import read_toml


def _code(given: str) -> str:
    codes = _said((given,))
    if not codes:
        raise PolicyError(f"the new message type is {given!r}: give a code")
    return codes[0]


def _codes(given: str | Iterable[str]) -> tuple[str, ...]:
    found = _listed(given)
    codes = _said(found)
    if not codes or len(codes) < len(found):
        raise PolicyError(f"the old message types are {given!r}: give a list of codes")
    return codes


def _said(given: Iterable[object]) -> tuple[str, ...]:
    """Those that are texts and not blank, as registered types have their codes."""
    return tuple([" ".join(one.split()).upper() for one in given if isinstance(one, str) and one.strip()])


def _listed(given: object) -> tuple[object, ...]:
    return (given,) if isinstance(given, str) else tuple(given) if isinstance(given, Iterable) else ()


def _day(given: dt.date | None) -> dt.date | None:
    if given is not None and (isinstance(given, dt.datetime) or not isinstance(given, dt.date)):
        raise PolicyError(f"the day by which old message types are to be gone is {given!r}: give a date")
    return given


@attrs.frozen(slots=True)
class Superseded:
    """Old message types, and the new one that takes their place, by their codes: every version of each.

    >>> Superseded("FDIS91", ["DIS91", "XDIS91"], by=dt.date(2026, 6, 30))
    Superseded(new='FDIS91', old=('DIS91', 'XDIS91'), by=datetime.date(2026, 6, 30), source='')

    Attributes:
        new: the code that takes the place.
        old: the codes whose place it takes.
        by: the last day on which the old ones may stand beside it; None where none is agreed.
        source: who says so.
    """

    new: str = attrs.field(converter=_code)
    old: tuple[str, ...] = attrs.field(converter=_codes)
    by: dt.date | None = attrs.field(default=None, converter=_day)
    source: str = ""

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> tuple[Superseded, ...]:
        """Those of a TOML file, each a table ``[[superseded]]`` with the attributes above.

        Raises:
            PolicyError: the file can't be read, or a table says something else; the text names file and line.
        """
        return _all(read_toml(path, PolicyError))

    @classmethod
    def shipped(cls) -> tuple[Superseded, ...]:
        """Those of the package, none of which has a day: no day is public.

        >>> [(one.new, one.by) for one in Superseded.shipped()]
        [('FDIS91', None), ('FDIS20', None)]
        """
        return _shipped()


@cache
def _shipped() -> tuple[Superseded, ...]:
    data = shipped_toml("sor_addressing.quality", "data", "superseded.toml")
    return _all(WrittenTable(data, "superseded.toml", PolicyError))


def _all(file: WrittenTable) -> tuple[Superseded, ...]:
    return tuple(_one(table) for table in file.only("superseded").tables("superseded"))


def _one(table: WrittenTable) -> Superseded:
    table.only("new", "old", "by", "source")
    new, old = table.text("new"), table.texts("old")
    if not old:
        raise table.wrong("old", "write the codes whose place it takes")
    found = Superseded(new, old, table.day("by") if "by" in table else None, table.text("source", ""))
    if found.new in found.old:
        raise table.wrong("old", f"{new} can't take its own place")
    return found
