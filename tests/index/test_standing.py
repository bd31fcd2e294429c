"""A mapped file that somebody writes into is noticed; nobody gets an answer that stands in neither file, and nobody is killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sor_addressing import Register, SnapshotError
from sor_addressing.index import standing
from sor_addressing.testing import made_up_nation

OVERWRITTEN = r"live\.sor: was overwritten while it was open \(.*\); open it again"


@pytest.fixture
def live(tmp_path: Path) -> Path:
    path = tmp_path / "live.sor"
    made_up_nation(300, seed=3).to_register().save(path)
    path.chmod(0o644)
    return path


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is looked at before each answer, not ten times a second."""
    monkeypatch.setattr(standing, "INTERVAL", 0.0)


def overwrite(live: Path, data: bytes, how: str) -> None:
    if how == "cp":  # truncates, then writes
        live.write_bytes(data)
    else:
        with live.open("r+b") as file:
            file.write(data)
            file.truncate()


@pytest.mark.parametrize("how", ["cp", "in place"])
@pytest.mark.parametrize("units", [200, 300, 500])
@pytest.mark.usefixtures("at_once")
def test_an_overwrite_is_noticed_whatever_is_asked(live, tmp_path, how, units):
    register = Register.open(live)
    number = next(iter(register.by_location_number))
    held = register.by_location_number[number][0]
    register.validate(number, "XDIS91")
    made_up_nation(units, seed=4).to_register().save(tmp_path / "new.sor")
    overwrite(live, (tmp_path / "new.sor").read_bytes(), how)
    for ask in (
        lambda: register.validate(number, "XDIS91"),
        lambda: register.resolve(number),
        lambda: list(register.validate_many([(number, "XDIS91")])),
        lambda: register.by_location_number[number],
        lambda: register.find(limit=1),
        lambda: register.search("afdeling"),
        lambda: list(register),
        lambda: held.name,
        lambda: held.location,
        lambda: held.parent,
    ):
        with pytest.raises(SnapshotError, match=OVERWRITTEN):
            ask()
    assert Register.open(live).validate(number, "XDIS91") is not None


@pytest.mark.usefixtures("at_once")
def test_one_byte_written_into_it_is_noticed_by_its_time(live):
    register = Register.open(live)
    number = next(iter(register.by_location_number))
    register.validate(number, "XDIS91")
    with live.open("r+b") as file:
        file.seek(live.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    os.utime(live, (1, 1))  # so that the test doesn't hang on how fine a file system tells times
    with pytest.raises(SnapshotError, match=OVERWRITTEN):
        register.validate(number, "XDIS91")
    with pytest.raises(SnapshotError, match=OVERWRITTEN):  # and never forgotten
        register.validate(number, "XDIS91")


@pytest.mark.usefixtures("at_once")
def test_what_leaves_the_content_alone_is_no_overwrite(live, tmp_path):
    register = Register.open(live)
    number = next(iter(register.by_location_number))
    before = register.validate(number, "XDIS91")
    os.utime(live)
    live.chmod(0o600)
    live.write_bytes(live.read_bytes())  # the same again
    assert register.validate(number, "XDIS91") == before
    made_up_nation(200, seed=4).to_register().save(tmp_path / "new.sor")
    if os.name != "nt":
        (tmp_path / "new.sor").replace(live)  # the mapped file is still there, without a name
        assert register.validate(number, "XDIS91") == before


def test_between_two_looks_only_the_size_is_looked_at(live, monkeypatch):
    register = Register.open(live)
    number = next(iter(register.by_location_number))
    looks = []
    monkeypatch.setattr(standing.StandingFile, "_look", lambda _: looks.append(1))
    monkeypatch.setattr(standing, "_monotonic", lambda: 0.0)
    for _ in range(100):
        register.validate(number, "XDIS91")
    assert not looks


KILLED = """
import os, sys
from sor_addressing import Register, SnapshotError
register = Register.open(sys.argv[1])
numbers = list(register.by_location_number)
units = list(register)
[register.validate(number, "XDIS91").to_dict() for number in numbers]
with open(sys.argv[1], "r+b") as file:
    file.truncate(int(sys.argv[2]))
told = 0
for ask in (lambda: register.validate(numbers[0], "XDIS91"), lambda: register.find(), lambda: units[3].to_dict(),
            lambda: register.search("a"), lambda: register.save(sys.argv[1] + "2"), lambda: register.load_report):
    try:
        ask()
    except SnapshotError:
        told += 1
print(told)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows cuts off no file that is mapped")
@pytest.mark.parametrize("left", [0, 8_192])
def test_a_file_cut_off_while_it_is_open_kills_nobody(live, left):
    ended = subprocess.run([sys.executable, "-c", KILLED, live, str(left)], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "6"), ended.stderr


@pytest.mark.skipif(not hasattr(os, "fchmod"), reason="this system has no rights of files")
@pytest.mark.parametrize("before", [None, 0o644, 0o600])
def test_compiled_files_are_read_only(tmp_path, before):
    path = tmp_path / "live.sor"
    usual = tmp_path / "usual"
    usual.touch()
    if before is not None:
        path.touch(before)
    register = made_up_nation(100, seed=1).to_register()
    for _ in range(2):
        register.save(path)
        rights = usual.stat().st_mode if before is None else before
        assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(rights) & ~0o222
