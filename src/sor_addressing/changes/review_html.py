"""The former place of :meth:`Review.to_html`, which goes with version 0.3."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sor_addressing._former import told_of_former

if TYPE_CHECKING:
    from sor_addressing.changes.review.report import Review
    from sor_addressing.register.face import Register


def to_html(review: Review, stream: TextIO, *, language: str = "en", register: Register | None = None) -> None:
    """Likewise to an open text file."""
    told_of_former(f"{__name__}.to_html", "Review.to_html")
    review.to_html(stream, language=language, register=register)
