"""What says nothing in an address book is nothing: None, NaN, a blank, a dash, and what programs write in their place."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sor_addressing import Register, review
from sor_addressing.changes import EntryState

REGISTER = Register.sample()
NUMBER = next(unit.provider_number for unit in REGISTER.by_sor_code.values() if unit.provider_number)


class NaTType:
    """Stands for what pandas has in the place of a time."""


MISSING = [None, float("nan"), "", " ", "-", "–", "NaN", "nan", "None", "<NA>", "#N/A", NaTType()]


@pytest.mark.parametrize("value", MISSING)
def test_a_value_that_says_nothing_is_none(value: object) -> None:
    rows = [
        {
            "ydernummer": NUMBER,
            "GLN": value,
            "SOR-kode": value,
            "SHAK": value,
            "navn": value,
            "key": value,
            "type": value,
        }
    ]
    found = review(rows, REGISTER)
    plain = review(
        [{"ydernummer": NUMBER, "GLN": "", "SOR-kode": "", "SHAK": "", "navn": "", "key": "", "type": ""}], REGISTER
    )
    assert found.entries[0].to_dict() == plain.entries[0].to_dict()


@pytest.mark.parametrize("text", [value for value in MISSING if isinstance(value, str) and value.strip()])
def test_so_does_a_cell(text: str, tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(
            [["ydernummer", "GLN", "type"], [NUMBER, text, text], [text, text, text]]
        )
    first, second = review(tmp_path / "a.csv", REGISTER).entries
    assert first.state is not EntryState.BROKEN
    assert second.reasons == ("entry-without-identifier",)


@pytest.mark.parametrize("name", ["b.csv", "b.json", "b.jsonl"])
def test_the_corrected_book_has_nothing_there(name: str, tmp_path: Path) -> None:
    found = review(
        [{"ydernummer": NUMBER, "GLN": float("nan"), "note": float("nan")}, {"ydernummer": "-", "note": NaTType()}],
        REGISTER,
    )
    text = found.write_corrected(tmp_path / name).read_text("utf-8")
    assert "nan" not in text.casefold()
    if name == "b.jsonl":
        assert [json.loads(line)["note"] for line in text.splitlines()] == [None, None]
