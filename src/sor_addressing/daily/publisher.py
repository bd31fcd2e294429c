"""What is published, and where it lies: sets of files and their addresses, read from ``data/publisher.toml`` or one of the user's own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import attrs

from sor_addressing.daily.addresses import shown_address
from sor_addressing.errors import StoreError
from sor_addressing.shipped import shipped_toml

if TYPE_CHECKING:
    from sor_addressing.written_data.tables import WrittenTable

__all__ = ["LEGACY", "PUBLISHER", "SOR2", "SOR2_DAILY", "FileSet", "PublishedFile", "Publisher"]

VARIABLE = "SOR_ADDRESSING_PUBLISHER"
"""The environment's variable for a ``publisher.toml`` of one's own."""

_DATA = shipped_toml("sor_addressing.daily", "data", "publisher.toml")

PUBLISHER: str = _DATA["base"]
"""The publisher's own address."""


@attrs.frozen
class PublishedFile:
    """One file of a set.

    Attributes:
        key: what the file is to its set; stable.
        names: the names it is published under; the first is its name where an address tells none of them.
        paths: where it is looked for, in this order: paths below the base address, or whole addresses.
    """

    key: str
    names: tuple[str, ...]
    paths: tuple[str, ...]

    def addresses(self, base: str) -> tuple[str, ...]:
        """Where to look for the file, in this order; a mirror may also keep it directly below its base address.

        Raises:
            StoreError: nothing says where the publisher keeps it.
        """
        paths = self.paths
        if base.rstrip("/") != PUBLISHER.rstrip("/"):
            paths += self.names
        if not paths:
            name = self.names[0]
            raise StoreError(
                f"where {name} lies below {shown_address(base)} is not known to this library; look it up there and "
                f"{self.how_to_place()}"
            )
        return tuple(dict.fromkeys(_join(base, path) for path in paths))

    def how_to_place(self) -> str:
        """What to do where the file isn't found, for errors."""
        name = self.names[0]
        return (
            f"say so: --file {name}=PATH, in Python FileSet.at({{{name!r}: PATH}}), or paths in a publisher.toml of your own "
            f"(--publisher, {VARIABLE}); PATH is a path below the base address, or a whole address"
        )

    def local_name(self, address: str) -> str:
        """What to call the file that comes from ``address``; never a name that the address alone decides."""
        last = urlsplit(address).path.rpartition("/")[2].casefold()
        return next((name for name in self.names if name.casefold() == last), self.names[0])


_BESIDE = PublishedFile("endpoint_register", ("eer.json", "eer.ndjson", "eer.xml", "eer.zip"), ())
"""EHMI's endpoint register: of no set, for nobody publishes it as a file; fetched beside any set where an address of it is given."""


@attrs.frozen
class FileSet:
    """Files that make up an extract together.

    Example:
        >>> [file.names[0] for file in LEGACY]
        ['Sor.zip', 'Edityper.csv']
        >>> mirrored = LEGACY.at({"Edityper.csv": "sor/edi/Edityper.csv"})
        >>> [file.paths for file in mirrored if file.key == "message_types"]
        [('sor/edi/Edityper.csv',)]
    """

    name: str
    files: tuple[PublishedFile, ...]

    def __iter__(self) -> Iterator[PublishedFile]:
        return iter(self.files)

    def at(self, paths: Mapping[str, str]) -> FileSet:
        """The same set with files elsewhere; ``eer.json``, the endpoint register (EER), is fetched beside any set where it is given.

        Args:
            paths: name of a file (upper and lower case alike) to its path below the base address, or its whole address.

        Raises:
            StoreError: the set has no file of such a name.
        """
        wanted = {name.casefold(): path for name, path in paths.items()}
        files = self.files
        if not wanted.keys().isdisjoint(_BESIDE.names) and _BESIDE.key not in {file.key for file in files}:
            files = (*files, _BESIDE)
        names = {name.casefold() for file in files for name in file.names}
        if unknown := sorted(name for name in paths if name.casefold() not in names):
            known = ", ".join(name for file in self.files for name in file.names)
            raise StoreError(f"the set {self.name} has no file {unknown[0]!r}; its files are {known}")
        moved = []
        for file in files:
            given = tuple(wanted[name.casefold()] for name in file.names if name.casefold() in wanted)
            moved.append(attrs.evolve(file, paths=given) if given else file)
        return FileSet(self.name, tuple(moved))


