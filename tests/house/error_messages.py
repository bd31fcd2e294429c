"""Every message that an error of the package can have, found in its source: what is given to an error, or to a function that makes one.

``python -m tests.house.error_messages`` prints those that have no Danish yet, as ``texts/errors.toml`` is to have them in English.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import sor_addressing
from sor_addressing import errors
from sor_addressing.texts import entries
from sor_addressing.texts.of_errors import parted

PACKAGE = Path(sor_addressing.__file__).parent
ERRORS = {
    name for name, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, errors.SorAddressingError)
}
OWN_WORDS = {
    "MissingExtra",
    "_damaged",
}  # the one makes its text itself, the other takes the name of a part of the compiled file
REASONS = {"fault_in"}  # gives a text that becomes that of an error


class Message(NamedTuple):
    """A message: where it is said, what stands between the expressions that are filled in, and those."""

    place: str
    literals: tuple[str, ...]
    filled: tuple[str, ...]

    def __str__(self) -> str:
        parts = [part.replace("{", "{{").replace("}", "}}") for part in self.literals]
        return "".join(
            part + between for part, between in zip(parts, [*(f"{{{one}}}" for one in self.filled), ""], strict=True)
        )


@cache
def messages() -> list[Message]:
    """All of them, in the order of the source."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        said = list(_said_in(tree))
        made = [Message(f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}", *_parted(node)) for node in said]
        found += [message for message in made if " " in "".join(message.literals)]  # the others are names
    return found


def without_danish() -> list[Message]:
    """Those that no entry of ``texts/errors.toml`` is made for."""
    known = {parted(texts["en"])[0] for texts in entries("errors").values()}
    return [message for message in messages() if message.literals not in known]


def _parted(node: ast.expr) -> tuple[tuple[str, ...], tuple[str, ...]]:
    literals, filled = [""], []
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        if isinstance(part, ast.Constant):
            literals[-1] += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            filled.append(ast.unparse(part.value))
            literals.append("")
    return tuple(literals), tuple(filled)


def _said_in(tree: ast.Module) -> Iterator[ast.expr]:
    makers = (_makers(tree) | _makers_of_all()) - OWN_WORDS
    for function in [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Module))]:
        own = list(_inside(function))
        for node in own:
            if isinstance(node, ast.Return) and getattr(function, "name", "") in REASONS:
                yield from _strings(node.value)
            if not isinstance(node, ast.Call) or _name(node.func) not in makers or not node.args:
                continue
            if ast.unparse(node.func).startswith("_log"):
                continue
            given = next((one for one in _texts_among(node.args)), node.args[0])
            for text in _alternatives(given):
                if isinstance(text, ast.Name):
                    yield from _assigned(own, text.id)
                else:
                    yield from _strings(text)


def _strings(node: ast.expr | None) -> Iterator[ast.expr]:
    if isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    ):
        yield node


def _texts_among(given: list[ast.expr]) -> Iterator[ast.expr]:
    for one in given:
        if any(
            isinstance(text, ast.JoinedStr) or (isinstance(text, ast.Constant) and isinstance(text.value, str))
            for text in _alternatives(one)
        ):
            yield one


def _inside(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function that are of no function inside it."""
    for child in ast.iter_child_nodes(function):
        if isinstance(child, ast.FunctionDef):
            continue
        yield child
        yield from _inside(child)


@cache
def _makers_of_all() -> set[str]:
    """What makes an error anywhere: the classes, the functions that are said to give one, and a fault that becomes one."""
    found = ERRORS | {"JsonFault"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.returns is not None and ast.unparse(node.returns) in ERRORS:
                found.add(node.name)
    return found


def _makers(tree: ast.Module) -> set[str]:
    """What makes one in a module: a parameter that is a class of errors or gives one, an exception of its own, what passes a text on."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and {_name(base) for base in node.bases} & {"ValueError", "Exception"}:
            found.add(node.name)
        if isinstance(node, ast.arg) and node.annotation is not None:
            written = ast.unparse(node.annotation)
            if written.startswith(("type[", "Callable[")) and any(f"{error}]" in written for error in ERRORS):
                found |= {node.arg, f"_{node.arg}"}
    while True:
        passing = set(_passing_on(tree, found | _makers_of_all()))
        if passing <= found:
            return found - {"", "print"}
        found |= passing


def _passing_on(tree: ast.Module, makers: set[str]) -> Iterator[str]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            parameters = {one.arg for one in [*function.args.args, *function.args.kwonlyargs]} - {
                "self",
                "cls",
                "file",
                "path",
                "key",
                "name",
            }
            for node in _inside(function):
                if isinstance(node, ast.Call) and _name(node.func) in makers:
                    texts = [*_texts_among(node.args)] or node.args[-1:]
                    if texts and isinstance(texts[0], ast.Name) and texts[0].id in parameters:
                        yield function.name


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _alternatives(node.body)
        yield from _alternatives(node.orelse)
    else:
        yield node


def _assigned(nodes: list[ast.AST], name: str) -> Iterator[ast.expr]:
    """What a name is given in a function."""
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                for one, value in pairs:
                    if isinstance(one, ast.Name) and one.id == name:
                        yield from (
                            text
                            for text in _alternatives(value)
                            if isinstance(text, ast.JoinedStr)
                            or (isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value)
                        )


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


if __name__ == "__main__":
    for message in without_danish():
        print(f"{message.place}\n    {message}")
