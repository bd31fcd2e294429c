"""What a row says of direction: may send, may receive, both, or nothing; in one column or in two, Danish or English words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from sor_addressing.extracts.tables.cell_values import is_blank
from sor_addressing.extracts.tables.headers import cell_words, normalise

__all__ = ["SaidDirection", "direction_reader", "yes_or_no"]

_REMEMBERED = 4_096


class SaidDirection(NamedTuple):
    """What was read; ``fault`` is the code of the problem where it could not be, and ``seen`` what stood there."""

    may_send: bool | None
    may_receive: bool | None
    fault: str | None = None
    seen: str = ""


_NOT_SAID = SaidDirection(None, None)


def direction_reader(positions: Mapping[str, int]) -> Callable[[list[str]], SaidDirection]:
    """How a row's direction is read: from a column each for send and receive, from one column, or not at all."""
    send_at, receive_at = positions.get("may_send"), positions.get("may_receive")
    direction_at = positions.get("direction")
    if send_at is not None and receive_at is not None:
        from_two = lru_cache(maxsize=_REMEMBERED)(_from_two_cells)
        return lambda cells: from_two(cells[send_at], cells[receive_at])
    from_one = lru_cache(maxsize=_REMEMBERED)(_from_one_cell)
    if direction_at is not None:
        return lambda cells: from_one(cells[direction_at])
    if send_at is not None:
        return lambda cells: _one_side(cells[send_at], sends=True)
    if receive_at is not None:
        return lambda cells: _one_side(cells[receive_at], sends=False)
    return lambda _cells: _NOT_SAID


def _from_one_cell(cell: str) -> SaidDirection:
    if is_blank(cell):
        return SaidDirection(None, None, "direction-missing")
    word = normalise(cell)
    if word in cell_words("both"):
        return SaidDirection(True, True)
    if word in cell_words("send"):
        return SaidDirection(True, False)
    if word in cell_words("receive"):
        return SaidDirection(False, True)
    return SaidDirection(None, None, "direction-unreadable", cell)


def _from_two_cells(send: str, receive: str) -> SaidDirection:
    """Blank is "no" beside a cell that says something; two blank cells say nothing."""
    if is_blank(send) and is_blank(receive):
        return SaidDirection(None, None, "direction-missing")
    may_send, may_receive = yes_or_no(send), yes_or_no(receive)
    if may_send is None or may_receive is None:
        return SaidDirection(None, None, "direction-unreadable", f"{send} / {receive}")
    return SaidDirection(may_send, may_receive)


def _one_side(cell: str, *, sends: bool) -> SaidDirection:
    answer = yes_or_no(cell)
    if answer is None:
        return SaidDirection(None, None, "direction-unreadable", cell)
    return SaidDirection(answer, None) if sends else SaidDirection(None, answer)


def yes_or_no(cell: str) -> bool | None:
    """Whether a cell says yes; a blank one says no, and None is neither."""
    if is_blank(cell):
        return False
    word = normalise(cell)
    if word in cell_words("yes"):
        return True
    return False if word in cell_words("no") else None
