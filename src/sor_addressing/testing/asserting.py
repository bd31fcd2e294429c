"""Assertions on verdicts that say why: what the register has to say stands in the message of the failing test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar, overload

from sor_addressing.addressing.answers import Status
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.inside import why_not
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
from sor_addressing.addressing.support import Outcome
from sor_addressing.addressing.verdicts import Verdict
from sor_addressing.letters.report import LetterReport
from sor_addressing.register.face import Register

if TYPE_CHECKING:
    from sor_addressing.addressing.answers import Resolution
    from sor_addressing.addressing.policy import AddressingPolicy
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.index.unit import Unit
    from sor_addressing.messages.catalogue import MessageType

__all__ = ["assert_deliverable", "assert_not_deliverable"]


Decided = Verdict | LetterReport
"""What is deliverable or not, and says why."""

Answered = TypeVar("Answered", Verdict, LetterReport)


@overload
def assert_deliverable(
    decided: Register,
    recipient: str | Unit | Resolution | Recipient,
    message_type: str | MessageType,
    *,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Verdict: ...
@overload
def assert_deliverable(decided: Answered, *, language: str = "en") -> Answered: ...
def assert_deliverable(
    decided: Decided | Register,
    recipient: str | Unit | Resolution | Recipient | None = None,
    message_type: str | MessageType | None = None,
    *,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Decided:
    """The letter may be sent, or the test fails with the explanation.

    Args:
        decided: a verdict, the report on a letter, or a register to ask.
        recipient: whom to ask the register about; only with a register.
        message_type: what to ask it; only with a register.
        on: the day; today by default.
        policy: what is accepted; the default policy where None.
        language: ``en`` or ``da``, for the explanation.

    Returns:
        The verdict, for what else a test has to say of it.

    Raises:
        AssertionError: the letter may not be sent; the text is ``explain()``.
        TypeError: a register without a question, or a verdict with one.

    >>> assert_deliverable(Register.sample(), "990001", "DIS91")
    <Verdict DIS91 to '990001': supported, deliverable>
    """
    __tracebackhide__ = True
    answer = _answer(decided, recipient, message_type, on, policy)
    if not answer.deliverable:
        raise AssertionError(f"this letter should be deliverable, and is not:\n{answer.explain(language)}")
    return answer


@overload
def assert_not_deliverable(
    decided: Register,
    recipient: str | Unit | Resolution | Recipient,
    message_type: str | MessageType,
    *,
    reason: str | Iterable[str] = (),
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Verdict: ...
@overload
def assert_not_deliverable(
    decided: Answered, *, reason: str | Iterable[str] = (), language: str = "en"
) -> Answered: ...
def assert_not_deliverable(
    decided: Decided | Register,
    recipient: str | Unit | Resolution | Recipient | None = None,
    message_type: str | MessageType | None = None,
    *,
    reason: str | Iterable[str] = (),
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Decided:
    """The letter may not be sent, for the reason that the test names; else the test fails with the explanation.

    Args:
        decided: as for :func:`assert_deliverable`.
        recipient: likewise.
        message_type: likewise.
        reason: what must stop it: the code of a finding that is an error, an outcome or a status, or several of them, which must all be there.
            Without one the letter may be stopped by anything.
        on: the day; today by default.
        policy: what is accepted; the default policy where None.
        language: ``en`` or ``da``, for the explanation.

    Raises:
        AssertionError: the letter may be sent, or is stopped by something else.
        ValueError: there is no such reason, so that a misspelt one can't be taken for one that is missing.
        TypeError: a register without a question, or a verdict with one.

    >>> assert_not_deliverable(Register.sample(), "Lægehuset på hjørnet", "DIS91", reason="identifier-malformed").outcome
    <Outcome.NOT_RESOLVED: 'not_resolved'>
    """
    __tracebackhide__ = True
    wanted = (reason,) if isinstance(reason, str) else tuple(reason)
    for one in wanted:
        _check_reason(one)
    answer = _answer(decided, recipient, message_type, on, policy)
    if answer.deliverable:
        raise AssertionError(f"this letter should not be deliverable, and is:\n{answer.explain(language)}")
    findings = _findings(answer)
    errors = {finding.code for finding in findings if finding.severity is Severity.ERROR}
    stops = errors | _states(answer)
    for one in wanted:
        if one in stops:
            continue
        beside = next((finding for finding in findings if finding.code == one), None)
        seen = f"; {one!r} is there as {_article(beside.severity)}, and stops nothing" if beside is not None else ""
        raise AssertionError(
            f"this letter should be stopped by {one!r}, and is stopped by {', '.join(sorted(stops))}{seen}:\n{answer.explain(language)}"
        )
    return answer


def _answer(
    decided: Decided | Register,
    recipient: str | Unit | Resolution | Recipient | None,
    message_type: str | MessageType | None,
    on: dt.date | None,
    policy: AddressingPolicy | None,
) -> Decided:
    if isinstance(decided, Register):
        if recipient is None or message_type is None:
            raise TypeError("a register is asked about a recipient and a message type: give both")
        return decided.validate(recipient, message_type, on=on, policy=policy)
    if (recipient, message_type, on, policy) != (None, None, None, None):
        raise TypeError("a verdict is the answer to a question already: give a register to ask one")
    if not isinstance(decided, Decided):
        raise TypeError(f"a verdict, the report on a letter or a register is asserted on, not {type(decided).__name__}")
    return decided


def _findings(answer: Decided) -> tuple[Finding, ...]:
    return answer.findings if isinstance(answer, Verdict) else tuple(answer.reasons)


def _states(answer: Decided) -> set[str]:
    verdicts = (answer,) if isinstance(answer, Verdict) else answer.verdicts
    said = ((one.outcome, one.resolution.status, why_not(one)) for one in verdicts if not one.deliverable)
    return {str(state) for states in said for state in states}


def _check_reason(reason: str) -> None:
    known = {*DEFAULT_SEVERITIES, *map(str, Outcome), *map(str, Status)}
    if reason in known:
        return
    near = get_close_matches(reason, known, n=1)
    raise ValueError(
        f"there is no reason {reason!r}"
        + (f"; is it {near[0]!r}?" if near else "; the findings are in the documentation")
    )


def _article(severity: Severity) -> str:
    return "an info" if severity is Severity.INFO else f"a {severity}"
