"""A service in a process of its own, asked over the loopback."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


def _as_from_a_terminal() -> None:
    """What runs in the background ignores signals of a terminal, and so would all that it starts."""
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)


class Running:
    """``sor-addressing serve`` with these arguments, on any free port."""

    def __init__(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self.errors = Path(tempfile.mkstemp(prefix="serve-", suffix=".log")[1])
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sor_addressing", "serve", "--port", "0", "--json", *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **(env or {})},
                preexec_fn=_as_from_a_terminal if os.name == "posix" else None,
            )
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line == b"}\n":
                break
        assert lines, self.log
        self.said_at_the_end = ""
        self.said = json.loads(b"".join(lines))
        self.port = int(self.said["address"].rpartition(":")[2])

    @property
    def log(self) -> str:
        return self.errors.read_text("utf-8")

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        asked = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)]
        listed = subprocess.run(asked, capture_output=True, text=True, check=False)
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 20,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers or {}))
            got = connection.getresponse()
            return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        finally:
            connection.close()

    def raw(self, *parts: bytes, pause: float = 0, timeout: float = 15, half_close: bool = False) -> bytes:
        """What comes back for bytes that are sent as they are, until the other side closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            got = b""
            try:
                for part in parts:
                    connection.sendall(part)
                    time.sleep(pause)
                if half_close:
                    connection.shutdown(socket.SHUT_WR)
                while block := connection.recv(65536):
                    got += block
            except (TimeoutError, ConnectionError):
                pass
            return got

    def end(self, seconds: float = 20) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            if self.process.stdout:
                self.process.stdout.close()
        self.said_at_the_end = self.log if self.errors.exists() else ""
        self.errors.unlink(missing_ok=True)
        return code
