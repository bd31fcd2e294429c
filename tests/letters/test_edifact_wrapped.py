"""EDIFACT wrapped at 80 columns, at any other width, or anywhere: line breaks count for nothing, and nobody is lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sor_addressing.errors import LetterError
from sor_addressing.letters import LetterHeader, Role
from sor_addressing.letters.edifact.interchange import read
from sor_addressing.letters.reading import read_letters
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, numbers

PARTY = MadeUpParty(location_number=numbers.location_number(1), sor_code=numbers.sor_code(1))
COPIES = (
    MadeUpParty(provider_number=numbers.provider_number(2)),
    MadeUpParty(location_number=numbers.location_number(3)),
    MadeUpParty(shak_code=numbers.shak_code(4, "ward")),
)
LETTERS = [
    MadeUpLetter(
        code=code,
        version=version,
        sender=PARTY,
        receiver=PARTY,
        reply_to=MadeUpParty(location_number=numbers.location_number(5)),
        copy_receivers=COPIES,
        content="Fri tekst: 100?+ 'ja' Øre",
    )
    for code, version in (
        ("DIS91", "D9134L"),
        ("DIS20", "D2030C"),
        ("REF01", "H0131R"),
        ("RPT01", "R0131K"),
        ("BIN01", "B0131X"),
        ("PRE60", "R6031W"),
        ("RUC01", "U0131U"),
        ("DAO01", "A0138Z"),
    )
]
REFUSAL = MadeUpLetter(code="CTL02", version="C0230Q", answers=LETTERS[0], answer_positive=False)
FILES = [
    edifact_of(*LETTERS, line_end=""),
    edifact_of(*LETTERS, line_end="\n"),
    edifact_of(REFUSAL, line_end=""),
    edifact_of(*LETTERS[:3], una="|#.! ~", line_end="", groups=True),
    edifact_of(*LETTERS[:2], una=None, line_end="\r\n", charset="utf-8"),
    edifact_of(*LETTERS[:2], una=":+.  '", line_end=""),
    edifact_of(LETTERS[4], line_end="", binary=b"UNT+1'\nUNP+9'" * 40),
]
BREAKS = st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n", b"\x0c\r\n"])


def wrapped(data: bytes, width: int, line_break: bytes = b"\r\n") -> bytes:
    return line_break.join(data[start : start + width] for start in range(0, len(data), width))


def said(data: bytes) -> tuple[LetterHeader, ...]:
    found = read_letters(data, "brev")
    assert read(data, "brev") == found
    return found


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("width", [*range(1, 24), 70, 72, 76, 79, 80, 81, 128, 132])
def test_a_file_wrapped_at_a_width_says_what_it_said(width: int, line_break: bytes) -> None:
    for data in FILES:
        assert said(wrapped(data, width, line_break)) == said(data)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 4_000), BREAKS), max_size=60))
@example(FILES[0], [(1, b"\n"), (2, b"\n"), (8, b"\n")])
def test_a_break_anywhere_changes_nothing(data: bytes, breaks: list[tuple[int, bytes]]) -> None:
    broken = data
    for at, line_break in sorted(((at % len(data), one) for at, one in breaks), reverse=True):
        broken = broken[:at] + line_break + broken[at:]
    assert said(broken) == said(data)


def test_every_single_break_of_a_letter_keeps_its_copy_receivers() -> None:
    data = edifact_of(LETTERS[0], line_end="")
    expected = said(data)
    assert [copy.role for copy in expected[0].copy_receivers] == [Role.COPY_RECEIVER] * 3
    for at in range(len(data)):
        for line_break in (b"\n", b"\r\n", b"\r"):
            assert said(data[:at] + line_break + data[at:]) == expected


@pytest.mark.parametrize("terminator", [b"\n", b"\r"])
def test_a_line_break_that_is_the_terminator_stays_one(terminator: bytes) -> None:
    usual = edifact_of(LETTERS[0], una=":+.? ~", line_end="")
    assert said(usual.replace(b"~", terminator)) == said(usual)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("width", [20, 80])
def test_errors_name_the_line_of_the_file_as_it_is(line_break: str, width: int) -> None:
    data = edifact_of(LETTERS[0], line_end="")
    at = data.index(b"UNT+")
    broken = wrapped(data[:at] + b"UNZ+1+K'" + data[at:], width, line_break.encode())
    with pytest.raises(LetterError, match="without UNT") as caught:
        read(broken, "brev")
    assert caught.value.line == at // width + 1


def test_a_terminator_that_is_missing_at_the_end_of_a_line_is_told_from_a_wrapped_line() -> None:
    data = edifact_of(LETTERS[0], line_end="\n")
    for tag in (b"UNB", b"UNH", b"UNT"):
        at = data.index(tag)
        end = data.index(b"'", at)
        with pytest.raises(LetterError, match=f"terminator after {tag.decode()} is missing"):
            read(data[:end] + data[end + 1 :], "brev")
