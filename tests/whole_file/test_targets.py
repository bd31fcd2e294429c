"""Where a file comes to stand: through links, into devices and pipes, with the rights that were there, whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sor_addressing.errors import AddressBookError, ExportError, NotWritten, StoreError
from sor_addressing.whole_file import WholeFiles, folder_made, is_stream, written_binary, written_text

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other rights, and no such devices")


def write(target: Path | str, text: str = "new") -> None:
    with written_text(target) as file:
        file.write(text)


def write_all(folder: Path, *of_these: str, text: str = "new") -> None:
    with WholeFiles() as files:
        for name in of_these:
            with files.text(folder / name) as file:
                file.write(text)


def write_database(target: Path, *statements: str) -> None:
    with WholeFiles(error=ExportError) as files, files.database(target) as database:
        for statement in statements:
            database.execute(statement)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestLinks:
    def test_a_link_stays_and_what_it_leads_to_is_new(self, tmp_path: Path) -> None:
        (tmp_path / "there").mkdir()
        (tmp_path / "there" / "a.csv").write_text("old")
        (tmp_path / "one").symlink_to("two")
        (tmp_path / "two").symlink_to(tmp_path / "there" / "a.csv")
        write(tmp_path / "one")
        assert (tmp_path / "one").is_symlink()
        assert (tmp_path / "two").is_symlink()
        assert (tmp_path / "there" / "a.csv").read_text() == "new"
        assert names(tmp_path / "there") == ["a.csv"]

    def test_a_link_to_what_is_not_there_yet_makes_it(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("a.csv")
        write(tmp_path / "link")
        assert (tmp_path / "a.csv").read_text() == "new"
        assert names(tmp_path) == ["a.csv", "link"]

    def test_a_circle_of_links_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "one").symlink_to("two")
        (tmp_path / "two").symlink_to("one")
        with pytest.raises(NotWritten, match="one: can't be written: "):
            write(tmp_path / "one")

    def test_a_link_planted_where_the_half_written_file_goes_is_not_followed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sor_addressing.whole_file.place.unused_name", lambda _name: ".planted.tmp")
        (tmp_path / "victim").write_text("mine")
        (tmp_path / ".planted.tmp").symlink_to("victim")
        with pytest.raises(NotWritten, match="File exists"):
            write(tmp_path / "a.csv")
        assert (tmp_path / "victim").read_text() == "mine"

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives links away")
    def test_a_link_that_somebody_else_put_into_a_folder_for_all_is_not_followed(self, tmp_path: Path) -> None:
        shared = tmp_path / "shared"
        shared.mkdir()
        shared.chmod(0o1777)
        (tmp_path / "victim").write_text("mine")
        (shared / "a.csv").symlink_to(tmp_path / "victim")
        write(shared / "a.csv", "yours")
        os.lchown(shared / "a.csv", 12_345, 12_345)
        with pytest.raises(NotWritten, match="a link that somebody else has put into a folder for all"):
            write(shared / "a.csv")
        assert (tmp_path / "victim").read_text() == "yours"

    def test_a_folder_on_the_way_may_be_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "there").mkdir()
        (tmp_path / "here").symlink_to("there")
        write(tmp_path / "here" / "a.csv")
        assert (tmp_path / "there" / "a.csv").read_text() == "new"


@posix
class TestRights:
    @pytest.mark.parametrize("rights", [0o600, 0o640, 0o664, 0o755])
    def test_those_of_the_file_that_was_there_stay(self, rights: int, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("old")
        path.chmod(rights)
        write(path)
        assert stat.S_IMODE(path.stat().st_mode) == rights

    def test_nobody_may_read_meanwhile_what_nobody_may_read_afterwards(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("old")
        path.chmod(0o600)
        with written_text(path) as file:
            file.write("new")
            file.flush()
            assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()} == {0o600}

    def test_a_new_file_has_those_that_new_files_have(self, tmp_path: Path) -> None:
        (tmp_path / "usual").touch()
        write(tmp_path / "a.csv")
        assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "usual").stat().st_mode

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
    def test_the_owner_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("old")
        os.chown(path, 12_345, 23_456)
        write(path)
        assert (path.stat().st_uid, path.stat().st_gid) == (12_345, 23_456)

    def test_where_the_group_cannot_stay_another_group_gets_no_more_than_everybody(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.csv"
        path.write_text("old")
        path.chmod(0o664)
        before = path.stat()

        def refuse(*_: object) -> None:
            raise PermissionError

        class Another:
            st_mode, st_uid, st_gid = before.st_mode, before.st_uid + 1, before.st_gid + 1

        from sor_addressing.whole_file import place

        monkeypatch.setattr(os, "fchown", refuse)
        with path.open("rb+") as file:
            place._give(file.fileno(), Another)  # type: ignore[arg-type]
        assert stat.S_IMODE(path.stat().st_mode) == 0o644

    def test_a_file_that_is_read_only_stays(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "a.csv"
        path.write_text("old")
        monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything
        with pytest.raises(NotWritten) as caught:
            write(path)
        assert (
            str(caught.value)
            == f"{path}: can't be written: the file is read-only; make it writable, or write elsewhere"
        )
        with written_binary(path, read_only=True) as file:
            file.write(b"new")
        assert path.read_text() == "new"
        assert not path.stat().st_mode & 0o222


@posix
class TestStreams:
    def test_a_device_is_written_into_and_stays(self) -> None:
        write("/dev/null")
        assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116
        assert is_stream("/dev/null")

    def test_a_pipe_is_written_into(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        read: list[str] = []
        reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()))
        reader.start()
        write(tmp_path / "pipe", "through")
        reader.join()
        assert read == ["through"]
        assert names(tmp_path) == ["pipe"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full here")
    def test_a_full_device_is_said(self) -> None:
        with pytest.raises(ExportError) as caught, written_text("/dev/full", error=ExportError) as file:
            file.write("x" * 1_000_000)
        assert (
            str(caught.value) == "/dev/full: can't be written: No space left on device; make room, or write elsewhere"
        )

    @pytest.mark.parametrize("target", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"])
    def test_standard_output_keeps_what_came_before_and_after(self, target: str, tmp_path: Path) -> None:
        if not Path(target).exists() and target != "-":
            pytest.skip("not here")
        program = (
            "import sys; from sor_addressing.whole_file import written_text\n"
            "print('before', flush=True)\n"
            f"with written_text({target!r}) as file: file.write('in between\\r\\n')\n"
            "print('after')"
        )
        (tmp_path / "out").write_text("first\n")
        with (tmp_path / "out").open("ab") as out:
            subprocess.run([sys.executable, "-c", program], stdout=out, check=True)
        assert (tmp_path / "out").read_bytes() == b"first\nbefore\nin between\r\nafter\n"

    def test_what_has_no_reader_any_more_is_said(self) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        with pytest.raises(NotWritten, match="what reads it is gone"):
            write(f"/dev/fd/{writing}")
        os.close(writing)

    def test_what_can_only_be_written_as_a_whole_goes_into_a_stream_when_it_is_whole(
        self, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        with WholeFiles() as files:
            with files.database("-") as database:
                database.execute("CREATE TABLE one (two TEXT)")
            assert files.measured("-")[0] == 8192
        assert capfdbinary.readouterr().out.startswith(b"SQLite format 3\0")


class TestStandardOutput:
    def test_line_ends_go_out_as_they_are_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "utf-8", newline="\r\n"))  # as on Windows
        write("-", "a\r\nb\r\n")
        with written_text(sys.stdout) as file:
            file.write("c\r\n")
        assert raw.getvalue() == b"a\r\nb\r\nc\r\n"

    def test_it_may_be_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdout", None)
        with pytest.raises(NotWritten, match=r"^standard output: can't be written: it is closed$"):
            write("-")

    def test_somebody_may_have_put_something_else_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        there = io.StringIO()
        monkeypatch.setattr(sys, "stdout", there)
        write("-", "a\r\n")
        assert there.getvalue() == "a\r\n"

    def test_what_its_encoding_lacks_is_shown_as_an_escape(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "cp1252"))
        write("-", "æ\u01fd")
        assert raw.getvalue() == b"\xe6\\u01fd"

    def test_a_file_of_that_name_is_one_in_this_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        write("./-")
        assert (tmp_path / "-").read_text() == "new"


class TestFaults:
    def test_one_line_says_what_why_and_what_to_do_in_both_languages(self, tmp_path: Path) -> None:
        with pytest.raises(NotWritten) as caught:
            write(tmp_path / "none" / "a.csv")
        folder = tmp_path / "none"
        assert caught.value.text("en") == str(caught.value)
        assert (
            str(caught.value)
            == f"{folder / 'a.csv'}: can't be written: there is no folder {folder}; make it, or write elsewhere"
        )
        assert caught.value.text("da") == (
            f"{folder / 'a.csv'}: kan ikke skrives: mappen {folder} findes ikke; opret den, eller skriv et andet sted"
        )
        assert caught.value.file == str(folder / "a.csv")
        assert isinstance(caught.value, OSError)

    @pytest.mark.parametrize("error", [AddressBookError, ExportError, NotWritten, StoreError])
    def test_the_error_is_of_the_room_that_asked(self, error: type[AddressBookError], tmp_path: Path) -> None:
        with pytest.raises(error) as caught, written_binary(tmp_path, error=error):
            raise AssertionError("a folder was opened")
        assert type(caught.value) is error
        assert str(caught.value) == f"{tmp_path}: can't be written: Is a directory; give the name of a file"

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "a").touch()
        with pytest.raises(NotWritten, match=r"/a is no folder; write elsewhere$"):
            write(tmp_path / "a" / "b")
        with pytest.raises(NotWritten, match="can't be written"):
            folder_made(tmp_path / "a" / "b")

    @pytest.mark.parametrize("name", ["a\0b", "x" * 300])
    def test_what_no_file_can_be_called_is_said(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(NotWritten, match="can't be written: "):
            write(tmp_path / name)
        assert names(tmp_path) == []

    def test_a_name_as_long_as_names_can_be_is_written(self, tmp_path: Path) -> None:
        write(tmp_path / ("x" * 255))
        assert names(tmp_path) == ["x" * 255]

    @posix
    def test_a_name_that_is_no_unicode_is_written(self, tmp_path: Path) -> None:
        name = os.fsdecode(b"a\xff.csv")
        try:
            write(tmp_path / name)
        except NotWritten:
            pytest.skip("this file system has Unicode alone")
        assert names(tmp_path) == [name]

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_may_not_be_written_is_said(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o555)
        try:
            with pytest.raises(NotWritten, match="Permission denied; check who may write there"):
                write(tmp_path / "a.csv")
        finally:
            tmp_path.chmod(0o755)

    def test_a_file_that_a_program_has_open_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def locked(*_: object) -> Path:
            raise PermissionError(errno.EACCES, "Permission denied")

        (tmp_path / "a.csv").write_text("old")
        monkeypatch.setattr(Path, "replace", locked)
        with pytest.raises(NotWritten, match="Permission denied; where a program has it open, close it"):
            write(tmp_path / "a.csv")
        assert names(tmp_path) == ["a.csv"]

    def test_on_windows_a_reader_only_delays_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from sor_addressing.whole_file import renaming

        really, tries = Path.replace, []

        def busy(self: Path, target: Path) -> Path:
            tries.append(target)
            if len(tries) < 3:
                raise PermissionError(errno.EACCES, "Access is denied")
            return really(self, target)

        class Nt:
            name = "nt"

        (tmp_path / "a").write_text("new")
        monkeypatch.setattr(renaming, "os", Nt)
        monkeypatch.setattr(Path, "replace", busy)
        renaming.replace(tmp_path / "a", tmp_path / "b")
        assert (names(tmp_path), len(tries)) == (["b"], 3)

    def test_what_goes_wrong_elsewhere_is_not_laid_on_the_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError), written_text(tmp_path / "a.csv"):
            (tmp_path / "none").read_text()
        assert names(tmp_path) == []

    def test_an_interrupted_write_leaves_the_old_file_and_nothing_beside_it(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("old")

        def interrupted() -> None:
            with written_text(tmp_path / "a.csv") as file:
                file.write("x" * 1_000_000)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert names(tmp_path) == ["a.csv"]
        assert (tmp_path / "a.csv").read_text() == "old"


class TestFullDisks:
    def test_what_was_there_stays(self, tiny_disk: Path) -> None:
        write(tiny_disk / "a", "old")
        with pytest.raises(NotWritten, match="a: can't be written: No space left on device; make room"):
            write(tiny_disk / "a", "x" * 1_000_000)
        assert (tiny_disk / "a").read_text() == "old"
        assert names(tiny_disk) == ["a"]

    def test_a_database_too(self, tiny_disk: Path) -> None:
        rows = ", ".join(["(zeroblob(10000))"] * 100)
        with pytest.raises(ExportError, match=r"a\.db: can't be written: No space left on device; make room"):
            write_database(tiny_disk / "a.db", "CREATE TABLE one (two)", "INSERT INTO one VALUES " + rows)  # noqa: S608  # zeros
        assert names(tiny_disk) == []

    def test_a_fault_in_the_data_of_a_database_is_none_of_the_disk(self, tmp_path: Path) -> None:
        import sqlite3

        with pytest.raises(sqlite3.OperationalError):
            write_database(tmp_path / "a.db", "no SQL")
        assert names(tmp_path) == []

    def test_a_library_that_makes_something_else_of_the_fault_does_not_hide_it(self, tiny_disk: Path) -> None:
        def like_a_library() -> None:
            with written_binary(tiny_disk / "a") as file:
                try:
                    file.write(b"x" * 1_000_000)
                    file.flush()
                except OSError as error:
                    raise RuntimeError("something went wrong") from error

        with pytest.raises(NotWritten, match="No space left on device"):
            like_a_library()


class TestTogether:
    def test_files_come_together(self, tmp_path: Path) -> None:
        with WholeFiles() as files:
            for name in ("a", "b"):
                with files.text(tmp_path / name) as file:
                    file.write(name)
            assert not {"a", "b"} & set(names(tmp_path))
        assert names(tmp_path) == ["a", "b"]

    def test_or_none_of_them(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("old")
        (tmp_path / "b").mkdir()
        with pytest.raises(NotWritten, match="b: can't be written: Is a directory"):
            write_all(tmp_path, "a", "b")
        assert (tmp_path / "a").read_text() == "old"
        assert names(tmp_path) == ["a", "b"]

    @pytest.mark.parametrize("was_there", [True, False])
    def test_not_even_where_the_second_can_t_take_its_place(
        self, was_there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if was_there:
            (tmp_path / "a").write_text("old")
        before = names(tmp_path)
        really = Path.replace

        def picky(self: Path, target: Path) -> Path:
            if target.name == "b":
                raise PermissionError(errno.EACCES, "Permission denied")
            return really(self, target)

        monkeypatch.setattr(Path, "replace", picky)
        with pytest.raises(NotWritten, match="b: can't be written: Permission denied"):
            write_all(tmp_path, "a", "b")
        assert names(tmp_path) == before
        if was_there:
            assert (tmp_path / "a").read_text() == "old"

    def test_a_check_sees_the_file_before_anybody_else(self, tmp_path: Path) -> None:
        def check(path: Path) -> None:
            raise ValueError(path.read_text())

        with pytest.raises(ValueError, match=r"^new$"), written_binary(tmp_path / "a", check=check) as file:
            file.write(b"new")
        assert names(tmp_path) == []


def test_a_file_that_is_open_is_written_into_and_left_open() -> None:
    text, binary = io.StringIO(), io.BytesIO()
    with written_text(text) as file:
        file.write("a")
    with written_binary(binary) as other:
        other.write(b"b")
    assert (text.getvalue(), binary.getvalue()) == ("a", b"b")
