"""Regions and municipalities: codes and names, in force and former, the same everywhere in the package.

The register has codes, files and people have names. Of the regions also the names without *Region* and in English count; of the
municipalities the names with and without *Kommune*, as the authorities write them now or did.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from sor_addressing.shipped import shipped_rows, shipped_toml

__all__ = ["Municipality", "municipalities", "municipality", "municipality_name", "municipality_named", "region_code"]

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_MUNICIPALITY = "kommune"
_CODE_LENGTH = 4


class Municipality(NamedTuple):
    """A municipality: its code, its name, and its region; or, of one that is no more, the code of the one it became part of."""

    code: str
    name: str
    region: str
    followed_by: str


def region_code(name: str) -> str:
    """The code of the region with this name, or with this code; of another name itself.

    >>> region_code("Region Sjælland"), region_code("1085"), region_code("Ukendt")
    ('1085', '1085', 'Ukendt')
    """
    codes = _region_codes()
    return codes.get(name) or codes.get(_plain(name), name)


def municipalities() -> Iterable[Municipality]:
    """All municipalities since 1970, in force and former, by code."""
    return _by_code().values()


def municipality(code: str) -> Municipality | None:
    """The municipality with this code, with or without the zero in front.

    >>> municipality("751").name, municipality("0701").followed_by, municipality("0901")
    ('Aarhus', '0706', None)
    """
    return _by_code().get(code.zfill(_CODE_LENGTH))


def municipality_name(code: str) -> str | None:
    """The name of the municipality with this code; None where no municipality has it."""
    found = municipality(code)
    return None if found is None else found.name


def municipality_named(name: str) -> tuple[Municipality, ...]:
    """The municipalities with this name, those in force first.

    >>> [one.code for one in municipality_named("Århus Kommune")], [one.code for one in municipality_named("faaborg")]
    (['0751'], ['0431'])
    """
    return _by_name().get(_plain_municipality(name), ())


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold().translate(_LETTERS)))


def _plain_municipality(name: str) -> str:
    plain = _plain(name).removesuffix(_MUNICIPALITY)
    return plain.removesuffix("s") or plain


@cache
def _region_codes() -> dict[str, str]:
    data = shipped_toml("sor_addressing", "data", "regions.toml")
    return {name: code for code, names in data["regions"].items() for name in (code, *map(_plain, names))}


@cache
def _by_code() -> dict[str, Municipality]:
    rows = shipped_rows("sor_addressing", "data", "municipalities.csv")
    return {code: Municipality(code, name, region, after) for code, name, region, after in rows}


@cache
def _by_name() -> dict[str, tuple[Municipality, ...]]:
    named: dict[str, tuple[Municipality, ...]] = {}
    for one in sorted(_by_code().values(), key=lambda one: bool(one.followed_by)):
        plain = _plain_municipality(one.name)
        named[plain] = (*named.get(plain, ()), one)
    return named
