"""What other rooms need of an answer's inside: rows of the index, and findings before anything is looked up for them.

Answers show units, names and texts, which are looked up when asked for. Who goes through many answers and needs none of that takes
rows and raw findings here, and reads no name with an underscore (``tests/house/test_one_room.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.severities import RawFinding, reason_in
from sor_addressing.addressing.support import Support
from sor_addressing.addressing.support import alike as alike
from sor_addressing.addressing.verdicts import Verdict


def candidate_rows(resolution: Resolution) -> Sequence[int]:
    """Rows of the units that carry the identifier; none where the register doesn't hold it."""
    return resolution._rows


def recipient_row(resolution: Resolution) -> int:
    """Row of the recipient; ``NOTHING`` where there is none."""
    return resolution._recipient_row


def unit_certain(resolution: Resolution) -> bool:
    """Whether it is the recipient's unit that is meant, and not only its location number."""
    return resolution._unit_certain


def question_of(resolution: Resolution) -> Question:
    """What was asked."""
    return resolution._question


def raws_of(answer: Resolution | Verdict) -> tuple[RawFinding, ...]:
    """The findings of an answer, as they were worked out; of a verdict those of its resolution first."""
    return answer._raws


def why_not(answer: Resolution | Verdict) -> str:
    """The code of an answer's ``reason``, without looking up its details; empty where there is none."""
    stopped = not answer.deliverable if isinstance(answer, Verdict) else answer.status is not Status.RESOLVED
    raw = reason_in(answer._raws, stopped=stopped)
    return raw[0] if raw else ""


def raws_beyond_recipient(verdict: Verdict) -> tuple[RawFinding, ...]:
    """The findings of a verdict that are not about the recipient: on the message type, and the age of the register."""
    return verdict._raws[len(verdict.resolution._raws) :]


def support_of(verdict: Verdict) -> Support | None:
    """What the recipient's registrations say of the message type; None where there is no recipient."""
    return verdict._support
