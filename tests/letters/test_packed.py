"""Letters in archives of every sort: packed once or twice, encrypted, without names; each is read or told in our own words."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from sor_addressing.errors import LetterError
from sor_addressing.letters import packed, read_message_header
from sor_addressing.letters.files import message_files
from sor_addressing.testing import MadeUpLetter, edifact_of, fhir_of, oioxml_of, sbdh_of, vans_envelope_of

LETTER = MadeUpLetter(code="DIS91", version="D9134L")
EDI = edifact_of(LETTER)
FHIR = MadeUpLetter(code="FDIS91", version="5.0")
ALL = [
    EDI,
    oioxml_of(MadeUpLetter()),
    fhir_of(FHIR),
    fhir_of(FHIR, xml=True),
    vans_envelope_of(EDI, LETTER),
    sbdh_of(EDI, LETTER),
]


def gzipped(data: bytes) -> bytes:
    """Of no time, so that a test is called the same in every process."""
    return gzip.compress(data, mtime=0)


def zipped(*members: tuple[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", way) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name) if name else zipfile.ZipInfo("?"), data)
    return target.getvalue()


def found(source: Path | bytes) -> list[tuple[str, int, str]]:
    name = str(source) if isinstance(source, Path) else "<bytes>"
    return [
        (one.name.removeprefix(name), len(one.headers), one.error.reason if one.error else "")
        for one in message_files([source])
    ]


@pytest.mark.parametrize("data", ALL)
def test_a_letter_packed_as_gzip_is_the_letter(data: bytes, tmp_path: Path) -> None:
    target = tmp_path / "letter.gz"
    for content in (
        gzipped(data),
        gzipped(gzipped(data)),
        gzipped(data[:9]) + gzipped(data[9:]) + b"\0\0",
    ):
        target.write_bytes(content)
        assert read_message_header(content) == read_message_header(data)
        assert [header.letter_id for header in read_message_header(target)] == [
            header.letter_id for header in read_message_header(data)
        ]
        assert found(target) == [("", 1, "")]
        assert found(content) == [("", 1, "")]


@pytest.mark.parametrize("data", ALL)
def test_an_archive_of_packed_letters_and_a_packed_archive_of_letters_are_read(data: bytes, tmp_path: Path) -> None:
    target = tmp_path / "letters.zip"
    members = (("a.edi.gz", gzipped(data)), ("b.edi", data))
    for content in (zipped(*members), gzipped(zipped(*members)), gzipped(gzipped(zipped(*members)))):
        target.write_bytes(content)
        assert found(target) == [("!a.edi.gz", 1, ""), ("!b.edi", 1, "")]
        assert found(content) == [("!a.edi.gz", 1, ""), ("!b.edi", 1, "")]


def test_a_member_without_a_name_is_read_and_called_by_its_number(tmp_path: Path) -> None:
    content = zipped(("a.edi", EDI), ("?", EDI)).replace(b"PK\x03\x04", b"PK\x03\x04")
    # The name of the second member, one character, taken out of both of its headers.
    second = content.index(b"PK\x03\x04", 4)
    directory = content.index(b"PK\x01\x02")
    last = content.index(b"PK\x01\x02", directory + 4)
    end = content.index(b"PK\x05\x06")
    local = bytearray(content[second:directory])
    local[26:28] = b"\0\0"
    del local[30]
    central = bytearray(content[last:end])
    central[28:30] = b"\0\0"
    del central[46]
    size = len(content[directory:last]) + len(central)
    start = second + len(local)
    tail = bytearray(content[end:])
    tail[12:16], tail[16:20] = size.to_bytes(4, "little"), start.to_bytes(4, "little")
    data = content[:second] + bytes(local) + content[directory:last] + bytes(central) + bytes(tail)
    target = tmp_path / "letters.zip"
    target.write_bytes(data)
    assert zipfile.ZipFile(target).namelist() == ["a.edi", ""]
    assert found(target) == [("!a.edi", 1, ""), ("!<2>", 1, "")]


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2001])
def test_an_encrypted_member_is_told_so_and_what_to_do(flag: int, tmp_path: Path) -> None:
    content = bytearray(zipped(("a.edi", EDI), ("b.edi", EDI)))
    directory = content.index(b"PK\x01\x02")
    content[6:8] = content[directory + 8 : directory + 10] = flag.to_bytes(2, "little")
    target = tmp_path / "letters.zip"
    target.write_bytes(content)
    (name, letters, error), other = found(target)
    assert (name, letters, other) == ("!a.edi", 0, ("!b.edi", 1, ""))
    assert error.startswith("this is encrypted in the archive")
    assert "password" in error
    assert "damaged" not in error
    (encrypted, _) = message_files([target])
    assert encrypted.error is not None
    assert "krypteret" in encrypted.error.text("da")


def test_a_member_packed_in_another_way_is_told_so(tmp_path: Path) -> None:
    content = bytearray(zipped(("a.edi", EDI)))
    directory = content.index(b"PK\x01\x02")
    content[8:10] = content[directory + 10 : directory + 12] = (97).to_bytes(2, "little")
    target = tmp_path / "letters.zip"
    target.write_bytes(content)
    ((_, _, error),) = found(target)
    assert error.startswith("this is packed in a way that can't be unpacked here")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzipped(EDI)[:-9], "cut off"),
        (gzipped(EDI)[:5], "cut off"),
        (gzipped(EDI)[:20] + b"\xff" * 40, "damaged"),
        (gzipped(EDI)[:-8] + b"\0" * 8, "damaged"),
        (gzipped(gzipped(gzipped(gzipped(EDI)))), "again and again"),
        (gzipped(b""), "the file is empty"),
    ],
)
def test_what_is_damaged_is_told(data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(LetterError, match=said):
        read_message_header(data)
    target = tmp_path / "letter.gz"
    target.write_bytes(data)
    ((_, letters, error),) = found(target)
    assert letters == 0
    assert said in error
    ((_, _, inside),) = found(zipped(("a.gz", data)))
    assert said in inside


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzipped(b" " * 50_000_000)
    with pytest.raises(LetterError, match=r"more than 1,000 bytes came out"):
        packed.unpacked(bomb, "bomb.gz", most=1_000)
