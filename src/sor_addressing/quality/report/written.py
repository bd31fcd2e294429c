"""What became of a file that was written."""

from __future__ import annotations

from pathlib import Path

import attrs


@attrs.frozen(slots=True)
class Written:
    """A file that was written.

    Attributes:
        path: where it lies.
        rows: how many remarks are in it.
        neutralised: how many cells began with a sign that spreadsheets take for a formula, and have an apostrophe in front now.
    """

    path: Path
    rows: int
    neutralised: int = 0

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"path": str(self.path), "rows": self.rows, "neutralised": self.neutralised}
