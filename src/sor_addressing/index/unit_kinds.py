"""Kinds of units by their number in the column ``unit_kind``; apart from the columns, which answering needs without the model."""

from __future__ import annotations

from sor_addressing.model import UnitKind

KINDS = (UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION, UnitKind.ORGANISATIONAL_UNIT)
"""The kinds, in the order of their numbers."""
