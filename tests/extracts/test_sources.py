"""Where files come from: paths, folders, archives, bytes and open files, each with its name and day; and archives that lie."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import os
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sor_addressing.errors import ExtractError
from sor_addressing.extracts import sources, streams
from sor_addressing.extracts.sources import SourceFile, is_archive, name_of, source_files
from sor_addressing.extracts.streams import GuardedStream

TEXT = b"<SorTree>" + b"0123456789" * 10_000 + b"</SorTree>"
ELEVEN_AT_NIGHT = dt.datetime(2026, 1, 15, 23, 30, tzinfo=dt.UTC).timestamp()
"""Half past midnight in Denmark, on the 16th."""


def zipped(
    *members: tuple[str, bytes], day: tuple[int, int, int] = (2026, 1, 14), method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, date_time=(*day, 22, 0, 0))
            info.compress_type = method
            archive.writestr(info, data)
    return target.getvalue()


def encrypted(archive: bytes) -> bytes:
    """Every member marked as encrypted, in its own header and in the directory."""
    data = bytearray(archive)
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(magic, at + 1)
    return bytes(data)


def only(source: Any) -> SourceFile:
    (file,) = source_files(source)
    return file


def content(file: SourceFile) -> bytes:
    with file.open() as stream:
        return stream.read()


def refusal(source: Any) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        contents(source)
    return caught.value


def contents(source: Any) -> list[bytes]:
    return [content(file) for file in source_files(source)]


def about(file: SourceFile) -> tuple[str, int | None, dt.date | None, str, bool]:
    return (file.name, file.size, file.day, file.origin, file.explicit)


class Pipe(io.RawIOBase):
    """A file that can only be read on and on."""

    def __init__(self, data: bytes, most: int = 5_000) -> None:
        self._data = io.BytesIO(data)
        self._most = most

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        return self._data.read(self._most if size < 0 else min(size, self._most))

    def given(self) -> int:
        return self._data.tell()


# Paths.


def test_a_file_has_thedanish_day_of_its_time(tmp_path: Path) -> None:
    path = tmp_path / "Sor.xml"
    path.write_bytes(TEXT)
    os.utime(path, (0, ELEVEN_AT_NIGHT))
    file = only(path)
    assert about(file) == (str(path), len(TEXT), dt.date(2026, 1, 16), "file-time", True)
    assert content(file) == content(file) == TEXT
    assert about(only(str(path))) == about(file)


@pytest.mark.parametrize("moment", [1e30, -1e30, float("nan"), 1e15])
def test_a_time_outside_the_calendar_is_no_day(moment: float) -> None:
    assert sources.danish_day(moment) is None


@pytest.mark.parametrize("moment", [0, dt.datetime(1989, 12, 31, tzinfo=dt.UTC).timestamp(), 2_900_000_000])
@pytest.mark.parametrize("packed", [False, True])
def test_a_day_that_no_extract_can_be_of_is_no_day(moment: float, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "Sor.xml"
    path.write_bytes(gzip.compress(TEXT) if packed else TEXT)
    os.utime(path, (moment, moment))
    file = only(path)
    assert (file.day, file.impossible) == (None, dt.datetime.fromtimestamp(moment, dt.UTC).date())


def test_the_first_day_and_tomorrow_are_days(tmp_path: Path) -> None:
    tomorrow = sources.danish_today() + dt.timedelta(days=1)
    assert [sources.is_possible(day) for day in (dt.date(1990, 1, 1), tomorrow)] == [True, True]
    assert [sources.is_possible(day) for day in (dt.date(1989, 12, 31), tomorrow + dt.timedelta(1))] == [False, False]
    assert [sources.is_possible(day) for day in (dt.date.min, dt.date.max)] == [False, False]


def test_a_gzip_file_is_inflated_and_has_no_known_size(tmp_path: Path) -> None:
    path = tmp_path / "Sor.xml.gz"
    path.write_bytes(gzip.compress(TEXT))
    os.utime(path, (0, ELEVEN_AT_NIGHT))
    file = only(path)
    assert about(file) == (str(path), None, dt.date(2026, 1, 16), "file-time", True)
    assert content(file) == TEXT


def test_a_zip_member_has_its_own_day(tmp_path: Path) -> None:
    path = tmp_path / "Sor.zip"
    path.write_bytes(zipped(("Sor.xml", TEXT)))
    file = only(path)
    assert about(file) == (f"{path}!Sor.xml", len(TEXT), dt.date(2026, 1, 14), "zip-member", True)
    assert content(file) == content(file) == TEXT


@pytest.mark.parametrize("day", [(1980, 1, 1), (2026, 0, 0), (1985, 10, 26), (2036, 2, 7), (2107, 12, 31)])
def test_a_zip_member_without_a_day_has_that_of_the_zip(day: tuple[int, int, int], tmp_path: Path) -> None:
    path = tmp_path / "Sor.zip"
    data = zipped(("Sor.xml", TEXT), day=day)
    path.write_bytes(data)
    os.utime(path, (0, ELEVEN_AT_NIGHT))
    assert about(only(path))[2:4] == (dt.date(2026, 1, 16), "file-time")
    assert only(data).day is None
    os.utime(path, (0, 0))
    assert only(path).day is None


def test_of_several_members_only_those_with_a_published_name_are_meant(tmp_path: Path) -> None:
    path = tmp_path / "nat.zip"
    path.write_bytes(
        zipped(("readme.txt", b"x"), ("2026/", b""), ("2026/SOR.XML", TEXT), ("a/edityper.csv", b"y"), ("tom", b""))
    )
    assert [(file.name.partition("!")[2], file.explicit) for file in source_files(path)] == [
        ("readme.txt", False),
        ("2026/SOR.XML", True),
        ("a/edityper.csv", True),
        ("tom", False),
    ]


@pytest.mark.parametrize("name", ["/etc/Sor.xml", "../../Sor.xml", "C:/Sor.xml"])
def test_a_path_in_a_zip_is_only_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.parent.rglob("*"))
    data = zipped((name, TEXT))
    file = only(data)
    assert file.name == f"<bytes>!{name}"
    assert content(file) == TEXT
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_a_name_in_a_zip_cannot_write_on_the_terminal() -> None:
    assert only(zipped(("\x1b[2J\nSor.xml", TEXT))).name == "<bytes>!?[2J?Sor.xml"


def test_a_folder_gives_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "Sor.xml", ".skjult", "a.csv"):
        (tmp_path / name).write_bytes(TEXT)
    (tmp_path / "under").mkdir()
    (tmp_path / "nat.zip").write_bytes(zipped(("Edityper.csv", TEXT), ("andet", TEXT)))
    assert [(Path(file.name).name, file.explicit) for file in source_files(tmp_path)] == [
        ("Sor.xml", True),
        ("a.csv", False),
        ("b.txt", False),
        ("nat.zip!Edityper.csv", True),
        ("nat.zip!andet", False),
    ]


def test_a_file_of_a_folder_that_cannot_be_read_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 og ikke mere")
    (tmp_path / "b.xml").write_bytes(TEXT)
    (tmp_path / "Sor.zip").write_bytes(b"PK\x03\x04 og ikke mere")
    files = {Path(file.name).name: file for file in source_files(tmp_path)}
    assert {name: file.explicit for name, file in files.items()} == {"a.zip": False, "b.xml": False, "Sor.zip": True}
    with pytest.raises(
        ExtractError, match=r"a\.zip: the zip can't be read \(File is not a zip file\); fetch the file again"
    ):
        files["a.zip"].open()
    assert content(files["b.xml"]) == TEXT


@pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators only")
def test_a_link_to_nothing_in_a_folder_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    error = refusal(tmp_path)
    assert str(error) == f"{tmp_path / 'a.csv'}: no such file or folder; check the path"


@pytest.mark.parametrize("name", ["findes ikke.xml", "", "nul\0.xml", "Sor.xml/i.xml"])
def test_a_path_that_does_not_exist_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "Sor.xml").write_bytes(TEXT)
    path = tmp_path / "under" / name if not name else tmp_path / name
    assert str(refusal(path)) == f"{path}: no such file or folder; check the path"


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "under").mkdir()
    (tmp_path / ".skjult").write_bytes(TEXT)
    assert str(refusal(tmp_path)) == f"{tmp_path}: the folder holds no files; give the folder of the extract"


def test_what_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(TEXT)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        expected = f"{path}: can't be read: Permission denied; check the file and who may read it"
        assert str(refusal(path)) == expected
        assert str(refusal(tmp_path)) == expected
    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", refuse)
        assert (
            str(refusal(tmp_path))
            == f"{tmp_path}: can't be read: Permission denied; check the file and who may read it"
        )


def test_a_file_that_is_gone_when_it_is_opened_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "Sor.xml"
    path.write_bytes(TEXT)
    file = only(path)
    path.unlink()
    with pytest.raises(ExtractError, match=r"Sor\.xml: can't be read: .*; check the file and who may read it"):
        file.open()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
def test_a_pipe_is_refused_without_opening_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert str(refusal(pipe)) == f"{pipe}: is a pipe or a device; open it and give the open file"


def test_a_folder_or_zip_of_everything_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILES", 3)
    for n in range(4):
        (tmp_path / f"{n}.xml").write_bytes(TEXT)
    text = "holds 4 files, and no published extract does; give the file itself"
    assert str(refusal(tmp_path)) == f"{tmp_path}: {text}"
    assert str(refusal(zipped(*[(str(n), b"x") for n in range(4)]))) == f"<bytes>: {text}"


def test_resources_of_a_register_may_be_many_whatever_they_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_FILES", 2)
    monkeypatch.setattr(sources, "MAX_RESOURCES", 6)
    xml = '<Endpoint xmlns="http://hl7.org/fhir"><id value="a"/></Endpoint>'
    kinds = [
        xml.encode(),
        f'\ufeff<?xml version="1.0"?>\n<!-- opdigtet --><f:{xml[1:]}'.replace("xmlns", "xmlns:f").encode(),
        f'<?xml version="1.0" encoding="UTF-16"?>{xml}'.encode("utf-16"),
        b'{"resourceType": "Device"}',
        xml.replace("Endpoint", "Organization").encode(),
    ]
    members = [(f"{n:03d}", data) for n, data in enumerate(kinds)]
    for name, data in members:
        (tmp_path / name).write_bytes(data)
    assert [content(file) for file in source_files(tmp_path)] == kinds
    assert [content(file) for file in source_files(zipped(*members))] == kinds
    others = [(f"{n}.xml", b'<Patient xmlns="http://hl7.org/fhir"/>') for n in range(3)]
    for name, data in others:
        (tmp_path / name).write_bytes(data)
    assert "holds 8 files" in str(refusal(tmp_path))
    assert "holds 8 files" in str(refusal(zipped(*members, *others)))
    more = [(f"more {n}", kinds[0]) for n in range(2)]
    assert "holds 7 files" in str(refusal(zipped(*members, *more)))


# Bytes and open files.


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_a_file_without_a_day(kind: Any) -> None:
    file = only(kind(TEXT))
    assert about(file) == ("<bytes>", len(TEXT), None, "unknown", True)
    assert content(file) == content(file) == TEXT


def test_packed_bytes_are_unpacked() -> None:
    file = only(gzip.compress(TEXT))
    assert about(file) == ("<bytes>", None, None, "unknown", True)
    assert content(file) == content(file) == TEXT
    member = only(zipped(("Sor.xml", TEXT)))
    assert about(member) == ("<bytes>!Sor.xml", len(TEXT), dt.date(2026, 1, 14), "zip-member", True)
    assert content(member) == TEXT


def test_no_bytes_are_refused() -> None:
    assert str(refusal(b"")) == "<bytes>: there are no bytes in it; fetch the file again"
    assert str(refusal(io.BytesIO())) == "<open file>: there are no bytes in it; fetch the file again"


def test_an_open_file_is_read_from_where_it_stands_and_left_open(tmp_path: Path) -> None:
    path = tmp_path / "Sor.xml"
    path.write_bytes(b"foran" + TEXT)
    with path.open("rb") as opened:
        opened.seek(5)
        file = only(opened)
        assert about(file) == (str(path), None, None, "unknown", True)
        assert content(file) == content(file) == TEXT
        assert not opened.closed


@pytest.mark.parametrize("packed", [gzip.compress(TEXT), zipped(("Sor.xml", TEXT))], ids=["gz", "zip"])
def test_an_open_archive_is_read_from_where_it_stands(packed: bytes) -> None:
    opened = io.BytesIO(b"foran" + packed)
    opened.seek(5)
    file = only(opened)
    assert content(file) == content(file) == TEXT
    assert content(only(Pipe(packed))) == TEXT


@pytest.mark.parametrize("data", [TEXT, TEXT[:100]])
def test_a_file_that_can_only_be_read_on_is_not_taken_into_memory(data: bytes) -> None:
    pipe = Pipe(data)
    file = only(pipe)
    with file.open() as stream:
        assert stream.head() == data[:65_536]
    assert pipe.given() == len(data[:65_536])
    assert content(file) == data
    assert not pipe.closed


def test_an_object_that_can_do_nothing_but_read_is_a_file() -> None:
    class Reading:
        def __init__(self) -> None:
            self.read = io.BytesIO(TEXT).read

    assert content(only(Reading())) == TEXT


def test_an_open_file_that_gives_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "Sor.xml"
    path.write_bytes(b"\xff" + TEXT)
    with path.open(encoding="utf-8") as opened:
        assert str(refusal(opened)) == f"{path}: the open file gives text; open it in binary mode ('rb')"
    assert str(refusal(io.StringIO("x"))) == "<open file>: the open file gives text; open it in binary mode ('rb')"

    class Texts:
        def read(self, size: int) -> str:
            return "x" * size

    expected = "<open file>: the open file gives str instead of bytes; open it in binary mode ('rb')"
    assert str(refusal(Texts())) == expected


def test_an_open_file_that_is_closed_or_fails_is_refused() -> None:
    closed = io.BytesIO(TEXT)
    closed.close()
    assert str(refusal(closed)) == "<open file>: the file is closed already; open it anew"

    class Broken(io.RawIOBase):
        name = "forbindelse"

        def read(self, size: int = -1) -> bytes:
            raise ConnectionResetError(104, "Connection reset by peer")

    assert (
        str(refusal(Broken()))
        == "forbindelse: reading failed: [Errno 104] Connection reset by peer; try again, or fetch the file again"
    )


def test_what_is_no_source_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="a source is a path, bytes or a binary file object, not int"):
        only(3)


def test_a_source_has_a_name(tmp_path: Path) -> None:
    numbered = io.BytesIO(TEXT)
    numbered.name = 3  # type: ignore[attr-defined]  # files opened by number have it so
    given = ["Sor.xml", Path("a", "Sor.xml"), TEXT, bytearray(TEXT), io.BytesIO(TEXT), numbered]
    expected = ["Sor.xml", str(Path("a", "Sor.xml")), "<bytes>", "<bytes>", "<open file>", "<open file>"]
    assert [name_of(source) for source in given] == expected  # type: ignore[arg-type]


# Archives that are damaged, and archives that lie.


def test_an_encrypted_member_is_refused_and_one_among_others_only_where_it_is_meant() -> None:
    error = refusal(encrypted(zipped(("Sor.xml", TEXT))))
    assert str(error) == "<bytes>!Sor.xml: the zip member is encrypted; published extracts are not"
    files = list(source_files(encrypted(zipped(("Sor.xml", TEXT), ("andet", TEXT)))))
    assert [file.explicit for file in files] == [True, False]
    for file in files:
        with pytest.raises(ExtractError, match="is encrypted"):
            file.open()


def test_a_method_that_published_zips_do_not_use_is_refused() -> None:
    error = refusal(zipped(("Sor.xml", TEXT), method=zipfile.ZIP_BZIP2))
    assert str(error) == (
        "<bytes>!Sor.xml: the zip member is compressed by method 12, which published extracts are not; "
        "unpack it and give the file itself"
    )
    assert content(only(zipped(("Sor.xml", TEXT), method=zipfile.ZIP_STORED))) == TEXT


@pytest.mark.parametrize("archive", [zipped(), zipped(("mappe/", b""))], ids=["empty", "folder"])
def test_a_zip_without_files_is_refused(archive: bytes) -> None:
    assert str(refusal(archive)) == "<bytes>: the zip holds no files; fetch it again"


def test_a_zip_cut_off_anywhere_is_refused() -> None:
    data = zipped(("Sor.xml", random.Random(1).randbytes(3_000)))  # noqa: S311  the same bytes every time
    for cut in range(4, len(data), 17):
        error = refusal(data[:cut])
        assert str(error).startswith("<bytes>: the zip can't be read (")
        assert str(error).endswith("); fetch the file again")


def test_a_zip_whose_member_has_other_bytes_is_refused() -> None:
    data = bytearray(zipped(("Sor.xml", TEXT), method=zipfile.ZIP_STORED))
    data[data.index(b"0123456789")] ^= 1
    assert str(refusal(bytes(data))) == (
        "<bytes>!Sor.xml: the archive is damaged or was cut off (Bad CRC-32 for file 'Sor.xml'); fetch the file again"
    )


def test_a_zip_whose_member_is_not_where_it_should_be_is_refused() -> None:
    data = bytearray(zipped(("Sor.xml", TEXT)))
    data[4:30] = bytes(26)
    data[0:4] = b"PK\x07\x08"
    error = refusal(bytes(data))
    assert str(error).startswith("<bytes>!Sor.xml: the zip member can't be read (")


def test_a_gzip_cut_off_anywhere_or_with_other_bytes_is_refused() -> None:
    data = gzip.compress(random.Random(2).randbytes(3_000))  # noqa: S311  the same bytes every time
    for cut in range(4, len(data), 17):
        assert "the archive is damaged or was cut off (" in str(refusal(data[:cut]))
    for at in (3, len(data) - 8, len(data) - 1):
        changed = bytearray(data)
        changed[at] ^= 0xFF
        assert "fetch the file again" in str(refusal(bytes(changed)))
    assert "the archive is damaged" in str(refusal(data + b"mere"))


def test_an_archive_with_bytes_changed_gives_bytes_or_a_refusal() -> None:
    chance = random.Random(3)  # noqa: S311  the same faults every time
    outcomes = set()
    for archive in (zipped(("Sor.xml", TEXT[:3_000]), ("Edityper.csv", b"x" * 50)), gzip.compress(TEXT[:3_000])):
        for _ in range(600):
            changed = bytearray(archive)
            for _ in range(chance.choice([1, 1, 3])):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            try:
                contents(bytes(changed))
            except ExtractError:
                outcomes.add("refused")
            else:
                outcomes.add("read")
    assert outcomes == {"refused", "read"}


def test_an_archive_may_inflate_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "RATIO_APPLIES_FROM", 3 * 1024**2)
    monkeypatch.setattr(streams, "MAX_RATIO", 2)
    bomb = bytes(3 * 1024**2 + 1)
    text = "holds more than 3 MB, which no published file of its size does; not read further, fetch the file again"
    assert str(refusal(zipped(("Sor.xml", bomb)))) == f"<bytes>!Sor.xml: {text}"
    assert str(refusal(gzip.compress(bomb))) == f"<bytes>: {text}"
    assert content(only(zipped(("Sor.xml", bomb[1:])))) == bomb[1:]
    assert content(only(gzip.compress(bomb[1:]))) == bomb[1:]
    assert content(only(bomb)) == bomb


def test_what_is_packed_as_published_files_are_may_be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "RATIO_APPLIES_FROM", 1_000)
    monkeypatch.setattr(streams, "MAX_RATIO", 20)
    packed = gzip.compress(random.Random(4).randbytes(5_000) * 10)  # noqa: S311  ten times as large as packed
    assert len(content(only(packed))) == 50_000


def test_no_file_may_be_larger_than_any_published_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(streams, "MAX_INFLATED", 2 * 1024**2)
    path = tmp_path / "Sor.xml"
    path.write_bytes(bytes(2 * 1024**2 + 1))
    assert "holds more than 2 MB" in str(refusal(path))
    assert "holds more than 2 MB" in str(refusal(zipped(("Sor.xml", path.read_bytes()), method=zipfile.ZIP_STORED)))


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_the_real_bounds_stop_a_real_bomb(kind: str) -> None:
    room = streams.RATIO_APPLIES_FROM + 2 * 1024**2
    bomb = gzip.compress(bytes(room)) if kind == "gz" else zipped(("Sor.xml", bytes(room)))
    assert len(bomb) * streams.MAX_RATIO < streams.RATIO_APPLIES_FROM
    with only(bomb).open() as stream:
        for _ in range(64):
            assert len(stream.read(1024**2)) == 1024**2
        with pytest.raises(ExtractError, match=r"holds more than 64 MB.*; not read further, fetch the file again"):
            stream.read(1024**2)


def test_the_bounds_leave_room_for_the_published_file() -> None:
    """165 MB of XML, 11 MB zipped (sizes of a synthetic nation), with much to spare."""
    assert streams.MAX_RATIO > 15 * 10
    assert streams.MAX_INFLATED > 165 * 1024**2 * 10


# The stream.


def test_a_head_that_was_looked_at_is_read_again() -> None:
    with GuardedStream(Pipe(TEXT), file="x") as stream:  # type: ignore[arg-type]
        assert stream.head() == TEXT[:65_536]
        assert stream.head() == TEXT[:65_536]
        assert stream.read(10) == TEXT[:10]
        buffer = bytearray(20)
        assert stream.readinto(buffer) == 20
        assert bytes(buffer) == TEXT[10:30]
        assert stream.readable()
        assert stream.read() == TEXT[30:]
        assert stream.read() == b""
        assert stream.readall() == b""


def test_bytes_are_counted_as_they_pass() -> None:
    counts: list[int] = []
    with GuardedStream(io.BytesIO(TEXT), file="x", on_bytes=counts.append) as stream:
        while stream.read(30_000):
            pass
    assert counts == [30_000, 60_000, 90_000, len(TEXT), len(TEXT)]


def test_closing_closes_what_is_read_and_twice_is_not_too_often(tmp_path: Path) -> None:
    raw = io.BytesIO(TEXT)
    stream = GuardedStream(raw, file="x")
    stream.close()
    stream.close()
    assert raw.closed
    path = tmp_path / "Sor.zip"
    path.write_bytes(zipped(("Sor.xml", TEXT)))
    member = only(path).open()
    assert member.read(9) == b"<SorTree>"
    member.close()
    path.unlink()


@pytest.mark.parametrize("name", ["", "\0", "\0Sor.xml"])
def test_a_member_without_a_name_is_a_file_like_others(name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, b"<SorTree/>")
        archive.writestr("tom/", b"")
    (found,) = source_files(packed.getvalue())
    assert found.name == "<bytes>!(no name)"
    with found.open() as stream:
        assert stream.read() == b"<SorTree/>"


@pytest.mark.parametrize("how", ["bytes", "path", "file"])
def test_an_archive_that_was_gzipped_on_its_way_is_that_archive(tmp_path: Path, how: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Sor.xml", b"<SorTree/>")
        archive.writestr("Edityper.csv", b"a;b")
    for data, names in (
        (gzip.compress(packed.getvalue()), ["!Sor.xml", "!Edityper.csv"]),
        (gzip.compress(gzip.compress(b"<SorTree/>")), [""]),
    ):
        path = tmp_path / "Sor.zip"
        path.write_bytes(data)
        with path.open("rb") as file:
            source = {"bytes": data, "path": path, "file": file}[how]
            found = list(source_files(source))  # type: ignore[arg-type]
            assert [one.name.removeprefix(str(path)).removeprefix("<bytes>") for one in found] == names
            with found[0].open() as stream:
                assert stream.read() == b"<SorTree/>"
            assert found[0].digest() == hashlib.sha256(data).hexdigest()


def test_one_that_was_gzipped_twice_more_is_an_archive_in_an_archive_and_a_damaged_one_is_damaged() -> None:
    data = gzip.compress(gzip.compress(gzip.compress(b"<SorTree/>")))
    (found,) = source_files(data)
    with found.open() as stream:
        assert is_archive(stream.head())
    (found,) = source_files(gzip.compress(gzip.compress(b"<SorTree/>" * 999))[:-9])
    with found.open() as stream, pytest.raises(ExtractError, match="damaged or was cut off"):
        stream.read()
