"""Files beside their place and renamed: what is there is whole, and nothing of an interrupted write stays."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import attrs


@attrs.frozen(slots=True)
class Written:
    """A file that was written.

    Attributes:
        path: where it lies.
        rows: how many rows or remarks are in it.
        neutralised: how many cells began with a sign that spreadsheets take for a formula, and have an apostrophe in front now.
    """

    path: Path
    rows: int
    neutralised: int = 0

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"path": str(self.path), "rows": self.rows, "neutralised": self.neutralised}


@contextmanager
def placed(path: str | os.PathLike[str], *, encoding: str | None = "utf-8") -> Iterator[IO[str] | IO[bytes]]:
    """A file to write into, renamed to ``path`` at the end; with ``encoding=None`` it takes bytes.

    Raises:
        OSError: it can't be written there.
    """
    target = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        if encoding is None:
            with os.fdopen(handle, "wb") as binary:
                yield binary
        else:
            with os.fdopen(handle, "w", encoding=encoding, newline="") as text:
                yield text
        if os.name != "nt":
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
