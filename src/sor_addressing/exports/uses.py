"""What an extract is made for: :class:`Use`, data that say which units it has, what its key is, and how names begin."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs

from sor_addressing.errors import ExportError, FilterError
from sor_addressing.search.rules.filters import Filter
from sor_addressing.texts import LANGUAGES

_BELOW = ("owner_name", "owner_type", "institution_type")
_OF_UNITS = frozenset(
    [
        "region",
        "municipality",
        "postal_code",
        "unit_type",
        "speciality",
        "provider_number",
        "system",
        "supplier",
        "net_operator",
        "kind",
        "within",
        "own_location_only",
    ]
)


class Key(StrEnum):
    """What identifies a row, and so what one row is."""

    LOCATION_NUMBER = "location_number"
    PROVIDER_NUMBER = "provider_number"
    SOR_CODE = "sor_code"


class Front(StrEnum):
    """The name that display names begin with."""

    INSTITUTION = "institution"
    OWNER = "owner"
    NONE = "none"


@attrs.frozen(slots=True)
class Clause:
    """One way to fit: what the unit is, and what it lies below. Everything in it has to fit.

    ``owner_name`` has patterns, ``owner_type`` and ``institution_type`` codes or words.
    """

    filter: Filter
    owner_name: tuple[str, ...] = ()
    owner_type: tuple[str, ...] = ()
    institution_type: tuple[str, ...] = ()


@attrs.frozen(slots=True)
class Use:
    """What an extract is made for.

    ``key`` is the column that is unique, and so what one row is; ``where`` are the units it has, those that fit any of the clauses, all
    units where there are none. The package has ``municipalities``, ``general-practice``, ``hospitals`` and ``all-addresses``; a TOML file of
    the same shape has others (``exports/data/uses.toml`` in the package shows how).

    >>> sorted(Use.shipped())
    ['all-addresses', 'general-practice', 'hospitals', 'municipalities']
    >>> Use.shipped()["hospitals"].key
    <Key.SOR_CODE: 'sor_code'>
    """

    name: str
    key: Key
    front: Front = Front.INSTITUTION
    where: tuple[Clause, ...] = ()
    descriptions: Mapping[str, str] = attrs.field(factory=dict, hash=False, repr=False)

    @classmethod
    def shipped(cls) -> Mapping[str, Use]:
        """The uses of the package, by name."""
        return _shipped()

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Mapping[str, Use]:
        """The uses of a TOML file, by name.

        Raises:
            ExportError: the file can't be read, or a use asks for what can't be; the text names the use.
        """
        try:
            text = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ExportError(f"{os.fspath(path)}: the uses can't be read: {error}") from error
        return _uses_of(text, os.fspath(path))

    def description(self, language: str = "en") -> str:
        """What the extract has, in English (``"en"``) or Danish (``"da"``); the name where the file does not say it."""
        return self.descriptions.get(language) or self.name


@cache
def _shipped() -> Mapping[str, Use]:
    return _uses_of((files(__package__) / "data" / "uses.toml").read_text("utf-8"), "uses.toml")


def _uses_of(text: str, file: str) -> Mapping[str, Use]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExportError(f"{file}: is no TOML: {error}") from error
    return MappingProxyType({name: _use_of(name, table, file) for name, table in tables.items()})


def _use_of(name: str, table: object, file: str) -> Use:
    where = f"{file}: use {name}"
    if not isinstance(table, dict):
        raise ExportError(f"{where} is no table: write [{name}] above its key")
    unknown = table.keys() - {"key", "front", "where", *LANGUAGES}
    if unknown:
        raise ExportError(f"{where} has {', '.join(sorted(unknown))}; what it can have is key, front, where, da and en")
    key = _choice(where, "key", table.get("key"), Key)
    front = _choice(where, "front", table.get("front", "institution"), Front)
    clauses = table.get("where", [])
    if not isinstance(clauses, list) or not all(isinstance(clause, dict) and clause for clause in clauses):
        raise ExportError(f"{where}: where is a list of tables, [[{name}.where]], each with a field at least")
    descriptions = {language: str(table[language]) for language in LANGUAGES if language in table}
    return Use(name, Key(key), Front(front), tuple(_clause(where, one) for one in clauses), descriptions)


def _choice(where: str, field: str, value: object, choices: type[StrEnum]) -> str:
    if not isinstance(value, str) or value not in list(choices):
        raise ExportError(f"{where}: {field} is {value!r}: use {', '.join(choices)}")
    return value


def _clause(where: str, fields: dict[str, Any]) -> Clause:
    unknown = fields.keys() - _OF_UNITS - set(_BELOW)
    if unknown:
        known = ", ".join([*_BELOW, *sorted(_OF_UNITS)])
        raise ExportError(f"{where}: where asks for {', '.join(sorted(unknown))}; what it can ask for is {known}")
    below = {}
    for name in _BELOW:
        values = fields.get(name, [])
        values = [values] if isinstance(values, str) else values
        if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
            raise ExportError(f"{where}: {name} is {fields[name]!r}: write texts, for leading zeros count")
        below[name] = tuple(values)
    try:
        wanted = Filter(**{name: value for name, value in fields.items() if name in _OF_UNITS})
    except FilterError as error:
        raise ExportError(f"{where}: {error}") from error
    return Clause(wanted, **below)
