"""Letters counted by what they have in common: :class:`DeliveryReport`."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs

from sor_addressing.cells import csv_writer, json_text
from sor_addressing.deliveries.moments import MINUTE, day_of, week_of
from sor_addressing.deliveries.settling import ANSWERED, OPEN, REFUSED
from sor_addressing.messages.refusals import about_of
from sor_addressing.texts import text_of
from sor_addressing.whole_file import Target, put_text, written_text

if TYPE_CHECKING:
    from sor_addressing.register.face import Register

OF_LETTER = ("receiver", "sender", "type", "code", "week", "reason", "about", "by")
OF_REGISTER = ("name", "system", "supplier", "operator", "region")
NUMBERS = (
    "letters", "answered", "refused", "open", "overdue", "refusal_rate", "answer_rate", "median_minutes", "slowest_minutes",
)  # fmt: skip
"""What is told of each row."""

SUBJECT = "deliveries"
_FACT = dict[str, str]
_Key = TypeVar("_Key")


@attrs.frozen(slots=True, kw_only=True)
class DeliveryRow:
    """The letters that have something in common.

    Attributes:
        values: what that is, in the order of the report's ``by``; empty where a letter or the register does not say.
        letters: how many there are.
        answered: how many were answered positively.
        refused: how many were refused.
        open: how many are neither.
        overdue: how many of those wait too long.
        guessed: how many answers were found by parties and time alone.
        median_minutes: from sending to the positive answer, the middle one.
        slowest_minutes: the longest.
    """

    values: tuple[str, ...]
    letters: int
    answered: int
    refused: int
    open: int
    overdue: int
    guessed: int = 0
    median_minutes: int | None = None
    slowest_minutes: int | None = None

    @property
    def refusal_rate(self) -> float:
        """Refused of all, in per cent."""
        return round(100 * self.refused / self.letters, 1) if self.letters else 0.0

    @property
    def answer_rate(self) -> float:
        """Answered positively of all, in per cent."""
        return round(100 * self.answered / self.letters, 1) if self.letters else 0.0

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"values": list(self.values), **{name: getattr(self, name) for name in (*NUMBERS, "guessed")}}


@attrs.frozen(slots=True, kw_only=True)
class DeliveryReport:
    """Rates of refusal and answer.

    Attributes:
        by: what letters were counted by.
        rows: a row for each, those with the most refusals first.
        total: all letters together.
        weeks: all letters week by week, the first week first.
        since: the first day of a letter that counts; None where there is none.
        until: the last.
    """

    by: tuple[str, ...]
    rows: tuple[DeliveryRow, ...]
    total: DeliveryRow
    weeks: tuple[DeliveryRow, ...] = ()
    since: str | None = None
    until: str | None = None

    def refused(self) -> DeliveryReport:
        """Only the rows in which something was refused."""
        return attrs.evolve(self, rows=tuple(row for row in self.rows if row.refused))

    def slowest(self, limit: int = 10) -> tuple[DeliveryRow, ...]:
        """The rows that are slowest to answer."""
        timed = [row for row in self.rows if row.median_minutes is not None]
        return tuple(sorted(timed, key=lambda row: (-(row.median_minutes or 0), row.values))[:limit])

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "by": list(self.by),
            "since": self.since,
            "until": self.until,
            "total": self.total.to_dict(),
            "rows": [row.to_dict() for row in self.rows],
            "weeks": [row.to_dict() for row in self.weeks],
        }

    def to_json(self, target: Target | None = None) -> str:
        """The report as one JSON document, written to a path or an open text file where one is given.

        Raises:
            NotWritten: it can't be written there.
        """
        return put_text(target, json_text(self.to_dict(), indent=2) + "\n")

    def to_csv(self, target: Target, *, language: str = "en", delimiter: str = ";") -> None:
        """The rows as CSV for spreadsheets, to a path or an open text file.

        Raises:
            NotWritten: it can't be written there.
        """
        with written_text(target, encoding="utf-8-sig") as file:
            writer = csv_writer(file, delimiter=delimiter)
            writer.writerow(self.heads(language))
            for row in self.rows:
                writer.writerow(self.cells(row, language))

    def to_html(self, target: Target | None = None, *, language: str = "en") -> str:
        """The report as one page of HTML that needs nothing else, with small charts; written where a target is given.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.deliveries.report.page import page_of

        return put_text(target, page_of(self, language))

    def heads(self, language: str) -> tuple[str, ...]:
        """Heads of the columns."""
        return tuple(text_of(SUBJECT, f"head.{name}", language, {}) for name in (*self.by, *NUMBERS))

    def cells(self, row: DeliveryRow, language: str) -> tuple[str, ...]:
        """A row as texts."""
        numbers = [getattr(row, name) for name in NUMBERS]
        return (*self.words(row, language), *("" if one is None else str(one) for one in numbers))

    def words(self, row: DeliveryRow, language: str) -> tuple[str, ...]:
        """What the letters of a row have in common, in words."""
        return tuple(_word(name, value, language) for name, value in zip(self.by, row.values, strict=True))


