"""What a comparison answers with: a :class:`Change`, and a :class:`Cause` with its effects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from sor_addressing.changes.compare.kinds import ChangeKind
from sor_addressing.texts import text_of


@attrs.frozen(slots=True, repr=False)
class Change:
    """One thing that is otherwise for one unit than it was.

    ``old`` and ``new`` are the values before and after, as text: a name, an identifier, a code, a message type, a date; None where there was
    or is none. ``day`` is the first day on which the new value holds, where the extract says so; otherwise all that is known is
    that it lies after ``after`` and not later than ``until``, the two snapshot dates. ``cause`` is the change of which this one is an
    effect, such as the number lost by the hospital a ward inherited it from; None where the unit itself was changed.
    """

    kind: ChangeKind
    sor_code: str
    name: str
    old: str | None
    new: str | None
    day: dt.date | None
    after: dt.date
    until: dt.date
    details: Mapping[str, object] = attrs.field(factory=dict, hash=False)
    cause: Change | None = None

    def __repr__(self) -> str:
        return f"<Change {self.kind} {self.sor_code} {self.name!r}: {self.old!r} -> {self.new!r}>"

    def title(self, language: str = "en") -> str:
        """What such a change is called in lists, in English (``"en"``) or Danish (``"da"``)."""
        return text_of("changes", f"kind.{self.kind}", language, {})

    def text(self, language: str = "en") -> str:
        """The change as a sentence, with its day and what caused it, in English (``"en"``) or Danish (``"da"``)."""
        said = self.sentence(language)
        if self.cause is None:
            return said
        return f"{said} {text_of('changes', 'cause', language, {'cause': self.cause.sentence(language)})}"

    def sentence(self, language: str = "en") -> str:
        """As :meth:`text`, without the cause."""
        variant = self.details.get("variant")
        code = f"{self.kind}.{variant}" if variant else str(self.kind)
        return text_of("changes", code, language, self._values(language))

    def when(self, language: str = "en") -> str:
        """The day in words, or the two days between which it lies."""
        if self.day is not None:
            return text_of("changes", "when.day", language, {"day": self.day.isoformat()})
        code = "when.between" if self.after != self.until else "when.same-day"
        return text_of("changes", code, language, {"after": self.after.isoformat(), "until": self.until.isoformat()})

    def _values(self, language: str) -> dict[str, object]:
        none = text_of("changes", "none", language, {})
        unit = self.name or self.sor_code
        return {
            "unit": f"{unit} ({self.sor_code})",
            "when": self.when(language),
            **self.details,
            "old": self.details.get(f"old_{language}") or self.old or none,
            "new": self.details.get(f"new_{language}") or self.new or none,
        }

    def to_dict(self) -> dict[str, object]:
        """Plain types, with both texts; the cause by its kind, unit and English text."""
        cause = self.cause
        return {
            "kind": str(self.kind),
            "sor_code": self.sor_code,
            "name": self.name,
            "old": self.old,
            "new": self.new,
            "day": self.day.isoformat() if self.day else None,
            "after": self.after.isoformat(),
            "until": self.until.isoformat(),
            "details": {key: list(value) if isinstance(value, tuple) else value for key, value in self.details.items()},
            "cause": None
            if cause is None
            else {
                "kind": str(cause.kind),
                "sor_code": cause.sor_code,
                "name": cause.name,
                "text": cause.sentence("en"),
            },
            "text": {"da": self.text("da"), "en": self.text("en")},
        }


@attrs.frozen(slots=True, repr=False)
class Cause:
    """A change with the changes that follow from it for other units, or for other facts of the same unit."""

    change: Change
    effects: tuple[Change, ...]

    def __repr__(self) -> str:
        return f"<Cause {self.change.kind} {self.change.sor_code} {self.change.name!r}: {len(self.effects)} effects>"

    @property
    def units(self) -> int:
        """How many units the effects fall on, the cause's own not counted."""
        return len({effect.sor_code for effect in self.effects} - {self.change.sor_code})

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "change": self.change.to_dict(),
            "units": self.units,
            "effects": [effect.to_dict() for effect in self.effects],
        }
