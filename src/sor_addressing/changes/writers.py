"""The former place of :meth:`Comparison.to_csv`, ``to_json_lines`` and ``to_markdown``, which goes with version 0.3."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from sor_addressing._former import told_of_former
from sor_addressing.changes.compare.writing import write_csv, write_lines

if TYPE_CHECKING:
    from sor_addressing.changes.compare.change import Change
    from sor_addressing.changes.compare.report import Comparison


def to_csv(
    changes: Iterable[Change], stream: TextIO, *, language: str = "en", delimiter: str = ";", for_excel: bool = False
) -> None:
    """A row a change, of a comparison or any changes, to an open text file."""
    told_of_former(f"{__name__}.to_csv", "Comparison.to_csv")
    write_csv(changes, stream, language=language, delimiter=delimiter, for_excel=for_excel)


def to_json_lines(changes: Iterable[Change], stream: TextIO) -> None:
    """A change a line, of a comparison or any changes, to an open text file."""
    told_of_former(f"{__name__}.to_json_lines", "Comparison.to_json_lines")
    write_lines(changes, stream)


def to_markdown(comparison: Comparison, stream: TextIO, *, language: str = "en") -> None:
    """Markdown to an open text file."""
    told_of_former(f"{__name__}.to_markdown", "Comparison.to_markdown")
    comparison.to_markdown(stream, language=language)
