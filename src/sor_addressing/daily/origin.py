"""Where a day's extract comes from: the protocol of an origin, and the origin that is a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import attrs

type_of_progress = Callable[[str, int, int | None], None]


@attrs.frozen
class Fetched:
    """What an origin gave.

    Attributes:
        files: the files that make up the extract, in the folder that was given; empty where nothing is newer.
        unchanged: nothing is newer than what ``known`` described.
        known: what to hand in next time, plain texts by name (ETag, Last-Modified, size, time, digest of each file).
        origin: where it came from, for people; never with a password.
    """

    files: tuple[Path, ...]
    unchanged: bool
    known: dict[str, str]
    origin: str


class Origin(Protocol):
    """Something that an extract can be fetched from."""

    def fetch(self, folder: Path, known: Mapping[str, str], progress: type_of_progress | None = None) -> Fetched:
        """Put the files of the newest extract into ``folder``, or nothing where ``known`` describes the newest.

        Args:
            folder: an existing folder, empty or left over from an attempt that was broken off.
            known: ``Fetched.known`` of the last extract that was taken, empty the first time.
            progress: called with the name of a file, the bytes of it so far, and its size where that is known.

        Raises:
            StoreError: it can't be fetched; the text says from where, why, and what to do.
        """
        ...
