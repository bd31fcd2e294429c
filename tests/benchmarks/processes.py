"""New processes: how long they take, and what memory is theirs alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

OPEN_AND_VALIDATE = """
import datetime as dt, sys
from sor_addressing import Register
register = Register.open(sys.argv[1], clock=lambda: dt.date(2026, 1, 15))
register.validate(sys.argv[2], "XDIS91", on=dt.date(2026, 1, 15))
"""

PRIVATE = """
with open("/proc/self/smaps_rollup") as file:
    print(sum(int(line.split()[1]) for line in file if line.startswith("Private_")) / 1024)
"""


def run(code: str, *arguments: str | Path) -> str:
    """What a new Python process prints. It finds its modules compiled to bytecode, as installed ones are."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "sor-addressing-bytecode"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return ended.stdout


def private_megabytes(code: str, *arguments: str | Path) -> float:
    """The memory that a process shares with nobody, after running ``code`` (Linux)."""
    run(code + PRIVATE, *arguments)  # once for the bytecode, which the process that compiles it keeps in memory
    return float(run(code + PRIVATE, *arguments))
