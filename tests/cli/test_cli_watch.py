"""``watch``: for a scheduler, after the daily update."""

from __future__ import annotations

from pathlib import Path

import pytest

from sor_addressing.testing import sample_extract

CLINIC = sample_extract().unit("Lægehuset Entydig")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.csv"
    assert CLINIC.location is not None
    path.write_text(f"Nr;Lokationsnummer;Meddelelsestype\n1;{CLINIC.location.number};DIS91\n2;5790999099998;DIS91\n")
    return path


def test_news_are_told_once(run, book: Path) -> None:
    first = run("watch", book, "--sample", "--lang", "en")
    assert first.code == 1
    assert first.lines[0].startswith("Address book on 2026-01-15: 1 newly broken")
    second = run("watch", book, "--sample", "--lang", "en")
    assert (second.code, second.lines[0]) == (0, "Address book on 2026-01-15: nothing new since 2026-01-15")


def test_a_dry_run_remembers_nothing(run, book: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    for _ in range(2):
        assert run("watch", book, "--sample", "--dry-run", "--state", state).code == 1
    assert not state.exists()
    assert run("watch", book, "--sample", "--state", state, "--json").json["is_new"] is True
    assert run("watch", book, "--sample", "--state", state, "--json").json["is_new"] is False


def test_a_book_that_changes_is_looked_at_anew(run, book: Path) -> None:
    assert run("watch", book, "--sample").code == 1
    book.write_text(book.read_text() + "3;5790999099981;DIS91\n")
    ran = run("watch", book, "--sample", "--lang", "da")
    assert ran.code == 1
    assert "Linje 4" in ran.out
    assert "Linje 3" not in ran.out


def test_a_memory_that_is_damaged_is_told_and_the_book_left_alone(run, book: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("?")
    ran = run("watch", book, "--sample", "--state", state)
    assert ran.code == 2
    assert "remove the file" in ran.err
