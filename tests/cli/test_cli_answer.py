"""``answer`` as the program that started it sees it: a real process, its pipes, and whatever they are given."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from itertools import starmap
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run

from sor_addressing import Register
from sor_addressing.serving import lines, schema
from sor_addressing.serving.lines import MOST_BYTES, LineAnswers, lines_of
from sor_addressing.serving.openapi import openapi
from sor_addressing.serving.schemas import all_schemas
from sor_addressing.testing import MadeUpDays

CLINIC = "990001"
COMMAND = [sys.executable, "-m", "sor_addressing", "answer"]
PARENTS = Path(__file__).parents[1] / "serving" / "parents"
MARK = {"made_up": True, "snapshot_date": "2026-01-15"}


def plain(question: dict[str, object]) -> bytes:
    return json.dumps(question).encode() + b"\n"


def said(answers: bytes) -> list[Any]:
    return [json.loads(line) for line in answers.splitlines()]


def through(*data: bytes, **given: Any) -> list[Any]:
    """The answers to a whole input, in this process."""
    answers = LineAnswers(Register.sample, **given)
    told = [answers.answer(line) for line in lines_of(io.BytesIO(b"".join(data)))]
    return said(b"".join(line for line in told if line is not None))


class Child:
    """A program that runs as somebody's child."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
        )

    def ask(self, question: dict[str, object] | bytes) -> Any:
        """One question, and its answer before the next is asked: nothing waits in a buffer."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(question if isinstance(question, bytes) else plain(question))
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> tuple[int, bytes, bytes]:
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child("--sample")
    yield child
    if child.process.poll() is None:
        child.process.kill()
        child.process.communicate()


def test_each_answer_is_there_before_the_next_question(child: Child) -> None:
    register = Register.sample()
    for number in range(3):
        answer = child.ask({"id": CLINIC, "message_type": "DIS91", "ref": number})
        assert answer == {**register.validate(CLINIC, "DIS91").to_dict(), **MARK, "ref": number}
    assert child.ask({"id": 1})["error"]["code"] == "question-error"
    assert child.ask({"id": CLINIC}) == {**register.resolve(CLINIC).to_dict(), **MARK}
    assert child.end() == (0, b"", b"")


def test_an_input_that_is_odd_gets_an_answer_a_line() -> None:
    answers = through(
        b'\xef\xbb\xbf{"id": "990001", "ref": "first"}\r\n',
        b"\r\n",
        b"  \n",
        b"nonsense\n",
        b'{"id": "\xff"}\n',
        b'{"id": "990001"} {"id": "990001"}\n',
        b'{"id": "990001", "id": "990002"}\n',
        b"[" * 100_000 + b"\n",
        b'{"ref": ' + b"[" * 100 + b"]" * 100 + b"}\n",
        b'{"id": NaN}\n',
        b'{"id": "990001"}'.decode().encode("utf-16") + b"\n",
        b'{"id": "990001", "ref": "last"}',
    )
    assert [answer["error"]["text"] if "error" in answer else answer["ref"] for answer in answers] == [
        "first",
        "line 4: not JSON from here on",
        "line 5: not UTF-8; write the question in UTF-8, or other letters as escapes",
        "line 6: something stands after the end of the JSON",
        "line 7: a key stands twice in one object; take one of them away",
        "line 8: nested deeper than any such file; give the right one",
        "line 9: nested deeper than any such file; give the right one",
        "line 10: not JSON: NaN and Infinity are no numbers there",
        "line 11: not UTF-8; write the question in UTF-8, or other letters as escapes",
        "last",
    ]


def test_a_line_without_end_is_never_held_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_BYTES", 100)
    at_most = b'{"id": "990001", "ref": "' + b"x" * 73 + b'"}'
    assert len(at_most) == 100
    long = at_most.replace(b"xx", b"xxx", 1)
    answers = through(at_most + b"\n", long + b"\n", long * 50 + b"\n", at_most, long[:0])
    assert ["error" in answer for answer in answers] == [False, True, True, False]
    assert answers[1]["error"]["text"] == "line 2: more than 100 bytes in one line; ask one question a line"
    assert MOST_BYTES == 16 * 1024 * 1024
    assert ["error" in answer for answer in through(long)] == [True]


def test_answers_are_ascii_and_a_ref_comes_back_as_it_was_given() -> None:
    answers = LineAnswers(Register.sample)
    for ref in ("æ\ud800\u2028", 10**300, 1.5, None, {"a": ["b"]}, [], "}"):
        told = answers.answer(json.dumps({"id": CLINIC, "message_type": "DIS91", "ref": ref}).encode())
        assert told is not None
        assert told.isascii()
        assert told.count(b"\n") == 1
        assert json.loads(told)["ref"] == ref


def test_errors_are_in_the_language_asked_for() -> None:
    (answer,) = through(b"{", language="da")
    assert answer["error"]["text"] == "linje 1: ikke JSON: det slutter for tidligt"


def test_what_is_remembered_is_what_would_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_MOST_REMEMBERED", 20_000)
    register = Register.sample()
    answers = LineAnswers(lambda: register)
    identifiers = [unit.sor_code for unit in register][:40]
    for sor_code in [*identifiers, *identifiers[::-1], *identifiers[:5]]:
        told = answers.answer(plain({"id": sor_code, "message_type": "DIS91"}))
        assert told is not None
        assert json.loads(told) == register.validate(sor_code, "DIS91").to_dict()
        assert answers._size == sum(starmap(lines._cost, answers._remembered.items())) <= 20_000
    # 1 and true are equal to Python, and no two questions that mean different things share an answer.
    pair = [answers.answer(plain({"ask": "find", "limit": limit})) for limit in (1, True)]
    assert ["error" in json.loads(one or b"") for one in pair] == [False, True]


def test_what_is_remembered_takes_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_MOST_REMEMBERED", 2_000_000)
    answers = LineAnswers(lambda: register, short=True)
    register = Register.sample()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(8_000):
        answers.answer(plain({"id": f"{number:06}", "message_type": "DIS91"}))
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert 500 < len(answers._remembered) < 8_000
    assert grown < 4_000_000


def test_a_newer_day_is_asked_from_when_it_is_there(tmp_path: Path) -> None:
    days = MadeUpDays()
    store = days.store(tmp_path / "home")
    store.update()
    child = Child("--home", str(tmp_path / "home"), "--look-every", "0.05")
    try:
        first = child.ask({"ask": "info"})["snapshot_date"]
        days.next_day()
        for _ in days.travel():
            store.update()
        give_up = time.monotonic() + 20
        while (later := child.ask({"ask": "resolve", "id": CLINIC})["snapshot_date"]) == first:
            assert time.monotonic() < give_up
            time.sleep(0.05)
        assert later > first
    finally:
        assert child.end()[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_between_two_answers(child: Child, name: str) -> None:
    child.ask({"id": CLINIC})
    child.process.send_signal(getattr(signal, name))
    assert child.end() == (0, b"", b"")


@pytest.mark.skipif(os.name == "nt", reason="has no such pipes")
def test_pipes_that_do_not_block_are_no_end_and_lose_nothing() -> None:
    inside, questions = os.pipe()
    answers, outside = os.pipe()
    os.set_blocking(inside, False)
    os.set_blocking(outside, False)
    process = subprocess.Popen([*COMMAND, "--sample"], stdin=inside, stdout=outside)
    os.close(inside)
    os.close(outside)
    time.sleep(3)  # it looks for a question, and there is none yet
    os.write(questions, plain({"ask": "find", "limit": 1000}) * 20)
    os.close(questions)
    time.sleep(1)  # more than a pipe holds
    with os.fdopen(answers, "rb") as stream:
        told = said(stream.read())
    assert process.wait(timeout=30) == 0
    assert len(told) == 20


def test_a_reader_that_goes_away_ends_it_quietly(child: Child) -> None:
    assert child.process.stdin
    assert child.process.stdout
    child.ask({"id": CLINIC})
    child.process.stdout.close()
    child.process.stdin.write(plain({"id": CLINIC}) * 3)
    child.process.stdin.close()
    assert child.process.wait(timeout=30) == 1
    assert child.process.stderr
    assert child.process.stderr.read() == b""
    child.process.stderr.close()


@pytest.mark.parametrize("given", ["nan", "inf", "0", "-1"])
def test_it_looks_every_so_many_seconds_of_which_there_is_a_number(run: Run, given: str) -> None:
    ran = run("answer", "--sample", "--look-every", given)
    assert (ran.code, "0<x<=86400" in ran.err) == (2, True)


def test_no_register_is_told_before_any_question(run: Run) -> None:
    ran = run("answer", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "no-register")


def test_the_options_hold_for_every_question(run: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.ndjson"
    questions.write_bytes(plain({"id": CLINIC}) + plain({"id": CLINIC, "on": "2026-01-20"}) + plain({"ask": "x"}))
    with questions.open("rb") as stream:
        ran = subprocess.run(
            [*COMMAND, "--sample", "--lang", "da", "--on", "2026-01-18", "--policy", "strict"],
            stdin=stream,
            capture_output=True,
            check=True,
        )
    first, second, third = said(ran.stdout)
    assert (first["on"], second["on"]) == ("2026-01-18", "2026-01-20")
    assert third["error"]["text"].startswith("ask er 'x': brug validate")


QUESTIONS = b"".join(
    [
        plain({"id": CLINIC, "message_type": "DIS91", "ref": "æøå"}),
        plain({"id": 990001}),
        plain({"ask": "search", "text": "lægehuset", "limit": 1}),
    ]
)


@pytest.mark.skipif(not (shutil.which("java") and shutil.which("javac")), reason="there is no Java here")
def test_a_program_in_java_keeps_it_beside_it(tmp_path: Path) -> None:
    subprocess.run(["javac", "-d", str(tmp_path), str(PARENTS / "Ask.java")], check=True)  # noqa: S607
    _asked_by(["java", "-cp", str(tmp_path), "Ask"])


@pytest.mark.skipif(not shutil.which("node"), reason="there is no node here")
def test_a_program_in_javascript_keeps_it_beside_it() -> None:
    _asked_by(["node", str(PARENTS / "ask.mjs")])


def _asked_by(parent: list[str]) -> None:
    ran = subprocess.run([*parent, *COMMAND, "--sample"], input=QUESTIONS, capture_output=True, check=True, timeout=60)
    assert ran.stderr == b""
    assert said(ran.stdout) == through(QUESTIONS, mark=lambda _register: MARK)


def test_schema_lists_prints_one_and_prints_all(run: Run) -> None:
    listed = run("schema", "--lang", "da")
    assert listed.code == 0
    assert "Om en meddelelsestype må sendes til en modtager" in " ".join(listed.out.split())
    assert run("schema", "Verdict").json == schema("Verdict")
    assert run("schema", "--json").json == all_schemas()
    assert run("schema", "--openapi").json == openapi()
    wrong = run("schema", "verdict", "--json")
    assert (wrong.code, wrong.json["error"]["code"]) == (2, "schema-unknown")
    assert run("schema", "Verdict", "--openapi", "--lang", "da").code == 2
