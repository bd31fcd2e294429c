"""Where a command writes what is read by machine: standard output, or a file that stands there whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def text_target(output: str | None, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Where results are written: a file that stands there whole or not at all, or standard output."""
    if output is None:
        yield sys.stdout
        return
    path = Path(output)
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding=encoding, newline="") as target:
            yield target
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
