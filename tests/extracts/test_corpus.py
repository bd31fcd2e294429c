"""Published files as others write them: ``corpus`` has a folder for each, with made-up files by the publisher's description.

None was written by this project's own writers. A file ``plain-quoted.csv`` is held against ``plain.toml``: what it is, its own day, the
problems that are told, and every field of every record that has anything in it. What is refused is listed there too.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import attrs
import pytest

from sor_addressing.companions import MessageTypeRow
from sor_addressing.errors import ExtractError
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import recognise_file
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.sources import source_files
from sor_addressing.field_names import ADDRESS_FIELDS, CONTACT_FIELDS
from sor_addressing.model import Problem, RowsOfNumber

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(path for path in CORPUS.glob("*/*") if path.suffix != ".toml")
NAMES = {"providers": "yderregister.xml"}
DAY = dt.date(2026, 1, 15)
GIVEN = {
    "on": DAY,
    "types": [MessageTypeRow("17", "XDIS91", "XD9134L"), MessageTypeRow("18", "DIS91", "D9134L")],
}


def by_key(key: str) -> Content:
    return next(content for content in published.FILES if content.key == key)


def expectation(path: Path) -> dict[str, Any]:
    stem = path.name.partition(".")[0].partition("-")[0]
    return tomllib.loads(path.with_name(f"{stem}.toml").read_text("utf-8"))


def as_published(path: Path, folder: Path) -> Path:
    """The file under the name that it is published under."""
    name = NAMES.get(path.parent.name) or by_key(path.parent.name).member or by_key(path.parent.name).name
    packed = path.suffix if path.suffix in (".gz", ".zip") else ""
    return Path(shutil.copy(path, folder / f"{name}{packed}"))


def plain(value: object) -> object:
    """A value as TOML has it."""
    if attrs.has(type(value)):
        return fields(value)
    if isinstance(value, Enum):
        return value.value
    return [plain(one) for one in value] if isinstance(value, tuple) else value


def fields(record: Any) -> dict[str, object]:
    """Every field that has anything in it, but for where it stands."""
    found: dict[str, object] = {}
    for one in attrs.fields(type(record)):
        value = getattr(record, one.name)
        if one.name in ("file", "line") or (value == one.default and value != "") or value is None:
            continue
        if one.name.endswith("_address") or one.name == "contact":
            names = CONTACT_FIELDS if one.name == "contact" else ADDRESS_FIELDS
            found[one.name] = {name: text for name, text in zip(names, value, strict=True) if text}
        elif value != "" or one.default is attrs.NOTHING:
            found[one.name] = plain(value)
    return found


def records_of(rows: Any) -> Iterator[dict[str, object]]:
    for row in rows:
        if isinstance(row, RowsOfNumber):
            for said in row.said:
                names = ("message_type", "may_send", "may_receive")
                there = {name: one for name, one in zip(names, said, strict=True) if one is not None}
                yield {"location_number": row.location_number, **there}
        else:
            yield fields(row)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_as_others_write_it_is_read_whole(path: Path, tmp_path: Path) -> None:
    expected = expectation(path)
    (file,) = source_files(as_published(path, tmp_path))
    problems: list[Problem] = []
    refused = expected.get("refused", {}).get(path.name)
    if refused is not None:
        with pytest.raises(ExtractError, match=refused):
            recognise_file(file)
        return
    content = recognise_file(file).content
    assert content.key == expected["content"]
    with file.open() as stream:
        reader = content.read(
            stream, file=file.name, report=problems.append, **{name: GIVEN[name] for name in content.needs}
        )
        records = list(records_of(reader))
    assert records == expected["records"]
    assert [problem.code for problem in problems] == expected.get("problems", [])
    assert getattr(reader, "day", None) == expected.get("day")


def test_every_published_file_has_its_folder() -> None:
    assert {path.name for path in CORPUS.iterdir() if path.is_dir()} == {content.key for content in published.FILES}


def test_every_file_has_what_is_expected_of_it() -> None:
    for path in CORPUS.glob("*/*.toml"):
        assert [one for one in FILES if one.parent == path.parent and one.name.startswith(path.stem)], path
    for path in FILES:
        assert expectation(path)["records"]
