"""Columns of facets."""

from __future__ import annotations

from array import array

from sor_addressing.index.lookup import Index


def make_facet_columns(index: Index) -> dict[str, array[int]]:
    """The columns."""
    return {}
