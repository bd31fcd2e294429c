"""What none of the loaded files can say: it is neither so nor not so, and answers say that it is not known."""

from __future__ import annotations

from collections.abc import Iterable

from sor_addressing.extracts.detect import Content


def not_known(units: Content, loaded: Iterable[Content], *, has_closed_units: bool) -> frozenset[str]:
    """The facts that none of the files tells."""
    return frozenset() if has_closed_units else frozenset({"closed-units"})
