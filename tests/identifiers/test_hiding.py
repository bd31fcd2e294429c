"""What looks like a CPR number is hidden wherever it stands; what only has its digits in it stays."""

from __future__ import annotations

import pytest

from sor_addressing.hiding import HIDDEN, hide, must_hide

LIKE_ONE = "99" * 3 + "-" + "9" * 4  # no day is the 99th


@pytest.mark.parametrize("text", [LIKE_ONE, LIKE_ONE.replace("-", ""), LIKE_ONE.replace("-", " ")])
def test_six_digits_and_four_are_hidden_wherever_they_stand(text):
    assert hide(f"a{text}b") == f"a{HIDDEN}b"
    assert must_hide(text)


@pytest.mark.parametrize(
    "text", ["", "12345678", "5790999000017", "BRV00000000001", f"ab{LIKE_ONE}-4aaa-8bbb-{12 * 'c'}"]
)
def test_numbers_of_another_length_and_ids_made_by_chance_stay(text):
    assert hide(text) == text
    assert not must_hide(text)
