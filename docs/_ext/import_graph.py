"""Who imports whom in the package, read from its text: for the page on architecture, and for the test that no folder is a heap."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import attrs

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent


@attrs.frozen
class Folder:
    """A folder of the package, and the imports of its own modules; those for type checkers alone are left out."""

    name: str
    modules: int
    within: int
    """Imports of one of its modules by another."""
    doors: int
    """Its modules that others import, from outside."""
    outside: int
    """Modules outside that it imports."""


def folders() -> tuple[Folder, ...]:
    """Every folder of the package, by name."""
    modules = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
    edges = {(one, other) for one, path in modules.items() for other in _imports(path, modules) if one != other}
    homes = {name: path.parent.relative_to(PACKAGE).as_posix() for name, path in modules.items()}
    return tuple(
        Folder(
            name=home,
            modules=sum(path.parent == PACKAGE / home and path.stem != "__init__" for path in modules.values()),
            within=sum(homes[one] == homes[other] == home for one, other in edges),
            doors=len({other for one, other in edges if homes[one] != home == homes[other]}),
            outside=len({other for one, other in edges if homes[one] == home != homes[other]}),
        )
        for home in sorted(set(homes.values()))
    )


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    for node in _run_time(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module in modules:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else node.module


def _run_time(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _run_time(child)
