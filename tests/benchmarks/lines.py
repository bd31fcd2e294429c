"""``sor-addressing answer``: questions a second of a child process, warm, by the time of its processor."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import IO

from tests.benchmarks.asking import questions
from tests.benchmarks.measuring import Asked, Row, cpu_of
from tests.benchmarks.nation import DAY, compiled_nation, opened_nation

_WARM, _ASKED, _TIMES = 500, 5_000, 100
_BUDGET = 5_000


def answer(asked: Asked) -> Iterator[Row]:
    """Each identifier once, then the same again; whole verdicts and short ones. What the process took is looked at once it is warm."""
    pairs = enumerate(questions(opened_nation(asked.units), _WARM + _ASKED))
    lines = [json.dumps({"id": one, "message_type": two, "ref": at}).encode() + b"\n" for at, (one, two) in pairs]
    warm, fresh = lines[:_WARM], lines[_WARM:]
    for name, asking, arguments in (
        ("whole verdicts", fresh, []),
        ("whole verdicts, asked before", warm * _TIMES, []),
        ("short verdicts", fresh, ["--short"]),
    ):
        seconds = min(_seconds(asked, warm, asking, arguments) for _ in range(asked.turns))
        rate = len(asking) / seconds
        yield Row(f"answer, {name}", rate / _BUDGET, "x faster", 1.0, f"{_BUDGET:,} a second", f"{rate:,.0f} a second")


def _seconds(asked: Asked, warm: Sequence[bytes], asking: Sequence[bytes], arguments: list[str]) -> float:
    """What one process takes for ``asking`` after it has answered ``warm``."""
    path = str(compiled_nation(asked.units))
    command = [sys.executable, "-m", "sor_addressing", "answer", "--register", path, "--on", DAY.isoformat()]
    with subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        _have_answered(child.stdin, child.stdout, warm)
        before = cpu_of([child.pid])
        _have_answered(child.stdin, child.stdout, asking)
        seconds = cpu_of([child.pid]) - before
        child.stdin.close()
    return seconds


def _have_answered(questions_to: IO[bytes], answers_of: IO[bytes], lines: Sequence[bytes]) -> None:
    """Ask, and read the answers meanwhile: a pipe holds few of them."""

    def ask() -> None:
        questions_to.writelines(lines)
        questions_to.flush()

    asking = threading.Thread(target=ask)
    asking.start()
    answered = sum(1 for _ in lines if answers_of.readline())
    asking.join()
    if answered != len(lines):
        raise RuntimeError(f"{answered} answers to {len(lines)} questions")
