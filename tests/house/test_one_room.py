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


INSIDE = frozenset(
    [
        "_clock",
        "_day",
        "_index",
        "_load_report",
        "_question",
        "_raws",
        "_recipient_row",
        "_row",
        "_rows",
        "_support",
        "_unit_certain",
    ]
)
"""What answers, units and registers keep to themselves."""

OWNERS = {
    # The classes, the doors beside them, and the function that makes and takes apart every answer that is validated.
    "addressing/answers.py",
    "addressing/inside.py",
    "addressing/recipients.py",
    "addressing/validate.py",
    "addressing/verdicts.py",
    "index/inside.py",
    "index/unit.py",
    "register/inside.py",
}


def test_the_inside_of_answers_units_and_registers_is_read_through_one_door() -> None:
    reading = {
        (name, node.lineno, ast.unparse(node))
        for name, tree in MODULES.items()
        if name not in OWNERS
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in INSIDE
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    }
    assert reading == set()
    assert MODULES.keys() >= OWNERS
