"""The service over the loopback, two workers: ``/validate`` beside the same route with a constant, many pairs in one request, and memory."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from tests.benchmarks.asking import questions
from tests.benchmarks.measuring import Asked, Row, Time, cpu_of
from tests.benchmarks.nation import SEED, compiled_nation, opened_nation

_REQUESTS = 2_000
_DIFFERENT = 500
_CLIENTS = 4
_PAIRS = 100_000
_MEGABYTE = 1024 * 1024


class _Load(NamedTuple):
    """What a load came to: requests a second, the slowest hundredth, and what the processes that answered took."""

    a_second: float
    p99_ms: float
    cpu: float


def serve(asked: Asked) -> Iterator[Row]:
    """Requests a second, the slowest of a hundred, memory, and a stream of pairs."""
    register = opened_nation(asked.units)
    pairs = questions(register, _REQUESTS + _DIFFERENT)
    paths = [f"/validate/{quote(one, safe='')}/{quote(other, safe='')}" for one, other in pairs]
    answer = json.dumps({**register.validate(*pairs[0]).to_dict(), "made_up": False})
    with _running(asked) as (port, workers), _constant(answer) as (other_port, others):
        constant = min(
            (_load(other_port, others, paths[:_REQUESTS]) for _ in range(asked.turns)), key=lambda load: load.cpu
        )
        fresh = _load(port, workers, paths[_DIFFERENT:])
        usual = random.Random(SEED).choices(paths[:_DIFFERENT], k=_REQUESTS)  # noqa: S311 (the same every time)
        # The first turn is the first time that most of them are asked.
        again = min((_load(port, workers, usual) for _ in range(asked.turns + 2)), key=lambda load: load.cpu)
        for job, ours, budget in ((f"of {_DIFFERENT} different", again, 0.5), ("each asked once", fresh, 0.0)):
            figures = (
                f"{ours.a_second:.0f} a second against {constant.a_second:.0f}, p99 {ours.p99_ms:.1f} ms against {constant.p99_ms:.1f}; "
                f"{ours.cpu * 1e6:.0f} us of a worker against {constant.cpu * 1e6:.0f}"
            )
            wall = ours.a_second / constant.a_second
            yield Row(
                f"/validate, {job}",
                constant.cpu / ours.cpu,
                "share",
                budget,
                "the same route with a constant",
                figures,
                wall,
            )
        yield from _streams(asked, port, workers)
        if sys.platform.startswith("linux"):
            private = max(_private(pid) for pid in workers)
            yield Row("private memory of a worker", private, "MB", 70, "after all that")


def _streams(asked: Asked, port: int, workers: Sequence[int]) -> Iterator[Row]:
    register = opened_nation(asked.units)
    distinct = questions(register, 20_000)
    chance = random.Random(SEED)  # noqa: S311 (nothing secret: the same questions every time)
    pairs = [chance.choice(distinct) for _ in range(_PAIRS)]
    body = b"".join(json.dumps({"id": one, "message_type": other}).encode() + b"\n" for one, other in pairs)
    many = Time(*(_least(lambda: [sum(1 for _ in register.validate_many(pairs))], asked.turns)))
    for name, path, count in (("short", "/validate?short=true", _PAIRS), ("whole", "/validate", _PAIRS // 10)):
        sent = body if count == _PAIRS else b"".join(body.splitlines(keepends=True)[:count])
        walls, cpus = [], []
        for _ in range(asked.turns):
            before, began = cpu_of(workers), time.perf_counter()
            lines = _post(port, path, sent)
            walls.append(time.perf_counter() - began)
            cpus.append(cpu_of(workers) - before)
            if lines != count:
                raise RuntimeError(f"{lines} rows came back for {count}")
        cpu, wall = min(cpus) * _PAIRS / count, min(walls) * _PAIRS / count
        figures = f"{1 / wall * _PAIRS:.0f} rows a second against {_PAIRS / many.wall:.0f}"
        budget = 0.3 if name == "short" else 0.0
        yield Row(
            f"{_PAIRS:,} pairs by NDJSON, {name} rows",
            many.cpu / cpu,
            "share",
            budget,
            "validate_many",
            figures,
            many.wall / wall,
        )


def _least(job: object, turns: int) -> tuple[float, float]:
    cpus, walls = [], []
    for _ in range(turns):
        cpu, wall = time.process_time(), time.perf_counter()
        job()  # type: ignore[operator]
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return min(cpus), min(walls)


def _load(port: int, workers: Sequence[int], paths: Sequence[str]) -> _Load:
    """Ask for paths over a few connections that are kept."""
    seconds: list[float] = []
    before, began = cpu_of(workers), time.perf_counter()
    threads = [
        threading.Thread(target=_client, args=(port, paths[number::_CLIENTS], seconds)) for number in range(_CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - began, cpu_of(workers) - before
    seconds.sort()
    return _Load(len(paths) / wall, seconds[int(len(seconds) * 0.99)] * 1e3, cpu / len(paths))


def _client(port: int, paths: Sequence[str], seconds: list[float]) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for path in paths:
            began = time.perf_counter()
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            got = connection.recv(1 << 18)
            head, _, body = got.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode("latin-1"))
            left = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]) - len(body)
            while left > 0:
                left -= len(connection.recv(1 << 18))
            seconds.append(time.perf_counter() - began)


def _post(port: int, path: str, body: bytes) -> int:
    """How many rows come back for a body, which is sent while they come."""
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\nContent-Length: {len(body)}\r\n\r\n"
        sending = threading.Thread(target=connection.sendall, args=(head.encode() + body,))
        sending.start()
        rows = 0
        last = b""
        while block := connection.recv(1 << 20):
            rows += (last + block).count(b"}\n")
            last = block[-1:]
        sending.join()
    return rows


@contextmanager
def _running(asked: Asked) -> Iterator[tuple[int, list[int]]]:
    command = [sys.executable, "-m", "sor_addressing", "serve", "--port", "0", "--json", "--limit-body", "64"]
    path = str(compiled_nation(asked.units))
    process = subprocess.Popen([*command, "--register", path], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    lines = iter(process.stdout.readline, b"}\n")
    said = json.loads(b"".join(lines) + b"}")
    try:
        yield int(said["address"].rpartition(":")[2]), _children(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def _constant(answer: str) -> Iterator[tuple[int, list[int]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "tests.benchmarks.constant_service", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "ANSWER": answer})
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(2)
        yield port, _children(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in listed.split() if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def _private(pid: int) -> float:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) / 1024
