"""What would be right in a letter, where exactly one thing would."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from sor_addressing.letters.header import Role


@attrs.frozen(slots=True)
class Correction:
    """One change that would make a letter right, given only where there is exactly one.

    Attributes:
        role: whose field it is.
        field: the kind of the identifier, or ``message_type``.
        seen: what the letter has there; None where it has nothing.
        suggested: what should stand there.
        reason: code of the finding that it follows from.
    """

    role: Role
    field: str
    seen: str | None
    suggested: str
    reason: str

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "role": str(self.role),
            "field": self.field,
            "seen": self.seen,
            "suggested": self.suggested,
            "reason": self.reason,
        }


def only_certain(found: Iterable[Correction]) -> tuple[Correction, ...]:
    """Those of ``found`` that nothing else contradicts: two different suggestions for one field are none."""
    by_field: dict[tuple[Role, str], dict[str, Correction]] = {}
    for correction in found:
        by_field.setdefault((correction.role, correction.field), {}).setdefault(correction.suggested, correction)
    return tuple(correction for one in by_field.values() if len(one) == 1 for correction in one.values())
