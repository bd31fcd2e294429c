"""What an extract is made for: :class:`Use`, data that say which units it has, what its key is, and how names begin."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import attrs

from sor_addressing.errors import ExportError, FilterError
from sor_addressing.field_names import LISTED_FILTERS
from sor_addressing.search.rules.filters import Filter
from sor_addressing.shipped import shipped_toml
from sor_addressing.texts import LANGUAGES
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import read_toml

_BELOW = ("owner_name", "owner_type", "institution_type")
_OF_UNITS = (*LISTED_FILTERS, "own_location_only", "within")


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
        return _uses_of(read_toml(path, ExportError))

    def description(self, language: str = "en") -> str:
        """What the extract has, in English (``"en"``) or Danish (``"da"``); the name where the file does not say it."""
        return self.descriptions.get(language) or self.name


@cache
def _shipped() -> Mapping[str, Use]:
    return _uses_of(WrittenTable(shipped_toml("sor_addressing.exports", "data", "uses.toml"), "uses.toml", ExportError))


def _uses_of(file: WrittenTable) -> Mapping[str, Use]:
    return MappingProxyType({name: _use_of(name, table) for name, table in file.inner_tables().items()})


def _use_of(name: str, use: WrittenTable) -> Use:
    use.only("key", "front", "where", *LANGUAGES)
    return Use(
        name,
        use.one_of("key", Key),
        use.one_of("front", Front, Front.INSTITUTION),
        tuple(map(_clause, use.tables("where"))),
        {language: use.text(language) for language in LANGUAGES if language in use},
    )


def _clause(clause: WrittenTable) -> Clause:
    clause.only(*_BELOW, *sorted(_OF_UNITS))
    if not clause.values:
        raise clause.fault("asks for nothing: give one of its fields, or leave it out for all units")
    reason = ""
    try:
        wanted = Filter(**{name: value for name, value in clause.values.items() if name in _OF_UNITS})  # type: ignore[arg-type]  # it checks them itself
    except FilterError as error:
        reason = str(error)
    else:
        return Clause(wanted, **{name: clause.texts(name, ()) for name in _BELOW})
    raise clause.fault(reason)
