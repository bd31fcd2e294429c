"""What became of a file that was written."""

from __future__ import annotations

import os
from pathlib import Path

import attrs


@attrs.frozen(slots=True)
class Written:
    """A file that was written.

    Attributes:
        path: where it lies; None where it went into an open file.
        rows: how many remarks are in it.
        neutralised: how many cells began with a sign that spreadsheets take for a formula, and have an apostrophe in front now.
    """

    path: Path | None
    rows: int
    neutralised: int = 0

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"path": str(self.path) if self.path else None, "rows": self.rows, "neutralised": self.neutralised}


def path_of(target: object) -> Path | None:
    """The path that a target is; None for an open file."""
    return Path(target) if isinstance(target, (str, os.PathLike)) else None
