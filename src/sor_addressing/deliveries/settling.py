"""What was taken becomes what is told: the state of each letter, and how the last ones of a type to a number fared.

Everything here follows from the rows that :mod:`taking` put there and from nothing else, neither their order nor the clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from sor_addressing.deliveries.taking import ENVELOPE, MESSAGE, NEAR, NETWORK, STATION
from sor_addressing.deliveries.waiting import CASES, CONVERTED, EHMI, FHIR, VANS
from sor_addressing.letters.header import ReceiptKind

OPEN, ANSWERED, REFUSED = 0, 1, 2
"""The states of a letter."""

_POSITIVE = str(ReceiptKind.POSITIVE)
_FINAL = (MESSAGE, STATION)
_ONE = 1
_FORMATS = tuple(
    ",".join(some) + converted
    for count in range(4)
    for some in combinations(("EDI", "FHIR", "XML"), count)
    for converted in ("", "+")
)
"""What the formats that a letter was seen in can be, with a mark where somebody is known to convert it."""


class _Answer(NamedTuple):
    came: int | None
    layer: str
    answer: str
    reason: str
    name: bytes
    sure: int


def settle(connection: sqlite3.Connection, letters: Iterable[int]) -> None:
    """Work out anew what is told of ``letters``, and of the numbers and types that they went to."""
    pairs: set[tuple[str, str]] = set()
    spans: dict[tuple[str, str], tuple[int, int]] = {}
    strays = _any(connection, "SELECT 1 FROM receipt WHERE stray LIMIT 1")
    guesses = _any(connection, "SELECT 1 FROM guess LIMIT 1")
    for letter in sorted(letters):
        row = connection.execute(
            "SELECT sender, receiver, subject, first_sent, sent FROM letter WHERE id = ?", (letter,)
        ).fetchone()
        if row is None:
            continue
        sender, receiver, subject, *before = row
        times = [one for one in (*_letter(connection, letter, guesses=guesses), *before) if one is not None]
        if strays and times:
            first, last = spans.get((sender, receiver), (times[0], times[0]))
            spans[sender, receiver] = min(first, *times), max(last, *times)
        pairs.add((receiver, subject))
    for (sender, receiver), (first, last) in spans.items():
        connection.execute(
            "UPDATE receipt SET unsettled = 1 WHERE stray AND NOT unsettled AND sender = ? AND receiver = ? AND came BETWEEN ? AND ?",
            (sender, receiver, first, last + NEAR),
        )
    stand(connection, pairs)


def _any(connection: sqlite3.Connection, query: str) -> bool:
    return connection.execute(query).fetchone() is not None


def settle_strays(connection: sqlite3.Connection) -> None:
    """Work out which receipts that name no known id are those of one letter alone, by parties and time."""
    touched: set[int] = set()
    waiting = connection.execute(
        "SELECT id, sender, receiver, subject, came, format, stray FROM receipt WHERE unsettled ORDER BY id"
    ).fetchall()
    if not waiting:
        return
    for receipt, sender, receiver, subject, came, form, stray in waiting:
        before = connection.execute("SELECT letter FROM guess WHERE receipt = ?", (receipt,)).fetchone()
        found = []
        if stray and sender and receiver and came is not None:
            # An id that is of the letter's own format would have been the letter's own id: then the letter is another one.
            has_id = connection.execute("SELECT 1 FROM call WHERE receipt = ? LIMIT 1", (receipt,)).fetchone()
            for formats in _FORMATS:
                if formats == form and has_id is not None:
                    continue
                found += connection.execute(
                    "SELECT id FROM letter WHERE sender = ? AND receiver = ? AND certain = 0 AND formats = ? AND moment >= ?"
                    " AND first_sent <= ? AND (? = '' OR subject = ?) LIMIT 2",
                    (sender, receiver, formats, came - NEAR, came, subject, subject),
                ).fetchall()
        now = found[0] if len(found) == _ONE else None
        if now != before:
            touched.update(one[0] for one in (now, before) if one is not None)
            connection.execute("DELETE FROM guess WHERE receipt = ?", (receipt,))
            if now is not None:
                connection.execute("INSERT INTO guess VALUES (?, ?)", (receipt, now[0]))
    connection.execute("UPDATE receipt SET unsettled = 0 WHERE unsettled")
    if touched:
        pairs = set()
        for letter in sorted(touched):
            _letter(connection, letter, guesses=True)
            pairs |= set(connection.execute("SELECT receiver, subject FROM letter WHERE id = ?", (letter,)))
        stand(connection, pairs)


def _letter(connection: sqlite3.Connection, letter: int, *, guesses: bool) -> tuple[int | None, int | None]:
    """Work out the state of one letter; when it left first and last."""
    sendings = connection.execute(
        "SELECT code, version, format, sent, wanted, ehmi, converts FROM sending WHERE letter = ? ORDER BY sent, code, version, format",
        (letter,),
    ).fetchall()
    code, version = next(((one[0], one[1]) for one in sendings), ("", ""))
    moments = [one[3] for one in sendings if one[3] is not None]
    first, last = (min(moments), max(moments)) if moments else (None, None)
    formats = sorted({one[2] for one in sendings} - {""})
    times = max((len({one[3] for one in sendings if one[2] == form}) for form in formats), default=len({*moments}))
    wanted = any(one[4] for one in sendings)
    answers = [
        _Answer._make([*row, 1])
        for row in connection.execute(
            "SELECT DISTINCT r.came, r.layer, r.answer, r.reason, r.name FROM alias a JOIN call c ON c.name = a.name"
            " JOIN receipt r ON r.id = c.receipt WHERE a.letter = ?",
            (letter,),
        )
    ]
    certain = len(answers)
    if guesses:
        answers += _guessed(connection, letter)
    accepted = any(one.layer in (ENVELOPE, NETWORK) and one.answer == _POSITIVE for one in answers)
    if any(one[6] for one in sendings) or len(formats) > 1:
        waits = CONVERTED
    elif any(one[5] for one in sendings) and not accepted:
        waits = EHMI
    else:
        waits = FHIR if formats == ["FHIR"] else VANS
    deciding = _deciding(answers, wanted=wanted)
    state = OPEN if deciding is None else ANSWERED if deciding.answer == _POSITIVE else REFUSED
    answered, reason, layer, sure = (None, "", "", 1)
    if deciding is not None:
        answered, reason, layer, sure = deciding.came, deciding.reason, deciding.layer, deciding.sure
    moment = last if last is not None else answered or 0
    connection.execute(
        "UPDATE letter SET code = ?, version = ?, first_sent = ?, sent = ?, sendings = ?, waits = ?, wanted = ?, moment = ?, state = ?,"
        " answered = ?, reason = ?, layer = ?, sure = ?, certain = ?, formats = ? WHERE id = ?",
        (
            code,
            version,
            first,
            last,
            times,
            waits,
            int(wanted),
            moment,
            state,
            answered,
            reason,
            layer,
            sure,
            certain,
            ",".join(formats) + ("+" if any(one[6] for one in sendings) else ""),
            letter,
        ),
    )
    return first, last


def _guessed(connection: sqlite3.Connection, letter: int) -> list[_Answer]:
    found = connection.execute(
        "SELECT r.came, r.layer, r.answer, r.reason, r.name FROM guess g JOIN receipt r ON r.id = g.receipt WHERE g.letter = ?",
        (letter,),
    )
    return [_Answer._make([*row, 0]) for row in found]


def _deciding(answers: Iterable[_Answer], *, wanted: bool) -> _Answer | None:
    """The answer that counts: the last one that refuses or is the receiver's own; of two at one time the refusal.

    That an envelope was accepted says nothing of the letter in it, unless nothing else is asked for.
    """
    final = [one for one in answers if one.answer and (one.answer != _POSITIVE or one.layer in _FINAL or not wanted)]
    return max(final, key=lambda one: (one.sure, one.came or -1, one.answer != _POSITIVE, one.name), default=None)


def stand(connection: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Work out how the last letters of each type to each number fared."""
    pairs = sorted(pairs)
    if not pairs:
        return
    connection.execute("UPDATE fact SET value = value + 1 WHERE name = 'changed'")
    changed = connection.execute("SELECT value FROM fact WHERE name = 'changed'").fetchone()[0]
    for pair in pairs:
        last = [_last(connection, pair, state) for state in (OPEN, ANSWERED, REFUSED)]
        if not any(last):
            connection.execute("DELETE FROM standing WHERE receiver = ? AND subject = ?", pair)
            connection.execute("UPDATE fact SET value = value + 1 WHERE name = 'epoch'")
            continue
        _, positive, refused = last
        sent = max((one[1] for one in last if one is not None and one[1] is not None), default=None)
        is_refused = refused is not None and (positive is None or _order(refused) >= _order(positive))
        decided = max((one[0] for one in (positive, refused) if one is not None), default=-1)
        waiting = []
        for waits in CASES if last[OPEN] is not None else ():
            oldest = connection.execute(
                "SELECT sent FROM letter WHERE receiver = ? AND subject = ? AND state = 0 AND wanted = 1 AND waits = ? AND sent > ?"
                " ORDER BY sent LIMIT 1",
                (*pair, waits, decided),
            ).fetchone()
            if oldest is not None:
                waiting.append(f"{waits} {oldest[0]}")
        connection.execute(
            "INSERT OR REPLACE INTO standing VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *pair,
                changed,
                sent,
                positive and positive[2],
                refused and refused[1],
                *(refused[2:8] if refused else (None,) * 6),
                int(is_refused),
                ";".join(waiting),
            ),
        )


def _last(connection: sqlite3.Connection, pair: tuple[str, str], state: int) -> tuple[int, ...] | None:
    """The last letter in a state: when it counts, when it was sent and answered, its type, and why it was refused."""
    found: tuple[int, ...] | None = connection.execute(
        "SELECT moment, sent, answered, code, version, reason, layer, sure, name FROM letter"
        " WHERE receiver = ? AND subject = ? AND state = ? ORDER BY moment DESC, name DESC LIMIT 1",
        (*pair, state),
    ).fetchone()
    return found


def _order(row: tuple[int, ...]) -> tuple[int, int]:
    return row[0], row[2] or -1
