"""Packages: which message types a location number should have, may have and should not have, by who owns it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import attrs

from sor_addressing.errors import PolicyError
from sor_addressing.messages.datafile import caller_text
from sor_addressing.texts import LANGUAGES

_LISTS = (
    "unit_type",
    "speciality",
    "system_type",
    "should_send",
    "should_receive",
    "may_send",
    "may_receive",
    "must_not",
)
_WHOM = ("unit_type", "speciality", "system_type", "unit_name")


def _texts(given: object) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)  # type: ignore[arg-type]  # the validator sees to it


@attrs.frozen(slots=True, kw_only=True)
class Package:
    """A named set of message types (regions call it an *EDI-pakke*) for the location numbers of some units.

    It is for the numbers whose owner fits everything of ``unit_type``, ``speciality``, ``system_type`` and ``unit_name`` that is given, each
    by one of its values. Message types are codes, which mean every version, or codes with a version. In what a number should or may have, the
    code that a family is called by (``DIS91``) means every format of it; ``XDIS91`` and ``FDIS91`` mean themselves.

    Attributes:
        name: what it is called.
        title: the same for people, by language.
        source: who says so.
        unit_type: codes or words of unit types.
        speciality: codes or words of specialities.
        system_type: sorts of system on the approval list; without one the package is not asked.
        unit_name: how the name of the owner begins.
        should_send: what the number should be registered to send.
        should_receive: what it should be registered to receive.
        may_send: what it may be registered to send besides; counts with ``complete``.
        may_receive: likewise to receive.
        must_not: what it should not have in any direction.
        complete: whether everything else is too much; receipts never are.
    """

    name: str
    title: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    source: str = ""
    unit_type: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    speciality: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    system_type: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    unit_name: str = ""
    should_send: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    should_receive: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    may_send: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    may_receive: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    must_not: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    complete: bool = False

    def __attrs_post_init__(self) -> None:
        if not any(getattr(self, name) for name in _WHOM):
            raise PolicyError(f"package {self.name!r} is for nobody: give one of {', '.join(_WHOM)}")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> tuple[Package, ...]:
        """The packages of a TOML file, each a table ``[[package]]`` with the attributes above.

        Raises:
            PolicyError: the file can't be read, or a package is none; the text names it.
        """
        return _packages(caller_text(path), Path(path).name)

    @classmethod
    def shipped(cls) -> tuple[Package, ...]:
        """The few that come with the package, as examples, each with its source.

        >>> [package.name for package in Package.shipped()]
        ['hospital-notification', 'practice-correspondence', 'care-system-correspondence']
        """
        return _shipped()


@cache
def _shipped() -> tuple[Package, ...]:
    return _packages((files(__package__) / "data" / "packages.toml").read_text("utf-8"), "packages.toml")


def _packages(text: str, file: str) -> tuple[Package, ...]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file}: is not TOML: {error}") from error
    found = tables.get("package")
    if not isinstance(found, list) or set(tables) != {"package"} or not all(isinstance(one, dict) for one in found):
        raise PolicyError(f"{file}: holds tables [[package]] and nothing else")
    return tuple(_package(table, f"{file}, package {position}") for position, table in enumerate(found, start=1))


def _package(table: dict[str, object], where: str) -> Package:
    known = {attribute.name for attribute in attrs.fields(Package)}
    unknown = [name for name in table if name not in known]
    if unknown:
        raise PolicyError(f"{where}: {', '.join(unknown)} is no attribute of a package: {', '.join(sorted(known))}")
    for name, value in table.items():
        listed = value if isinstance(value, list) else [value]
        if name in _LISTS and not (listed and all(isinstance(one, str) and one.strip() for one in listed)):
            raise PolicyError(f"{where}: {name} is {value!r}: give a text or a list of texts")
        if name in ("name", "source", "unit_name") and not (isinstance(value, str) and value.strip()):
            raise PolicyError(f"{where}: {name} is {value!r}: give a text")
        if name == "complete" and not isinstance(value, bool):
            raise PolicyError(f"{where}: complete is {value!r}: use true or false")
        if name == "title" and not (isinstance(value, dict) and set(LANGUAGES) <= set(value)):
            raise PolicyError(f"{where}: title is {value!r}: give da and en")
    if "name" not in table:
        raise PolicyError(f"{where}: a package has to have a name")
    return Package(**table)  # type: ignore[arg-type]  # checked above
