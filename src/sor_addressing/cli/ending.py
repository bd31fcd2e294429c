"""How the program ends where standard output can't be written: with one line and an exit code, whatever was on its way."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from traceback import walk_tb
from typing import NoReturn

import click

from sor_addressing.cli.options.parameters import environment_language
from sor_addressing.texts import text_of
from sor_addressing.whole_file import STANDARD_OUTPUT, not_written, output_let_go

# The reader went away, which ends a program quietly; Windows says it otherwise.
_GONE = {errno.EPIPE, errno.ESHUTDOWN} | ({errno.EINVAL} if os.name == "nt" else set())


def run(program: click.Command, name: str) -> NoReturn:
    """Run the program, and end the process with its exit code: 1 where its answer can't be written."""
    if sys.stdout is None:
        sys.stdout = _Closed()
    code: str | int | None = 0
    try:
        try:
            program.main(prog_name=name)
        except SystemExit as ended:
            code = ended.code
        sys.stdout.flush()
    except OSError as error:
        untold = _untold(error)
        if untold is not None:
            code = untold.exit_code  # it could not be told on standard error, and is what ends the program
        else:
            output_let_go()
            if error.errno not in _GONE:
                _tell(error)
            code = 1
    sys.exit(code)


def _untold(error: OSError) -> click.ClickException | None:
    """What was being shown on standard error when ``error`` came up."""
    for frame, _ in walk_tb(error.__traceback__):
        shown = frame.f_locals.get("self")
        if isinstance(shown, click.ClickException):
            return shown
    return None


def _tell(error: OSError) -> None:
    language = environment_language(os.environ)
    words = not_written(STANDARD_OUTPUT, error).text(language)
    with suppress(OSError):
        click.echo(text_of("cli", "error", language, {"text": words}), err=True)


class _Closed(io.TextIOBase):
    """Stands for standard output where the process was started without one: whoever writes is told."""

    def writable(self) -> bool:
        return True

    def write(self, _text: str, /) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
