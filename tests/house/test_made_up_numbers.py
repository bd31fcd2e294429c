"""Every number in package, tests, docs and examples is made up, from the reserved ranges; no CPR number anywhere."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sor_addressing

ROOT = Path(__file__).parents[2]
PACKAGE = Path(sor_addressing.__file__).parent

RESERVED_PREFIX = "5790999"
FIRST_RESERVED_RUNNING_NUMBER = 900_000

# Thirteen digits that are facts of the field and no location number: number, and what it is.
FACTS: dict[str, str] = {}

SKIPPED_FOLDERS = {"__pycache__", "_build", ".hypothesis"}
BINARY_SUFFIXES = {".gz", ".png", ".pyc", ".zip"}

_THIRTEEN_DIGITS = re.compile(r"(?<![\w.])\d{13}(?![\w.]\d|\w)")
_SPACED_LOCATION_NUMBER = re.compile(r"(?<!\w)5[ -]?7[ -]?9[ -]?0(?:[ -]?\d){9}(?!\w)")
_SOR_CODE = re.compile(r"(?<![\w.])(\d+)[ -]?1000016[ -]?00\d(?!\w)")
_CPR_SHAPE = re.compile(r"(?<!\w)(?<!\d[-.])(\d{2})(\d{2})(\d{2})[-\N{EN DASH}]?\d{4}(?![\w]|[-.]\d)")


def files() -> Iterator[Path]:
    places = [PACKAGE, *(ROOT / name for name in ("tests", "docs", "examples", ".ci", ".github"))]
    for place in places:
        yield from (path for path in place.rglob("*") if path.is_file() and not SKIPPED_FOLDERS & set(path.parts))
    at_the_top = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "pyproject.toml")
    yield from (path for path in (ROOT / name for name in at_the_top) if path.exists())


FILES = sorted(path for path in files() if path.suffix not in BINARY_SUFFIXES)


def not_made_up(text: str) -> list[str]:
    """The numbers in a text that could be somebody's."""
    found = []
    for number in _THIRTEEN_DIGITS.findall(text):
        if not number.startswith(RESERVED_PREFIX) and number not in FACTS:
            found.append(number)
    for spaced in _SPACED_LOCATION_NUMBER.findall(text):
        if not re.sub(r"[ -]", "", spaced).startswith(RESERVED_PREFIX):
            found.append(spaced)
    found.extend(match[0] for match in _SOR_CODE.finditer(text) if int(match[1]) < FIRST_RESERVED_RUNNING_NUMBER)
    found.extend(match[0] for match in _CPR_SHAPE.finditer(text) if is_birthday(match[1], match[2], match[3]))
    return sorted(set(found))


def is_birthday(day: str, month: str, year: str) -> bool:
    # Substitute CPR numbers have 60 added to the day. 2000 is a leap year, so no birthday is missed.
    try:
        dt.date(2000, int(month), int(day) % 60)
    except ValueError:
        return False
    return year.isdigit()


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_number_is_made_up(path: Path) -> None:
    assert not_made_up(path.read_text("utf-8", errors="replace")) == []


def test_a_number_that_could_be_somebodys_is_found() -> None:
    location_number = "5790" + "001" + "000009"
    spaced = "5790" + " 001 000 009"
    sor_code = "8" + "99999" + "1000016" + "003"
    cpr_number = "0101" + "70" + "-" + "0000"
    substitute = "6112" + "99" + "0000"
    text = f"{location_number}, {spaced}; {sor_code}\n<id>{cpr_number}</id> {substitute}"
    assert not_made_up(text) == sorted([location_number, spaced, sor_code, cpr_number, substitute])


@pytest.mark.parametrize("text", ["5790999000017", "9000011000016006", "900001 1000016 006", "3" * 10, "2026-01-31"])
def test_a_made_up_number_is_let_through(text: str) -> None:
    assert not_made_up(text) == []
