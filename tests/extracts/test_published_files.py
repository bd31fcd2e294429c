"""A published file is one row: recognising, loading, facts and the store's origins need nothing else to know of a further one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from sor_addressing import Register
from sor_addressing.companions import CodeText
from sor_addressing.daily.origin import FolderOrigin
from sor_addressing.errors import ExtractError, StoreError
from sor_addressing.extracts import published
from sor_addressing.extracts.describe import describe_columns
from sor_addressing.extracts.detect import recognise
from sor_addressing.extracts.facts import facts, not_known
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.tables.headers import Layout, layouts
from sor_addressing.loading.joining import BEFORE_UNITS, OF_A_DAY, REGISTRATIONS, UNITS
from sor_addressing.model import Problem
from sor_addressing.testing import MadeUpExtract, sample_extract
from sor_addressing.testing.published.writers import WRITERS


def begins(head: bytes) -> bool:
    return head.startswith(b"OPDIGTET")


def read_by_lines(stream: BinaryIO, *, file: str, report: Callable[[Problem], None]) -> Iterator[CodeText]:
    for line, text in enumerate(stream.read().decode().splitlines()[1:], 2):
        code, _, words = text.partition("=")
        yield CodeText(code, words, "", line)


def read_by_columns(
    stream: BinaryIO, *, file: str, columns: object, report: Callable[[Problem], None]
) -> Iterator[CodeText]:
    for line, text in enumerate(stream.read().decode().splitlines()[1:], 2):
        code, _, words = text.partition(";")
        yield CodeText(code, words, "", line)


def row(**more: object) -> Content:
    about = {"key": "made_up", "name": "Opdigtet.txt", "about": "texts of codes", "generation": "made up"}
    return Content(**{**about, "joined": "texts of codes", "says": "texts of codes", **more})  # type: ignore[arg-type]


@pytest.fixture
def by_lines(monkeypatch: pytest.MonkeyPatch) -> Content:
    content = row(begins=f"{__name__}:begins", reader=f"{__name__}:read_by_lines")
    monkeypatch.setattr(published, "FILES", (*published.FILES, content))
    return content


@pytest.fixture
def by_columns(monkeypatch: pytest.MonkeyPatch) -> Content:
    layout = Layout("made_up", (("tint",),), ("tint",), (), (), (), (), ("Opdigtet.csv",), {"farvekode": "tint"})
    monkeypatch.setitem(layouts(), "made_up", layout)  # type: ignore[arg-type]  # as columns.toml would add it
    content = row(layout="made_up", reader=f"{__name__}:read_by_columns")
    monkeypatch.setattr(published, "FILES", (*published.FILES, content))
    return content


@pytest.fixture
def extract() -> MadeUpExtract:
    return sample_extract()


def load(extract: MadeUpExtract, folder: Path) -> Register:
    return Register.load(folder, snapshot_date=extract.snapshot_date, clock=lambda: extract.snapshot_date)


@pytest.mark.parametrize(
    ("fixture", "text"), [("by_lines", "OPDIGTET\n999=Prøvekode\n"), ("by_columns", "Farvekode;Ord\n999;Prøvekode\n")]
)
def test_a_file_that_nobody_knew_is_a_row_and_a_reader(
    fixture: str, text: str, extract: MadeUpExtract, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    extract.write(tmp_path / "before")
    assert "texts of codes" in load(extract, tmp_path / "before").load_report.not_known
    content: Content = request.getfixturevalue(fixture)
    folder = tmp_path / "day"
    extract.write(folder)
    (folder / "fil.dat").write_text(text, "utf-8")
    assert recognise(text.encode(), file="fil") is content
    register = load(extract, folder)
    assert register.code_text("type", "999") == "Prøvekode"
    assert "texts of codes" not in register.load_report.not_known
    assert str(folder / "fil.dat") in [
        source.file for source in register.load_report.sources if source.content == "Opdigtet.txt"
    ]
    assert "texts of codes" not in not_known(["sor_xml", "made_up"])
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    assert [file.name for file in FolderOrigin(folder).fetch(fetched, {}).files] == [
        "Edityper.csv",
        "Sor.xml",
        "fil.dat",
    ]
    (folder / "fil2.dat").write_text(text, "utf-8")
    with pytest.raises(ExtractError, match=r"2 files hold Opdigtet\.txt"):
        load(extract, folder)
    with pytest.raises(StoreError, match=r"more than one file is a Opdigtet\.txt"):
        FolderOrigin(folder).fetch(fetched, {})


def test_a_table_that_nobody_knew_is_described(by_columns: Content) -> None:
    assert describe_columns(b"Farvekode;Ord\n999;A\n").layout == "made_up"


def test_without_its_row_it_is_none_of_the_files() -> None:
    with pytest.raises(ExtractError, match="not recognised"):
        recognise(b"OPDIGTET\n999=A\n", file="fil")


def test_every_row_has_a_reader_a_way_to_be_joined_a_writer_and_facts() -> None:
    ways = {UNITS, *BEFORE_UNITS, *OF_A_DAY, *REGISTRATIONS}
    for content in published.FILES:
        assert content.joined in ways
        assert callable(published._called(content._reader))
        assert content.layout in layouts() or content._begins or content._elements
        assert content.key in WRITERS
        assert any(content.knows(fact.name) == "yes" for fact in facts())
    assert {content.joined for content in published.FILES} == ways
    assert set(WRITERS) == {content.key for content in published.FILES}
    assert len({content.key for content in published.FILES}) == len(published.FILES)


def test_telling_files_apart_imports_no_reader_and_tables_no_parser() -> None:
    program = (
        "import sys; from sor_addressing.extracts.detect import recognise; recognise(b'EAN;EDI-type\\n', file='a');"
        "print(*sorted(name for name in sys.modules if name.startswith(('sor_addressing.extracts', 'lxml'))))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    readers = {content._reader.partition(":")[0] for content in published.FILES}
    assert set(answer) & (readers - {"sor_addressing.extracts.tables.shak"}) == set()
    assert not any(name.startswith("lxml") for name in answer)
