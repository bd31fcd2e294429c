"""How a message type is spelt where it is published: every place has its own word for it."""

from __future__ import annotations

from functools import cache

from sor_addressing.shipped import shipped_rows

_NOT_OFFICIAL = ("-old", "-by-rule", "-seen")


def spellings(code: str, version: str | None) -> dict[str, tuple[str, ...]]:
    """The official spellings of a type by the place they stand in, such as ``ehmi-urn`` and ``list-name``; empty where none is known.

    >>> spellings("XDIS91", "XD9134L")["list-name"]
    ('XDIS91 (XD9134L)',)
    """
    return dict(_table().get((code, version or ""), {}))


@cache
def _table() -> dict[tuple[str, str], dict[str, tuple[str, ...]]]:
    found: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for code, version, spelling, kind in shipped_rows("sor_addressing.messages", "data", "type_spellings.csv"):
        if not kind.endswith(_NOT_OFFICIAL):
            kinds = found.setdefault((code, version), {})
            kinds[kind] = (*kinds.get(kind, ()), spelling)
    return found
