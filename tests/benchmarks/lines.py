"""``sor-addressing answer``: questions a second of a child process, warm, by the time of its processor."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.asking import questions
from tests.benchmarks.measuring import Asked, Row
from tests.benchmarks.nation import DAY, compiled_nation, opened_nation

_WARM, _ASKED = 500, 5_000
_BUDGET = 5_000


def answer(asked: Asked) -> Iterator[Row]:
    """Each identifier once, then the same again; whole verdicts and short ones. Starting and warming up is taken off."""
    pairs = enumerate(questions(opened_nation(asked.units), _WARM + _ASKED))
    lines = [json.dumps({"id": one, "message_type": two, "ref": at}).encode() + b"\n" for at, (one, two) in pairs]
    warm, fresh = lines[:_WARM], lines[_WARM:]
    for name, asking, arguments in (
        ("whole verdicts", fresh, []),
        ("whole verdicts, asked before", warm * (_ASKED // _WARM), []),
        ("short verdicts", fresh, ["--short"]),
    ):
        seconds = min(_seconds(asked, [*warm, *asking], arguments) for _ in range(asked.turns))
        seconds -= min(_seconds(asked, warm, arguments) for _ in range(asked.turns))
        rate = _ASKED / seconds
        yield Row(f"answer, {name}", rate / _BUDGET, "x faster", 1.0, f"{_BUDGET:,} a second", f"{rate:,.0f} a second")


def _seconds(asked: Asked, lines: list[bytes], arguments: list[str]) -> float:
    path = str(compiled_nation(asked.units))
    command = [
        sys.executable,
        "-m",
        "sor_addressing",
        "answer",
        "--register",
        path,
        "--on",
        DAY.isoformat(),
        *arguments,
    ]
    before = _of_children()
    ran = subprocess.run(command, input=b"".join(lines), stdout=subprocess.PIPE, check=True)
    assert ran.stdout.count(b"\n") == len(lines)
    return _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
