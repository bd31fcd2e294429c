from __future__ import annotations

import pytest

from sor_addressing.identifiers import CvrNumber, LocationNumber, ProviderNumber, ShakCode, SorCode
from sor_addressing.testing import numbers


@pytest.mark.parametrize("n", [0, 1, 7, 99, 12_345, 99_999, 250_000])
def test_sor_codes_have_right_check_digits_and_reserved_running_numbers(n: int) -> None:
    code = numbers.sor_code(n)
    assert SorCode.validate(code) == code
    assert int(code[:-10]) == 900_000 + n


def test_every_location_number_is_valid_reserved_and_its_own() -> None:
    made = [numbers.location_number(n) for n in range(numbers.HOW_MANY_LOCATION_NUMBERS)]
    assert len(set(made)) == 100_000
    assert all(number.startswith("5790999") for number in made)
    assert [number for number in made if not LocationNumber.is_valid(number)] == []


def test_every_provider_number_is_six_digits_and_its_own() -> None:
    made = [numbers.provider_number(n) for n in range(numbers.HOW_MANY_PROVIDER_NUMBERS)]
    assert len(set(made)) == 10_000
    assert all(
        len(number) == 6 and number.startswith("99") and ProviderNumber.compact(number) == number for number in made
    )


def test_cvr_numbers_skip_those_without_a_check_digit() -> None:
    made = [numbers.cvr_number(n) for n in range(2_000)]
    assert len(set(made)) == 2_000
    assert all(number.startswith("99") and CvrNumber.is_valid(number) for number in made)
    bodies = [int(number[:7]) for number in made]
    assert bodies == sorted(bodies)
    missing = set(range(bodies[0], bodies[-1])) - set(bodies)
    assert missing
    assert {CvrNumber.check_digit(str(body)) for body in missing} == {"X"}


def test_a_cvr_number_does_not_depend_on_what_was_asked_before() -> None:
    late = numbers.cvr_number(5_000)
    numbers.cvr_number(90_000)
    assert numbers.cvr_number(5_000) == late


def test_shak_codes_lie_inside_one_another() -> None:
    made = [numbers.shak_code(12), numbers.shak_code(1_234, "department"), numbers.shak_code(12_345, "ward")]
    assert made == ["9912", "991234", "9912345"]
    assert all(ShakCode.is_valid(code) for code in made)


@pytest.mark.parametrize(
    ("make", "n"),
    [
        (numbers.sor_code, -1),
        (numbers.location_number, 100_000),
        (numbers.location_number, -1),
        (numbers.provider_number, 10_000),
        (numbers.shak_code, 100),
        (numbers.cvr_number, 100_000),
        (numbers.cvr_number, -1),
    ],
)
def test_outside_the_reserved_range_there_is_nothing(make, n) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="made-up"):
        make(n)


def test_a_shak_level_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="hospital, department or ward, not 'room'"):
        numbers.shak_code(1, "room")  # type: ignore[arg-type]
