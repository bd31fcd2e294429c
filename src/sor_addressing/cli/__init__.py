"""The command line, ``sor-addressing``. It needs the extra ``cli`` (click and rich), which is imported when it runs."""

from __future__ import annotations

import io
import sys
from typing import NoReturn

from sor_addressing.errors import MissingExtra

__all__ = ["main"]

_PACKAGES = ("click", "rich")


def main() -> NoReturn:
    """Run the command line on the arguments of the process, and end it with the exit code of the command: 2 without the extra."""
    _print_anything()
    try:
        from sor_addressing.cli.app import program
        from sor_addressing.cli.ending import run
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _PACKAGES:
            raise
        sys.stderr.write(f"{MissingExtra('the command line', 'cli', package)}\n")
        sys.exit(2)
    run(program, "sor-addressing")


def _print_anything() -> None:
    """Danish letters and arrows must not end a command on a console that can't show them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
