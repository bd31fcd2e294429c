"""The two days side by side: what every sort of change is made with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sor_addressing.changes.compare.change import Change
from sor_addressing.changes.compare.kinds import ChangeKind
from sor_addressing.changes.compare.known_to_both import Comparable
from sor_addressing.changes.compare.side import Side
from sor_addressing.clock import date_of
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.words import words_of
from sor_addressing.texts import LANGUAGES


class Days:
    """Both sides, what can be compared, and how a change is made."""

    def __init__(self, old: Index, new: Index) -> None:
        self.old, self.new = Side(old), Side(new)
        self.comparable = Comparable(old, new)

    def rows(self, code: str) -> tuple[int, int]:
        """Rows of a unit on both days; ``NOTHING`` where it is not there."""
        return self.old.row(code), self.new.row(code)

    def name(self, code: str) -> str:
        """A unit's name, the new one where there is one; empty where no register has the unit."""
        for side in (self.new, self.old):
            row = side.row(code)
            if row != NOTHING:
                return side.name(row)
        return ""

    def change(
        self,
        kind: ChangeKind,
        code: str,
        old: str | None,
        new: str | None,
        *,
        day: int | None = None,
        cause: Change | None = None,
        more: Mapping[str, object] | None = None,
        **details: object,
    ) -> Change:
        """A change of a unit; ``day`` is a day number, where the extract says it. The day after the last one that there is is none."""
        return Change(
            kind,
            code,
            self.name(code),
            old,
            new,
            None if day is None else date_of(day),
            self.old.index.snapshot_date,
            self.new.index.snapshot_date,
            {name: value for name, value in {**details, **(more or {})}.items() if value is not None},
            None if cause is None else cause.cause or cause,
        )

    def coded(
        self,
        kind: ChangeKind,
        fact: str,
        word_kind: str,
        code: str,
        old: tuple[str, ...],
        new: tuple[str, ...],
        cause: Change | None = None,
    ) -> Change | None:
        """A change of codes, which are told in words where the registers have words; None where nothing changed or can be compared."""
        if not self.codes_differ(fact, old, new):
            return None
        words: dict[str, object] = {}
        for language in LANGUAGES:
            words[f"old_{language}"] = _in_words(self.old.index, word_kind, old, language)
            words[f"new_{language}"] = _in_words(self.new.index, word_kind, new, language)
        return self.change(kind, code, _together(old), _together(new), cause=cause, more=words)

    def codes_differ(self, fact: str, old: tuple[str, ...], new: tuple[str, ...]) -> bool:
        """Whether codes differ, where the fact can be compared and not one day has codes and the other words."""
        if fact not in self.comparable or set(old) == set(new):
            return False
        if old and new and _are_codes(old) != _are_codes(new):
            self.comparable.has_codes_and_words(fact)
            return False
        return True

    def closing_day(self, last: int) -> int | None:
        """The first day after a last one; None where that is not between the two days."""
        return last + 1 if self.old.day <= last < self.new.day else None

    def opening_day(self, first: int) -> int | None:
        """A first day; None where that is not between the two days."""
        return first if self.old.day < first <= self.new.day else None


def _are_codes(values: tuple[str, ...]) -> bool:
    return all(value.isdigit() for value in values)


def _together(values: tuple[str, ...]) -> str | None:
    return ", ".join(values) or None


def _in_words(index: Index, kind: str, codes: tuple[str, ...], language: str) -> str | None:
    if not any(words_of(index, kind, code, language) not in (None, code) for code in codes):
        return None
    return ", ".join(f"{words_of(index, kind, code, language) or code}" for code in codes)


def iso(day: int) -> str:
    """A day number as people and files write it."""
    return dt.date.fromordinal(day).isoformat()
