"""A folder as origin: what is copied, what counts as unchanged, and what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sor_addressing.daily.origin import Fetched, FolderOrigin, Origin
from sor_addressing.errors import StoreError
from sor_addressing.register.face import Register
from sor_addressing.testing import sample_extract

LONG_AGO = 1_768_470_000


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    sample_extract().write(folder)
    for file in folder.iterdir():
        os.utime(file, (LONG_AGO, LONG_AGO))
    return folder


@pytest.fixture
def day(tmp_path: Path) -> Path:
    folder = tmp_path / "day"
    folder.mkdir()
    return folder


def never_waits(seconds: float) -> None:
    raise AssertionError("nothing to wait for")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refusal(origin: FolderOrigin, folder: Path) -> str:
    with pytest.raises(StoreError) as caught:
        origin.fetch(folder, {})
    return str(caught.value)


def test_the_files_of_the_extract_are_copied_with_their_times(mirror: Path, day: Path) -> None:
    (mirror / "README.txt").write_text("Not part of it.\n")
    origin: Origin = FolderOrigin(mirror, sleep=never_waits)
    fetched = origin.fetch(day, {})
    assert (fetched.files, fetched.unchanged, fetched.origin) == (
        (day / "Edityper.csv", day / "Sor.xml"),
        False,
        str(mirror),
    )
    for file in fetched.files:
        assert file.read_bytes() == (mirror / file.name).read_bytes()
        assert file.stat().st_mtime == LONG_AGO
    assert names(day) == ["Edityper.csv", "Sor.xml"]
    # Message types have no day in the file: its time has to tell.
    assert Register.load(day).snapshot_date == dt.date(2026, 1, 15)


def test_what_is_known_says_sizes_and_digests_by_name(mirror: Path, day: Path) -> None:
    (mirror / "README.txt").write_text("Just written.\n")
    fetched = FolderOrigin(mirror, clock=lambda: LONG_AGO + 60.0).fetch(day, {})
    known = {
        f"{file.name}.{what}": value
        for file in (mirror / "Edityper.csv", mirror / "Sor.xml")
        for what, value in (("size", str(file.stat().st_size)), ("sha256", sha256(file)))
    }
    # A folder in which something was just written has to be read again next time.
    assert fetched.known == known


def test_a_folder_that_looks_as_it_did_is_not_read_again(
    mirror: Path, day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = FolderOrigin(mirror).fetch(day, {})
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("a file was opened"))
    assert FolderOrigin(mirror).fetch(day, first.known) == Fetched((), True, first.known, str(mirror))


def test_an_extract_written_anew_as_it_was_is_unchanged(mirror: Path, tmp_path: Path, day: Path) -> None:
    first = FolderOrigin(mirror).fetch(day, {})
    later = tmp_path / "later"
    later.mkdir()
    os.utime(mirror / "Sor.xml", (LONG_AGO + 5, LONG_AGO + 5))
    second = FolderOrigin(mirror).fetch(later, first.known)
    assert (second.files, second.unchanged, names(later)) == ((), True, [])
    assert second.known != first.known
    assert {**second.known, "listing": ""} == {**first.known, "listing": ""}


def test_one_changed_file_brings_all_files_of_the_extract(mirror: Path, day: Path) -> None:
    first = FolderOrigin(mirror).fetch(day, {})
    with (mirror / "Edityper.csv").open("ab") as file:
        file.write(b"\n")
    second = FolderOrigin(mirror).fetch(day, first.known)
    assert (second.files, second.unchanged) == ((day / "Edityper.csv", day / "Sor.xml"), False)
    assert second.known["Edityper.csv.sha256"] == sha256(mirror / "Edityper.csv") != first.known["Edityper.csv.sha256"]


def test_a_file_that_is_gone_is_a_change(mirror: Path, tmp_path: Path, day: Path) -> None:
    first = FolderOrigin(mirror).fetch(day, {})
    (mirror / "Edityper.csv").unlink()
    later = tmp_path / "later"
    later.mkdir()
    assert FolderOrigin(mirror).fetch(later, first.known).files == (later / "Sor.xml",)


def test_a_change_that_keeps_size_and_time_is_seen_where_the_file_was_just_written(mirror: Path, day: Path) -> None:
    just_now: Callable[[], float] = lambda: LONG_AGO + 1.0  # noqa: E731
    first = FolderOrigin(mirror, clock=just_now).fetch(day, {})
    units = mirror / "Sor.xml"
    units.write_bytes(units.read_bytes().replace(b"<SorTree", b"<SorTree", 1).replace(b"\n", b" ", 1))
    os.utime(units, (LONG_AGO, LONG_AGO))
    second = FolderOrigin(mirror, clock=just_now).fetch(day, first.known)
    assert "listing" not in first.known
    assert second.unchanged is False
    assert second.known["Sor.xml.sha256"] == sha256(units)


def test_an_archive_is_copied_as_it_is(tmp_path: Path, day: Path) -> None:
    written = sample_extract().write(tmp_path / "mirror", compressed="zip")
    fetched = FolderOrigin(tmp_path / "mirror").fetch(day, {})
    assert fetched.files == (day / "Edityper.csv", day / "Sor.zip")
    assert (day / "Sor.zip").read_bytes() == written.units.read_bytes()


def test_one_file_is_an_origin_too(mirror: Path, day: Path) -> None:
    assert FolderOrigin(mirror / "Sor.xml").fetch(day, {}).files == (day / "Sor.xml",)


def test_unfinished_and_hidden_files_and_folders_are_left_alone(mirror: Path, day: Path) -> None:
    for name in ("Sor.xml.part", "Sor.xml.tmp", ".Sor.xml"):
        (mirror / name).write_bytes((mirror / "Sor.xml").read_bytes())
    sample_extract().write(mirror / "yesterday")
    (mirror / "gone").symlink_to(mirror / "nowhere")
    assert FolderOrigin(mirror).fetch(day, {}).files == (day / "Edityper.csv", day / "Sor.xml")


def test_progress_tells_name_bytes_and_size(mirror: Path, day: Path) -> None:
    calls: list[tuple[str, int, int | None]] = []
    FolderOrigin(mirror).fetch(day, {}, lambda *call: calls.append(call))
    sizes = {name: (mirror / name).stat().st_size for name in ("Edityper.csv", "Sor.xml")}
    assert {(name, done) for name, done, _ in calls} >= set(sizes.items())
    assert all(total == sizes[name] for name, _, total in calls)


def test_a_file_that_changes_while_it_is_copied_is_copied_again(mirror: Path, day: Path) -> None:
    units = mirror / "Sor.xml"
    whole = units.read_bytes()
    units.write_bytes(whole[:5_000])
    waited: list[float] = []

    def write_on(name: str, done: int, size: int | None) -> None:
        if not waited:
            units.write_bytes(whole)

    fetched = FolderOrigin(mirror, sleep=waited.append).fetch(day, {}, write_on)
    assert fetched.files == (day / "Edityper.csv", day / "Sor.xml")
    assert (day / "Sor.xml").read_bytes() == whole
    assert waited == [2.0]


def test_a_file_that_never_stops_changing_is_refused(mirror: Path, day: Path) -> None:
    units = mirror / "Sor.xml"

    def growing() -> Iterator[None]:
        while True:
            with units.open("ab") as file:
                file.write(b"\n")
            yield

    grow = growing()
    waited: list[float] = []
    with pytest.raises(StoreError) as caught:
        FolderOrigin(mirror, sleep=waited.append).fetch(day, {}, lambda *_: next(grow))
    assert str(caught.value) == (
        f"{mirror}: the files change while they are copied (4 attempts); try again when whoever writes them is done, and let "
        "them be written beside and renamed"
    )
    assert (names(day), waited) == ([], [2.0, 2.0, 2.0])


def test_a_file_that_is_damaged_only_while_it_is_written_is_waited_for(mirror: Path, day: Path) -> None:
    units = mirror / "Sor.xml"
    whole = units.read_bytes()
    units.write_bytes(b"")
    origin = FolderOrigin(mirror, sleep=never_waits)
    assert "the file is empty" in refusal(origin, day)
    assert names(day) == []
    units.write_bytes(whole)
    assert len(origin.fetch(day, {}).files) == 2


def test_a_file_that_goes_while_others_are_copied_is_looked_for_again(mirror: Path, day: Path) -> None:
    waited: list[float] = []
    units = mirror / "Sor.xml"

    def replace(name: str, done: int, size: int | None) -> None:
        if not waited and units.exists():
            units.rename(mirror / "Sor.zip")

    fetched = FolderOrigin(mirror, sleep=waited.append).fetch(day, {}, replace)
    assert fetched.files == (day / "Edityper.csv", day / "Sor.zip")
    assert (names(day), waited) == (["Edityper.csv", "Sor.zip"], [2.0])


def test_a_folder_that_is_not_there_says_what_to_check(tmp_path: Path, day: Path) -> None:
    missing = tmp_path / "share" / "sor"
    assert refusal(FolderOrigin(missing), day) == f"{missing}: no such file or folder; check the path"


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_folder_that_may_not_be_read_says_so(mirror: Path, day: Path) -> None:
    mirror.chmod(0)
    try:
        assert f"{mirror}: can't be read: Permission denied; check the path" in refusal(FolderOrigin(mirror), day)
    finally:
        mirror.chmod(0o755)


def test_a_folder_that_fails_says_what_to_check(mirror: Path, day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(folder: Path) -> Iterator[Path]:
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr(Path, "iterdir", stale)
    assert refusal(FolderOrigin(mirror), day) == (
        f"{mirror}: can't be read: Stale file handle; check the path, that the file share is mounted, and who may read it"
    )


def test_a_folder_without_units_is_refused_with_what_it_holds(mirror: Path, day: Path) -> None:
    (mirror / "Sor.xml").unlink()
    (mirror / "notes.txt").write_text("nothing")
    text = refusal(FolderOrigin(mirror), day)
    assert text.startswith(f"{mirror}: holds no file with units ({mirror / 'notes.txt'}: not recognised")
    assert text.endswith("; put the extract there, or give the folder that it is in")
    assert names(day) == []


def test_two_extracts_in_one_folder_are_refused_until_the_files_are_named(mirror: Path, day: Path) -> None:
    (mirror / "old.xml").write_bytes((mirror / "Sor.xml").read_bytes())
    assert refusal(FolderOrigin(mirror), day) == (
        f"{mirror}: more than one file is a Sor.xml (Sor.xml, old.xml), and which is meant can't be guessed; leave one there, "
        'or name the files to take: only=["…"]'
    )
    fetched = FolderOrigin(mirror, only=["sor.xml", "edityper.csv"]).fetch(day, {})
    assert fetched.files == (day / "Edityper.csv", day / "Sor.xml")


def test_a_full_disk_is_said_and_nothing_is_left(mirror: Path, tiny_disk: Path) -> None:
    with (mirror / "Edityper.csv").open("a") as file:
        file.write("5790999000017;DIS91\n" * 5_000)
    assert refusal(FolderOrigin(mirror), tiny_disk) == (
        f"{tiny_disk / 'Edityper.csv.part'}: can't be written: No space left on device; make room, or write elsewhere"
    )
    assert names(tiny_disk) == []


def test_an_origin_that_is_only_named_imports_neither_parser_nor_http() -> None:
    program = (
        "import sys; from sor_addressing.daily.origin import FolderOrigin; from sor_addressing.daily.download import HttpOrigin; "
        "FolderOrigin('.'); HttpOrigin(); print(sorted({'lxml', 'rapidfuzz', 'httpx', 'httpcore'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert answer == "[]\n"
