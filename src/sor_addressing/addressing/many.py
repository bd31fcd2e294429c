"""Many pairs of recipient and message type, and several message types for one recipient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.support import Direction, Outcome, Side
from sor_addressing.addressing.validate import Addressee, validate
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.clock import Clock, day_number
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.messages.catalogue import MessageType

_MANY_REMEMBERED = 131_072


def validate_many(
    index: Index,
    pairs: Iterable[tuple[Addressee, str | MessageType]],
    *,
    direction: Side,
    on: dt.date | None,
    clock: Clock,
    policy: AddressingPolicy,
) -> Iterator[Verdict]:
    """The verdicts on ``pairs``, in their order. A pair is taken when its verdict is asked for, and the day settled when the first one is."""
    side = Direction(direction)
    today = clock().toordinal()
    day = today if on is None else day_number(on)
    known: dict[object, Verdict] = {}
    for pair in pairs:
        if index.standing is not None:
            index.standing.check()
        try:
            verdict = known.get(pair)
        except TypeError:  # a list, as csv.reader gives them
            pair = (pair[0], pair[1])
            verdict = known.get(pair)
        if verdict is None:
            recipient, message_type = pair
            try:
                verdict = validate(index, recipient, message_type, direction=side, day=day, today=today, policy=policy)
            except (IndexError, OverflowError) as error:
                index.doubted(error)
            # Answers of different registers or days can be equal, so only what means itself is remembered.
            if isinstance(recipient, (str, Unit)):
                if len(known) >= _MANY_REMEMBERED:
                    known.clear()
                known[pair] = verdict
        yield verdict


def choose(ask: Callable[[str | MessageType], Verdict], message_types: Iterable[str | MessageType]) -> Verdict:
    """The verdict of the first type that is supported, else of the first that is converted, else of the first.

    Raises:
        TypeError: the types are one text.
        ValueError: there are no types to choose from.
    """
    if isinstance(message_types, str):
        raise TypeError(f"give the message types as a list, not one text: [{message_types!r}]")
    best = None
    for message_type in message_types:
        verdict = ask(message_type)
        if verdict.outcome is Outcome.SUPPORTED:
            return verdict
        if best is None or (verdict.outcome is Outcome.CONVERTED and best.outcome is not Outcome.CONVERTED):
            best = verdict
    if best is None:
        raise ValueError("give at least one message type to choose from")
    return best
