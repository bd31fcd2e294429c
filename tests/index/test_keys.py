"""Identifiers as integers and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.index.keys import ODD_FROM, key_of, text_of_key

DIGITS = "0123456789"
UPPER = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LARGEST = 2**63 - 1
TEXTS = st.one_of(
    st.text(), st.text(DIGITS, max_size=20), st.text(UPPER, max_size=10), st.text(UPPER + "abæ- ²", max_size=10)
)


def is_plain(text: str) -> bool:
    if not text:
        return False
    return (set(text) <= set(DIGITS) and len(text) <= 18) or (set(text) <= set(UPPER) and len(text) <= 9)


@given(TEXTS)
def test_a_key_gives_its_text_back_and_odd_texts_have_none(text):
    key = key_of(text)
    assert (key is not None) is is_plain(text)
    if key is not None:
        assert text_of_key(key) == text
        assert ODD_FROM < key <= LARGEST


@given(TEXTS, TEXTS)
def test_different_texts_have_different_keys(one, other):
    if one != other and key_of(one) is not None:
        assert key_of(one) != key_of(other)


@pytest.mark.parametrize("text", ["0", "000", "0" * 18, "9" * 18, "A", "0A", "A0", "Z" * 9, "00000000A"])
def test_the_ends_of_the_ranges(text):
    assert text_of_key(key_of(text)) == text


@pytest.mark.parametrize("text", ["", "0" * 19, "A" * 10, "a", "9a", "Æ", "٣", "²", "?", " ", "-1", "1 2"])
def test_what_no_key_can_hold(text):
    assert key_of(text) is None
