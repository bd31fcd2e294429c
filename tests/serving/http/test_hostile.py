"""Whatever arrives at the socket: no HTTP, lies about lengths, clients that are slow or that leave, more of them than can be answered."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from tests.serving.http.running import Running

from sor_addressing.serving.service.guard import BODIES_HELD
from sor_addressing.testing import MadeUpLetter, edifact_of

ROW = b'{"id": "990001", "message_type": "DIS91"}\n'


@pytest.fixture(autouse=True)
def _it_goes_on(service: Running) -> Iterator[None]:
    """Whatever a test does, the service answers the next one, by the processes it had, and logs no traceback."""
    before = service.workers
    yield
    assert service.ask("/validate/990001/DIS91").status == 200
    assert service.workers == before
    assert "Traceback" not in service.log


@pytest.mark.parametrize(
    "sent",
    [
        b"\0" * 100 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 200 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(10_000)) + b"\r\n",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nab",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 100 + b"\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_answered_once_as_a_problem_and_the_connection_ends(service: Running, sent: bytes) -> None:
    got = service.raw(sent)
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ", b"HTTP/1.1 413 ", b"HTTP/1.1 431 "))
    assert json.loads(body)["code"] in ("broken-http", "too-large", "headers-too-large")
    assert got.count(b"HTTP/1.1 ") == 1


def test_a_chunk_that_lies_in_the_middle_of_a_stream_ends_it(service: Running) -> None:
    chunk = f"{len(ROW):x}\r\n".encode() + ROW + b"\r\n"
    got = service.raw(
        b"POST /validate?short=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        chunk,
        b"nonsense\r\n",
        pause=0.1,
    )
    assert got.startswith(b"HTTP/1.1 200 ")
    assert b'"outcome":"supported"' in got
    assert not got.endswith(b"0\r\n\r\n")


def test_several_requests_sent_at_once_are_answered_in_their_order(service: Running) -> None:
    one = b"GET /resolve/990001 HTTP/1.1\r\nHost: x\r\n\r\n"
    other = b"GET /nope HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    got = service.raw(one + other + one + last)
    assert [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]] == [200, 404, 200, 200]


def test_an_address_may_be_sent_in_full(service: Running) -> None:
    got = service.raw(b"GET http://somewhere/health HTTP/1.1\r\nHost: somewhere\r\nConnection: close\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 200 ")


def test_a_body_that_is_too_large_is_answered_though_it_still_comes(service: Running) -> None:
    head = b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
    got = service.raw(head, b"0" * 3_000_000, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]] == [413, 200]


def test_slow_clients_hold_nobody_up_and_are_let_go(service: Running, request: pytest.FixtureRequest) -> None:
    """Hundreds of connections that send nothing, half a head, half a body; that read nothing; and all the while others are answered."""
    half = (
        b"",
        b"GET /health HTTP/1.1\r\nHost: x\r\nA: ",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nUNA",
        b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n",
    )
    opened: list[tuple[socket.socket, bytes]] = []
    request.addfinalizer(lambda: [connection.close() for connection, _ in opened])
    for sent in half:
        for _ in range(75):
            connection = socket.create_connection(("127.0.0.1", service.port), timeout=30)
            opened.append((connection, sent))
            connection.sendall(sent)
    slowest = 0.0
    for _ in range(50):
        began = time.perf_counter()
        assert service.ask("/validate/990001/DIS91").status == 200
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < 2
    told = service.ask("/metrics").body.decode()
    assert int(float(told.partition("\nsor_addressing_connections ")[2].partition("\n")[0])) >= 250
    for connection, sent in opened:
        if sent.startswith(b"POST /letters"):
            got = b""
            while block := connection.recv(65536):
                got += block
            assert got.startswith(b"HTTP/1.1 408 ")
            assert json.loads(got.partition(b"\r\n\r\n")[2])["code"] == "slow-body"
            break


def test_bytes_that_drip_do_not_keep_a_connection(service: Running) -> None:
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=30)
    connection.sendall(b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    began, got = time.monotonic(), b""
    connection.settimeout(0.1)
    while time.monotonic() - began < 10:
        try:
            connection.sendall(b"a")
            got += connection.recv(65536)
            break
        except TimeoutError:
            continue
    connection.close()
    assert got.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 6


def test_a_client_that_takes_nothing_is_let_go(service: Running) -> None:
    body = ROW * 200_000
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=30)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    began = time.monotonic()
    with pytest.raises(OSError, match=r"reset|pipe|abort"):  # noqa: PT012 (whichever of the sendings it is)
        connection.sendall(b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body))
        while time.monotonic() - began < 20:
            connection.sendall(body)
            time.sleep(0.05)
    connection.close()


def test_clients_that_leave_leave_nothing_behind(service: Running) -> None:
    def connections() -> int:
        told = service.ask("/metrics").body.decode()
        return int(float(told.partition("\nsor_addressing_connections ")[2].partition("\n")[0]))

    started = (
        b"",
        b"GET / HT",
        b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
        b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" + ROW * 99,
    )
    for sent in started:
        for _ in range(20):
            connection = socket.create_connection(("127.0.0.1", service.port), timeout=5)
            connection.sendall(sent)
            connection.close()
    for _ in range(100):
        if connections() <= 3:
            break
        time.sleep(0.1)
    assert connections() <= 3
    for _ in range(20):  # the other worker may be at the end of the answer before
        running = service.ask("/metrics").body.decode().partition("\nsor_addressing_requests_running ")[2]
        if int(running.partition("\n")[0]) == 1:
            break
        time.sleep(0.05)
    assert int(running.partition("\n")[0]) == 1


def test_nobody_works_for_a_client_that_left_in_the_middle_of_a_stream(service: Running) -> None:
    rows = b"".join(b'{"id": "%06d", "message_type": "DIS91"}\n' % number for number in range(40_000))

    def running() -> int:
        told = service.ask("/metrics").body.decode().partition("\nsor_addressing_requests_running ")[2]
        return int(told.partition("\n")[0])

    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        head = f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: {len(rows)}\r\n\r\n".encode()
        threading.Thread(target=connection.sendall, args=(head + rows,), daemon=True).start()
        got = 0
        while got < 300_000:
            got += len(connection.recv(65_536))
    began = time.monotonic()
    while running() > 1 and time.monotonic() - began < 10:
        time.sleep(0.05)
    assert time.monotonic() - began < 2


def test_bodies_that_stall_make_room_for_those_that_come() -> None:
    service = Running("--sample", "--workers", "1", "--limit-body", "1")
    size = 1024 * 1024
    opened = []
    try:
        for _ in range(BODIES_HELD + 1):
            connection = socket.create_connection(("127.0.0.1", service.port), timeout=20)
            opened.append(connection)
            connection.sendall(b"POST /letters HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
            connection.sendall(b"x" * (size - 1))
        assert service.ask("/letters", "POST", edifact_of(MadeUpLetter())).status == 200
        assert "ERROR" not in service.log
    finally:
        for connection in opened:
            connection.close()
        service.end()


def test_more_at_once_than_can_be_answered_is_told_to_try_again() -> None:
    service = Running("--sample", "--workers", "1", "--limit-requests", "1", "--limit-seconds", "5")
    statuses: list[int] = []

    def search() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
        for _ in range(20):
            connection.request("GET", "/search?text=sygehus%20hjerte%20afdeling&limit=1000")
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
            if answer.status == 503:
                assert answer.getheader("Retry-After") == "1"
        connection.close()

    try:
        threads = [threading.Thread(target=search) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(statuses) == {200, 503}
        assert service.ask("/health").status == 200
    finally:
        service.end()
