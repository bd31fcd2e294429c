"""Many message files: folders, patterns, archives; what can't be read is an error of its own file, and the rest goes on."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from sor_addressing import LetterError, Register
from sor_addressing.letters import BatchSummary, FileReport, files, limits, read_message_header
from sor_addressing.letters.files import count_files, message_files
from sor_addressing.testing import MadeUpLetter, MadeUpParty, RegisterBuilder, edifact_of, fhir_of
from sor_addressing.testing.numbers import location_number

FROM, TO = location_number(1), location_number(2)


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder()
    region = build.owner("Region Opdigt")
    build.institution(region, "Afsenderhuset", location_number=FROM)
    build.institution(region, "Hospitalet", location_number=TO)
    for number in (FROM, TO):
        build.registers(number, "DIS91 D9134L", "CTL02", "CTL03", send=True, receive=True)
    return build.build()


def letter(number: int = 1, **more: object) -> MadeUpLetter:
    given = {"code": "DIS91", "version": "D9134L", "letter_id": f"BRV{number}", "envelope_id": f"KUV{number}"}
    return MadeUpLetter(**{**given, **more})


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    folder = tmp_path / "outbox"
    (folder / "below").mkdir(parents=True)
    (folder / "b.edi").write_bytes(edifact_of(letter(1), letter(2, envelope_id="KUV1")))
    (folder / "a.edi").write_bytes(edifact_of(letter(3)))
    (folder / "below" / "c.edi").write_bytes(edifact_of(letter(4, receiver=MadeUpParty())))
    (folder / ".hidden").write_bytes(b"?")
    (folder / "d.txt").write_bytes(b"no message at all")
    (folder / "e.zip").write_bytes(zipped(**{"one.edi": edifact_of(letter(5)), "two.bin": b"\0\1"}))
    return folder


def test_a_folder_is_read_in_the_order_of_its_names_with_all_below_it(register, outbox):
    reports = list(register.validate_messages([outbox]))
    assert [Path(report.file).name for report in reports] == [
        "a.edi",
        "b.edi",
        "d.txt",
        "e.zip!one.edi",
        "e.zip!two.bin",
        "c.edi",
    ]
    assert [len(report.letters) for report in reports] == [1, 2, 0, 1, 0, 1]
    assert [report.deliverable for report in reports] == [True, True, False, True, False, False]
    assert count_files([outbox]) == 5


def test_the_summary_counts_letters_and_files_that_would_fail(register, outbox):
    summary = BatchSummary()
    for report in register.validate_messages([outbox]):
        summary.add(report)
    assert summary.to_dict() == {
        "files": 6,
        "unreadable": 2,
        "letters": 5,
        "deliverable": 4,
        "would_fail": 3,
        "by_reason": {"receiver-missing": 1},
    }


def test_a_pattern_gives_the_files_that_fit_it(register, outbox):
    reports = list(register.validate_messages([str(outbox / "**" / "*.edi")]))
    assert [Path(report.file).name for report in reports] == ["a.edi", "b.edi", "c.edi"]


@pytest.mark.parametrize("name", ["not-there.edi", "*.none"])
def test_a_path_to_nothing_is_an_error_of_its_own(register, outbox, name):
    missing, found = register.validate_messages([outbox / name, outbox / "a.edi"])
    assert missing.error is not None
    assert "can't be read" in str(missing.error)
    assert str(outbox / name) in str(missing.error)
    assert found.deliverable


def test_bytes_are_a_message_too(register):
    (report,) = register.validate_messages([edifact_of(letter())])
    assert (report.file, report.deliverable, report.error) == ("<bytes>", True, None)


def test_the_day_is_settled_once_and_reports_come_one_by_one(register, outbox):
    reports = register.validate_messages([outbox / "a.edi", outbox / "gone.edi"])
    assert isinstance(next(reports), FileReport)
    assert next(reports).error is not None


def test_a_damaged_archive_is_one_error_and_the_rest_goes_on(register, tmp_path):
    whole = zipped(**{"one.edi": edifact_of(letter())})
    (tmp_path / "cut.zip").write_bytes(whole[:-30])
    flipped = bytearray(whole)
    flipped[45] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(bytes(flipped))
    (tmp_path / "none.zip").write_bytes(zipped())
    (tmp_path / "whole.zip").write_bytes(whole)
    reports = {Path(report.file).name: report for report in register.validate_messages([tmp_path])}
    assert "damaged" in str(reports["cut.zip"].error)
    assert "damaged" in str(reports["flipped.zip!one.edi"].error)
    assert reports["whole.zip!one.edi"].deliverable


def test_an_empty_archive_is_no_message(tmp_path):
    (tmp_path / "none.zip").write_bytes(zipped())
    (found,) = message_files([tmp_path / "none.zip"])
    assert found.error is not None


def test_an_archive_in_an_archive_is_no_message(register, tmp_path):
    (tmp_path / "outer.zip").write_bytes(zipped(**{"inner.zip": zipped(a=b"b")}))
    (report,) = register.validate_messages([tmp_path])
    assert "archive" in str(report.error)


def test_paths_in_an_archive_are_names_and_nothing_else(register, tmp_path):
    (tmp_path / "up.zip").write_bytes(zipped(**{"../../up.edi": edifact_of(letter())}))
    (report,) = register.validate_messages([tmp_path])
    assert report.file.endswith("up.zip!../../up.edi")
    assert [path.name for path in tmp_path.iterdir()] == ["up.zip"]


def test_what_is_larger_than_any_message_is_refused_unread(register, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 400)
    (tmp_path / "large.edi").write_bytes(edifact_of(letter(content="X" * 400)))
    (tmp_path / "large.zip").write_bytes(zipped(**{"large.edi": edifact_of(letter(content="X" * 400))}))
    reports = list(register.validate_messages([tmp_path]))
    assert len(reports) == 2
    assert all("a message has at most 400" in str(report.error) for report in reports)
    with pytest.raises(LetterError, match="at most 400"):
        read_message_header(edifact_of(letter(content="X" * 400)))


def test_a_file_of_a_gigabyte_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(LetterError, match=r"1,073,741,824 bytes"):
        read_message_header(path)
    (found,) = message_files([path])
    assert "1,073,741,824 bytes" in str(found.error)


def test_an_archive_gives_no_more_than_is_bounded(register, tmp_path, monkeypatch):
    content = edifact_of(letter())
    monkeypatch.setattr(files, "MAX_UNPACKED", len(content) + 1)
    (tmp_path / "two.zip").write_bytes(zipped(a=content, b=content, c=content))
    first, stopped = register.validate_messages([tmp_path])
    assert first.deliverable
    assert "came out of the archive" in str(stopped.error)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"hello", "not a message"),
        (b"\x89PNG\r\n", "not a message"),
        (b"PK\x03\x04....", "an archive"),
        (b"\x1f\x8b\x08...", "an archive"),
        (b"<html><body/></html>", "root element"),
        (b"<?xml version='1.0'?><!-- only that -->", "no root element"),
        (b"<!DOCTYPE Emessage [<!ENTITY a 'b'>]><Emessage>&a;</Emessage>", "DOCTYPE"),
        ("<!DOCTYPE a><Emessage/>".encode("utf-16"), "DOCTYPE"),
        ("<other/>".encode("utf-16-be"), "root element"),
    ],
)
def test_what_is_no_message_is_refused_with_what_it_is(content, said):
    with pytest.raises(LetterError, match=said) as caught:
        read_message_header(content)
    assert caught.value.file == "<bytes>"


def test_a_path_that_is_a_folder_or_nothing_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.xml"):
        with pytest.raises(LetterError, match="can't be read"):
            read_message_header(path)


def test_a_path_that_no_system_has_is_an_error_of_its_own(register, outbox):
    with pytest.raises(LetterError, match="can't be read"):
        read_message_header("a\0b")
    missing, found = register.validate_messages(["a\0b", outbox / "a.edi"])
    assert "can't be read" in str(missing.error)
    assert found.deliverable


def test_what_is_neither_a_path_nor_bytes_is_a_type_error():
    with pytest.raises(TypeError, match="a path or bytes"):
        read_message_header(17)  # type: ignore[arg-type]


def test_every_report_serialises(register, outbox):
    for report in register.validate_messages([outbox]):
        assert set(report.to_dict()) == {"file", "deliverable", "error", "letters"}


def test_a_message_is_read_whatever_its_file_is_called(register, tmp_path):
    path = tmp_path / "letter.csv.exe"
    path.write_bytes(fhir_of(MadeUpLetter(code="FDIS91", version="5.0")))
    (header,) = read_message_header(path)
    assert header.file == str(path)
    assert header.family == "DIS91"


def names_and_errors(*sources: object) -> list[tuple[str, str | None]]:
    return [(Path(one.name).name, one.error and one.error.reason) for one in message_files(sources)]


def test_a_folder_behind_a_link_is_read_once_however_the_links_go(tmp_path):
    elsewhere, outbox = tmp_path / "elsewhere", tmp_path / "outbox"
    elsewhere.mkdir()
    outbox.mkdir()
    (elsewhere / "one.edi").write_bytes(edifact_of(letter(1)))
    (outbox / "linked").symlink_to(elsewhere)
    (outbox / "linked again").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(outbox)
    assert names_and_errors(outbox) == [("one.edi", None)]


def test_a_folder_that_cannot_be_listed_is_told(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    (tmp_path / "one.edi").write_bytes(edifact_of(letter(1)))
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = dict(names_and_errors(tmp_path))
    assert sorted(found) == ["closed", "one.edi"]
    assert "can't be read" in found["closed"]
    assert count_files([tmp_path]) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_folder_is_an_error_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    ((name, error),) = names_and_errors(tmp_path)
    assert name == "pipe"
    assert error.startswith("this is a pipe")


def test_a_path_too_long_is_an_error_of_its_own_and_the_rest_goes_on(tmp_path):
    (tmp_path / "one.edi").write_bytes(edifact_of(letter(1)))
    first, second = names_and_errors("a" * 400, tmp_path / "one.edi")
    assert "can't be read" in first[1]
    assert second == ("one.edi", None)
    assert count_files(["a" * 400]) == 1


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_what_has_no_size_and_no_end_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    ((_, error),) = names_and_errors("/dev/zero")
    assert "1,004 bytes" in error


def test_an_archive_damaged_inside_a_member_packed_in_any_way_is_an_error_of_the_member(tmp_path):
    for way in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", way) as archive:
            archive.writestr("one.edi", edifact_of(letter(1)) * 20)
        damaged = bytearray(target.getvalue())
        damaged[60] ^= 0xFF
        (tmp_path / "out.zip").write_bytes(damaged)
        ((name, error),) = names_and_errors(tmp_path / "out.zip")
        assert name == "out.zip!one.edi"
        assert "the archive is damaged here" in error


def test_hidden_members_of_an_archive_are_passed_over_as_hidden_files_are(tmp_path):
    names = ("one.edi", ".DS_Store", "__MACOSX/._one.edi", ".git/two.edi", "../three.edi")
    (tmp_path / "out.zip").write_bytes(zipped(**dict.fromkeys(names, edifact_of(letter(1)))))
    assert [name for name, _ in names_and_errors(tmp_path / "out.zip")] == ["out.zip!one.edi", "three.edi"]


def test_an_archive_without_files_says_so(tmp_path):
    (tmp_path / "out.zip").write_bytes(zipped())
    assert names_and_errors(tmp_path / "out.zip") == [("out.zip", "the archive holds no files")]
