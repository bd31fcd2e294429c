"""What rooms above need of a register's inside: its index, its clock, and the day that a question is about."""

from __future__ import annotations

import datetime as dt

from sor_addressing.clock import Clock
from sor_addressing.index.lookup import Index
from sor_addressing.register.face import Register


def index_of(register: Register) -> Index:
    """The index that ``register`` answers from.

    Raises:
        SnapshotError: it is mapped from a file that was overwritten.
    """
    register._index.check_standing()
    return register._index


def clock_of(register: Register) -> Clock:
    """What tells ``register`` which day it is."""
    return register._clock


def stands(register: Register) -> bool:
    """Whether the file that ``register`` is mapped from is the one that was opened; nobody has written into it."""
    standing = register._index.standing
    return standing is None or standing.is_good


def day_asked(register: Register, on: dt.date | None) -> int:
    """``on`` as a day number; today where it is None."""
    return register._day(on)
