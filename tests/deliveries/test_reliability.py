"""Two processes at once, a process killed at any moment, a full disk, a damaged file."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import attrs
import pytest

from sor_addressing import NotWritten, Register
from sor_addressing.deliveries import DeliveryError, DeliveryLedger, WaitingTimes
from sor_addressing.testing import MadeUpLetter, oioxml_of, returned_letters, write_returned_letters

KILLS = 50
ADDING = """
import sys
from sor_addressing.deliveries import DeliveryLedger
with DeliveryLedger(sys.argv[1]) as ledger:
    for path in sys.argv[2:]:
        ledger.add(path)
        print(path, flush=True)
"""


def outbox(folder: Path, count: int, first: int = 0) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = []
    for number in range(first, first + count):
        path = folder / f"{number:04}.xml"
        path.write_bytes(oioxml_of(MadeUpLetter(letter_id=f"BRV{number:011}", envelope_id=f"KUV{number:011}")))
        paths.append(path)
    return paths


def adding(ledger: Path, paths: list[Path]) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", ADDING, str(ledger), *map(str, paths)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=os.environ.copy())


def test_two_processes_add_at_once_and_lose_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "deliveries.sqlite"
    ways = [outbox(tmp_path / "one", 40), outbox(tmp_path / "two", 40, first=20)]
    running = [adding(ledger, paths) for paths in ways]
    assert [one.communicate()[0] and one.returncode for one in running] == [0, 0]
    assert DeliveryLedger(ledger).report().total.letters == 60


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_process_that_is_killed_loses_at_most_its_last_file(tmp_path: Path) -> None:
    ledger = tmp_path / "deliveries.sqlite"
    paths = outbox(tmp_path / "out", 400)
    chance = random.Random(22)  # noqa: S311 (when to kill, no secret)
    told: set[str] = set()
    left = list(paths)
    with DeliveryLedger(ledger) as opened:
        opened.add(paths[0])
    for _ in range(KILLS):
        # Forked where the package is imported already, so that fifty of them take no minute.
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:  # pragma: no cover (another process)
            os.close(reading)
            try:
                with DeliveryLedger(ledger) as own:
                    for path in left:
                        own.add(path)
                        os.write(writing, f"{path}\n".encode())
            finally:
                os._exit(0)
        os.close(writing)
        time.sleep(chance.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading) as said:
            told |= {line.strip() for line in said if line.endswith("\n")}
        with DeliveryLedger(ledger) as after:
            fared = after.letters(sorted(told))
            assert [one.file for one in fared if one.fared is None] == []
        left = [path for path in paths if str(path) not in told] or list(paths)
    with sqlite3.connect(ledger) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    with DeliveryLedger(ledger) as whole:
        whole.add(paths)
        assert whole.report().total.letters == 400


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    ledger = DeliveryLedger(tmp_path / "deliveries.sqlite")
    first = MadeUpLetter()
    ledger.add(oioxml_of(first))
    with ledger._writing() as (connection, _):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    many = outbox(tmp_path / "out", 300, first=10)
    with pytest.raises(NotWritten, match="make room") as raised:
        ledger.add(many)
    assert "kan ikke skrives" in raised.value.text("da")
    before = ledger.report().total.letters
    assert 1 <= before < 301
    connection.execute("PRAGMA max_page_count = 1000000")
    ledger.add(many)
    assert ledger.report().total.letters == 301


@pytest.mark.parametrize("damage", ["cut", "overwritten", "other", "no-database"])
def test_a_damaged_ledger_says_so_and_is_made_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "deliveries.sqlite"
    paths = outbox(tmp_path / "out", 50)
    with DeliveryLedger(path) as ledger:
        ledger.add(paths)
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "overwritten":
        path.write_bytes(content[:8192] + bytes(255 for _ in content[8192:]))
    elif damage == "other":
        path.unlink()
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE own (a)")
        other.close()
    else:
        path.write_bytes(b"no database at all, but a text that is long enough to be looked at as one" * 50)
    with DeliveryLedger(path) as broken, pytest.raises((DeliveryError, NotWritten)):
        _everything(broken, paths)
    added = DeliveryLedger.rebuild(path, tmp_path / "out")
    assert added.letters == 50
    assert DeliveryLedger(path).report().total.letters == 50


def _everything(ledger: DeliveryLedger, paths: list[Path]) -> None:
    ledger.report()
    ledger.overdue()
    ledger.add(paths)
    ledger.forget(0, on=dt.date(2027, 1, 1))


def test_a_ledger_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.sqlite"
    DeliveryLedger(path).add(oioxml_of(MadeUpLetter()))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DeliveryError, match="later version"):
        DeliveryLedger(path).report()


def test_an_opened_ledger_notices_that_it_was_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.sqlite"
    opened = DeliveryLedger(path)
    opened.add(oioxml_of(MadeUpLetter()))
    assert opened.state("5790999000024", "XDIS91").sent is not None
    DeliveryLedger.rebuild(path, outbox(tmp_path / "out", 3))
    assert opened.report().total.letters == 3
    opened.add(oioxml_of(attrs.evolve(MadeUpLetter(), letter_id="BRV00000000099")))
    assert DeliveryLedger(path).report().total.letters == 4


def test_what_another_process_adds_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.sqlite"
    reader = DeliveryLedger(path, read_only=True)
    with DeliveryLedger(path) as writer:
        writer.add(oioxml_of(MadeUpLetter()))
        assert reader.state("5790999000024", "XDIS91").sent is not None
        writer.forget(0)
        time.sleep(0.3)
        assert reader.state("5790999000024", "XDIS91").sent is None


def test_whatever_bytes_are_damaged_is_an_error_of_ours_or_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.sqlite"
    outbox_folder, inbox = write_returned_letters(tmp_path)
    with DeliveryLedger(path) as ledger:
        ledger.add([outbox_folder, inbox])
    content = path.read_bytes()
    chance = random.Random(7)  # noqa: S311 (what to damage, no secret)
    register = Register.sample()
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 3, 40))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        path.write_bytes(damaged)
        with DeliveryLedger(path, waiting=WaitingTimes.shipped().but(vans=1)) as ledger:
            for ask in (
                lambda one: [
                    one.state(letter.letter.receiver.location_number, "DIS91").text() for letter in returned_letters()
                ],
                lambda one: [late.text("da") for late in one.overdue()],
                lambda one: one.report(("receiver", "reason", "week")).to_html(),
                lambda one: one.causes(register),
                lambda one: one.letters(outbox_folder),
                lambda one: one.add([outbox_folder, inbox]),
                lambda one: one.forget(10, on=dt.date(2026, 1, 20)),
            ):
                with contextlib.suppress(DeliveryError, NotWritten):
                    ask(ledger)


def test_a_folder_and_a_name_that_is_none_are_no_ledgers(tmp_path: Path) -> None:
    for path in (tmp_path, "a\0b"):
        with pytest.raises(DeliveryError):
            DeliveryLedger(path).report()
        with pytest.raises((DeliveryError, NotWritten)):
            DeliveryLedger(path).add(oioxml_of(MadeUpLetter()))
