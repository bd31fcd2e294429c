"""Packages: which message types a location number should have, may have and should not have, by who owns it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

import attrs

from sor_addressing.errors import PolicyError
from sor_addressing.shipped import shipped_toml
from sor_addressing.texts import LANGUAGES
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import read_toml

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
        return _packages(read_toml(path, PolicyError))

    @classmethod
    def shipped(cls) -> tuple[Package, ...]:
        """The few that come with the package, as examples, each with its source.

        >>> [package.name for package in Package.shipped()]
        ['hospital-notification', 'practice-correspondence', 'care-system-correspondence']
        """
        return _shipped()


@cache
def _shipped() -> tuple[Package, ...]:
    return _packages(
        WrittenTable(shipped_toml("sor_addressing.quality", "data", "packages.toml"), "packages.toml", PolicyError)
    )


def _packages(file: WrittenTable) -> tuple[Package, ...]:
    return tuple(_package(table) for table in file.only("package").tables("package"))


def _package(table: WrittenTable) -> Package:
    table.only(*(attribute.name for attribute in attrs.fields(Package)))
    if not any(name in table for name in _WHOM):
        raise table.fault(f"the package is for nobody: give one of {', '.join(_WHOM)}")
    title = table.table("title").only(*LANGUAGES)
    lists = {
        name: table.texts(name) for name in table if name not in ("name", "title", "source", "unit_name", "complete")
    }
    for name, listed in lists.items():
        if not listed:
            raise table.wrong(name, "write a text or a list of texts, or leave it out")
    return Package(
        name=table.text("name"),
        title={language: title.text(language) for language in LANGUAGES} if "title" in table else {},
        source=table.text("source", ""),
        unit_name=table.text("unit_name", ""),
        complete=table.switch("complete", False),
        **lists,
    )
