"""Where a day's extract comes from: the protocol of an origin, and the origin that is a folder."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

import attrs

from sor_addressing.errors import ExtractError, StoreError
from sor_addressing.whole_file import GrowingFile

if TYPE_CHECKING:
    from sor_addressing.extracts.published import Content
    from sor_addressing.extracts.sources import SourceFile
    from sor_addressing.extracts.tables.headers import ColumnMap
    from sor_addressing.model import Progress

_ATTEMPTS = 4
_PAUSE = 2.0
_BLOCK = 1024 * 1024
# A file written this lately may be written again without its time changing: file systems count in up to two seconds.
_SETTLED_AFTER = 5.0
# What programs call a file that they are still writing.
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp")


@attrs.frozen
class Fetched:
    """What an origin gave.

    Attributes:
        files: the files that make up the extract, in the folder that was given; empty where nothing is newer.
        unchanged: nothing is newer than what ``known`` described.
        known: what to hand in next time, plain texts by name (ETag, Last-Modified, size, digest of each file).
        origin: where it came from, for people; never with a password.
    """

    files: tuple[Path, ...]
    unchanged: bool
    known: dict[str, str]
    origin: str


class Origin(Protocol):
    """Something that an extract can be fetched from."""

    def fetch(self, folder: Path, known: Mapping[str, str], progress: Progress | None = None) -> Fetched:
        """Put the files of the newest extract into ``folder``, or nothing where ``known`` describes the newest.

        Args:
            folder: an existing folder, empty or left over from an attempt that was broken off.
            known: ``Fetched.known`` of the last extract that was taken, empty the first time.
            progress: called with the name of a file, the bytes of it so far, and its size where that is known.

        Raises:
            StoreError: it can't be fetched; the text says from where, why, and what to do.
        """
        ...


def _alike(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


@attrs.frozen
class FolderOrigin:
    """An extract that lies in a folder: one of this machine, of a file share, or of a local mirror.

    The files are copied, each with its time, so that nothing changes under the reader; which of them belong to the extract is
    told by their content. A folder that looks as it did last time is not read again.

    Args:
        path: the folder, or the one file of an extract that is one file.
        only: names of the files to take (upper and lower case alike), where the folder holds more than one extract.
        columns: for tables with other headers, as for ``Register.load``.
        trust_times: whether the time of a file tells of which day it is where it doesn't say so itself; where it doesn't, it is of the
            day it is copied on. A day that no extract can be of never counts.
        clock: seconds since 1970.
        sleep: waits for some seconds.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from sor_addressing.testing import sample_extract
        >>> with TemporaryDirectory() as mirror, TemporaryDirectory() as day:
        ...     _ = sample_extract().write(mirror)
        ...     first = FolderOrigin(mirror).fetch(Path(day), {})
        ...     second = FolderOrigin(mirror).fetch(Path(day), first.known)
        >>> [file.name for file in first.files], second.unchanged
        (['Edityper.csv', 'Sor.xml'], True)
    """

    path: Path = attrs.field(converter=Path)
    only: frozenset[str] = attrs.field(default=(), converter=_alike, kw_only=True)
    columns: ColumnMap | None = attrs.field(default=None, kw_only=True, repr=False, eq=False)
    trust_times: bool = attrs.field(default=True, kw_only=True)
    _clock: Callable[[], float] = attrs.field(default=time.time, kw_only=True, repr=False, eq=False)
    _sleep: Callable[[float], None] = attrs.field(default=time.sleep, kw_only=True, repr=False, eq=False)

    def fetch(self, folder: Path, known: Mapping[str, str], progress: Progress | None = None) -> Fetched:
        """Copy the files of the extract into ``folder``; see :meth:`Origin.fetch`."""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(_PAUSE)
            listing = self._listing()
            if known.get("listing") == listing.digest:
                return Fetched((), True, dict(known), str(self.path))
            copied: dict[Path, str] = {}
            fault: StoreError | None = None
            try:
                for entry in self._extract(listing):
                    target = folder / entry.name
                    copied[target] = _copy(entry, target, progress, keeps_time=self.trust_times)
            except StoreError as error:
                fault = error
            # Whatever went wrong, or seemed to go right, tells nothing where the folder changed meanwhile.
            if self._listing() == listing:
                if fault is not None:
                    _remove(copied)
                    raise fault
                return self._fetched(copied, listing, known)
            _remove(copied)
        raise StoreError(
            f"{self.path}: the files change while they are copied ({_ATTEMPTS} attempts); try again when whoever writes "
            "them is done, and let them be written beside and renamed"
        )

    def places(self) -> dict[str, tuple[str, ...]]:
        """Each file of the extract by its name, and where it lies; nothing is copied.

        Raises:
            StoreError: the folder can't be read, or holds no extract, or more than one.
        """
        return {entry.name: (str(entry),) for entry in self._extract(self._listing())}

    def _fetched(self, copied: Mapping[Path, str], listing: _Listing, known: Mapping[str, str]) -> Fetched:
        now = {f"{target.name}.sha256": digest for target, digest in copied.items()}
        before = {name: value for name, value in known.items() if name.endswith(".sha256")}
        unchanged = now == before
        sizes = {f"{target.name}.size": str(target.stat().st_size) for target in copied}
        if self._clock() - listing.newest > _SETTLED_AFTER:
            sizes["listing"] = listing.digest
        if unchanged:
            _remove(copied)
        return Fetched(() if unchanged else tuple(copied), unchanged, now | sizes, str(self.path))

    def _listing(self) -> _Listing:
        """Names, sizes and times of everything that could belong to the extract."""
        try:
            entries = sorted(self.path.iterdir()) if self.path.is_dir() else [self.path]
            states = tuple((entry, *_size_and_time(entry)) for entry in entries if self._may_belong(entry))
        except OSError as error:
            raise _unreadable(self.path, error) from error
        return _Listing(states)

    def _may_belong(self, entry: Path) -> bool:
        name = entry.name.casefold()
        if entry == self.path:
            return True
        if self.only and name not in self.only:
            return False
        return not name.startswith(".") and not name.endswith(_UNFINISHED) and not entry.is_dir()

    def _extract(self, listing: _Listing) -> list[Path]:
        """The files that belong to the extract, told by what is in them."""
        # Recognising needs a parser, and who only asks for the newest day needs none.
        from sor_addressing.extracts.detect import may_be_passed_over, recognise_file
        from sor_addressing.extracts.published import ENDPOINT_REGISTER
        from sor_addressing.extracts.sources import source_files
        from sor_addressing.loading.recognising import meant, with_units

        entries = [entry for entry, _, _ in listing.states]
        found: dict[Content, dict[SourceFile, Path]] = {}
        passed_over: list[str] = []
        try:
            for file in source_files(self.path):
                entry = _entry_of(file.name, entries)
                if entry is None:
                    continue
                try:
                    content = recognise_file(file, columns=self.columns).content
                except ExtractError as error:
                    if not may_be_passed_over(file):
                        raise
                    passed_over.append(str(error))
                    continue
                found.setdefault(content, {})[file] = entry
        except ExtractError as error:
            raise StoreError(str(error)) from error
        seen = "; ".join(passed_over[:3])
        if found.keys().isdisjoint((*with_units(), ENDPOINT_REGISTER)):
            raise StoreError(
                f"{self.path}: holds no file with units{f' ({seen})' if seen else ''}; put the extract there, or give the "
                "folder that it is in"
            )
        for content, files in found.items():
            rivals = meant(content, list(files))
            if len(rivals) > 1 and not content.many_files:
                names = ", ".join(dict.fromkeys(files[file].name for file in rivals))
                raise StoreError(
                    f"{self.path}: more than one file is a {content} ({names}), and which is meant can't be guessed; leave one "
                    'there, or name the files to take: only=["…"]'
                )
        belonging = {entry for files in found.values() for entry in files.values()}
        return [entry for entry in entries if entry in belonging]


@attrs.frozen
class _Listing:
    states: tuple[tuple[Path, int, int], ...]

    @property
    def digest(self) -> str:
        text = "\n".join(f"{entry.name}\0{size}\0{changed}" for entry, size, changed in self.states)
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def newest(self) -> float:
        """When the last file was changed, in seconds since 1970."""
        return max((changed for _, _, changed in self.states), default=0) / 1e9


def _size_and_time(entry: Path) -> tuple[int, int]:
    try:
        status = entry.stat()
    except FileNotFoundError:
        # A link to nowhere, or a file that has just gone: one of the states that a folder can be in.
        return -1, 0
    return status.st_size, status.st_mtime_ns


def _entry_of(name: str, entries: Iterable[Path]) -> Path | None:
    """The file of the folder that a source stands in: itself, or the archive that it is a member of."""
    fitting = [entry for entry in entries if name == str(entry) or name.startswith(f"{entry}!")]
    return max(fitting, key=lambda entry: len(str(entry)), default=None)


def _copy(entry: Path, target: Path, progress: Progress | None, *, keeps_time: bool) -> str:
    """Copy a file with its time where that can be the file's, under its name only when it is whole; its SHA-256."""
    from sor_addressing.extracts.sources import danish_day, is_possible

    growing = GrowingFile(target, error=StoreError)
    digest = hashlib.sha256()
    done = 0
    try:
        file = entry.open("rb")
    except OSError as error:
        raise _unreadable(entry, error) from error
    with file:
        try:
            status = os.fstat(file.fileno())
            with growing.writing(anew=True) as write:
                # A file that grows while it is read is copied anew anyway, and might be read without end.
                while done <= status.st_size and (block := _block_of(file, entry)):
                    write(block)
                    digest.update(block)
                    done += len(block)
                    if progress is not None:
                        progress(entry.name, done, status.st_size)
            day = danish_day(status.st_mtime) if keeps_time else None
            growing.put_in_place(changed=status.st_mtime_ns if day is not None and is_possible(day) else None)
        except StoreError:
            growing.remove()
            raise
    return digest.hexdigest()


def _block_of(file: BinaryIO, entry: Path) -> bytes:
    try:
        return file.read(_BLOCK)
    except OSError as error:
        raise _unreadable(entry, error) from error


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _unreadable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path}: can't be read: {error.strerror or error}; check the path, that the file share is mounted, and who may read it"
    )
