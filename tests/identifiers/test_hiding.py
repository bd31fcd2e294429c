"""What looks like a CPR number is hidden wherever it stands and however it is written; what can be none stays."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sor_addressing.hiding import HIDDEN, hide, must_hide, shown
from sor_addressing.identifiers import compact

# The thirtieth and thirty-first of February: nobody is born then, and it is not looked at whether months have so many days.
BODIES = ("310299" + "9" * 4, "300200" + "0" * 4, "910299" + "9" * 4)
BETWEEN = [
    *" -–—./_\t\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\u00a0\u2009\u200b\u202f\u3000\ufe58\ufe63\uff0d\uff0e\uff0f\u2044·\u2060",
    *":,;'\"()[]{}<>|+*=#%&!?\u2019\u00b4\uff1a\uff0c",
    " - ",
    "  ",
]
OTHER_DIGITS = "\uff10\u0660\u06f0\u0966\U0001d7ce"


def like_one(between: str, places: tuple[int, ...] = (6,), body: str = BODIES[0]) -> str:
    return "".join(char + (between if at in places else "") for at, char in enumerate(body, 1))


@pytest.mark.parametrize("between", ["", *BETWEEN])
@pytest.mark.parametrize("places", [(6,), (4, 6), (2, 4, 6), (2, 4, 6, 8), tuple(range(1, 10))])
def test_ten_digits_are_hidden_whatever_stands_between_them(between: str, places: tuple[int, ...]) -> None:
    text = like_one(between, places)
    assert hide(f"a{text}b") == f"a{HIDDEN}b"
    assert must_hide(text)
    assert hide(f"{text} og {text}") == f"{HIDDEN} og {HIDDEN}"


@pytest.mark.parametrize("zero", OTHER_DIGITS)
def test_digits_of_any_writing_are_digits(zero: str) -> None:
    text = "".join(chr(ord(zero) + int(digit)) for digit in BODIES[0])
    assert hide(f"{text[:6]}-{text[6:]}") == HIDDEN
    assert hide(text) == HIDDEN


@pytest.mark.parametrize("body", BODIES)
def test_numbers_in_the_place_of_one_are_hidden_too(body: str) -> None:
    assert hide(body) == HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678",
        "5790999000017",
        "BRV00000000001",
        f"ab{BODIES[0][:6]}-{BODIES[0][6:]}-4aaa-8bbb-{12 * 'c'}"[:36],
        "5790999000017 12",
        "2026-01-10 19:57:33",
        "2026-01-10T19:57:33.123",
        "+45 12 34 56 78",
        "urn:oid:1.2.208.176.1.1",
        "2026-01-15T12:30",
    ],
)
def test_numbers_of_another_length_and_ids_made_by_chance_stay(text: str) -> None:
    assert hide(text) == text
    assert not must_hide(text)


@pytest.mark.parametrize("beginning", ["3113", "0168", "3201", "6001", "9201", "9999", "0199", "4512"])
def test_ten_digits_that_can_be_none_stay(beginning: str) -> None:
    for text in (f"{beginning}999999", f"{beginning}99-9999", f"{beginning[:2]} {beginning[2:]} 99 9999"):
        assert hide(text) == text


@pytest.mark.parametrize("beginning", ["0101", "3112", "6101", "9112", "0001", "3100", "0000"])
def test_ten_digits_that_may_be_one_do_not(beginning: str) -> None:
    assert hide(f"{beginning}99{'9' * 4}") == HIDDEN


def test_what_stands_beside_it_stays() -> None:
    number = like_one("-")
    assert hide(f"9 {number} 5790999000017") == f"9 {HIDDEN} 5790999000017"
    assert hide(f"12345678 {number}, {number}") == f"12345678 {HIDDEN}, {HIDDEN}"
    assert shown("x" * 57 + number) == "x" * 57 + "(h…"


def oracle(text: str) -> bool:
    """Whether ten digits stand together that may be a CPR number: tried at every place, in the plainest way."""
    plain = [str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char for char in text]
    for begin, char in enumerate(plain):
        if not char.isdecimal() or (begin and plain[begin - 1].isdecimal()):
            continue
        digits = ""
        for at in range(begin, len(plain)):
            one = plain[at]
            if one.isdecimal():
                digits += one
            elif one.isalnum():
                break
            ends = at + 1 == len(plain) or not plain[at + 1].isdecimal()
            if len(digits) == 10 and one.isdecimal() and ends:
                day, month = int(digits[:2]), int(digits[2:4])
                if (day <= 31 or 61 <= day <= 91) and month <= 12:
                    return True
    return False


PIECES = st.sampled_from(
    ["31", "02", "99", "9999", "310299", "3102999999", "68", "00", "9", "a", *BETWEEN, *OTHER_DIGITS]
)


@given(st.lists(PIECES, max_size=14).map("".join))
@example("31 02 99-9999")
@example("9 3102999999 9")
@example("31029 99999")
def test_it_hides_what_the_oracle_sees_and_nothing_else(text: str) -> None:
    assert must_hide(text) == oracle(text)
    if not must_hide(text):
        assert hide(text) == text
        return
    left = hide(text)
    assert HIDDEN in left
    assert not oracle(left)
    pieces = left.split(HIDDEN)
    assert re.fullmatch(".+?".join(map(re.escape, pieces)), text, re.DOTALL)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_nothing_is_left_to_be_seen_after_compacting(text: str) -> None:
    assert not must_hide(compact(hide(text)))


@pytest.mark.parametrize(
    "text", [" " * 200_000, "1" + " " * 200_000 + "a", "1 " * 100_000, "12-" * 70_000, "1," * 100_000]
)
def test_long_texts_cost_no_more_than_their_length(text: str) -> None:
    hide(text)
