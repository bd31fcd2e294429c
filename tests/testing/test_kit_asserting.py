from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import AddressingPolicy, Register
from sor_addressing.testing import assert_deliverable, assert_not_deliverable, register_of, sample_letters, unit_named


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.sample()


def test_a_deliverable_letter_gives_its_verdict_back(register: Register) -> None:
    verdict = register.validate("990001", "DIS91")
    assert assert_deliverable(verdict) is verdict
    assert assert_deliverable(register, "990001", "DIS91") == verdict


def test_a_letter_that_is_not_deliverable_fails_with_the_whole_explanation(register: Register) -> None:
    unit = unit_named(register, "Klinikken Lukket (afløst)")
    verdict = register.validate(unit, "XDIS91")
    for language in ("en", "da"):
        with pytest.raises(AssertionError) as failed:
            assert_deliverable(register, unit, "XDIS91", language=language)
        assert str(failed.value) == f"this letter should be deliverable, and is not:\n{verdict.explain(language)}"


def test_the_day_and_the_policy_are_asked_with(register: Register) -> None:
    unit = unit_named(register, "Afdelingen Åbner til marts")
    assert_not_deliverable(register, unit, "XDIS91", reason="unit-not-yet-open")
    assert_deliverable(register, unit, "XDIS91", on=dt.date(2026, 3, 2), policy=AddressingPolicy(own_conversion=True))


@pytest.mark.parametrize(
    "reason", ["unit-closed", "not_resolved", "not_addressable", ("unit-closed", "not_resolved"), ()]
)
def test_a_reason_is_an_error_an_outcome_a_status_or_several(register: Register, reason: str | tuple[str, ...]) -> None:
    unit = unit_named(register, "Klinikken Lukket (uden afløser)")
    verdict = register.validate(unit, "XDIS91")
    assert assert_not_deliverable(verdict, reason=reason) is verdict


def test_a_letter_that_goes_out_fails_where_it_should_be_stopped(register: Register) -> None:
    verdict = register.validate("990001", "DIS91")
    with pytest.raises(AssertionError) as failed:
        assert_not_deliverable(verdict)
    assert str(failed.value) == f"this letter should not be deliverable, and is:\n{verdict.explain()}"


def test_another_reason_fails_and_names_those_there_are(register: Register) -> None:
    verdict = register.validate(unit_named(register, "Klinikken Lukket (uden afløser)"), "XDIS91")
    with pytest.raises(AssertionError) as failed:
        assert_not_deliverable(verdict, reason="location-missing")
    first, _, explained = str(failed.value).partition("\n")
    assert first.startswith(
        "this letter should be stopped by 'location-missing', and is stopped by location-closed, not_addressable,"
    )
    assert explained == verdict.explain()


def test_a_warning_stops_nothing_and_the_failure_says_so(register: Register) -> None:
    verdict = register.validate(unit_named(register, "Klinikken Lukket (afløst)"), "XDIS91")
    with pytest.raises(AssertionError, match="'unit-replaced' is there as a warning, and stops nothing:"):
        assert_not_deliverable(verdict, reason="unit-replaced")


def test_a_misspelt_reason_is_no_failure_of_the_test_but_an_error_in_it(register: Register) -> None:
    with pytest.raises(ValueError, match=r"there is no reason 'unit_closed'; is it 'unit-closed'\?"):
        assert_not_deliverable(register, "990001", "DIS91", reason="unit_closed")
    with pytest.raises(ValueError, match="there is no reason 'x'; the findings are in the documentation"):
        assert_not_deliverable(register, "990001", "DIS91", reason="x")


def test_a_letter_is_asserted_on_by_its_report(register: Register) -> None:
    letters = {letter.shows: register.validate_message(letter.content)[0] for letter in sample_letters()[:14]}
    assert assert_deliverable(letters["identifiers-disagree"]) is letters["identifiers-disagree"]
    assert_not_deliverable(letters["unit-closed"], reason=["unit-closed", "not_resolved"])
    assert_not_deliverable(letters["receiver-missing"], reason="receiver-missing")
    with pytest.raises(AssertionError, match="is stopped by receiver-missing:"):
        assert_not_deliverable(letters["receiver-missing"], reason="unit-closed")


def test_a_register_without_a_question_and_a_verdict_with_one_are_refused(register: Register) -> None:
    with pytest.raises(TypeError, match="give both"):
        assert_deliverable(register, "990001")
    with pytest.raises(TypeError, match="the answer to a question already"):
        assert_deliverable(register.validate("990001", "DIS91"), on=dt.date(2026, 1, 15))
    with pytest.raises(TypeError, match="asserted on, not Resolution"):
        assert_deliverable(register.resolve("990001"))


class TestRegisterInALine:
    def test_units_inherit_below_others_and_register_in_their_directions(self) -> None:
        register = register_of(
            {"Afdeling Øst": {"registers": "DIS91 D9134L", "sends": ["CTL02", "CTL03"], "receives": "REF01 H0131R"}},
            Afsnit={"below": "Afdeling Øst", "inherits": True},
            Uden={"location_number": False},
            registers=["XDIS91 XD9134L"],
        )
        ward, above = unit_named(register, "Afsnit"), unit_named(register, "Afdeling Øst")
        assert (ward.parent, ward.location.number) == (above, above.location.number)
        assert unit_named(register, "Uden").location is None
        assert sorted(
            (str(one.message_type), one.may_send, one.may_receive) for one in above.location.registrations
        ) == [
            ("CTL02", True, False),
            ("CTL03", True, False),
            ("DIS91 D9134L", True, True),
            ("REF01 H0131R", False, True),
            ("XDIS91 XD9134L", True, True),
        ]

    def test_the_day_ceased_numbers_and_missing_message_types_are_said_beside_the_units(self) -> None:
        register = register_of(
            Klinik={"provider_number": "990077"},
            ceased={"990077": dt.date(2026, 2, 1)},
            message_types=False,
            snapshot_date="2026-03-01",
        )
        verdict = register.validate("990077", "DIS91")
        assert (register.snapshot_date, register.age_days) == (dt.date(2026, 3, 1), 0)
        assert [finding.code for finding in verdict.findings] == ["provider-ceased", "message-types-not-loaded"]

    def test_a_unit_below_one_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'Afsnit' lies below 'Afdeling', which is not named before it"):
            register_of(Afsnit={"below": "Afdeling"})

    def test_a_name_that_several_or_none_have_is_refused(self, register: Register) -> None:
        with pytest.raises(LookupError, match="0 units of this register are called 'Ingen'"):
            unit_named(register, "Ingen")
