"""A book that is watched: what was told once is not told again, what is new is, and what is cured too."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from sor_addressing import Register, review
from sor_addressing.changes import Watched, WatchMemory, watch
from sor_addressing.errors import AddressBookError
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number, sor_code

FIRST = dt.date(2026, 1, 15)
BOOK = [
    {"key": "1", "location_number": location_number(1), "message_type": "DIS91"},
    {"key": "2", "location_number": location_number(2), "message_type": "DIS91"},
    {"location_number": location_number(77), "name": "NAVN I BOGEN"},
]


def day(number: int, *, closed: bool = False, name: str = "Klinikken") -> Register:
    build = RegisterBuilder(FIRST + dt.timedelta(number))
    region = build.owner("Region Opdigt", sor_code=sor_code(10))
    last = FIRST + dt.timedelta(number - 1) if closed else None
    build.institution(region, name, sor_code=sor_code(11), location_number=location_number(1), to_date=last)
    build.institution(region, "Lægehuset", sor_code=sor_code(12), location_number=location_number(2))
    for number_ in (location_number(1), location_number(2)):
        build.registers(number_, "DIS91 D9134L", "CTL02", "CTL03", send=True, receive=True)
    return build.build()


def look(register: Register, memory: WatchMemory, previous: Register | None = None) -> Watched:
    found = watch(review(BOOK, register, previous), memory, register=register, previous=previous)
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    for language in ("da", "en"):
        assert found.text(language).splitlines()[0] == found.subject(language)
        assert "{" not in found.text(language)
    return found


def lines(entries) -> list[int]:
    return [one.entry.line for one in entries]


def test_the_first_time_everything_that_is_wrong_is_new():
    found = look(day(0), WatchMemory())
    assert (lines(found.news), found.cured, found.changes) == ([3], (), ())
    assert found.is_new
    assert "first time" in found.text("en")


def test_what_was_told_is_not_told_again():
    first = look(day(0), WatchMemory())
    again = look(day(1), first.memory, day(0))
    assert not again.is_new
    assert "nothing new since 2026-01-15" in again.subject("en")


def test_what_breaks_is_new_and_what_is_cured_is_told_with_what_changed_in_the_register():
    first = look(day(0), WatchMemory())
    broken = look(day(1, closed=True), first.memory, day(0))
    assert lines(broken.news) == [1]
    assert [(str(change.kind), change.sor_code) for change in broken.changes] == [("closed", sor_code(11))]
    cured = look(day(2), broken.memory, day(1, closed=True))
    assert (lines(cured.news), lines(cured.cured)) == ([], [1])
    assert "All right again" in cured.text("en")


def test_changes_of_units_that_the_book_uses_are_told():
    first = look(day(0), WatchMemory())
    renamed = look(day(1, name="Klinikken ved Åen"), first.memory, day(0))
    assert [str(change.kind) for change in renamed.changes] == ["renamed"]
    assert renamed.is_new


def test_what_is_remembered_holds_nothing_of_the_book(tmp_path: Path):
    memory = look(day(0), WatchMemory()).memory
    path = tmp_path / "below" / "state.json"
    memory.save(path)
    assert WatchMemory.load(path) == memory
    text = path.read_text("utf-8")
    assert "NAVN" not in text
    assert location_number(77) not in text
    assert list(path.parent.iterdir()) == [path]


def test_nothing_is_remembered_where_there_is_no_file(tmp_path: Path):
    assert WatchMemory.load(tmp_path / "none.json") == WatchMemory()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"layout": 2}', '{"layout": 1, "day": "x", "entries": {}}', "[" * 100_000]
)
def test_a_damaged_memory_is_refused_with_what_to_do(tmp_path: Path, text: str):
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(AddressBookError, match="remove the file") as caught:
        WatchMemory.load(path)
    assert caught.value.file == str(path)


def test_entries_that_are_alike_are_told_apart():
    book = [{"location_number": location_number(77)}, {"location_number": location_number(77)}]
    found = watch(review(book, day(0)), WatchMemory())
    assert len(found.memory.entries) == 2
