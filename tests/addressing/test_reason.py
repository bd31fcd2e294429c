"""Why not, in one finding: the one that stops the letter first, whatever a policy says of how grave it is."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings
from tests.addressing.small_trees import (
    CODES,
    NUMBERS,
    POLICIES,
    PROVIDER_NUMBERS,
    SNAPSHOT,
    message_types,
    registrations,
    trees,
)

from sor_addressing import AddressingPolicy, Register, Resolution, Verdict
from sor_addressing.addressing.inside import (
    candidate_rows,
    question_of,
    raws_beyond_recipient,
    raws_of,
    recipient_row,
    support_of,
    unit_certain,
    why_not,
)
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.inside import index_of, row_of
from sor_addressing.model import RegistrationRecord, UnitRecord
from sor_addressing.testing import sample_questions

LOWERED = AddressingPolicy(severities=dict.fromkeys(DEFAULT_SEVERITIES, "info"))
REFUSED = AddressingPolicy(inherited="refuse", severities={"location-inherited": "info"})


def check(answer: Resolution | Verdict, *, fine: bool) -> None:
    """The reason is there where the letter is stopped, stands among the findings, and no error stands before it."""
    reason = answer.reason
    assert (reason.code if reason else "") == why_not(answer)
    errors = [finding for finding in answer.findings if finding.severity is Severity.ERROR]
    if errors:
        assert reason == errors[0]
    elif fine:
        assert reason is None
    else:
        assert reason in answer.findings


@settings(deadline=None)
@given(
    units=trees(),
    registered=registrations(),
    policy=st.sampled_from([*POLICIES.values(), LOWERED, REFUSED]),
    message_type=message_types,
    direction=st.sampled_from(["receive", "send"]),
)
def test_there_is_a_reason_wherever_a_letter_is_stopped(
    units: list[UnitRecord],
    registered: list[RegistrationRecord] | None,
    policy: AddressingPolicy,
    message_type: str,
    direction: str,
) -> None:
    register = Register.from_records(units, registered, snapshot_date=SNAPSHOT)
    for identifier in (*CODES, *NUMBERS, *PROVIDER_NUMBERS, "?"):
        resolution = register.resolve(identifier, on=SNAPSHOT, policy=policy)
        check(resolution, fine=resolution.status == "resolved")
        verdict = register.validate(identifier, message_type, direction=direction, on=SNAPSHOT, policy=policy)
        check(verdict, fine=verdict.deliverable)


def test_the_sample_says_what_stops_each_letter() -> None:
    register = Register.sample()
    told = {
        question.identifier: verdict.reason.code if verdict.reason else None
        for question in sample_questions()
        for verdict in [register.validate(question.identifier, question.message_type)]
    }
    assert None in told.values()
    assert {"unit-closed", "recipient-ambiguous", "location-inactive", "location-missing"} <= set(told.values())


def test_the_reason_tells_the_number_that_a_type_is_missing_on() -> None:
    verdict = Register.sample().validate("990001", "REF01")
    assert verdict.reason is not None
    assert verdict.reason.details["location_number"] == verdict.resolution.unwrap().location_number
    assert verdict.reason in verdict.findings


def test_the_doors_give_what_the_answers_are_made_of() -> None:
    register = Register.sample()
    verdict = register.validate("990001", "DIS91")
    resolution, recipient = verdict.resolution, verdict.resolution.unwrap()
    index = index_of(recipient.unit)
    assert recipient_row(resolution) == row_of(recipient.unit) == index.row_of_sor_code(recipient.sor_code)
    assert [index.sor_code(row) for row in candidate_rows(resolution)] == [c.sor_code for c in resolution.candidates]
    assert unit_certain(resolution) is recipient.unit_certain is True
    assert question_of(resolution).identifier == "990001"
    assert [code for code, _, _ in raws_of(verdict)] == [finding.code for finding in verdict.findings]
    assert (*raws_of(resolution), *raws_beyond_recipient(verdict)) == raws_of(verdict)
    assert support_of(verdict).send_as is verdict.send_as
    unknown = register.validate("990099", "DIS91")
    assert (recipient_row(unknown.resolution), support_of(unknown)) == (NOTHING, None)
