"""New processes: how long they take with bytecode and without, and what memory is theirs alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import Asked, Row, least_times, slower
from tests.benchmarks.nation import compiled_nation, kept_folder

from sor_addressing import Register
from sor_addressing.index.columns import TYPECODES

_OPEN_AND_VALIDATE = """
import datetime as dt, sys
from sor_addressing import Register
register = Register.open(sys.argv[1], clock=lambda: dt.date(2026, 1, 15))
register.validate(sys.argv[2], "XDIS91", on=dt.date(2026, 1, 15))
"""
_PRIVATE = """
with open("/proc/self/smaps_rollup") as file:
    print(sum(int(line.split()[1]) for line in file if line.startswith("Private_")) / 1024)
"""
_RIVAL = 'python -c "import attrs"'


def start(asked: Asked) -> Iterator[Row]:
    """New processes that open a compiled register and ask it once, and that only import, against importing attrs."""
    path = str(compiled_nation(asked.units))
    number = next(iter(Register.open(path).by_location_number))
    written = {"PYTHONPYCACHEPREFIX": str(kept_folder("bytecode"))}
    jobs = (("import attrs",), ("import sor_addressing",), (_OPEN_AND_VALIDATE, path, number))
    attrs, package, done = least_times(*(partial(_run, *job, **written) for job in jobs), turns=30)
    yield slower("process: import the package", package, attrs, 1.0, _RIVAL)
    yield slower("process: open, validate once", done, attrs, 1.2, _RIVAL)
    with tempfile.TemporaryDirectory() as empty:
        none = {"PYTHONPYCACHEPREFIX": empty, "PYTHONDONTWRITEBYTECODE": "1"}
        attrs, done = least_times(*(partial(_run, *job, **none) for job in jobs[::2]), turns=10)
    yield slower("process: the same without bytecode", done, attrs, 1.2, _RIVAL)
    if sys.platform.startswith("linux"):
        first = Register.open(
            path
        )._index.columns  # this process is the one beside which the measured one is the second
        for column in TYPECODES:
            getattr(first, column)
        over = _private(_OPEN_AND_VALIDATE, path, number, **written) - _private("import sor_addressing", **written)
        yield Row("private memory of a second process", over, "MB", 5, "one that only imported the package")


def _run(code: str, *arguments: str, **settings: str) -> str:
    environment: Mapping[str, str] = {**os.environ, **settings}
    if "PYTHONDONTWRITEBYTECODE" not in settings:
        environment = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _private(code: str, *arguments: str, **settings: str) -> float:
    """The megabytes that a process shares with nobody, after running ``code``."""
    _run(code + _PRIVATE, *arguments, **settings)  # once for the bytecode, which the process that compiles it keeps
    return float(_run(code + _PRIVATE, *arguments, **settings))


def bytes_of(path: Path, prefix: str) -> int:
    """How much of a compiled file the sections called so take."""
    from sor_addressing.index.opening import open_compiled

    index, *_ = open_compiled(path)
    sections = index.columns._sections  # type: ignore[attr-defined]
    return sum(section.size for name, section in sections.items() if name.startswith(prefix))
