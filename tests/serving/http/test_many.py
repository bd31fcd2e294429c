"""Many questions in one request: rows in, rows out, in order, errors as rows, in bounded memory."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.routing import Router
from tests.serving.http import inside
from tests.serving.http.running import Running

from sor_addressing import AddressingPolicy, Register
from sor_addressing.serving.questions import answer_question
from sor_addressing.serving.schemas import schema
from sor_addressing.serving.service.counters import SIZE, Counters
from sor_addressing.serving.service.guard import Guard, GuardedRequest
from sor_addressing.serving.service.registers import ServedDay
from sor_addressing.serving.service.rows import MOST_BYTES, RowSplitter
from sor_addressing.serving.service.settings import RegisterSource, ServiceLimits, ServiceSettings
from sor_addressing.serving.service.streams import many
from sor_addressing.serving.service.streams.ahead import ReadAhead
from sor_addressing.tables.answers import VERDICT_COLUMNS, cells_of
from sor_addressing.testing import RegisterBuilder

REGISTER = Register.sample()
IDENTIFIERS = ["990001", "990002", "990003", "5790999000314", "no such", "", *(unit.sor_code for unit in REGISTER)]
TYPES = ["DIS91", "XDIS91 XD9134L", "FDIS91", "no type", ""]
PAIRS = [(one, other) for one in IDENTIFIERS for other in TYPES]
MARK = {"made_up": True, "snapshot_date": "2026-01-15"}
NDJSON = {"Content-Type": "application/x-ndjson"}


def body(pairs: list[tuple[str, str]], **more: Any) -> bytes:
    return b"".join(json.dumps({"id": one, "message_type": other, **more}).encode() + b"\n" for one, other in pairs)


def test_rows_are_the_documents_of_validate_in_order(service: Running) -> None:
    answer = service.ask("/validate", "POST", body(PAIRS), NDJSON)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/x-ndjson")
    assert answer.rows == [{**REGISTER.validate(*pair).to_dict(), **MARK} for pair in PAIRS]


@pytest.mark.parametrize("more", [{}, {"kind": None}])
def test_short_rows_are_the_columns_of_a_table_however_they_are_made(service: Running, more: dict[str, Any]) -> None:
    names = [name for name, _ in VERDICT_COLUMNS]
    answer = service.ask("/validate?short=true", "POST", body(PAIRS, **more), NDJSON)
    expected = [dict(zip(names, cells_of(REGISTER.validate(*pair)), strict=True)) for pair in PAIRS]
    assert answer.rows == [{**row, **MARK} for row in expected]


def test_a_list_and_lines_are_answered_alike(service: Running) -> None:
    lines = service.ask("/validate?short=true", "POST", body(PAIRS), NDJSON)
    rows = [{"id": one, "message_type": other} for one, other in PAIRS]
    for written in (json.dumps(rows), json.dumps(rows, indent=4), "\ufeff \n" + json.dumps(rows) + "\n\n"):
        listed = service.ask("/validate?short=true", "POST", written.encode(), {"Content-Type": "application/json"})
        assert listed.body == lines.body


@pytest.mark.parametrize("accept", ["application/json", "Application/JSON;q=0.9, application/x-ndjson;q=0.9"])
@pytest.mark.parametrize("count", [0, 1, len(PAIRS), 3_000])
def test_who_sends_a_list_and_takes_json_gets_a_list(service: Running, accept: str, count: int) -> None:
    rows = [{"id": one, "message_type": other, "ref": n} for n, (one, other) in enumerate((PAIRS * 30)[:count])]
    headers = {"Content-Type": "application/json", "Accept": accept}
    answer = service.ask("/validate?short=true", "POST", json.dumps(rows), headers)
    lines = service.ask("/validate?short=true", "POST", json.dumps(rows), {**headers, "Accept": "*/*"})
    assert (answer.headers["content-type"], lines.headers["content-type"]) == (
        "application/json",
        NDJSON["Content-Type"],
    )
    assert answer.json == lines.rows
    jsonschema.validate(answer.json, schema("RowReplies"))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("application/json", "application/json"), ("application/json, application/x-ndjson", "application/x-ndjson")],
)
def test_lines_are_answered_by_lines_where_both_are_taken(service: Running, accept: str, expected: str) -> None:
    answer = service.ask("/validate", "POST", body(PAIRS[:5]), {**NDJSON, "Accept": accept})
    assert answer.headers["content-type"] == expected
    assert len(answer.json if expected == "application/json" else answer.rows) == 5


def test_a_list_has_an_end_whatever_its_last_row_is(service: Running) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    answer = service.ask(
        "/validate?short=true", "POST", b'[{"id": "990001", "message_type": "DIS91"}, {"id": ', headers
    )
    assert [min(row) for row in answer.json] == ["arrives_as", "error"]


def test_a_row_may_say_more_and_has_its_reference_back(service: Running) -> None:
    rows = [
        {"id": "990001", "message_type": "DIS91", "ref": {"a": [1, "æ"]}},
        {"id": "990001", "message_type": "DIS91", "kind": "provider_number", "direction": "send", "on": "2026-02-01", "ref": 7},
    ]  # fmt: skip
    answer = service.ask("/validate?short=1", "POST", json.dumps(rows))
    assert [row["ref"] for row in answer.rows] == [{"a": [1, "æ"]}, 7]
    given = service.ask(
        "/validate?direction=send&on=2026-02-01&kind=provider_number", "POST", body([("990001", "DIS91")])
    )
    verdict = REGISTER.validate("990001", "DIS91", kind="provider_number", direction="send", on=dt.date(2026, 2, 1))
    assert given.rows == [{**verdict.to_dict(), **MARK}]


@pytest.mark.parametrize("short", ["false", "true"])
def test_a_key_that_is_null_is_one_that_the_row_lacks(service: Running, short: str) -> None:
    """As serializers of .NET and Java write an object of a generated class."""
    nulls = dict.fromkeys(("ask", "kind", "direction", "sender", "on"))
    query = f"/validate?short={short}&direction=send&on=2026-02-01&kind=provider_number"
    expected = service.ask(query, "POST", body([("990001", "DIS91")]))
    assert "error" not in expected.rows[0]
    assert service.ask(query, "POST", body([("990001", "DIS91")], **nulls)).rows == expected.rows


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"", []),
        (b" \n\n ", []),
        (b"[]", []),
        (b"nope", [1]),
        (b"1\n2\n", [1, 2]),
        (b"\n \n1\n\n\r\n2", [3, 6]),
        (b'\xef\xbb\xbf\n{"id": "990001", "message_type": "DIS91"}\n\n{\n', [4]),
        (b'{"id": 1, "message_type": "DIS91"}', [1]),
        (b'{"id": "990001", "message_typ": "DIS91"}', [1]),
        (b'{"id": "990001", "id": "990001", "message_type": "DIS91"}', [1]),
        (b'{"id": "990001", "message_type": "DIS91"} x', [1]),
        (b'{"id": "990001", "message_type": "DIS91", "ask": "info"}', [1]),
        (b'{"id": "990001", "message_type": "DIS91"}\n\xff\n{"id": "990001", "message_type": "DIS91"}', [2]),
        (b'[{"id": "990001", "message_type": "DIS91"}', [2]),
        (b'[{"id": "990001", "message_type": "DIS91"},]', [2]),
        (b'[{"id": "990001", "message_type": "DIS91"}] 7', [2]),
        (b'[{"id": "990001", "message_type": "DIS91"} {}]', [2]),
        (b"[" * 100_000, [1]),
        (b'{"a":' * 50_000, [1]),
        (b'[{"id": "' + b"9" * (MOST_BYTES + 9) + b'"}]', [1]),
        (b'{"id": "' + b"9" * (MOST_BYTES + 9) + b'"}\n{"id": "990001", "message_type": "DIS91"}', [1]),
        (b'{"id": "\\ud800", "message_type": "DIS91", "ref": "\\ud800"}', []),
        (b'{"id": "990001", "message_type": "DIS91", "ref": NaN}', [1]),
        (b'{"id": "990001", "message_type": "DIS91", "ref": 1e999}', [1]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_its_answer(service: Running, sent: bytes, expected: list[int]) -> None:
    answer = service.ask("/validate?short=1", "POST", sent, {"Accept-Language": "da"})
    assert answer.status == 200
    wrong = [row["error"] for row in answer.rows if "error" in row]
    assert [error["line"] for error in wrong] == expected
    assert {error["code"] for error in wrong} <= {"question-error"}


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/validate", {"Content-Type": "text/csv"}, 415, "not-supported"),
        ("/validate", {"Content-Encoding": "gzip"}, 415, "body-packed"),
        ("/validate", {"Accept": "text/csv"}, 406, "not-acceptable"),
        ("/validate?zzz=1", {}, 400, "unknown-parameter"),
        ("/validate?short=2", {}, 400, "parameter-no-switch"),
        ("/validate?on=2026-02-30", {}, 400, "question-error"),
        ("/validate?on=", {}, 400, "question-error"),
        ("/validate?kind=gln", {}, 400, "question-error"),
        ("/validate?direction=both", {}, 400, "question-error"),
        ("/validate?sender=1", {}, 400, "policy-error"),
        ("/validate", {"Content-Length": "99999999999"}, 413, "too-large"),
    ],
)
def test_a_request_that_can_not_be_meant_is_a_problem(
    service: Running, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = service.ask(path, "POST", b"[]", headers)
    assert (answer.status, answer.json["code"]) == (status, code)


def test_an_answer_comes_before_the_next_question_is_asked(service: Running) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=5) as connection:
        connection.sendall(b"POST /validate?short=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        got = b""
        for number in range(1, 4):
            row = json.dumps({"id": "990001", "message_type": "DIS91", "ref": f"no-{number}"}).encode() + b"\n"
            connection.sendall(f"{len(row):x}\r\n".encode() + row + b"\r\n")
            while f"no-{number}".encode() not in got:
                got += connection.recv(65536)
        connection.sendall(b"0\r\n\r\n")
        while not got.endswith(b"0\r\n\r\n"):
            got += connection.recv(65536)


def test_a_client_that_sends_all_before_it_reads_is_answered_in_full(service: Running) -> None:
    """More is asked and answered than the buffers between both and the memory hold, and nobody waits for the other for ever."""
    count = 4_000
    sent = body([("990001", "XDIS91")] * count, ref="x" * 3_000)
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.sendall(
            f"POST /validate HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(sent)}\r\n\r\n".encode()
        )
        connection.sendall(sent)
        time.sleep(0.3)
        got = bytearray()
        while block := connection.recv(1 << 20):
            got += block
    assert got.replace(b"\r\n", b"").count(b'"snapshot_date"') == count


def test_a_body_beyond_the_bound_of_a_stream_ends_with_an_error_row_and_a_broken_answer(service: Running) -> None:
    def rows() -> Iterator[bytes]:
        row = body([("990001", "DIS91")] * 1_000)
        for _ in range(1 + 20 * 1024 * 1024 // len(row)):
            yield row

    with contextlib.suppress(OSError, http.client.HTTPException):  # it breaks off, sooner or later
        service.ask("/validate?short=1", "POST", rows())
    assert service.ask("/health").status == 200


def test_where_nothing_can_be_put_into_a_file_a_stream_ends_at_once_and_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import tempfile\ndef none():\n    raise FileNotFoundError(2, 'No usable temporary directory')\ntempfile.TemporaryFile = none\n"
    )
    paths = os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]])
    service = Running("--sample", "--workers", "1", env={"PYTHONPATH": paths})
    sent = body([("990001", "XDIS91")] * 6_000, ref="x" * 3_000)
    began = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", service.port), timeout=25) as connection:
            connection.sendall(b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(sent))
            with pytest.raises(OSError, match=r"reset|pipe|abort"):
                connection.sendall(sent)
        assert time.monotonic() - began < 20
        assert "can't be put into a temporary file: No usable temporary directory" in service.log
        assert service.ask("/health").status == 200
    finally:
        service.end()


@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_long_row_is_answered_in_a_thread(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    """What looks through all of it takes its time, and quick questions of others are not to wait for that."""
    threads = []

    def answer(*given: Any, **named: Any) -> dict[str, object]:
        threads.append(threading.current_thread() is threading.main_thread())
        return answer_question(*given, **named)

    monkeypatch.setattr(many, "answer_question", answer)
    rows = [{"id": "990001", "message_type": "DIS91", "ref": "x" * size} for size in (1, 200_000, 2, 100_000)]
    sent = b"\n".join(json.dumps(row).encode() for row in rows) + end
    told = asyncio.run(inside.ask(inside.application(), "/validate", sent))
    assert [len(row["ref"]) for row in told.rows] == [1, 200_000, 2, 100_000]
    assert threads == [True, False, True, False]


@pytest.mark.parametrize("short", ["", "?short=true"])
def test_rows_of_one_request_are_of_one_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: str) -> None:
    build = RegisterBuilder(dt.date(2026, 1, 15))
    unit = build.institution(
        build.owner("Ejer"), "Lukker", location_number=build.location_number(), to_date=dt.date(2026, 1, 15)
    )
    build.build().save(tmp_path / "register")
    day = [dt.date(2026, 1, 15)]
    served = ServedDay(Register.open(tmp_path / "register", clock=lambda: day[0]), AddressingPolicy(), made_up=False)
    asked_of = inside.application()
    monkeypatch.setattr(asked_of._served, "_served", served)
    told, sent = many.RowAnswers._told, body([(unit, "DIS91"), (unit, "XDIS91")])

    def until_midnight(*given: Any) -> Any:
        day[0] = dt.date(2026, 1, 16)
        return told(*given)

    monkeypatch.setattr(many.RowAnswers, "_told", until_midnight)
    before, after = (asyncio.run(inside.ask(asked_of, f"/validate{short}", sent)).rows for _ in range(2))
    assert [[row["outcome"] for row in rows] for rows in (before, after)] == [
        [str(served.register.validate(unit, one, on=on).outcome) for one in ("DIS91", "XDIS91")]
        for on in (dt.date(2026, 1, 15), dt.date(2026, 1, 16))
    ]
    assert before[1]["outcome"] != after[1]["outcome"]


def test_a_client_stalls_only_where_it_is_waited_for() -> None:
    """What comes while rows are answered is read ahead, and that the answering takes its time is not the client's fault."""

    async def read(*, working: float, coming: float) -> list[bytes]:
        async def receive() -> dict[str, Any]:
            await asyncio.sleep(coming)
            return {"type": "http.request", "body": b"piece", "more_body": True}

        scope = {"type": "http", "path": "/validate", "headers": []}
        settings = ServiceSettings(RegisterSource(sample=True), limits=ServiceLimits(seconds=0.2))
        guard = Guard(Router(), settings, Counters([0.0] * SIZE, 0))
        request = GuardedRequest(guard, scope, receive, receive)  # type: ignore[arg-type]
        request.stream()
        ahead, found = ReadAhead(request), []
        try:
            async for piece in ahead.pieces():
                if piece:
                    found.append(piece)
                    if len(found) == 2:
                        return found
                    coming += working
                    await asyncio.sleep(working)
        finally:
            ahead.close()
        return found

    assert asyncio.run(read(working=0.5, coming=0.0)) == [b"piece"] * 2
    with pytest.raises(TimeoutError):
        asyncio.run(read(working=0.0, coming=0.5))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 10_000])
def test_where_a_body_is_parted_changes_nothing(size: int) -> None:
    rows = [{"id": "a\"]},{", "n": {"x": [1, {"y": "}"}]}}, [1, [2]], "te\\xt,]", 12, True, None, {"æ": "ø\n"}]  # fmt: skip
    for written in (json.dumps(rows), json.dumps(rows, indent=2), json.dumps(rows, ensure_ascii=False)):
        data = written.encode()
        splitter = RowSplitter(is_json=True)
        found = [row for at in range(0, len(data), size) for row in splitter.feed(data[at : at + size])]
        found += splitter.end()
        assert [json.loads(row.data) for row in found] == rows
    lines = b"\n".join(json.dumps(row).encode() for row in rows) + b"\r\n\n"
    splitter = RowSplitter(is_json=False)
    found = [row for at in range(0, len(lines), size) for row in splitter.feed(lines[at : at + size])]
    assert [json.loads(row.data) for row in [*found, *splitter.end()]] == rows
