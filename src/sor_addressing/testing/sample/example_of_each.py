"""How to bring about every outcome, status and finding, in one line of code each: what an integrator writes one test for."""

from __future__ import annotations

from functools import cache

import attrs

from sor_addressing.shipped import shipped_toml
from sor_addressing.testing.sample.questions import SampleQuestion

__all__ = ["FindingExample", "finding_examples"]


@attrs.frozen(slots=True)
class FindingExample:
    """One outcome, status or finding, and the line that brings it about.

    Attributes:
        code: of the outcome, the status or the finding.
        about: the recipient in the sample, by its telling name, or what the line has that brings it about.
        line: an expression whose value shows the code. ``register`` in it is the sample; the other names are those of ``sor_addressing`` and of
            its rooms ``changes``, ``model`` and ``testing``, and ``dt`` is the module ``datetime``.
        question: what the line asks of the sample; None where it takes more than a question.
    """

    code: str
    about: str
    line: str
    question: SampleQuestion | None = None


@cache
def finding_examples() -> tuple[FindingExample, ...]:
    """An example of every outcome, status and finding: outcomes first, then statuses, then findings by severity.

    Most are questions to the sample (:func:`sample_questions`). The others take a policy, a day, another source, a letter or an address
    book, and stand in ``testing/data/finding_examples.toml``.

    >>> {example.code: example.line for example in finding_examples()}["unit-closed"]
    "register.validate('9005001000016002', 'XDIS91')"
    """
    from sor_addressing.addressing.answers import Status
    from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
    from sor_addressing.addressing.support import Outcome
    from sor_addressing.testing.sample import sample_questions

    found: dict[str, FindingExample] = {}
    for question in sample_questions():
        line = f"register.validate({question.identifier!r}, {question.message_type!r})"
        for code in question.shows:
            found.setdefault(code, FindingExample(code, question.about, line, question))
    for code, told in shipped_toml("sor_addressing.testing", "data", "finding_examples.toml").items():
        found[code] = FindingExample(code, told["about"], told["line"])
    severities = list(Severity)
    by_severity = sorted(DEFAULT_SEVERITIES, key=lambda code: severities.index(DEFAULT_SEVERITIES[code]))
    ordered = dict.fromkeys([*map(str, Outcome), *map(str, Status), *by_severity])
    return tuple(found[code] for code in ordered)
