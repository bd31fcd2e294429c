"""Forgetting for good, and making a ledger anew from the files it was made of."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sor_addressing.clock import moved_day
from sor_addressing.deliveries.answers import Added, Forgotten
from sor_addressing.deliveries.ids import key_path
from sor_addressing.deliveries.moments import DAY, day_of, seconds_of
from sor_addressing.deliveries.schema import open_database, told
from sor_addressing.deliveries.settling import stand
from sor_addressing.errors import DeliveryError, NotWritten
from sor_addressing.whole_file import folder_made, not_written, replace, unused_name, written_binary

_LONGEST_SILENCE = 366
_MOST_DAYS = 100_000
_SHORTEST_KEY = 63


def day_before(days: object, on: dt.date | None, now: float) -> dt.date:
    """The first day that is kept.

    Raises:
        ValueError: it is no number of days.
    """
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= _MOST_DAYS:
        raise ValueError(f"{days!r} is no number of days to keep: use 0 or more")
    return moved_day(on or dt.datetime.fromtimestamp(now, dt.UTC).date(), -days)


def forget(connection: sqlite3.Connection, path: Path, before: dt.date, *, trusted: bool, now: float) -> Forgotten:
    """Take out what is older than ``before``, inside a transaction; what the file then still has of it :func:`compact` takes away.

    Raises:
        DeliveryError: everything is long past by the clock, which is not ``trusted``.
    """
    cutoff = seconds_of(dt.datetime.combine(before, dt.time())) or 0
    newest = connection.execute("SELECT max(moment) FROM letter").fetchone()[0]
    if not trusted and newest and now - newest > _LONGEST_SILENCE * DAY:
        raise DeliveryError(
            f"every letter is more than a year before {day_of(int(now))}, which is today by the clock; where that is right, say so with on=",
            file=str(path),
        )
    pairs = set(connection.execute("SELECT DISTINCT receiver, subject FROM letter WHERE moment < ?", (cutoff,)))
    letters = connection.execute("DELETE FROM letter WHERE moment < ?", (cutoff,)).rowcount
    # A receipt goes with the letter that it answers; one that answers none goes by its own day.
    receipts = connection.execute(
        "DELETE FROM receipt WHERE coalesce(came, 0) < ?"
        " OR (NOT stray AND id NOT IN (SELECT c.receipt FROM call c JOIN alias a ON a.name = c.name))",
        (cutoff,),
    ).rowcount
    stand(connection, pairs)
    connection.execute("UPDATE fact SET value = value + 1 WHERE name = 'epoch'")
    return Forgotten(letters, receipts, before)


def compact(connection: sqlite3.Connection, path: Path) -> None:
    """Write the file anew, so that nothing of what was taken out is left in it.

    Raises:
        NotWritten: another process still reads what was there before.
    """
    connection.execute("VACUUM")
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise NotWritten(
            "it is forgotten, but another process still reads what was there before; forget once more when it has ended",
            file=str(path),
        )


def rebuild(path: Path, add: Callable[[Path], Added]) -> Added:
    """See :meth:`DeliveryLedger.rebuild`."""
    place = path.with_name(unused_name(path.name))
    key = key_path(path)
    beside = [place.with_name(place.name + ending) for ending in ("", "-wal", "-shm", ".key")]
    try:
        folder_made(place.parent)
        if key.is_file() and len(key.read_bytes()) > _SHORTEST_KEY:
            with written_binary(key_path(place), like=key) as file:
                file.write(key.read_bytes())
        added = add(place)
        with told(path):
            open_database(place, read_only=False).close()  # one that nothing was added to is made, too
        for ending in ("-wal", "-shm"):
            # Before the new file stands there: what an old one has not taken in must never come into it.
            path.with_name(path.name + ending).unlink(missing_ok=True)
        replace(place, path)
        replace(key_path(place), key)
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        for one in beside:
            one.unlink(missing_ok=True)
    return added
