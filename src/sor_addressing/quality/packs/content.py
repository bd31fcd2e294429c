"""What is in a pack: whose it is, its things by rule, what it is compared with; and the words and texts that it is told in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from sor_addressing.quality.defining import Rule
from sor_addressing.quality.groups import AuditGroup
from sor_addressing.quality.packs.texts import PackTexts
from sor_addressing.quality.packs.things import SUBJECT, Thing
from sor_addressing.quality.report.tables import ReportWords
from sor_addressing.texts import text_of

LIST, BOOK, PAGE, MAIL = "list.csv", "list.xlsx", "page.html", "mail.txt"
"""The files of a pack."""


class PackWords(ReportWords):
    """The words of packs in one language."""

    def __call__(self, code: str, **values: object) -> str:
        return text_of(SUBJECT, code, self.language, values)

    @property
    def of_reports(self) -> ReportWords:
        """The words of the audit's own reports."""
        return ReportWords(self.language)


@attrs.frozen(slots=True)
class Compared:
    """What there was on a former day.

    Attributes:
        on: the day.
        by_rule: how many of each rule that was followed on both days; none among them.
        partly: whether some rule was followed on one of the days alone.
    """

    on: dt.date
    by_rule: Mapping[str, int]
    partly: bool

    @property
    def count(self) -> int:
        """How many there were, of the rules that were followed on both days."""
        return sum(self.by_rule.values())

    def now(self, by_rule: Mapping[str, int]) -> int:
        """How many there are of the same rules."""
        return sum(count for rule, count in by_rule.items() if rule in self.by_rule)


@attrs.frozen(slots=True)
class PackContent:
    """Everything that the files of one pack are made of.

    Attributes:
        group: whose pack it is, with counts.
        name: what that is called, on one line.
        things: what there is to do, in order.
        rules: the rules that have something here, the weightiest first.
        on: the day looked at.
        total: how many things the audit found in all.
        until: the day by which it is to be done.
        compared: what there was on a former day.
        files: the names of the files of the list.
    """

    group: AuditGroup
    name: str
    things: tuple[Thing, ...]
    rules: tuple[Rule, ...]
    on: dt.date
    total: int
    until: dt.date | None
    compared: Compared | None
    files: tuple[str, ...]

    def values(self, say: PackWords) -> dict[str, str]:
        """What fills the names in braces of texts."""
        return {
            "group": self.name,
            "count": say.number(len(self.things)),
            "units": say.number(self.group.units_with_remarks),
            "day": self.on.isoformat(),
            "list": ", ".join(self.files),
            "page": PAGE,
            "until": "" if self.until is None else self.until.isoformat(),
        }

    def deadline(self, texts: PackTexts, say: PackWords) -> str:
        """By when it is, or was, to be done; empty where nobody said."""
        if self.until is None:
            return ""
        return texts.line("page", "deadline" if self.on <= self.until else "overdue", say.language, self.values(say))


def on_one_line(text: str) -> str:
    """A name as it may stand in the head of a letter: nothing in it begins a new line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
