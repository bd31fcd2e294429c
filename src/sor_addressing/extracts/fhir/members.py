"""Looking into a resource: members of an object as JSON has them, where anything may stand anywhere.

An object is a tuple of pairs, a list a list; what was XML is made the same. What is not of the shape asked for is not there.
"""

from __future__ import annotations

from typing import Any

from sor_addressing.cells.reading import without_control_characters
from sor_addressing.hiding import hide

Members = dict[str, Any]

LONGEST = 1_000
"""More characters of a text are not kept."""

_NOTHING: Members = {}


def members(value: object) -> Members:
    """The members of an object by name; none of anything else. Of a member that stands twice there is none that could be told."""
    if value.__class__ is not tuple:
        return _NOTHING
    found = dict(value)
    if len(found) < len(value):
        seen: set[str] = set()
        for name, _ in value:
            if name in seen:
                found.pop(name, None)
            seen.add(name)
    return found


def several(value: object) -> list[Any]:
    """The elements of a list; one thing where XML has one, none where there is nothing."""
    if value.__class__ is list:
        return value
    return [] if value is None else [value]


def text(value: object) -> str:
    """A text as it may be kept: without control characters, blanks around it, and what looks like a CPR number."""
    if value.__class__ is not str:
        return ""
    if not value.isprintable():
        value = without_control_characters(value)
    return hide(value.strip()[:LONGEST])


def plain(value: object) -> str:
    """A text by which things are found and compared, and which is hidden where it is shown: an address, an id, a code."""
    if value.__class__ is not str:
        return ""
    if not value.isprintable():
        value = without_control_characters(value)
    return value.strip()[:LONGEST]


def flag(value: object) -> bool | None:
    """True or false, also as XML writes it; None of anything else."""
    if value is True or value is False:
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(value) if isinstance(value, str) else None
