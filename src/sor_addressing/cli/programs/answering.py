"""``answer``: one question a line of JSON in, one answer a line out, for a program that keeps this one running beside it."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from types import FrameType
from typing import BinaryIO

import click

from sor_addressing.cli.options.asking import Asking, deliveries_option, ledger_of, on_option, register_options
from sor_addressing.cli.options.parameters import Seconds
from sor_addressing.serving.lines import LineAnswers, lines_of

_LOOK_SECONDS = 10.0


@click.command()
@click.option(
    "--look-every",
    "seconds",
    metavar="SECONDS",
    type=Seconds(0, 86_400, min_open=True),
    default=_LOOK_SECONDS,
    show_default=True,
    help="How often to look for a newer day in the store.",
)
@click.option("--short", is_flag=True, help="Verdicts by columns, as validate-file writes them, not the whole of them.")
@on_option
@deliveries_option
@register_options
def answer(asking: Asking, seconds: float, short: bool, ledger: str | None) -> None:
    """Answers questions from standard input, a line of JSON each, on standard output, a line each.

    \b
    {"id": "990001", "message_type": "XDIS91", "ref": 1}

    Answers come in the order of the questions, each at once; of what can't be answered they say why. A newer day of the store is
    taken while it runs. It ends with standard input, or when it is told to.
    """
    loaded = asking.load()
    source, target = _streams()
    live = loaded.live(seconds)
    watched: AbstractContextManager[object] = live or nullcontext()
    with watched:
        answers = LineAnswers(
            (lambda: live.current) if live else (lambda: loaded.register),
            mark=loaded.mark,
            policy=asking.policy,
            language=asking.language,
            on=asking.on,
            deliveries=ledger_of(ledger),
            short=short,
        )
        for line in _until_told_to_end(lines_of(source)):
            told = answers.answer(line)
            if told is not None:
                target.write(told)
                target.flush()


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output as bytes; nothing comes from an input that the process was started without."""
    source: BinaryIO = io.BytesIO() if sys.stdin is None else sys.stdin.buffer
    target: BinaryIO | None = getattr(sys.stdout, "buffer", None)
    if target is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    if os.name == "posix":
        # As whoever shares them may have left them: what is not there yet would be an end, or lost.
        for number in (0, 1):
            with suppress(OSError):
                os.set_blocking(number, True)
    return source, target


class _EndAsked(BaseException):
    """The process was told to end while it waited for a question."""


def _until_told_to_end(lines: Iterator[bytes | None]) -> Iterator[bytes | None]:
    """The lines, until SIGINT or SIGTERM comes: between two answers, never within one."""
    waits = is_told = False

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_told
        is_told = True
        if waits:
            raise _EndAsked

    before = [(one, signal.signal(one, end)) for one in (signal.SIGINT, signal.SIGTERM)]
    try:
        while not is_told:
            waits = True
            line = next(lines)
            waits = False
            yield line
    except (StopIteration, _EndAsked):
        return
    finally:
        for one, handler in before:
            signal.signal(one, handler)
