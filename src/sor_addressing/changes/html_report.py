"""The former place of :meth:`Comparison.to_html`, which goes with version 0.3."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from sor_addressing._former import told_of_former

if TYPE_CHECKING:
    from sor_addressing.changes.compare.report import Comparison
    from sor_addressing.register.face import Register


def to_html(
    comparison: Comparison,
    stream: TextIO,
    *,
    language: str = "en",
    registers: Iterable[Register] = (),
    days: Iterable[Comparison] = (),
) -> None:
    """Likewise to an open text file."""
    told_of_former(f"{__name__}.to_html", "Comparison.to_html")
    comparison.to_html(stream, language=language, registers=registers, days=days)