@attrs.frozen
class Publisher:
    """Who publishes, and what: the three sets below a base address.

    Attributes:
        base: address below which the files lie.
        sets: the sets by name: ``legacy``, ``sor2``, ``sor2_daily``.
    """

    base: str
    sets: Mapping[str, FileSet]

    @classmethod
    def usual(cls) -> Self:
        """What ``SOR_ADDRESSING_PUBLISHER`` names, else what the library knows.

        Raises:
            StoreError: as for :meth:`load`.
        """
        own = os.environ.get(VARIABLE)
        return cls.load(own) if own else cls(PUBLISHER, _SETS)

    def set_with(self, names: Iterable[str]) -> FileSet:
        """The first of the sets that has files of these names, the usual one before others.

        Raises:
            StoreError: none has them all.
        """
        wanted = {name.casefold(): name for name in names}
        sets = sorted(self.sets.values(), key=lambda one: one.name != SOR2.name)
        for one in sets:
            if wanted.keys() <= {name.casefold() for file in (*one, _BESIDE) for name in file.names}:
                return one
        known = "; ".join(f"{one.name}: {', '.join(name for file in one for name in file.names)}" for one in sets)
        raise StoreError(f"no set of files has {', '.join(wanted.values())}; the sets are {known}")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a ``publisher.toml`` of one's own; what it doesn't say is as the library knows it.

        Such a file may hold ``base``, and of each set the files that lie elsewhere or have other names::

            base = "https://mirror.example/sor/"

            endpoint_register = "https://mirror.example/eer.json"

            [[legacy]]
            key = "message_types"
            paths = ["edi/Edityper.csv"]

        The endpoint register (EER) is fetched beside every set where its address is given: a path below the base, or a whole address.

        Raises:
            StoreError: it can't be read, or says something that can't be meant; with file, line and key.
        """
        from sor_addressing.daily.addresses import check_address
        from sor_addressing.written_data.toml_files import read_toml

        table = read_toml(path, StoreError).only("base", _BESIDE.key, *_SETS)
        base = table.text("base", PUBLISHER)
        try:
            check_address(base, "base")
        except StoreError as error:
            raise table.fault(error.reason, "base") from None
        endpoints = table.text(_BESIDE.key, "").strip()
        sets = (known.at({_BESIDE.names[0]: endpoints}) if endpoints else known for known in _SETS.values())
        return cls(base, {known.name: _moved(known, table.tables(known.name)) for known in sets})


def _moved(known: FileSet, tables: Iterable[WrittenTable]) -> FileSet:
    """A set with what the tables say of its files."""
    files = {file.key: file for file in known}
    for table in tables:
        key = table.only("key", "names", "paths").one_of("key", files)
        file = files[key]
        files[key] = PublishedFile(key, table.texts("names", file.names), table.texts("paths", file.paths))
        if not files[key].names:
            raise table.wrong("names", "write the names of the file, the usual one first")
    return FileSet(known.name, tuple(files.values()))


def _join(base: str, path: str) -> str:
    return path if "://" in path else f"{base.rstrip('/')}/{path.lstrip('/')}"


def _set(name: str) -> FileSet:
    return FileSet(
        name, tuple(PublishedFile(file["key"], tuple(file["names"]), tuple(file["paths"])) for file in _DATA[name])
    )


LEGACY = _set("legacy")
"""``Sor.zip`` (or ``Sor.xml``) and ``Edityper.csv``: the tree of units, and the message types."""

SOR2 = _set("sor2")
"""``Sor_complete.zip``: units and message types as tables, with history."""

SOR2_DAILY = _set("sor2_daily")
"""``SorEntity_daily.csv``: units that are open or will be, without message types."""

_SETS = {one.name: one for one in (LEGACY, SOR2, SOR2_DAILY)}
