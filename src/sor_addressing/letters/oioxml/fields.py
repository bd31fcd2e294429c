"""Fields of the header in XML: by local name, times of day, and identifiers of one kind that differ."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from lxml import etree

from sor_addressing.addressing.findings import Finding
from sor_addressing.hiding import must_hide
from sor_addressing.letters.header import HIDDEN, LetterIdentifierKind, Party, hide, letter_finding
from sor_addressing.letters.oioxml.xml_input import value_of, without_namespace

_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(\.\d{1,6})?\d*(Z|[+-]\d\d:\d\d)?", re.ASCII)


def child_of(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child with that local name, and so on down the path; None where there is none."""
    for name in path:
        if element is None:
            return None
        for child in element:
            if without_namespace(child.tag) == name:
                element = child
                break
        else:
            return None
    return element


def fields_of(element: etree._Element | None, file: str) -> dict[str, str]:
    """The texts of the children that hold text alone, trimmed, by local name; the first that isn't empty counts.

    For elements whose every field is read, or may be.

    Raises:
        LetterError: one is longer than any field of a header.
    """
    found: dict[str, str] = {}
    for child in element if element is not None else ():
        name = without_namespace(child.tag)
        if name not in found and (value := value_of(child, file)):
            found[name] = value
    return found


def values_of(element: etree._Element | None, name: str, file: str) -> list[str]:
    """The texts of all children with that local name, trimmed, empty ones left out.

    Raises:
        LetterError: one is longer than any field of a header.
    """
    if element is None:
        return []
    values = [value_of(child, file) for child in element if without_namespace(child.tag) == name]
    return [value for value in values if value]


def first_value(element: etree._Element | None, name: str, file: str) -> str | None:
    """The first of :func:`values_of`; None where there is none."""
    return next(iter(values_of(element, name, file)), None)


def shown(text: str | None) -> str | None:
    """An id that a sender made up, without what looks like a CPR number."""
    return hide(text) if text else None


def shown_code(text: str | None) -> str | None:
    """A code out of a list, such as the reason of a refusal; what is none is text that someone put there, and is not shown."""
    return text if text is None or (_CODE.fullmatch(text) and not must_hide(text)) else HIDDEN


def moment_of(text: str | None) -> dt.datetime | None:
    """Date and time as XML Schema writes them, naive where no time zone is given; None where it is none.

    >>> moment_of("2026-01-15T09:30"), moment_of("2026-02-30T09:30")
    (datetime.datetime(2026, 1, 15, 9, 30), None)
    """
    found = _MOMENT.fullmatch(text) if text else None
    if found is None:
        return None
    fraction = found[2].ljust(7, "0") if found[2] else ""
    try:
        return dt.datetime.fromisoformat(f"{found[1]}{fraction}{found[3] or ''}")
    except ValueError:
        return None


def disagreements(party: Party) -> Sequence[Finding]:
    """A finding for each kind of which the party has two identifiers that differ."""
    identifiers = party.identifiers
    if len(identifiers) < 2 or (len(identifiers) == 2 and identifiers[0].kind is not identifiers[1].kind):
        return ()
    by_kind: dict[LetterIdentifierKind, dict[str, None]] = {}
    for one in identifiers:
        by_kind.setdefault(one.kind, {})[one.value] = None
    return [
        letter_finding("identifiers-disagree", variant="two", party=party.role, identifiers=tuple(values))
        for values in by_kind.values()
        if len(values) > 1
    ]
