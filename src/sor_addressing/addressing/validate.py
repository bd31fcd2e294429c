"""From a recipient and a message type to a verdict. The rules stand in the documentation, "Validating"."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sor_addressing.addressing.age import YOUNGEST, said_of_age, said_of_day
from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import AddressingPolicy, fresh_days_of, levels_of
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.severities import RawFinding, has_error, raw_finding
from sor_addressing.addressing.support import Direction, Outcome, support
from sor_addressing.addressing.usable import assess
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.errors import MalformedMessageType
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageType

if TYPE_CHECKING:
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.index.unit import Unit

# A member of an enum costs several look-ups each time that it is named; these are asked for every letter.
_RESOLVED = Status.RESOLVED
_SUPPORTED = Outcome.SUPPORTED
_CONVERTED = Outcome.CONVERTED
_SUPPORT_UNKNOWN = Outcome.SUPPORT_UNKNOWN

_made = tuple.__new__  # in half the time that it takes a named tuple to make itself

Addressee: TypeAlias = "str | Unit | Resolution | Recipient"

_NOBODY = (Status.UNKNOWN, Status.MALFORMED)


def validate(
    index: Index,
    recipient: Addressee,
    asked: str | MessageType,
    *,
    direction: Direction,
    day: int,
    today: int,
    policy: AddressingPolicy,
    kind: IdentifierKind | None = None,
) -> Verdict:
    """The verdict on the message type ``asked`` to ``recipient`` on ``day``.

    ``today`` measures the age of the register; both are day numbers. ``kind`` is that of a recipient given as text. What is missing is
    a finding.

    Raises:
        TypeError: the recipient or the type is something else.
    """
    try:
        plan = plan_for(index, asked)
    except (TypeError, MalformedMessageType) as error:
        if isinstance(error, TypeError) and not _is_missing(asked):
            raise TypeError(f"a message type is text or a MessageType, not {type(asked).__name__}") from None
        return _incomplete(index, recipient, None, direction, day, policy, kind)
    message_type = plan.asked
    if not message_type.known and _is_missing(asked):
        return _incomplete(index, recipient, None, direction, day, policy, kind)
    if recipient.__class__ is str:
        resolution = resolve(index, _made(Question, (recipient, kind, day, policy, message_type)))
        if resolution._status is not _RESOLVED and resolution._status in _NOBODY and _is_missing(recipient):
            return _incomplete(index, recipient, message_type, direction, day, policy, kind)
    elif recipient.__class__ is Resolution and _is_asked(recipient, index, message_type, day, policy):
        resolution = recipient
    elif _is_missing(recipient):
        return _incomplete(index, recipient, message_type, direction, day, policy, kind)
    else:
        resolution = resolution_of(index, recipient, message_type, day, policy, kind)
    raws = resolution._raws
    if not message_type.known:
        raws = (*raws, raw_finding(levels_of(policy), "message-type-unknown", message_type.text))
    if resolution._status is not _RESOLVED:
        raws = (*raws, *_age(index, day, today, policy))
        return Verdict(resolution, message_type, direction, Outcome.NOT_RESOLVED, False, None, raws)
    columns = index.columns
    location = columns.unit_location[resolution._recipient_row]
    found = support(index, plan, columns.location_number[location], location, direction, policy, day)
    if found.raws:
        raws = (*raws, *found.raws) if raws else found.raws
    if day < index.registrations_day or not YOUNGEST <= today - index.snapshot_day <= fresh_days_of(policy):
        raws = (*raws, *_age(index, day, today, policy))
    outcome = found.outcome
    sendable = (
        outcome is _SUPPORTED
        or outcome is _CONVERTED
        or (outcome is _SUPPORT_UNKNOWN and policy.unknown_support == "accept")
    )
    return Verdict(
        resolution, message_type, direction, outcome, sendable and not (raws and has_error(raws)), found, raws
    )


def _is_missing(value: object) -> bool:
    from sor_addressing.cells.reading import is_missing

    return is_missing(value)


def _incomplete(
    index: Index,
    recipient: Addressee,
    message_type: MessageType | None,
    direction: Direction,
    day: int,
    policy: AddressingPolicy,
    kind: IdentifierKind | None,
) -> Verdict:
    """The verdict where the recipient is missing, or else the type is."""
    from sor_addressing.addressing.unasked import without_recipient, without_type

    if _is_missing(recipient):
        return without_recipient(index, message_type, direction=direction, day=day, policy=policy, kind=kind)
    return without_type(resolution_of(index, recipient, None, day, policy, kind), direction)


def _is_asked(
    resolution: Resolution, index: Index, message_type: MessageType, day: int, policy: AddressingPolicy
) -> bool:
    """Whether a resolution of this register is the answer to just this question: what letters are validated with."""
    question = resolution._question
    return (
        resolution._index is index
        and question.day == day
        and question.policy is policy
        and question.message_type is message_type
    )


def resolution_of(
    index: Index,
    recipient: Addressee,
    message_type: MessageType | None,
    day: int,
    policy: AddressingPolicy,
    kind: IdentifierKind | None,
) -> Resolution:
    """Who ``recipient`` is, whatever it is given as; ``kind`` is that of a text.

    Raises:
        TypeError: it is none of those.
    """
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.index.unit import Unit

    if isinstance(recipient, str):
        return resolve(index, Question(recipient, kind, day, policy, message_type))
    if isinstance(recipient, Unit):
        return resolve(index, Question(recipient.sor_code, IdentifierKind.SOR_CODE, day, policy, message_type))
    if isinstance(recipient, Recipient):
        return _of_recipient(
            index, recipient, Question(recipient.sor_code, IdentifierKind.SOR_CODE, day, policy, message_type)
        )
    if isinstance(recipient, Resolution):
        found = recipient.recipient
        if recipient._index is not index and found is not None:
            return resolve(index, Question(found.sor_code, IdentifierKind.SOR_CODE, day, policy, message_type))
        asked = recipient._question._replace(day=day, policy=policy, message_type=message_type)
        return recipient if asked == recipient._question else resolve(index, asked)
    raise TypeError(
        f"a recipient is an identifier as text, a Unit, a Resolution or a Recipient, not {type(recipient).__name__}"
    )


def _of_recipient(index: Index, recipient: Recipient, question: Question) -> Resolution:
    """A recipient of this register keeps what was found out when it was resolved, where day and policy are the same."""
    before = recipient._question
    if recipient._index is not index or (before.day, before.policy) != (question.day, question.policy):
        return resolve(index, question)
    if not assess(index, recipient._row, question.day, question.policy).usable:
        return resolve(index, question)
    return Resolution(
        index,
        question,
        Status.RESOLVED,
        (IdentifierKind.SOR_CODE,),
        (recipient._row,),
        recipient._row,
        recipient.unit_certain,
        recipient._raws,
    )


def _age(index: Index, day: int, today: int, policy: AddressingPolicy) -> tuple[RawFinding, ...]:
    return (*said_of_age(today - index.snapshot_day, policy), *said_of_day(index, day, policy))
