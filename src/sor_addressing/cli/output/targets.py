"""Where a command writes what is read by machine: standard output, or a file that stands there whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sor_addressing.whole_file import written_text


@contextmanager
def text_target(output: str | None, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Where results are written: a file that stands there whole or not at all, or standard output."""
    if output is None:
        yield sys.stdout
        return
    with written_text(Path(output), encoding=encoding) as target:
        yield target
