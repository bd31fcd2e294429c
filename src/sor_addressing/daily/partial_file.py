"""A file while it is fetched: written beside its name, with its digest, and what the server calls this version of it."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path

from sor_addressing.daily.response_headers import moment, validator
from sor_addressing.errors import StoreError
from sor_addressing.extracts.sources import is_possible
from sor_addressing.whole_file import GrowingFile


class PartialFile:
    """What has come so far of a file.

    Args:
        target: the name that the file gets when it is whole; until then it is that name with ``.part`` behind.
        keeps_time: whether it gets the time that the server knows it by, where a file can be of that day.

    Attributes:
        size: bytes that have come.
        total: bytes that there are, where the server says so.
        etag: what the server calls this version.
        last_modified: the same.
        takes_ranges: whether the server says that it can begin in the middle.
    """

    def __init__(self, target: Path, *, keeps_time: bool = True) -> None:
        self._file = GrowingFile(target, error=StoreError)
        self._keeps_time = keeps_time
        self.restart()

    def restart(self) -> None:
        """Begin again: nothing has come."""
        self.size = 0
        self.total: int | None = None
        self.etag = ""
        self.last_modified = ""
        self._digest = hashlib.sha256()
        self.takes_ranges = False

    def describe(self, headers: Mapping[str, str]) -> None:
        """Keep what the server calls this version, and whether it can begin in the middle."""
        self.etag = validator(headers, "etag")
        self.last_modified = validator(headers, "last-modified")
        self.takes_ranges = "bytes" in headers.get("accept-ranges", "").lower()

    @property
    def sha256(self) -> str:
        """Digest of what has come."""
        return self._digest.hexdigest()

    @property
    def validator(self) -> str:
        """What tells this version from every other one; empty where nothing does for certain."""
        return self.last_modified if not self.etag or self.etag.startswith("W/") else self.etag

    @property
    def can_be_continued(self) -> bool:
        """Whether something has come that the server can add to."""
        return self.size > 0 and self.takes_ranges and bool(self.validator)

    def is_another(self, headers: Mapping[str, str]) -> bool:
        """Whether an answer speaks of another version than the one that was begun."""
        mine = (("etag", self.etag), ("last-modified", self.last_modified))
        return any(value and headers.get(name, value) != value for name, value in mine)

    def append(self, chunks: Iterable[bytes]) -> Generator[int, None, None]:
        """Write what comes, giving the size after each chunk.

        Raises:
            StoreError: it can't be written.
        """
        with self._file.writing(anew=not self.size) as write:
            for chunk in chunks:
                write(chunk)
                self._digest.update(chunk)
                self.size += len(chunk)
                yield self.size

    def put_in_place(self) -> None:
        """Give the whole file its name, and the time that the server knows it by: it may have to tell the file's day.

        Raises:
            StoreError: it can't be renamed.
        """
        changed = moment(self.last_modified) if self._keeps_time else None
        known = changed is not None and is_possible(changed.date())
        self._file.put_in_place(changed=int(changed.timestamp()) * 10**9 if changed is not None and known else None)

    def remove(self) -> None:
        """Leave nothing of it behind."""
        self._file.remove()
