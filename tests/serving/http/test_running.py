"""The service while it runs: the day changes, a worker dies, it is told to end, its supervisor dies, nobody may see it without a token."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.daily.made_up_days import Mirror
from tests.serving.http.running import Running

from sor_addressing import RegisterStore
from sor_addressing.cli.app import program
from sor_addressing.errors import ServiceError
from sor_addressing.serving.service.tokens import is_allowed, read_tokens
from sor_addressing.testing import sample_extract

TOKEN = "a-token-of-the-tests-1"  # noqa: S105 (made up)
OTHER = "another~token.of+the/tests=="


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3] if Path("/proc").is_dir() else True


def test_a_store_without_a_register_is_waited_for_and_its_days_change_under_load(tmp_path: Path) -> None:
    mirror = Mirror(tmp_path / "mirror")
    mirror.publish(0)
    store = RegisterStore(tmp_path / "home", origin=mirror)
    service = Running("--home", str(tmp_path / "home"))
    seen: set[str] = set()
    failed: list[object] = []
    over = threading.Event()

    def load() -> None:
        while not over.is_set():
            try:
                answer = service.ask("/validate/5790999000017/XDIS91")
                many = service.ask("/validate?short=1", "POST", b'{"id": "990001", "message_type": "XDIS91"}\n' * 50)
                days = {row["snapshot_date"] for row in many.rows}
            except (OSError, ValueError) as error:
                failed.append(error)
                continue
            if answer.status != 200 or many.status != 200 or len(days) != 1:
                failed.append((answer, days))
            else:
                seen.add(answer.json["snapshot_date"])
                assert answer.headers["etag"].startswith(f'"{answer.json["snapshot_date"]}.')

    try:
        waiting = service.ask("/health")
        assert (waiting.status, waiting.headers["retry-after"], waiting.json["ready"]) == (503, "1", False)
        assert waiting.json["error"]["code"] == "store-error"
        assert waiting.json["store"]["state"] == "empty"
        refused = service.ask("/resolve/990001", headers={"Accept-Language": "da"})
        assert (refused.status, refused.json["code"]) == (503, "no-register")
        assert "has no register yet" in service.log
        store.update()
        assert within(90, lambda: all(service.ask("/resolve/990001").status == 200 for _ in range(12)))
        threads = [threading.Thread(target=load) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in (1, 2):
            mirror.publish(number)
            store.update()
            day = store.latest().snapshot_date.isoformat()
            assert within(90, lambda day=day: day in seen)  # type: ignore[misc]  # it is bound now
        # Both workers have it by and by, and none goes back.
        assert within(60, lambda: {service.ask("/health").json["snapshot_date"] for _ in range(8)} == {day})
        seen.clear()
        assert within(60, lambda: bool(seen))
        over.set()
        for thread in threads:
            thread.join()
        assert failed == []
        assert seen == {day}
        told = service.ask("/health").json
        assert (told["ready"], told["snapshot_date"], told["store"]["state"]) == (True, day, "renewed")
        assert told["age_days"] > 0
    finally:
        over.set()
        assert service.end() == 0


def test_a_worker_that_dies_comes_back_and_counts_on_and_one_that_is_told_to_end_drains(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"# who asks\n{TOKEN}\n\n  {OTHER}  \n")
    tokens.chmod(0o600)
    service = Running("--sample", "--token-file", str(tokens), "--drain-seconds", "5")
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    try:
        for given in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": f"Basic {TOKEN}"},
            {"Authorization": TOKEN},
        ):
            for path in ("/resolve/990001", "/metrics", "/openapi.json", "/nope", "/fhir/metadata"):
                refused = service.ask(path, headers=given)
                assert (refused.status, refused.headers["www-authenticate"][:6]) == (401, "Bearer")
        assert service.ask("/health").status == 200
        assert service.ask("/resolve/990001", headers={"Authorization": f"bearer  {OTHER}"}).status == 200
        assert TOKEN not in service.log

        first = service.workers
        assert len(first) == 2
        for _ in range(20):
            service.ask("/resolve/990001", headers=bearer)
        os.kill(first[0], signal.SIGKILL)
        # The other goes on answering.
        answered = [service.ask("/resolve/990001", headers=bearer).status for _ in range(20)]
        assert set(answered) == {200}
        assert within(90, lambda: len(service.workers) == 2 and first[0] not in service.workers)
        assert within(90, lambda: "_workers_up 2" in service.ask("/metrics", headers=bearer).body.decode())
        counted = re.search(
            r'route="resolve",status="200"\} (\d+)', service.ask("/metrics", headers=bearer).body.decode()
        )
        assert counted is not None
        assert int(counted[1]) >= 40
        assert "worker 1 ended (exit code -9); another is started" in service.log
        now = service.workers
        assert len(now) == 2
        assert set(now) != set(first)

        # A request whose body still comes when the service is told to end is answered.
        row = b'{"id": "990001", "message_type": "DIS91"}\n'
        with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
            head = f"POST /validate?short=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {2 * len(row)}\r\n\r\n"
            connection.sendall(head.encode() + row)
            got = connection.recv(65536)
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            connection.sendall(row)
            while block := connection.recv(65536):
                got += block
        assert got.count(b'"outcome":"supported"') == 2
        assert service.process.wait(10) == 0
        assert not any(is_alive(pid) for pid in now)
    finally:
        service.end()


@pytest.mark.skipif(os.name != "posix", reason="no signals there")
def test_a_drain_has_an_end_and_no_worker_outlives_its_supervisor() -> None:
    service = Running("--sample", "--drain-seconds", "3", "--workers", "1")
    workers = service.workers
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall(b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nUNA")
        time.sleep(0.3)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with pytest.raises(ConnectionRefusedError):
            service.ask("/health")
        began = time.monotonic()
        assert service.process.wait(20) == 0
        service.end()
        assert time.monotonic() - began < 6
        assert "Traceback" not in service.said_at_the_end
    assert not any(is_alive(pid) for pid in workers)

    service = Running("--sample", "--drain-seconds", "1", "--workers", "1")
    workers = service.workers
    service.process.kill()
    service.process.wait()
    assert within(60, lambda: not any(is_alive(pid) for pid in workers))
    service.end()


@pytest.mark.skipif(os.name != "posix", reason="no signals there")
def test_who_is_told_twice_gives_up_what_runs() -> None:
    service = Running("--sample", "--drain-seconds", "60")
    body = b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nUNA"
    opened = [socket.create_connection(("127.0.0.1", service.port), timeout=10) for _ in range(6)]
    for connection in opened:
        connection.sendall(body)
    time.sleep(0.3)
    service.process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        service.process.wait(1)
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(30) == 0  # well before the 60 seconds of draining
    for connection in opened:
        connection.close()
    service.end()


@pytest.mark.skipif(os.name != "posix", reason="no signals there")
def test_a_terminal_that_closes_ends_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    sample_extract().write(tmp_path / "extract")
    (tmp_path / "between").mkdir()
    service = Running("--register", str(tmp_path / "extract"), env={"TMPDIR": str(tmp_path / "between")})
    assert list((tmp_path / "between").iterdir())
    for pid in (service.process.pid, *service.workers):  # as the terminal tells all that it started
        os.kill(pid, signal.SIGHUP)
    service.process.send_signal(signal.SIGHUP)
    assert service.process.wait(20) == 0
    assert not list((tmp_path / "between").iterdir())
    service.end()


def test_a_port_that_is_taken_a_bad_file_of_tokens_and_a_missing_register_are_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = CliRunner().invoke(program, ["serve", "--sample", "--port", port, "--json", "--lang", "da"])
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["error"]["code"] == "service-error"
    assert "kan ikke lytte" in answer.stderr
    wanted = [
        ("", "holds no token"),
        ("short\n", "line 1"),
        ("æ" * 20, "other characters"),
        ("a" * 20 + " b", "other characters"),
    ]
    for content, said in wanted:
        tokens = tmp_path / "tokens"
        tokens.write_text(content, "utf-8")
        tokens.chmod(0o600)
        answer = CliRunner().invoke(program, ["serve", "--sample", "--token-file", str(tokens)])
        assert answer.exit_code == 2
        assert said in " ".join(answer.stderr.split())
        assert not content.strip() or content.strip() not in answer.stderr
    answer = CliRunner().invoke(program, ["serve", "--register", str(tmp_path / "nothing")])
    assert answer.exit_code == 3
    answer = CliRunner().invoke(program, ["serve", "--sample", "--host", "nowhere.invalid"])
    assert (answer.exit_code, "an address of this machine" in " ".join(answer.stderr.split())) == (2, True)
    answer = CliRunner().invoke(program, ["serve", "--sample", "--limit-seconds", "nan"])
    assert (answer.exit_code, "0.1<=x<=3600" in answer.stderr) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="no signals there")
def test_one_that_is_told_to_end_before_its_workers_answer_ends_quietly() -> None:
    asked = [sys.executable, "-m", "sor_addressing", "serve", "--sample", "--port", "0"]
    for seconds in (1.5, 2.0, 2.5):
        process = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(seconds)
        process.terminate()
        _, said = process.communicate(timeout=30)
        assert "Traceback" not in said


@pytest.mark.skipif(os.name != "posix", reason="no such rights there")
def test_a_file_of_tokens_that_others_may_read_is_refused(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{TOKEN}\n")
    tokens.chmod(0o644)
    with pytest.raises(ServiceError, match="others than its owner"):
        read_tokens(str(tokens))
    tokens.chmod(0o640)
    digests = read_tokens(str(tokens))
    assert is_allowed([(b"authorization", f"Bearer {TOKEN}".encode())], digests)
    twice = [(b"authorization", f"Bearer {TOKEN}".encode())] * 2
    assert not is_allowed(twice, digests)


def test_without_the_extra_the_command_says_which_one_is_missing(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError('no uvicorn', name='uvicorn')\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]])}
    asked = [sys.executable, "-m", "sor_addressing", "serve", "--sample"]
    answer = subprocess.run(asked, capture_output=True, text=True, env=env, check=False)
    assert answer.returncode == 1
    assert "'sor-addressing[serve]'" in "".join(answer.stderr.split("\n"))
    helped = subprocess.run([*asked, "--help"], capture_output=True, text=True, env=env, check=False)
    assert helped.returncode == 0


def test_no_other_command_imports_the_service() -> None:
    code = (
        "import sys; from sor_addressing.cli.app import program; program(['resolve', '990001', '--sample'], standalone_mode=False);"
        "print(sorted(m for m in sys.modules if m.startswith(('sor_addressing.serving.service', 'starlette', 'uvicorn'))), file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stderr.strip().endswith("[]")
