"""A rule stands in one room: what only that room may know is looked for in all the others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent
MODULES = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}


def constants(tree: ast.AST) -> Iterator[object]:
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))


def test_only_one_room_knows_what_parts_a_packed_record() -> None:
    having = {
        name
        for name, tree in MODULES.items()
        for value in constants(tree)
        if value in ("\x1e", "\x1d", b"\x1e", b"\x1d")
    }
    assert having == {"index/packed.py"}


def test_raw_findings_are_made_by_one_function() -> None:
    """A tuple of a code, ``levels[code]`` and details, written anywhere else."""
    making = {
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple)
        and len(node.elts) == 3
        and isinstance(node.elts[1], ast.Subscript)
        and "levels" in ast.unparse(node.elts[1].value)
    }
    assert making == {"addressing/severities.py"}
