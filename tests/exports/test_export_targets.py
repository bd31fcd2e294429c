"""Extracts on full disks, through links, into devices and pipes; file and manifest together or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
import threading
from pathlib import Path

import pytest

from sor_addressing import NotWritten, Register, SnapshotError, audit, export
from sor_addressing.exports import ExportError
from sor_addressing.testing import made_up_nation

FORMATS = ("csv", "jsonl", "sqlite", "parquet", "xlsx", "fhir")
SAMPLE = Register.sample()

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such devices")


@pytest.fixture(scope="module")
def nation() -> Register:
    return made_up_nation(1_500).to_register()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_one_line_and_leaves_yesterdays_pair(form: str, nation: Register, tiny_disk: Path) -> None:
    path = tiny_disk / "x"
    path.write_text("yesterday")
    manifest = tiny_disk / "x.manifest.json"
    manifest.write_text("yesterday's")
    with pytest.raises(ExportError) as caught:
        export(nation, "all-addresses", path, format=form, only_addressable=False)
    assert str(caught.value) == f"{path}: can't be written: No space left on device; make room, or write elsewhere"
    assert (path.read_text(), manifest.read_text()) == ("yesterday", "yesterday's")
    assert names(tiny_disk) == ["x", "x.manifest.json"]


def test_a_full_folder_for_temporary_files_is_said_of_that(
    nation: Register, tiny_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tiny_disk))
    with pytest.raises(ExportError, match=rf"{tiny_disk}: can't be written: No space left on device"):
        export(nation, "all-addresses", tmp_path / "x.xlsx")
    assert (names(tiny_disk), names(tmp_path)) == ([], ["tiny"])


def test_other_writers_on_a_full_disk(nation: Register, tiny_disk: Path) -> None:
    with pytest.raises(SnapshotError, match=r"a\.sor: can't be written: No space left on device"):
        nation.save(tiny_disk / "a.sor")
    found = audit(nation)
    for write in (found.to_csv, found.to_json_lines, found.to_excel):
        with pytest.raises(NotWritten, match="a: can't be written: No space left on device"):
            write(tiny_disk / "a")
    with pytest.raises(NotWritten, match="No space left on device"):
        found.write_cleaning_lists(tiny_disk / "lists", by="system")
    with pytest.raises(NotWritten, match="No space left on device"):
        made_up_nation(1_500).write(tiny_disk)
    assert [path for path in tiny_disk.rglob("*") if path.is_file()] == []


@posix
@pytest.mark.parametrize("form", FORMATS)
def test_a_device_is_written_into_and_nothing_stands_beside_it(form: str) -> None:
    before = set(names(Path("/dev")))
    manifest = export(SAMPLE, "hospitals", "/dev/null", format=form)
    assert manifest.bytes > 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116
    assert not {name for name in set(names(Path("/dev"))) - before if "null" in name}
    if Path("/dev/full").exists():
        with pytest.raises(ExportError, match="/dev/full: can't be written: No space left on device"):
            export(SAMPLE, "hospitals", "/dev/full", format=form)


@posix
@pytest.mark.parametrize("form", FORMATS)
def test_a_pipe_gets_the_bytes_that_a_file_gets(form: str, tmp_path: Path) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    piped = export(SAMPLE, "hospitals", tmp_path / "pipe", format=form)
    reader.join()
    filed = export(SAMPLE, "hospitals", tmp_path / "file", format=form)
    assert piped.sha256 == hashlib.sha256(read[0]).hexdigest()
    assert piped.bytes == len(read[0])
    if form != "sqlite":  # which says of itself what its file is called
        assert read[0] == (tmp_path / "file").read_bytes()
        assert piped.sha256 == filed.sha256
    assert names(tmp_path) == ["file", "file.manifest.json", "pipe"]


@posix
def test_a_link_stays_and_the_manifest_stands_beside_the_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "x.csv").write_text("old")
    (tmp_path / "there" / "x.csv").chmod(0o640)
    (tmp_path / "x.csv").symlink_to("there/x.csv")
    manifest = export(SAMPLE, "hospitals", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").is_symlink()
    written = (tmp_path / "there" / "x.csv").read_bytes()
    assert hashlib.sha256(written).hexdigest() == manifest.sha256
    assert stat.S_IMODE((tmp_path / "there" / "x.csv").stat().st_mode) == 0o640
    assert json.loads((tmp_path / "x.csv.manifest.json").read_text("utf-8"))["sha256"] == manifest.sha256


def test_where_the_manifest_can_t_be_written_the_extract_is_not_either(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("yesterday")
    (tmp_path / "x.csv.manifest.json").mkdir()
    with pytest.raises(ExportError, match=r"x\.csv\.manifest\.json: can't be written: Is a directory"):
        export(SAMPLE, "hospitals", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text() == "yesterday"
    assert names(tmp_path) == ["x.csv", "x.csv.manifest.json"]


def test_negative_numbers_and_signs_stay_as_they_are_in_typed_formats(tmp_path: Path) -> None:
    import sqlite3

    from sor_addressing.testing import RegisterBuilder

    build = RegisterBuilder()
    build.institution(build.owner("Ejer"), "-1", location_number=True)
    register = build.build()
    export(register, "all-addresses", tmp_path / "x.jsonl")
    assert json.loads((tmp_path / "x.jsonl").read_text("utf-8").splitlines()[-1])["name"] == "-1"
    export(register, "all-addresses", tmp_path / "x.sqlite")
    database = sqlite3.connect(tmp_path / "x.sqlite")
    assert ("-1",) in database.execute("SELECT name FROM recipients").fetchall()
    database.close()
    export(register, "all-addresses", tmp_path / "x.csv")
    assert ",'-1," in (tmp_path / "x.csv").read_text("utf-8")
