"""One room opens targets for writing. A second one would forget links, rights, the full disk, or the half-written file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent
ROOM = PACKAGE / "whole_file"

# Module to what it may open itself, and why.
ALLOWED = {
    "deliveries/schema.py": {
        "sqlite3.connect": "a ledger is added to for years by several processes; SQLite's journal brings it through whatever ends them"
    },
    "serving/service/streams/ahead.py": {
        "TemporaryFile": "what of a request's body has no room in memory has no name, and is gone with the request"
    },
    "daily/lock.py": {
        "os.open": "a lock is no content: the file stays where it is, and the system frees it when its process ends"
    },
}

_MODE = re.compile(r"[rwaxbtU+]+")
_WRITING = re.compile(r"[wax+]")
_FLAGS = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND", "O_TRUNC", "O_EXCL"}
_OPENS_A_PATH = {"io", "gzip", "bz2", "lzma", "codecs", "tarfile", "os"}
_ALWAYS = {
    "write_text",
    "write_bytes",
    "touch",
    "NamedTemporaryFile",
    "TemporaryFile",
    "SpooledTemporaryFile",
    "mkstemp",
    "FileIO",
    "FileHandler",
    "copyfile",
    "copy2",
    "copytree",
}
_INTO_A_FILE = {"ZipFile", "GzipFile", "TarFile", "ParquetWriter"}
_OPENED_BY_THE_ROOM = {"binary", "written_binary", "text", "written_text"}


def openers(source: str) -> list[str]:
    """What opens something for writing in a module, in its order, each as ``line: call``."""
    tree = ast.parse(source)
    ours = set(_opened_by_the_room(tree))
    with_workbooks = "openpyxl" in source
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        what = _writes(call, ours, with_workbooks=with_workbooks)
        if what:
            found.append((call.lineno, what))
    return [f"{line}: {what}" for line, what in sorted(found)]


def _opened_by_the_room(tree: ast.AST) -> Iterator[str]:
    """Names of files that the room has opened: what it gives in a ``with``, and parameters that are open files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.withitem) and isinstance(node.context_expr, ast.Call):
            name = _name(node.context_expr.func)
            opened_inside = name in _INTO_A_FILE or name == "open"
            if (name in _OPENED_BY_THE_ROOM or opened_inside) and isinstance(node.optional_vars, ast.Name):
                yield node.optional_vars.id
        if isinstance(node, ast.arg) and node.annotation is not None and "IO[" in ast.unparse(node.annotation):
            yield node.arg


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _owner(func: ast.expr) -> str:
    return ast.unparse(func.value) if isinstance(func, ast.Attribute) else ""


def _writes(call: ast.Call, ours: set[str], *, with_workbooks: bool) -> str:
    name, owner = _name(call.func), _owner(call.func)
    full = f"{owner}.{name}" if owner else name
    first = call.args[0] if call.args else None
    is_ours = isinstance(first, ast.Name) and first.id in ours
    if name in _ALWAYS and not (name == "FileIO" and is_ours):
        return full
    if full == "os.open":
        return (
            full
            if _FLAGS & {_name(node) for node in ast.walk(call) if isinstance(node, ast.Attribute | ast.Name)}
            else ""
        )
    if name in ("open", "fdopen"):
        return full if _opens_for_writing(call, owner) else ""
    if name == "connect" and owner == "sqlite3":
        return "" if isinstance(first, ast.Constant) and first.value == ":memory:" else full
    if name in _INTO_A_FILE:
        by_keyword = {keyword.arg: keyword.value for keyword in call.keywords}
        given = by_keyword.get("fileobj", first)
        inside = isinstance(given, ast.Name) and given.id in ours
        return full if not inside and (name == "ParquetWriter" or _opens_for_writing(call, "zipfile", at=1)) else ""
    if name == "save" and with_workbooks and first is not None and not is_ours:
        return full
    return full if full in ("shutil.copy", "shutil.move", "tempfile.mktemp") else ""


def _opens_for_writing(call: ast.Call, owner: str, *, at: int | None = None) -> bool:
    """Whether the mode of a call says so; a mode that is not written there may be any."""
    if at is None:
        # Path.open has its mode first; a member of an archive that is open is no target.
        is_path = bool(owner) and owner not in _OPENS_A_PATH
        if is_path and len(call.args) > 1:
            return False
        at = 0 if is_path else 1
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "mode"), None)
    if given is None:
        given = call.args[at] if len(call.args) > at else None
    if given is None:
        return False
    if isinstance(given, ast.Constant):
        text = str(given.value)
        return _MODE.fullmatch(text) is not None and _WRITING.search(text) is not None
    return owner in _OPENS_A_PATH or not owner


def test_only_the_room_opens_targets_for_writing() -> None:
    second = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if ROOM in path.parents:
            continue
        module = path.relative_to(PACKAGE).as_posix()
        allowed = ALLOWED.get(module, {})
        found = [one for one in openers(path.read_text("utf-8")) if one.partition(": ")[2] not in allowed]
        if found:
            second[module] = found
    assert second == {}, "use sor_addressing.whole_file"


def test_what_is_allowed_is_still_there() -> None:
    for module, calls in ALLOWED.items():
        found = {one.partition(": ")[2] for one in openers((PACKAGE / module).read_text("utf-8"))}
        assert found == set(calls)


@pytest.mark.parametrize(
    "planted",
    [
        "open(path, 'w')",
        "open(path, mode='ab')",
        "open(path, how)",
        "path.open('x', encoding='utf-8')",
        "path.open(mode='rb+')",
        "Path(name).open('wb')",
        "io.open(path, 'w')",
        "gzip.open(path, 'wb')",
        "path.write_text('x')",
        "Path(name).write_bytes(b'')",
        "path.touch()",
        "os.open(path, os.O_WRONLY | os.O_CREAT)",
        "os.fdopen(number, 'w')",
        "io.FileIO(path, 'w')",
        "NamedTemporaryFile()",
        "tempfile.mkstemp()",
        "sqlite3.connect(path)",
        "zipfile.ZipFile(path, 'w')",
        "gzip.GzipFile(path, 'wb')",
        "parquet.ParquetWriter(path, schema)",
        "import openpyxl\nbook.save(path)",
        "shutil.copyfile(one, other)",
        "logging.FileHandler(path)",
    ],
)
def test_a_second_opener_is_found(planted: str) -> None:
    assert len(openers(planted)) == 1


@pytest.mark.parametrize(
    "harmless",
    [
        "open(path)",
        "open(path, 'rb')",
        "path.open()",
        "path.open('rb')",
        "Register.open(path)",
        "os.open(folder, os.O_RDONLY)",
        "sqlite3.connect(':memory:')",
        "zipfile.ZipFile(path)",
        "archive.open(member, 'w')",
        "with written_binary(path) as file:\n    zipfile.ZipFile(file, 'w')",
        "def write(file: IO[bytes]):\n    parquet.ParquetWriter(file, schema)",
        "register.save(path)",
    ],
)
def test_what_opens_nothing_for_writing_is_left_alone(harmless: str) -> None:
    assert openers(harmless) == []
