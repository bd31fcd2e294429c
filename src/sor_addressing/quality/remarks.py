"""What an audit has to say of one unit or number: :class:`Remark`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import overload

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.quality.defining import Rule
from sor_addressing.quality.scope import Seen


@attrs.frozen(slots=True, repr=False)
class Remark:
    """One thing that is wrong in the register, for who maintains it.

    Attributes:
        rule: code of the rule that saw it.
        severity: how much it weighs.
        unit: the unit it is about, or whose location number it is about; None where no unit has the number or code.
        location_number: the location number it is about, None where it is about the unit itself.
        details: what was seen: identifiers, days, message types.
    """

    rule: str
    severity: Severity
    unit: Unit | None
    location_number: str | None
    details: Mapping[str, object] = attrs.field(hash=False)
    _made_by: Rule = attrs.field(eq=False)

    def __repr__(self) -> str:
        about = ", ".join(filter(None, (self.sor_code, self.location_number)))
        return f"<Remark {self.rule} on {about or 'no unit'}>"

    @property
    def sor_code(self) -> str | None:
        """SOR code of the unit."""
        return None if self.unit is None else self.unit.sor_code

    @property
    def name(self) -> str | None:
        """Name of the unit."""
        return None if self.unit is None else self.unit.name

    def title(self, language: str = "en") -> str:
        """What the rule is called in lists, in English (``"en"``) or Danish (``"da"``)."""
        return self._made_by.title(language)

    def text(self, language: str = "en") -> str:
        """What is wrong, as a sentence in English (``"en"``) or Danish (``"da"``)."""
        return self._made_by.text(language, self._values())

    def fix(self, language: str = "en") -> str:
        """What to do about it; empty where a rule of your own does not say."""
        return self._made_by.fix(language, self._values())

    def _values(self) -> dict[str, object]:
        return {
            "unit": self.name,
            "sor_code": self.sor_code,
            "location_number": self.location_number,
            **self.details,
        }

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Plain types, stable keys, with the texts in one language."""
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "sor_code": self.sor_code,
            "name": self.name,
            "location_number": self.location_number,
            "details": {name: _plain(value) for name, value in self.details.items()},
            "text": self.text(language),
            "fix": self.fix(language),
        }


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


@attrs.frozen(slots=True, repr=False, eq=False)
class Remarks(Sequence[Remark]):
    """All remarks of an audit, in the order of the rules; each is made when it is looked at."""

    _index: Index
    _rules: tuple[Rule, ...]
    _seen: tuple[tuple[int, Seen], ...]

    def __repr__(self) -> str:
        return f"<{len(self)} remarks>"

    def __len__(self) -> int:
        return len(self._seen)

    def __iter__(self) -> Iterator[Remark]:
        return map(self._remark, self._seen)

    @overload
    def __getitem__(self, place: int) -> Remark: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Remark, ...]: ...
    def __getitem__(self, place: int | slice) -> Remark | tuple[Remark, ...]:
        if isinstance(place, slice):
            return tuple(map(self._remark, self._seen[place]))
        return self._remark(self._seen[place])

    def _remark(self, entry: tuple[int, Seen]) -> Remark:
        position, seen = entry
        rule = self._rules[position]
        return Remark(
            rule.code,
            rule.severity,
            None if seen.row == NOTHING else Unit(self._index, seen.row),
            None if seen.number == NOTHING else self._index.number_text(seen.number),
            seen.details,
            rule,
        )
