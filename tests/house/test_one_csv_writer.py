"""One room writes cells. A second writer of CSV would forget the guard against formulas, and one of JSON the names of files."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent
ROOM = PACKAGE / "cells"
RAW = "raw_csv_writer"


def writers(source: str) -> list[str]:
    """What makes a writer of CSV, or is a raw one, in a module: line and name."""
    found = []
    tree = ast.parse(source)
    names = {"csv"} | {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "csv" and alias.asname
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("csv", "_csv"):
            found += [
                (node.lineno, f"csv.{alias.name}") for alias in node.names if alias.name in ("writer", "DictWriter")
            ]
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in names
            and node.attr in ("writer", "DictWriter")
        ):
            found.append((node.lineno, f"csv.{node.attr}"))
        if isinstance(node, ast.Name) and node.id == RAW:
            found.append((node.lineno, RAW))
    return [f"{line}: {what}" for line, what in sorted(found)]


def test_only_the_room_writes_csv_and_only_the_kit_writes_it_raw() -> None:
    second = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if ROOM in path.parents:
            continue
        found = writers(path.read_text("utf-8"))
        if PACKAGE / "testing" / "published" in path.parents:  # writes what publishers do, formulas too
            found = [one for one in found if not one.endswith(RAW)]
        if found:
            second[path.relative_to(PACKAGE).as_posix()] = found
    assert second == {}, "use sor_addressing.cells.csv_writer"


@pytest.mark.parametrize(
    "planted",
    [
        "import csv\ncsv.writer(file)",
        "import csv as c\nc.DictWriter(file, [])",
        "from csv import writer",
        "raw_csv_writer(file)",
    ],
)
def test_a_second_writer_is_found(planted: str) -> None:
    assert len(writers(planted)) == 1


def test_reading_is_left_alone() -> None:
    assert writers("import csv\ncsv.reader(lines)\ncsv_writer(file)") == []
