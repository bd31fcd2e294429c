"""How a message type stands on a number, by the approvals."""

from __future__ import annotations

from enum import StrEnum


class TypeStanding(StrEnum):
    """How a message type in a direction stands on a number, by the approvals."""

    APPROVED = "approved"
    NOT_APPROVED = "not-approved"
    MISSING = "missing"
    OTHER_VERSION = "other-version"
    MAY_STAND = "may-stand"
    NOT_TOLD = "not-told"
