"""Damaged EDIFACT files: they give headers or a LetterError, nothing else, in bounded time.

A short run by default; ``SOR_ADDRESSING_FUZZ=20000`` for a long one.
"""

from __future__ import annotations

import datetime as dt
import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing.errors import LetterError
from sor_addressing.letters.edifact.interchange import read
from sor_addressing.letters.header import LetterHeader
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, numbers

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "150"))

fuzzing = settings(
    max_examples=EXAMPLES, deadline=dt.timedelta(seconds=5), suppress_health_check=[HealthCheck.too_slow]
)

PARTY = MadeUpParty(location_number=numbers.location_number(1), sor_code=numbers.sor_code(1))
TYPES = [
    ("DIS91", "D9134L"), ("DIS20", "D2030C"), ("REF01", "H0131R"), ("BIN01", "B0131X"), ("PRE60", "R6031W"), ("RUC01", "U0131U"),
    ("DAO01", "A0138Z"),
]  # fmt: skip
LETTERS = [
    MadeUpLetter(code=code, version=version, sender=PARTY, receiver=PARTY, reply_to=PARTY) for code, version in TYPES
]
RECEIPT = MadeUpLetter(code="CTL02", version="C0230Q", answers=LETTERS[0], answer_positive=False)
FILES = [
    edifact_of(*LETTERS), edifact_of(RECEIPT, line_end="\r\n"), edifact_of(*LETTERS[:2], una="|#.! ~", line_end=""),
    edifact_of(LETTERS[3], una=None, groups=True),
]  # fmt: skip

PIECES = [
    b"'", b"?", b"+", b":", b"\n", b"UNT+1+1'", b"UNH", b"UNO+1+1+1+9'", b"UNA:+.? '", b"UNA", b"UNZ", b"NAD+PO", b"\xc3\xa6", b"\xe6",
    b"\0", b"9" * 80,
]  # fmt: skip
damages = st.lists(
    st.tuples(st.integers(0, 3_000), st.integers(0, 40), st.one_of(st.sampled_from(PIECES), st.binary(max_size=8))),
    min_size=1,
    max_size=5,
)


def outcome(data: bytes) -> None:
    try:
        headers = read(data, "fil")
    except LetterError as error:
        said = str(error)
    else:
        said = ""
        assert headers
    if said:
        assert said.startswith("fil")
        assert len(said) < 300
        return
    for position, header in enumerate(headers, start=1):
        assert isinstance(header, LetterHeader)
        assert header.position == position
        header.to_dict()


@fuzzing
@given(st.sampled_from(FILES), damages)
def test_a_damaged_file_gives_headers_or_one_error(data: bytes, damage: list[tuple[int, int, bytes]]) -> None:
    for start, removed, put in damage:
        at = start % (len(data) + 1)
        data = data[:at] + put + data[at + removed :]
    outcome(data)


@fuzzing
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=10)), max_size=30).map(b"".join))
def test_any_bytes_give_headers_or_one_error(tail: bytes) -> None:
    outcome(tail)
    outcome(b"UNB+UNOC:3+A:14+B:14+260115:0930+K'" + tail)
    outcome(b"UNB+UNOC:3+A:14+B:14+260115:0930+K'UNH+1+MEDDIS:D:93A:UN:D9134L+DIS91'" + tail + b"'UNT+2+1'UNZ+1+K'")
