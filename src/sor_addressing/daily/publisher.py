"""What is published, and where it lies: sets of files and their addresses, read from ``data/publisher.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import attrs

from sor_addressing.daily.addresses import shown_address
from sor_addressing.errors import StoreError
from sor_addressing.shipped import shipped_toml

__all__ = ["LEGACY", "PUBLISHER", "SOR2", "SOR2_DAILY", "FileSet", "PublishedFile"]

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
            f'say so with the set of files, as in files=LEGACY.at({{"{name}": "path/to/{name}"}}): a path below the base address, '
            "or a whole address"
        )

    def local_name(self, address: str) -> str:
        """What to call the file that comes from ``address``; never a name that the address alone decides."""
        last = urlsplit(address).path.rpartition("/")[2].casefold()
        return next((name for name in self.names if name.casefold() == last), self.names[0])


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
        """The same set with files elsewhere.

        Args:
            paths: name of a file (upper and lower case alike) to its path below the base address, or its whole address.

        Raises:
            StoreError: the set has no file of such a name.
        """
        wanted = {name.casefold(): path for name, path in paths.items()}
        names = {name.casefold() for file in self.files for name in file.names}
        if unknown := sorted(name for name in paths if name.casefold() not in names):
            known = ", ".join(name for file in self.files for name in file.names)
            raise StoreError(f"the set {self.name} has no file {unknown[0]!r}; its files are {known}")
        moved = []
        for file in self.files:
            given = tuple(wanted[name.casefold()] for name in file.names if name.casefold() in wanted)
            moved.append(attrs.evolve(file, paths=given) if given else file)
        return FileSet(self.name, tuple(moved))


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