def _word(name: str, value: str, language: str) -> str:
    from sor_addressing.texts import entries

    if name == "about" and value:
        return entries("names")[value][language]
    return value


class _Counting:
    """The letters of one row while they go by."""

    __slots__ = ("answered", "guessed", "letters", "minutes", "overdue", "refused")

    def __init__(self) -> None:
        self.letters = self.answered = self.refused = self.overdue = self.guessed = 0
        self.minutes = array("q")

    def row(self, values: tuple[str, ...]) -> DeliveryRow:
        minutes = sorted(self.minutes)
        return DeliveryRow(
            values=values,
            letters=self.letters,
            answered=self.answered,
            refused=self.refused,
            open=self.letters - self.answered - self.refused,
            overdue=self.overdue,
            guessed=self.guessed,
            median_minutes=minutes[len(minutes) // 2] if minutes else None,
            slowest_minutes=minutes[-1] if minutes else None,
        )


def counted(
    connection: sqlite3.Connection,
    by: tuple[str, ...],
    seconds: Mapping[str, int | None],
    now: float,
    register: Register | None,
    span: tuple[int | None, int | None],
) -> DeliveryReport:
    """See :meth:`DeliveryLedger.report`; ``span`` is from which moment and before which one letters count."""
    facts = _Facts(register) if register is not None else None
    first, last = span
    groups: dict[tuple[str, ...], _Counting] = {}
    weeks: dict[str, _Counting] = {}
    total = _Counting()
    earliest = latest = None
    query = (
        "SELECT receiver, sender, subject, code, moment, sent, state, answered, reason, layer, sure, wanted, waits FROM letter"
        " WHERE (? IS NULL OR moment >= ?) AND (? IS NULL OR moment < ?)"
    )
    for (
        receiver,
        sender,
        subject,
        code,
        moment,
        sent,
        state,
        answered,
        reason,
        layer,
        sure,
        wanted,
        waits,
    ) in connection.execute(query, (first, first, last, last)):
        week = week_of(moment) if moment else ""
        of_letter = {
            "receiver": receiver,
            "sender": sender,
            "type": subject,
            "code": code,
            "week": week,
            "reason": reason if state == REFUSED else "",
            "about": str(about_of(reason)) if state == REFUSED else "",
            "by": layer if state == REFUSED else "",
        }
        if facts is not None:
            of_letter |= facts.of(receiver)
        wait = seconds[waits]
        overdue = state == OPEN and wanted and sent is not None and wait is not None and sent + wait < now
        key = tuple([of_letter[name] for name in by])
        for counting in (_of(groups, key), _of(weeks, week), total):
            counting.letters += 1
            counting.answered += state == ANSWERED
            counting.refused += state == REFUSED
            counting.overdue += bool(overdue)
            counting.guessed += state != OPEN and not sure
            if state == ANSWERED and answered is not None and sent is not None:
                # A clock that goes wrong on either side makes no time less than none.
                counting.minutes.append(max(0, answered - sent) // MINUTE)
        if moment:
            earliest = moment if earliest is None else min(earliest, moment)
            latest = moment if latest is None else max(latest, moment)
    rows = [counting.row(key) for key, counting in groups.items()]
    return DeliveryReport(
        by=by,
        rows=tuple(sorted(rows, key=lambda row: (-row.refused, -row.letters, row.values))),
        total=total.row(()),
        weeks=tuple(weeks[week].row((week,)) for week in sorted(weeks) if week),
        since=day_of(earliest) if earliest is not None else None,
        until=day_of(latest) if latest is not None else None,
    )


def _of(groups: dict[_Key, _Counting], key: _Key) -> _Counting:
    found = groups.get(key)
    if found is None:
        found = groups[key] = _Counting()
    return found


def check_by(by: Iterable[str], register: Register | None) -> None:
    """Whether letters can be counted by that.

    Raises:
        ValueError: they can't, or it takes a register.
    """
    for name in by:
        if name in OF_REGISTER and register is None:
            raise ValueError(f"counting by {name} takes a register, which says it of the receivers")
        if name not in OF_LETTER and name not in OF_REGISTER:
            raise ValueError(f"letters are counted by {', '.join((*OF_LETTER, *OF_REGISTER))}, not by {name!r}")


class _Facts:
    """What the register says of receivers, each asked once."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._known: dict[str, _FACT] = {}

    def of(self, number: str) -> _FACT:
        """What it says of a number."""
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._found(number)
        return known

    def _found(self, number: str) -> _FACT:
        units = self._register.by_location_number.get(number, ())
        unit = units[0] if units else None
        location = unit.location if unit is not None else None
        if unit is None or location is None:
            return dict.fromkeys(OF_REGISTER, "")
        return {
            "name": unit.name,
            "system": self._word("system", location.system),
            "supplier": self._word("supplier", location.supplier),
            "operator": self._word("net-operator", location.net_operator),
            "region": self._word("region", unit.region),
        }

    def _word(self, kind: str, code: str | None) -> str:
        return (self._register.code_text(kind, code) or code) if code else ""
