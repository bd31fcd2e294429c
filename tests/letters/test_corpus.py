"""Letters that this project's writers did not write: small files by hand, laid out as their publishers describe, in every variant that they come in.

What each says stands in ``corpus/expected.toml``. Damaged, each gives headers or one error of ours. A short run by default; for a long one, give
the number of examples for each test::

    SOR_ADDRESSING_FUZZ=20000 python -m pytest tests/letters/test_corpus.py
"""

from __future__ import annotations

import datetime as dt
import gzip
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing import Register
from sor_addressing.errors import LetterError
from sor_addressing.letters import LetterHeader, Party, Receipt, read_message_header
from sor_addressing.letters.reading import read_letters

CORPUS = Path(__file__).parent / "corpus"
EXPECTED = tomllib.loads((CORPUS / "expected.toml").read_text("utf-8"))
TOLD: dict[str, tuple[list[str], list[dict[str, Any]]]] = {
    file: (group.get("findings", {}).get(file, []), group["letters"])
    for group in EXPECTED.values()
    for file in (*group.get("files", ()), *group.get("findings", ()))
}
FILES = {file: (CORPUS / file).read_bytes() for file in TOLD}

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "150"))
fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def identifiers(party: Party) -> list[str]:
    return [f"{one.kind} {one.value}" for one in party.identifiers]


def receipt(answered: Receipt) -> dict[str, object]:
    letters = [
        " ".join((one.letter_id or "-", str(one.answer or "-"), one.reason or "-", str(one.message_type)))
        for one in answered.letters
    ]
    known = [one.letter_id for one in answered.letters if one.letter_id]
    told = {
        "answer": str(answered.answer),
        "envelope_id": answered.envelope_id,
        "inner_envelope_id": answered.inner_envelope_id,
        "sender": answered.sender,
        "receiver": answered.receiver,
        "reason": answered.reason,
        "letters": letters,
        "letter_ids": [] if list(answered.letter_ids) == known else list(answered.letter_ids),
    }
    return {key: value for key, value in told.items() if value}


def told(header: LetterHeader) -> dict[str, object]:
    """A header in the words of ``expected.toml``."""
    always = {
        "type": header.message_type.text if header.message_type else "",
        "letter": header.letter_id or "",
        "envelope": header.envelope_id or "",
        "sent": header.sent.isoformat() if header.sent else "",
        "from": identifiers(header.sender),
        "to": identifiers(header.receiver),
    }
    more = {
        "copies": [identifiers(copy) for copy in header.copy_receivers],
        "reply": identifiers(header.reply_to) if header.reply_to else [],
        "outdated": [one.value for one in header.receiver.outdated],
        "around": identifiers(header.envelope.receiver) if header.envelope else [],
        "answered": receipt(header.answered) if header.answered else {},
    }
    return always | {key: value for key, value in more.items() if value}


@pytest.mark.parametrize("file", TOLD)
def test_a_file_says_what_its_publisher_means(file: str) -> None:
    findings, letters = TOLD[file]
    headers = read_message_header(CORPUS / file)
    assert [told(header) for header in headers] == letters
    assert [[finding.code for finding in header.findings] for header in headers] == [findings] * len(letters)


def test_every_file_of_the_corpus_is_told_of() -> None:
    there = {str(path.relative_to(CORPUS).as_posix()) for path in CORPUS.rglob("*") if path.is_file()}
    assert there - {".gitattributes", "expected.toml"} == set(TOLD)


@pytest.mark.parametrize("file", TOLD)
def test_a_file_that_was_packed_says_the_same(file: str) -> None:
    assert read_message_header(gzip.compress(FILES[file])) == read_letters(FILES[file], "<bytes>")


def test_every_letter_of_the_corpus_can_be_validated_and_explained() -> None:
    register = Register.sample()
    reports = [one for file in register.validate_messages([CORPUS]) for one in file.letters]
    assert len(reports) > len(FILES)
    for report in reports:
        assert report.explain("da")
        assert report.explain("en")
        report.to_dict()


PIECES = [
    b"'", b"?", b"+", b":", b"\n", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>",
    b"&", b"&#0;", b"&lt;", b"<!DOCTYPE a>", b'"', b"{", b"}", b"[", b"]", b",", b"null", b"1e999", b"\\u0000", b"\\ud800", b"true", b"\xc2\x85",
    b"UNT+1+1'", b"UNO+1+1+1+9'", b"UNA", b"=", b"==", b"5790999000031", b"use", b"old", b"false", b"/_history/2", b"9" * 80, b"\xad",
]  # fmt: skip
damages = st.lists(
    st.tuples(st.integers(0, 6_000), st.integers(0, 60), st.one_of(st.sampled_from(PIECES), st.binary(max_size=8))),
    min_size=1,
    max_size=6,
)


def outcome(data: bytes) -> None:
    headers: tuple[LetterHeader, ...] = ()
    error: LetterError | None = None
    try:
        headers = read_letters(data, "fil")
    except LetterError as caught:
        error = caught
    if error is not None:
        assert error.text("da")
        assert str(error).startswith("fil")
        assert len(str(error)) < 400
        return
    assert headers
    for position, header in enumerate(headers, start=1):
        assert header.position == position
        header.to_dict()


@fuzzing
@given(st.sampled_from(sorted(FILES)), damages)
def test_a_damaged_file_gives_headers_or_one_error(file: str, damage: list[tuple[int, int, bytes]]) -> None:
    data = FILES[file]
    for start, removed, put in damage:
        at = start % (len(data) + 1)
        data = data[:at] + put + data[at + removed :]
    outcome(data)


@fuzzing
@given(st.sampled_from(sorted(FILES)), st.data())
def test_parts_of_files_put_together_give_headers_or_one_error(file: str, drawn: st.DataObject) -> None:
    other = FILES[drawn.draw(st.sampled_from(sorted(FILES)))]
    data = FILES[file]
    cut, at = drawn.draw(st.integers(0, len(data))), drawn.draw(st.integers(0, len(other)))
    outcome(data[:cut] + other[at:])


@pytest.mark.parametrize("file", TOLD)
def test_a_file_that_is_cut_off_is_told_or_says_less(file: str) -> None:
    data = FILES[file]
    for end in range(0, len(data), 97):
        outcome(data[:end])
