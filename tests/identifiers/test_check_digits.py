"""Check digits: what they are for. Every single wrong digit is found, and by Verhoeff every swap of neighbours."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sor_addressing.identifiers import (
    CvrNumber,
    IdentifierKind,
    LocationNumber,
    ProviderNumber,
    ShakCode,
    SorCode,
    compact,
    identifier_class,
)

DIGITS = "0123456789"
CLASSES = [identifier_class(kind) for kind in IdentifierKind]


def sor_codes():
    """Right SOR codes of every length."""
    running = st.integers(1, 8).flatmap(lambda length: st.text(DIGITS, min_size=length, max_size=length))
    return running.map(lambda number: number + SorCode.infix).map(lambda body: body + SorCode.check_digit(body))


def location_numbers():
    """Right location numbers, not only Danish ones."""
    bodies = st.text(DIGITS, min_size=12, max_size=12)
    return bodies.map(lambda body: body + LocationNumber.check_digit(body))


def cvr_numbers():
    """Right CVR numbers."""
    bodies = st.text(DIGITS, min_size=7, max_size=7).filter(lambda body: CvrNumber.check_digit(body) != "X")
    return bodies.map(lambda body: body + CvrNumber.check_digit(body))


@given(sor_codes())
def test_a_sor_code_with_its_check_digit_is_valid_and_one_with_any_other_is_not(code):
    assert [digit for digit in DIGITS if SorCode.is_valid(code[:-1] + digit)] == [code[-1]]
    assert SorCode.validate(code) == code
    assert SorCode.expected_check_digit(code) == code[-1]


@given(location_numbers())
def test_a_location_number_with_its_check_digit_is_valid_and_one_with_any_other_is_not(number):
    assert [digit for digit in DIGITS if LocationNumber.is_valid(number[:-1] + digit)] == [number[-1]]
    assert LocationNumber.validate(number) == number
    assert LocationNumber.expected_check_digit(number) == number[-1]


@given(cvr_numbers())
def test_a_cvr_number_with_its_check_digit_is_valid_and_one_with_any_other_is_not(number):
    assert [digit for digit in DIGITS if CvrNumber.is_valid(number[:-1] + digit)] == [number[-1]]
    assert CvrNumber.validate(number) == number


@pytest.mark.parametrize(("numbers", "kind"), [(sor_codes(), SorCode), (location_numbers(), LocationNumber)])
def test_every_single_wrong_digit_is_found(numbers, kind):
    @given(numbers)
    def found(number):
        for place, right in enumerate(number):
            for digit in DIGITS:
                wrong = number[:place] + digit + number[place + 1 :]
                assert kind.is_valid(wrong) is kind.is_canonical(wrong) is (digit == right), wrong

    found()


@given(sor_codes())
def test_every_swap_of_two_neighbours_in_a_sor_code_is_found(code):
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert SorCode.is_valid(swapped) is (swapped == code)


@given(st.text(DIGITS, min_size=1, max_size=17), st.data())
def test_verhoeff_finds_a_wrong_digit_and_a_swap_in_any_digits(body, data):
    number = body + SorCode.check_digit(body)
    place = data.draw(st.integers(0, len(body) - 1))
    wrong = data.draw(st.sampled_from(DIGITS))
    assume(wrong != body[place])
    changed = body[:place] + wrong + body[place + 1 :]
    assert SorCode.check_digit(changed) != number[-1]
    if place + 1 < len(body) and body[place] != body[place + 1]:
        swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
        assert SorCode.check_digit(swapped) != number[-1]


def test_location_numbers_that_end_in_zero_are_valid():
    ending_in_zero = [f"5790999{n:05d}0" for n in range(1_000) if LocationNumber.check_digit(f"5790999{n:05d}") == "0"]
    assert len(ending_in_zero) == 100
    assert all(LocationNumber.validate(number) == number for number in ending_in_zero)
    assert all(map(LocationNumber.is_canonical, ending_in_zero))


def test_a_cvr_body_that_no_digit_fits_has_no_valid_number():
    body = next(f"99{n:05d}" for n in range(100) if CvrNumber.check_digit(f"99{n:05d}") == "X")
    assert not any(CvrNumber.is_valid(body + digit) for digit in DIGITS)
    with pytest.raises(
        ValueError, match=r"its check digit is 1 and no digit is right after those before it; a digit was"
    ):
        CvrNumber.validate(body + "1")


def test_cvr_check_digits_are_modulo_11():
    for n in range(1_000):
        body = f"99{n:05d}"
        digit = CvrNumber.check_digit(body)
        total = sum(weight * int(char) for weight, char in zip((2, 7, 6, 5, 4, 3, 2), body, strict=True))
        assert (total + (10 if digit == "X" else int(digit))) % 11 == 0


@pytest.mark.parametrize("kind", [ProviderNumber, ShakCode])
def test_provider_numbers_and_shak_codes_have_no_check_digit(kind):
    assert kind.expected_check_digit("990001") is None


TEXTS = st.one_of(
    st.text(),
    st.text(DIGITS, max_size=19),
    st.text("0123456789abÆæß½²٣٣ -\u2011\u200b", max_size=14),
    sor_codes(),
    location_numbers(),
    cvr_numbers(),
)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.kind)
def test_the_fast_question_agrees_with_the_slow_one(kind):
    @given(TEXTS)
    def agrees(text):
        canonical = kind.compact(text)
        assert kind.is_canonical(canonical) is kind.is_valid(text)
        assert kind.is_canonical(text) is (text == canonical and kind.is_valid(text))
        assert kind.compact(canonical) == canonical
        if kind.is_valid(text):
            assert kind.validate(text) == canonical
            assert kind.fits(canonical)

    agrees()


@given(st.text())
def test_compacting_twice_is_compacting_once(text):
    assert compact(compact(text)) == compact(text)


@given(sor_codes(), st.data())
def test_spaces_dashes_and_invisible_characters_between_the_digits_dont_matter(code, data):
    between = st.text(
        " \t\n-\u00a0\u00ad\u2007\u200b\u2010\u2011\u2013\u2014\u2028\u2060\u2212\ufeff\uff0d", max_size=2
    )
    written = "".join(char + data.draw(between) for char in data.draw(between) + code)
    assert SorCode.validate(written) == code
    assert SorCode.is_canonical(written) is (written == code)


@pytest.mark.parametrize("zero", [0x0660, 0x06F0, 0x0966, 0xFF10, 0x1D7CE], ids=hex)
def test_digits_of_every_script_are_read(zero):
    written = "".join(chr(zero + int(digit)) for digit in "9000011000016006")
    assert SorCode.validate(written) == "9000011000016006"
