"""Many pairs of recipient and message type, and several message types for one recipient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sor_addressing.addressing.answers import Resolution
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.recipients import Recipient
from sor_addressing.addressing.support import Direction, Outcome, Side
from sor_addressing.addressing.unasked import without_recipient, without_type
from sor_addressing.addressing.validate import Addressee, resolution_of, validate
from sor_addressing.addressing.verdicts import Choice, Verdict, chosen
from sor_addressing.cells.reading import is_missing
from sor_addressing.clock import Clock, day_number
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue

_MANY_REMEMBERED = 131_072
_REMEMBERED = (str, Unit, MessageType)


def validate_many(
    index: Index,
    pairs: Iterable[tuple[Addressee, str | MessageType]],
    *,
    direction: Side,
    on: dt.date | None,
    clock: Clock,
    policy: AddressingPolicy,
    kind: IdentifierKind | None = None,
) -> Iterator[Verdict]:
    """The verdicts on ``pairs``, in their order. A pair is taken when its verdict is asked for, and the day settled when the first one is."""
    side = Direction(direction)
    today = clock().toordinal()
    day = today if on is None else day_number(on)
    known: dict[object, Verdict] = {}
    for given in pairs:
        pair: object = given
        if index.standing is not None:
            index.standing.check()
        try:
            verdict = known.get(pair)
        except TypeError:  # a list, as csv.reader gives them, or what is in it
            pair = _pair_of(given)
            verdict = known.get(pair) if all(isinstance(one, _REMEMBERED) for one in pair) else None
        if verdict is None:
            recipient, message_type = _pair_of(pair)
            try:
                if _is_asked_as(recipient, message_type):
                    verdict = validate(
                        index, recipient, message_type, direction=side, day=day, today=today, policy=policy, kind=kind
                    )
                else:
                    verdict = _of_no_text(index, recipient, message_type, side, day, policy, kind)
            except (IndexError, OverflowError) as error:
                index.doubted(error)
            # Answers of different registers or days can be equal, so only what means itself is remembered.
            if isinstance(recipient, _REMEMBERED) and isinstance(message_type, _REMEMBERED):
                if len(known) >= _MANY_REMEMBERED:
                    known.clear()
                known[pair] = verdict
        yield verdict


def _pair_of(pair: object) -> tuple[Any, Any]:
    if isinstance(pair, (str, bytes)) or not isinstance(pair, Iterable):
        raise TypeError(f"a pair is a recipient and a message type, as ('990001', 'DIS91'), not {type(pair).__name__}")
    both = tuple(pair)
    if len(both) != 2:
        raise ValueError(
            f"a pair is a recipient and a message type, as ('990001', 'DIS91'); this one has {len(both)} values"
        )
    return both


def _is_asked_as(recipient: object, message_type: object) -> bool:
    """Whether both are something that can be asked, or missing, which is answered as well."""
    return (isinstance(recipient, (str, Unit, Resolution, Recipient)) or is_missing(recipient)) and (
        isinstance(message_type, (str, MessageType)) or is_missing(message_type)
    )


def _of_no_text(
    index: Index,
    recipient: Any,
    message_type: object,
    direction: Direction,
    day: int,
    policy: AddressingPolicy,
    kind: IdentifierKind | None,
) -> Verdict:
    """The verdict on a pair of which one is a number, bytes or the like: what a caller who asks once does wrong is a row of a batch."""
    if isinstance(recipient, (str, Unit, Resolution, Recipient)) and not is_missing(recipient):
        return without_type(resolution_of(index, recipient, None, day, policy, kind), direction, message_type)
    asked = None
    if isinstance(message_type, (str, MessageType)):
        asked = message_type if isinstance(message_type, MessageType) else catalogue().read(message_type)
    seen = None if is_missing(recipient) else recipient
    return without_recipient(index, asked, direction=direction, day=day, policy=policy, kind=kind, seen=seen)


def choose(
    ask: Callable[[str | MessageType], Verdict],
    message_types: Iterable[str | MessageType],
    native: MessageFormat | None = None,
) -> Verdict:
    """The verdict of the type to send: one that needs no conversion, then one that others convert, then one that is converted.

    Of several the one in the ``native`` format, else the first; where none of them may be sent, the first. The verdict says why.

    Raises:
        TypeError: the types are one text.
        ValueError: there are no types to choose from.
    """
    if isinstance(message_types, str):
        raise TypeError(f"give the message types as a list, not one text: [{message_types!r}]")
    best: tuple[int, bool, Verdict] | None = None
    for message_type in message_types:
        verdict = ask(message_type)
        badness, foreign = _badness(verdict), native is None or verdict.message_type.format is not native
        if badness == 0 and (native is None or not foreign):
            best = badness, foreign, verdict
            break
        if best is None or badness < best[0] or (badness == best[0] < _NOTHING_FITS and foreign < best[1]):
            best = badness, foreign, verdict
    if best is None:
        raise ValueError("give at least one message type to choose from")
    badness, foreign, verdict = best
    because = _BECAUSE[badness]
    return chosen(verdict, Choice.NATIVE_FORMAT if badness < _NOTHING_FITS and not foreign else because)


_NOTHING_FITS = 3
_BECAUSE = (Choice.NO_CONVERSION, Choice.OTHERS_CONVERT, Choice.SENDER_CONVERTS, Choice.NOTHING_FITS)


def _badness(verdict: Verdict) -> int:
    if verdict.outcome is Outcome.SUPPORTED:
        return 0
    if verdict.outcome is Outcome.CONVERTED:
        return 1 if verdict.deliverable else 2
    return _NOTHING_FITS
