"""Where segments begin and end: against an automaton that goes byte by byte, and against pydifact."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydifact.parser import Parser

from sor_addressing.errors import LetterError
from sor_addressing.letters.edifact.interchange import read
from sor_addressing.letters.edifact.segments import SegmentReader
from sor_addressing.letters.edifact.separators import Separators, separators
from sor_addressing.testing import MadeUpLetter, edifact_of

Parsed = list[list[list[bytes]]]

CLOSING = {b"UNA", b"UNB", b"UNE", b"UNG", b"UNH", b"UNT", b"UNZ"}


def by_automaton(data: bytes, marks: bytes = b":+.? '") -> Parsed | None:
    """Segments as elements of components, with raw bytes after UNO left out; None where the last one does not end."""
    component, element, _, release, _, terminator = marks
    found: Parsed = []
    position = 0
    # Line breaks count for nothing anywhere, but where one is the terminator.
    data = data.translate(None, bytes(mark for mark in b"\r\n\v\f" if mark != terminator))
    while True:
        while position < len(data) and data[position] in b" \t\r\n\v\f" and data[position] != terminator:
            position += 1
        if position >= len(data):
            return found
        segment: list[list[bytearray]] = [[bytearray()]]
        while position < len(data) and data[position] != terminator:
            byte = data[position]
            if byte == release and release != 32:
                position += 1
                if position >= len(data):
                    return None
                segment[-1][-1].append(data[position])
            elif byte == element:
                segment.append([bytearray()])
            elif byte == component:
                segment[-1].append(bytearray())
            else:
                segment[-1][-1].append(byte)
            position += 1
        if position >= len(data):
            return None
        position += 1
        found.append([[bytes(piece) for piece in pieces] for pieces in segment])


def by_reader(data: bytes, marks: bytes = b":+.? '") -> Parsed | None:
    reader = SegmentReader(data, "fil")
    reader.separators = Separators(marks)
    found: Parsed = []
    try:
        while (segment := reader.next()) is not None:
            elements = reader.elements(segment)
            found.append([reader.separators.components(element) for element in elements])
    except LetterError:
        return None
    return found


AWKWARD = st.text("'+:? \nUNTHAx|#~", max_size=40).map(str.encode)


@settings(max_examples=300, deadline=None)
@given(AWKWARD, st.sampled_from([b":+.? '", b":+.  '", b"|#.+ ~", b":+.? \n"]))
def test_any_bytes_fall_into_the_same_segments_as_byte_by_byte(data: bytes, marks: bytes) -> None:
    assert by_reader(data, marks) == by_automaton(data, marks)


# Without raw bytes, which the next test has.
PIECES = st.sampled_from(
    [b"'", b"'", b"?", b"??", b"?'", b"+", b":", b"\n", b"\r\n", b" ", b"UNT", b"UNT+", b"UNH+", b"UN", b":UNT", b"FTX+", b"x"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=25).map(b"".join))
def test_going_past_a_letter_counts_what_going_through_it_counts(middle: bytes) -> None:
    data = b"UNH+1'" + middle + b"x'UNT+9+1'"
    reader = SegmentReader(data, "fil")
    reader.next()
    slow = SegmentReader(data, "fil")
    slow.next()
    expected = 0
    while (segment := slow.next()) is not None and segment.tag not in CLOSING:
        expected += 1
    assert segment is not None
    counted, closing = reader.skip_letter()
    assert (counted, closing, reader.position) == (expected, segment, slow.position)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=30), min_size=1, max_size=4), st.sampled_from([b"", b"\n", b"\r\n"]))
def test_raw_bytes_of_any_kind_are_gone_past(binaries: list[bytes], line_end: bytes) -> None:
    data = b"UNH+1'"
    for binary in binaries:
        data += b"S11+11'" + line_end + b"UNO+1+A+B+%d:14:1:A'" % len(binary) + binary + b"UNP+1'" + line_end
    data += b"UNT+2+1'"
    reader = SegmentReader(data, "fil")
    reader.next()
    counted, closing = reader.skip_letter()
    assert (counted, closing.tag, reader.position) == (3 * len(binaries), b"UNT", len(data))


contents = st.text("ab?+:'ÆØå UNTZ.,-", max_size=50).filter(lambda text: text.strip() == text)


@settings(max_examples=60, deadline=None)
@given(contents, st.sampled_from(["", "\n", "\r\n"]), st.sampled_from([None, ":+.? '", "|#.! ~"]))
@pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
def test_pydifact_finds_the_same_segments(content: str, line_end: str, una: str | None) -> None:
    data = edifact_of(MadeUpLetter(code="DIS91", version="D9134L", content=content), una=una, line_end=line_end)
    theirs = [[[segment.tag], *map(_listed, segment.elements)] for segment in Parser().parse(data.decode("latin-1"))]
    marks = b":+.? '" if una is None else una.encode()
    ours = by_reader(data.partition(b"UNA" + marks)[2] if una else data, marks)
    assert ours is not None
    assert [[[piece.decode("latin-1") for piece in element] for element in segment] for segment in ours] == [
        segment for segment in theirs if segment[0] != ["UNA"]
    ]


def _listed(element: str | list[str]) -> list[str]:
    return element if isinstance(element, list) else [element]


@pytest.mark.parametrize(
    "letter",
    [
        b"?" * 2_000_000 + b"'",
        b"?'" * 1_000_000 + b"'",
        b"'" + b" " * 2_000_000,
        b"'\n" * 1_000_000,
        b"?'UNT+" * 300_000 + b"'",
        b"+" * 2_000_000 + b"'",
    ],
    ids=["releases", "released", "blanks", "empty segments", "released service segments", "elements"],
)
def test_a_letter_made_to_be_slow_is_gone_past_in_a_moment(letter: bytes) -> None:
    reader = SegmentReader(b"UNH+1'FTX+" + letter + b"UNT+9+1'", "fil")
    reader.next()
    began = time.perf_counter()
    _, closing = reader.skip_letter()
    assert closing.tag == b"UNT"
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("marks", "fine"),
    [
        (b":+.? '", True),
        (b":+,  '", True),
        (b"\x1f\x1d.\x10 \x1c", True),
        (b"::.? '", False),
        (b":+.+ '", False),
        (b":+.?  ", False),
        (b"a+.? '", False),
        (b" +.? '", False),
    ],
)
def test_separators_have_to_be_told_apart(marks: bytes, fine: bool) -> None:
    assert (separators(marks) is not None) is fine


def test_a_large_file_is_not_copied() -> None:
    binary = edifact_of(MadeUpLetter(code="BIN01", version="B0131X"), binary=b"'UNT+?x\n" * 200_000)
    long = edifact_of(MadeUpLetter(code="DIS91", version="D9134L", content="x ' " * 200_000))
    for data in (binary, long):
        read(data[:9] + edifact_of(MadeUpLetter(), una=None), "fil")  # what is read once stays
        assert len(data) > 800_000
        tracemalloc.start()
        read(data, "fil")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 100_000
