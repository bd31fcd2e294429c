"""What can't be asked, and is answered all the same: a recipient or message type that is missing, or no text, ends no batch.

A pair without a recipient is told so, whatever its type; one with a recipient says who that is.
"""

from __future__ import annotations

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.inside import question_of, raws_of
from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.addressing.support import Direction, Outcome
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.hiding import hide
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageType

NO_TYPE = MessageType("")
"""Stands in a verdict for a message type that is missing."""

RECIPIENT_MISSING, TYPE_MISSING = "recipient-missing", "message-type-missing"


def without_recipient(
    index: Index,
    message_type: MessageType | None,
    *,
    direction: Direction,
    day: int,
    policy: AddressingPolicy,
    kind: IdentifierKind | None,
    seen: object = None,
) -> Verdict:
    """The verdict where no recipient is given, or one that is ``seen`` to be no text."""
    levels = levels_of(policy)
    text = _shown(seen)
    if seen is None:
        raws = (raw_finding(levels, RECIPIENT_MISSING),)
    else:
        raws = (raw_finding(levels, "identifier-malformed", text, None, type(seen).__name__, "no-text"),)
    question = Question(text, kind, day, policy, message_type)
    resolution = Resolution(index, question, Status.MALFORMED, (), (), NOTHING, True, raws)
    return Verdict(resolution, message_type or NO_TYPE, direction, Outcome.NOT_RESOLVED, False, None, raws)


def without_type(resolution: Resolution, direction: Direction, seen: object = None) -> Verdict:
    """The verdict where no message type is given, or one that is ``seen`` to be no text."""
    levels = levels_of(question_of(resolution).policy)
    variant = ("row", None) if seen is None else ("no-text", type(seen).__name__)
    raws: tuple[RawFinding, ...] = (*raws_of(resolution), raw_finding(levels, TYPE_MISSING, *variant))
    return Verdict(resolution, NO_TYPE, direction, Outcome.NOT_RESOLVED, False, None, raws)


def _shown(value: object) -> str:
    """What stands in the place of an identifier that is none: a number as it is, of all else what it is."""
    if value is None:
        return ""
    return hide(str(value)) if isinstance(value, (int, float)) else type(value).__name__
