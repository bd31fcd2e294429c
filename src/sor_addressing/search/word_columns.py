"""Columns of words."""

from __future__ import annotations

from array import array

from sor_addressing.index.lookup import Index


def make_word_columns(index: Index) -> dict[str, array[int]]:
    """The columns."""
    return {}
