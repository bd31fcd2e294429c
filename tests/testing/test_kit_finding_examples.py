from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

import sor_addressing
from sor_addressing import Outcome, Register, Status, changes, messages, model
from sor_addressing import testing as kit
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.testing import FindingExample, finding_examples, sample_extract

NAMES: dict[str, object] = {
    **{name: getattr(room, name) for room in (sor_addressing, changes, messages, model, kit) for name in room.__all__},
    "dt": dt,
}


def shown(answer: object) -> set[str]:
    """Every code that an answer shows: of a resolution, a verdict, the reports on letters, or the review of a book."""
    parts = answer if isinstance(answer, tuple) else getattr(answer, "entries", (answer,))
    codes: set[str] = set()
    for one in parts:
        codes |= {finding.code for finding in one.findings}
        for verdict in getattr(one, "verdicts", ()):
            codes |= {finding.code for finding in verdict.findings}
        codes |= {str(getattr(one, name)) for name in ("outcome", "status") if hasattr(one, name)}
        codes |= {str(one.resolution.status)} if hasattr(one, "resolution") else set()
    return codes


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.sample()


def test_every_outcome_every_status_and_every_finding_has_one_example() -> None:
    codes = [example.code for example in finding_examples()]
    assert len(codes) == len(set(codes))
    assert set(codes) == {*Outcome, *Status, *DEFAULT_SEVERITIES}


@pytest.mark.parametrize("example", finding_examples(), ids=lambda example: example.code)
def test_the_line_of_an_example_shows_its_code(register: Register, example: FindingExample) -> None:
    assert example.code in shown(eval(example.line, {**NAMES, "register": register}))  # noqa: S307 (the package's own data)


def test_what_a_question_to_the_sample_shows_stands_in_no_list_beside_it() -> None:
    by_hand = {example.code for example in finding_examples() if example.question is None}
    asked = {code for question in kit.sample_questions() for code in question.shows}
    assert by_hand & asked == set()


def test_a_recipient_that_an_example_speaks_of_is_in_the_sample() -> None:
    names = {unit.name for unit in sample_extract()}
    capitals: Iterable[str] = (
        example.about.partition(",")[0]
        for example in finding_examples()
        if example.about[0].isupper() and not example.question
    )
    assert set(capitals) - names == set()
