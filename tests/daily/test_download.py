"""Downloading, against a real web server on the loopback that misbehaves on request."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import itertools
import logging
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from sor_addressing.testing.web_server import (
    Reply,
    Request,
    WebServer,
    endless,
    file,
    hang_up,
    silent,
    status,
    web_server,
)

pytest.importorskip("httpx", reason="downloading needs the extra fetch")

import httpx

from sor_addressing.daily.download import LEGACY, HttpOrigin
from sor_addressing.daily.origin import Fetched, Origin
from sor_addressing.daily.publisher import FileSet, PublishedFile
from sor_addressing.errors import StoreError
from sor_addressing.register.face import Register
from sor_addressing.testing import sample_extract

UNITS = FileSet("one", (PublishedFile("units", ("Sor.xml",), ()),))
BOTH = FileSet(
    "both", (PublishedFile("units", ("Sor.xml",), ()), PublishedFile("message_types", ("Edityper.csv",), ()))
)
BODY = bytes(itertools.islice(itertools.cycle(range(251)), 300_000))
OTHER = BODY[::-1]
NIGHT = "Mon, 02 Mar 2026 02:00:00 GMT"
NEXT_NIGHT = "Tue, 03 Mar 2026 02:00:00 GMT"


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def day(tmp_path: Path) -> Path:
    folder = tmp_path / "day"
    folder.mkdir()
    return folder


@attrs.define
class Time:
    """A clock that only waiting moves on, and each look at it by ``step``."""

    now: float = 0.0
    step: float = 0.0
    waits: list[float] = attrs.field(factory=list)

    def clock(self) -> float:
        self.now += self.step
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@functools.cache
def shared_client() -> httpx.Client:
    """Making a client reads all certificates of the machine; tests that are not about clients share one."""
    return httpx.Client()


def origin(server: WebServer, files: FileSet = UNITS, time: Time | None = None, **settings: object) -> HttpOrigin:
    time = Time() if time is None else time
    everything = {"clock": time.clock, "sleep": time.sleep, "jitter": lambda: 1.0, **settings}
    if not {"client", "proxy", "verify"} & set(settings):
        everything["client"] = shared_client()
    return HttpOrigin(server.address, files, **everything)  # type: ignore[arg-type]


def refusal(one: Origin, folder: Path, known: dict[str, str] | None = None) -> str:
    with pytest.raises(StoreError) as caught:
        one.fetch(folder, known or {})
    assert list(folder.iterdir()) == []
    return str(caught.value)


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


# What comes, and what is known of it.


def test_a_file_comes_whole_with_its_time_and_what_it_is_known_by(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, etag='"1"', last_modified=NIGHT)]
    assert origin(server).fetch(day, {}) == Fetched(
        (day / "Sor.xml",),
        False,
        {
            "units.address": f"{server.address}/Sor.xml",
            "units.etag": '"1"',
            "units.last_modified": NIGHT,
            "units.size": "300000",
            "units.sha256": sha256(BODY),
        },
        server.address,
    )
    assert (day / "Sor.xml").read_bytes() == BODY
    assert (day / "Sor.xml").stat().st_mtime == dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC).timestamp()
    assert list(day.iterdir()) == [day / "Sor.xml"]


def test_the_legacy_set_of_a_mirror_makes_a_register(server: WebServer, tmp_path: Path, day: Path) -> None:
    written = sample_extract().write(tmp_path / "mirror", compressed="zip")
    assert written.message_types is not None
    server.replies["/sor/Sor.zip"] = [file(written.units.read_bytes())]
    server.replies["/sor/edityper.csv"] = [file(written.message_types.read_bytes())]
    files = LEGACY.at({"Edityper.csv": "edityper.csv"})
    fetched = HttpOrigin(f"{server.address}/sor", files).fetch(day, {})
    assert fetched.files == (day / "Sor.zip", day / "Edityper.csv")
    assert len(Register.load(day).by_sor_code) == len(sample_extract())


def test_progress_tells_name_bytes_and_size(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY)]
    calls: list[tuple[str, int, int | None]] = []
    origin(server).fetch(day, {}, lambda *call: calls.append(call))
    assert calls[-1] == ("Sor.xml", 300_000, 300_000)
    assert [done for _, done, _ in calls] == sorted({done for _, done, _ in calls})


# Nothing newer.


def test_what_is_known_by_its_etag_is_not_sent_again(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, etag='"1"', last_modified=NIGHT)]
    first = origin(server).fetch(day, {})
    (day / "Sor.xml").unlink()
    second = origin(server).fetch(day, first.known)
    assert second == Fetched((), True, first.known, server.address)
    assert (server.sent("if-none-match"), server.sent("if-modified-since")) == ([None, '"1"'], [None, NIGHT])
    assert list(day.iterdir()) == []


def test_what_is_known_by_its_time_is_not_sent_again(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, last_modified=NIGHT), file(BODY, last_modified=NIGHT)]
    first = origin(server).fetch(day, {})
    assert origin(server).fetch(day, first.known).unchanged is True
    assert server.sent("if-modified-since") == [None, NIGHT]


def test_what_is_known_by_nothing_is_told_by_its_digest(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY)]
    first = origin(server).fetch(day, {})
    second = origin(server).fetch(day, first.known)
    assert (second.files, second.unchanged, second.known) == ((), True, first.known)
    assert list(day.iterdir()) == []


def test_the_same_file_under_a_new_etag_is_unchanged_and_the_etag_kept(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, etag='"1"'), file(BODY, etag='"2"')]
    first = origin(server).fetch(day, {})
    second = origin(server).fetch(day, first.known)
    assert second == Fetched((), True, {**first.known, "units.etag": '"2"'}, server.address)


def test_what_another_server_said_is_not_asked_of_this_one(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, etag='"1"')]
    known = {"units.address": "https://elsewhere.example/Sor.xml", "units.etag": '"1"'}
    assert origin(server).fetch(day, known).unchanged is False
    assert server.sent("if-none-match") == [None]


def test_one_newer_file_brings_all_files_of_the_extract(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, etag='"1"')]
    server.replies["/Edityper.csv"] = [file(b"old", etag='"1"'), file(b"new", etag='"2"')]
    first = origin(server, BOTH).fetch(day, {})
    for path in first.files:
        path.unlink()
    second = origin(server, BOTH).fetch(day, first.known)
    assert (second.files, second.unchanged) == ((day / "Sor.xml", day / "Edityper.csv"), False)
    assert (day / "Sor.xml").read_bytes() == BODY
    assert second.known == {
        **first.known,
        "message_types.etag": '"2"',
        "message_types.sha256": sha256(b"new"),
    }
    assert server.paths() == ["/Sor.xml", "/Edityper.csv", "/Sor.xml", "/Edityper.csv", "/Sor.xml"]
    assert server.sent("if-none-match") == [None, None, '"1"', '"1"', None]


def test_no_file_is_left_where_one_of_them_can_not_be_fetched(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY)]
    assert "Edityper.csv isn't there" in refusal(origin(server, BOTH), day)


# Where files lie.


def test_the_first_address_that_has_the_file_is_taken_and_asked_first_next_time(server: WebServer, day: Path) -> None:
    files = UNITS.at({"Sor.xml": "nowhere/Sor.xml"})
    server.replies["/Sor.xml"] = [file(BODY, etag='"1"')]
    first = origin(server, files).fetch(day, {})
    assert origin(server, files).fetch(day, first.known).unchanged is True
    assert server.paths() == ["/nowhere/Sor.xml", "/Sor.xml", "/Sor.xml"]


def test_a_file_that_is_nowhere_names_every_address_and_how_to_give_another(server: WebServer, day: Path) -> None:
    files = UNITS.at({"Sor.xml": "nowhere/Sor.xml"})
    server.replies["/Sor.xml"] = [status(410)]
    time = Time()
    assert refusal(origin(server, files, time), day) == (
        f"Sor.xml isn't there; asked {server.address}/nowhere/Sor.xml (404), {server.address}/Sor.xml (410); look up where it "
        "lies and say so: --file Sor.xml=PATH, in Python FileSet.at({'Sor.xml': PATH}), or paths in a publisher.toml of your own "
        "(--publisher, SOR_ADDRESSING_PUBLISHER); PATH is a path below the base address, or a whole address"
    )
    assert (len(server.asked), time.waits) == (2, [])


@pytest.mark.parametrize("code", [401, 403, 407])
def test_a_login_that_is_missing_is_said_at_once(server: WebServer, day: Path, code: int) -> None:
    server.replies["/Sor.xml"] = [status(code)]
    text = refusal(origin(server), day)
    assert text.startswith(f"{server.address}/Sor.xml: the server answered {code} ")
    assert text.endswith("a mirror or proxy of your own may want a login: headers=, proxy=")
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", [204, 304, 206, 400, 416])
def test_an_answer_that_makes_no_sense_is_not_asked_for_again(server: WebServer, day: Path, code: int) -> None:
    server.replies["/Sor.xml"] = [status(code)]
    text = refusal(origin(server), day)
    assert text.startswith(f"{server.address}/Sor.xml: the server answered {code}")
    assert text.endswith("; check the address (--from, --file; base=, files=)")
    assert len(server.asked) == 1


def test_a_web_page_is_not_taken_for_the_file(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(b"<html>Log in</html>", Content_Type="text/html; charset=utf-8")]
    assert refusal(origin(server), day) == (
        f"{server.address}/Sor.xml: a web page came instead of the file; look at the address with a browser: it may be a page "
        "that lists files, or one of a proxy that wants a login"
    )


def test_a_file_packed_in_a_way_that_nobody_reads_is_refused(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, Content_Encoding="br")]
    assert refusal(origin(server), day) == f"{server.address}/Sor.xml: comes packed as 'br', which nobody asked for"
    assert server.sent("accept-encoding") == ["identity"]


# Trying again.


def test_a_server_that_fails_once_is_asked_again(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [status(500), hang_up, status(503), file(BODY)]
    time = Time()
    assert origin(server, time=time).fetch(day, {}).known["units.sha256"] == sha256(BODY)
    assert time.waits == [1.0, 2.0, 4.0]


def test_pauses_grow_and_differ_from_machine_to_machine(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [status(500)]
    time = Time()
    text = refusal(origin(server, time=time, retries=9, backoff=1.0, jitter=lambda: 0.0), day)
    assert time.waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert text == (
        f"{server.address}/Sor.xml: not fetched in 10 attempts: the server answered 500 Internal Server Error; try again later, "
        "and check the address (--from, base=) and the way there (proxy=, verify=, HTTPS_PROXY)"
    )


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry_After": "17"}, 17.0),
        ({"Retry_After": "Mon, 02 Mar 2026 02:01:30 GMT", "Date": NIGHT}, 90.0),
        ({"Retry_After": "Sun, 01 Mar 2026 02:01:30 GMT", "Date": NIGHT}, 1.0),
        ({"Retry_After": "soon"}, 1.0),
        ({}, 1.0),
    ],
)
def test_a_server_that_asks_to_wait_is_waited_for(
    server: WebServer, day: Path, headers: dict[str, str], waited: float
) -> None:
    server.replies["/Sor.xml"] = [status(429, **headers), file(BODY)]
    time = Time()
    origin(server, time=time).fetch(day, {})
    assert time.waits == [waited]


def test_a_server_that_asks_to_wait_too_long_is_not_waited_for(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [status(503, Retry_After="7200")]
    time = Time()
    assert refusal(origin(server, time=time), day) == (
        f"{server.address}/Sor.xml: the server answered 503 Service Unavailable; the next attempt would be in 7200 s, beyond the "
        "time limit of 1800 s; try again later, or raise time_limit="
    )
    assert time.waits == []


def test_a_server_that_is_not_there_is_said(day: Path) -> None:
    with web_server() as gone:
        pass
    time = Time()
    text = refusal(origin(gone, time=time, retries=2), day)
    assert text.startswith(f"{gone.address}/Sor.xml: not fetched in 3 attempts: connect error: ")
    assert time.waits == [1.0, 2.0]


def test_a_server_that_says_nothing_is_left(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [silent(server), file(BODY)]
    time = Time()
    origin(server, time=time, timeout=0.1).fetch(day, {})
    assert time.waits == [1.0]


# A connection that breaks.


def test_what_was_cut_is_continued_where_the_server_can(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [
        file(BODY, etag='"1"', ranges=True, cut_at=100_000),
        file(BODY, etag='"1"', ranges=True, cut_at=250_000),
        file(BODY, etag='"1"', ranges=True),
    ]
    fetched = origin(server).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == BODY
    assert fetched.known["units.sha256"] == sha256(BODY)
    assert server.sent("range") == [None, "bytes=100000-", "bytes=250000-", "bytes=300000-"]
    assert server.sent("if-range") == [None, '"1"', '"1"', None]


def test_what_was_cut_is_continued_by_its_time_where_it_has_no_strong_etag(server: WebServer, day: Path) -> None:
    names = {"etag": 'W/"1"', "last_modified": NIGHT}
    server.replies["/Sor.xml"] = [
        file(BODY, ranges=True, cut_at=100_000, **names),  # type: ignore[arg-type]
        file(BODY, ranges=True, **names),  # type: ignore[arg-type]
    ]
    origin(server).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == BODY
    assert server.sent("if-range") == [None, NIGHT, None]


@pytest.mark.parametrize("names", [{}, {"etag": '"1"'}, {"etag": 'W/"1"', "ranges": True}])
def test_what_was_cut_begins_anew_where_the_server_can_not_continue(
    server: WebServer, day: Path, names: dict[str, object]
) -> None:
    server.replies["/Sor.xml"] = [
        file(BODY, cut_at=100_000, **names),  # type: ignore[arg-type]
        file(BODY, **names),  # type: ignore[arg-type]
    ]
    origin(server).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == BODY
    assert server.sent("range")[:2] == [None, None]


def test_a_file_that_changes_between_two_parts_begins_anew(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [
        file(BODY, etag='"1"', ranges=True, cut_at=100_000),
        file(OTHER, etag='"2"', ranges=True),
    ]
    fetched = origin(server).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == OTHER
    assert (fetched.known["units.etag"], fetched.known["units.sha256"]) == ('"2"', sha256(OTHER))


def test_a_server_that_continues_another_version_is_not_believed(server: WebServer, day: Path) -> None:
    def ignores_if_range(request: Request) -> None:
        del request.headers["If-Range"]
        file(OTHER, etag='"2"', ranges=True)(request)

    server.replies["/Sor.xml"] = [
        file(BODY, etag='"1"', ranges=True, cut_at=100_000),
        ignores_if_range,
        file(OTHER, etag='"2"', ranges=True),
    ]
    origin(server).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == OTHER
    assert server.sent("range")[:3] == [None, "bytes=100000-", None]


@pytest.mark.parametrize(
    "nonsense",
    [
        status(206, Content_Range="bytes 0-99/300000"),
        status(206, Content_Range="bytes 100000-299999/300001"),
        status(206),
        status(416, Content_Range="bytes */300000"),
    ],
)
def test_a_server_that_continues_elsewhere_is_not_believed(server: WebServer, day: Path, nonsense: Reply) -> None:
    server.replies["/Sor.xml"] = [file(BODY, etag='"1"', ranges=True, cut_at=100_000), nonsense, file(BODY)]
    origin(server).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == BODY
    assert server.sent("range") == [None, "bytes=100000-", None]


def test_a_file_of_unknown_length_is_continued_too(server: WebServer, day: Path) -> None:
    def broken_chunks(request: Request) -> None:
        request.head(200, {"Transfer-Encoding": "chunked", "Accept-Ranges": "bytes", "ETag": '"1"'})
        request.wfile.write(b"%x\r\n%s\r\n" % (100_000, BODY[:100_000]))

    server.replies["/Sor.xml"] = [broken_chunks, file(BODY, etag='"1"', ranges=True)]
    calls: list[tuple[str, int, int | None]] = []
    origin(server).fetch(day, {}, lambda *call: calls.append(call))
    assert (day / "Sor.xml").read_bytes() == BODY
    assert {total for _, done, total in calls if done <= 100_000} == {None}
    assert calls[-1] == ("Sor.xml", 300_000, 300_000)
    assert server.sent("range") == [None, "bytes=100000-", "bytes=300000-"]


def test_a_server_that_continues_by_bits_is_asked_for_the_next(server: WebServer, day: Path) -> None:
    def bit(request: Request) -> None:
        headers = {"Content-Range": "bytes 100000-199999/300000", "Content-Length": "100000", "ETag": '"1"'}
        request.head(206, headers)
        request.wfile.write(BODY[100_000:200_000])

    server.replies["/Sor.xml"] = [
        file(BODY, etag='"1"', ranges=True, cut_at=100_000),
        bit,
        file(BODY, etag='"1"', ranges=True),
    ]
    origin(server).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == BODY
    assert server.sent("range") == [None, "bytes=100000-", "bytes=200000-", "bytes=300000-"]


# Lengths that are not true.


def test_half_a_file_under_the_length_of_the_whole_is_noticed(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY[:150_000], says=300_000)]
    text = refusal(origin(server, retries=1), day)
    assert text.startswith(f"{server.address}/Sor.xml: not fetched in 2 attempts: remote protocol error: ")
    assert "received 150000 bytes, expected 300000" in text


def test_half_a_file_and_then_silence_is_noticed(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [silent(server, after=BODY[:1000], says=300_000)]
    assert "not fetched in 2 attempts: read timeout" in refusal(origin(server, retries=1, timeout=0.1), day)


def test_half_a_file_under_its_own_length_is_noticed_where_the_server_knows_ranges(
    server: WebServer, day: Path
) -> None:
    lie = file(BODY, etag='"1"', ranges=True, says=150_000)
    server.replies["/Sor.xml"] = [lie, lie, file(BODY, etag='"1"', ranges=True)]
    time = Time()
    origin(server, time=time).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == BODY
    assert server.sent("range") == [None, "bytes=150000-", None, "bytes=300000-"]
    assert time.waits == [1.0]


def test_a_file_that_still_grows_is_fetched_again(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [
        file(BODY[:150_000], ranges=True),
        status(416, Content_Range="bytes */300000"),
        file(BODY, ranges=True),
    ]
    origin(server).fetch(day, {})
    assert (day / "Sor.xml").read_bytes() == BODY


def test_a_file_that_never_stops_growing_is_refused(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, ranges=True, says=150_000)]
    assert refusal(origin(server, retries=1), day) == (
        f"{server.address}/Sor.xml: not fetched in 2 attempts: the file goes on after the 150000 bytes that were announced; is "
        "it still being written?; try again later, and check the address (--from, base=) and the way there (proxy=, verify=, HTTPS_PROXY)"
    )


def test_a_file_that_was_replaced_meanwhile_is_fetched_again(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [
        file(BODY, etag='"1"', ranges=True),
        file(OTHER, etag='"2"'),
        file(OTHER, etag='"2"', ranges=True),
    ]
    assert origin(server).fetch(day, {}).known["units.etag"] == '"2"'
    assert (day / "Sor.xml").read_bytes() == OTHER


@pytest.mark.parametrize(
    "unclear", [hang_up, status(500), status(206), status(416), status(416, Content_Range="bytes */0")]
)
def test_an_unclear_answer_to_what_follows_spoils_nothing(server: WebServer, day: Path, unclear: Reply) -> None:
    server.replies["/Sor.xml"] = [file(BODY, ranges=True), unclear]
    time = Time()
    assert origin(server, time=time).fetch(day, {}).files == (day / "Sor.xml",)
    assert (len(server.asked), time.waits) == (2, [])


def test_an_empty_file_is_no_extract(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(b"")]
    assert "not fetched in 2 attempts: the file is empty" in refusal(origin(server, retries=1), day)


# Limits.


def test_a_file_that_says_it_is_too_large_is_not_read(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, says=10**12)]
    assert refusal(origin(server, max_size=200_000), day) == (
        f"{server.address}/Sor.xml: is larger than 200000 bytes, which no published file is; check the address, or raise "
        "max_size="
    )
    assert len(server.asked) == 1


def test_a_file_that_proves_too_large_is_not_read_on(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [endless(b"x" * 10_000, server)]
    assert "is larger than 200000 bytes" in refusal(origin(server, max_size=200_000), day)


def test_a_file_of_just_the_allowed_size_is_taken(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY)]
    assert origin(server, max_size=len(BODY)).fetch(day, {}).files == (day / "Sor.xml",)


def test_a_file_that_never_ends_is_left_at_the_time_limit(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [endless(b"x", server)]
    assert refusal(origin(server, time=Time(step=1.0), time_limit=60.0), day) == (
        f"{server.address}/Sor.xml: not fetched within 60 s; try again later, or raise time_limit="
    )
    assert len(server.asked) == 1


def trickling(server: WebServer, before: bytes, drop: bytes, after: bytes = b"") -> Reply:
    """Bytes that never come to an end, and never so slowly that a connection counts as broken."""

    def reply(request: Request) -> None:
        request.wfile.write(before)
        while not server.closing.wait(0.02):
            request.wfile.write(drop)
        request.wfile.write(after)

    return reply


ENDLESS = {
    "status line": (b"", b"H"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "one header": (b"HTTP/1.1 200 OK\r\nX-A: ", b"b"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103 Early Hints": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "chunk extensions": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", b"a=b;"),
    "trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", b"X-A: b\r\n"),
    "a body of a length": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", b"b"),
    "a body without a length": (b"HTTP/1.1 200 OK\r\n\r\n", b"b"),
}


@pytest.mark.parametrize("where", ENDLESS)
def test_the_time_limit_holds_wherever_a_server_sends_a_byte_now_and_then(
    where: str, server: WebServer, day: Path
) -> None:
    server.replies["/Sor.xml"] = [trickling(server, *ENDLESS[where])]
    begun = time.monotonic()
    real = {"clock": time.monotonic, "sleep": time.sleep, "retries": 0 if where == "status line" else 4}
    said = refusal(origin(server, time_limit=0.4, timeout=30.0, backoff=0.01, **real), day)
    assert time.monotonic() - begun < 5
    if where != "status line":  # which may be refused for what it is before the time is over
        assert said == f"{server.address}/Sor.xml: not fetched within 0 s; try again later, or raise time_limit="


def test_a_time_limit_without_end_is_one(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY)]
    assert origin(server, time_limit=float("inf")).fetch(day, {}).files == (day / "Sor.xml",)


@pytest.mark.parametrize("name", ["ETag", "Last_Modified"])
def test_what_cannot_be_asked_with_is_not_kept(name: str, server: WebServer, day: Path) -> None:
    odd = '"årgang"'.encode().decode("latin-1")
    server.replies["/Sor.xml"] = [file(BODY, ranges=True, **{name: odd})]
    first = origin(server).fetch(day, {})
    assert not {"units.etag", "units.last_modified"} & first.known.keys()
    second = origin(server).fetch(day, first.known)
    assert second.unchanged
    before = {**first.known, "units.etag": odd, "units.last_modified": odd}
    assert origin(server).fetch(day, before).unchanged
    assert server.sent("if-none-match") == server.sent("if-modified-since") == [None] * len(server.asked)


@pytest.mark.parametrize("told", ["Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 15 Jan 2062 00:00:00 GMT", "i går"])
def test_a_time_that_no_file_can_have_is_not_given_to_it(told: str, server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, last_modified=told.encode().decode("latin-1"))]
    assert origin(server).fetch(day, {}).files
    assert abs((day / "Sor.xml").stat().st_mtime - time.time()) < 60


def test_a_time_that_is_not_to_be_trusted_is_not_given_to_it_either(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY, last_modified=NIGHT)]
    fetched = origin(server, trust_times=False).fetch(day, {})
    assert fetched.known["units.last_modified"] == NIGHT
    assert abs((day / "Sor.xml").stat().st_mtime - time.time()) < 60


def test_the_time_limit_is_for_all_files_and_pauses_together(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [status(500), status(500), file(BODY)]
    server.replies["/Edityper.csv"] = [status(500)]
    text = refusal(origin(server, BOTH, Time(), time_limit=4.5), day)
    assert text == (
        f"{server.address}/Edityper.csv: the server answered 500 Internal Server Error; the next attempt would be in 2 s, beyond "
        "the time limit of 4 s; try again later, or raise time_limit="
    )


def test_a_full_disk_is_said_and_nothing_is_left(server: WebServer, tiny_disk: Path) -> None:
    server.replies["/Sor.xml"] = [file(b"x" * 100_000)]
    assert refusal(origin(server), tiny_disk) == (
        f"{tiny_disk / 'Sor.xml.part'}: can't be written: No space left on device; make room, or write elsewhere"
    )


def test_a_link_that_was_planted_is_not_followed(server: WebServer, day: Path, tmp_path: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY)]
    (tmp_path / "victim").write_bytes(b"mine")
    (day / "Sor.xml.part").symlink_to(tmp_path / "victim")
    assert origin(server).fetch(day, {}).files == (day / "Sor.xml",)
    assert (tmp_path / "victim").read_bytes() == b"mine"
    assert (day / "Sor.xml").read_bytes() == BODY


def test_a_name_that_is_taken_by_a_folder_is_said(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY)]
    (day / "Sor.xml").mkdir()
    with pytest.raises(StoreError, match=r"Sor\.xml: can't be written: Is a directory"):
        origin(server).fetch(day, {})
    assert list(day.iterdir()) == [day / "Sor.xml"]


def test_what_a_killed_process_left_is_written_over(server: WebServer, day: Path) -> None:
    (day / "Sor.xml.part").write_bytes(b"half of another day")
    server.replies["/Sor.xml"] = [file(BODY)]
    assert origin(server).fetch(day, {}).files == (day / "Sor.xml",)
    assert list(day.iterdir()) == [day / "Sor.xml"]
    assert (day / "Sor.xml").read_bytes() == BODY


# Where it may lead.


def test_a_redirect_on_the_same_host_is_followed(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [status(302, Location="/today/Sor_1.xml")]
    server.replies["/today/Sor_1.xml"] = [file(BODY, etag='"1"')]
    fetched = origin(server).fetch(day, {})
    assert (fetched.files, fetched.known["units.address"]) == ((day / "Sor.xml",), f"{server.address}/Sor.xml")


def test_redirects_without_end_are_not_followed_for_ever(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [status(301, Location="/Sor.xml")]
    assert refusal(origin(server), day) == (
        f"{server.address}/Sor.xml: redirects 5 times and more; give the final address"
    )
    assert len(server.asked) == 6


@pytest.mark.parametrize("location", ["http://elsewhere.invalid/Sor.xml", "http://127.0.0.1:1/x", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_host_is_refused(server: WebServer, day: Path, location: str) -> None:
    server.replies["/Sor.xml"] = [status(307, Location=f"{location}?key=secret")]
    assert refusal(origin(server), day) == (
        f"{server.address}/Sor.xml: redirects to {location}, which is not followed: another host, or an address without "
        "encryption; if it is right, give that address (--from, --file; base=, files=)"
    )


def test_a_redirect_to_nowhere_is_refused(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [status(302)]
    assert f"{server.address}/Sor.xml: redirects to nowhere, which is not followed" in refusal(origin(server), day)


def test_a_proxy_of_the_environment_is_used(server: WebServer, day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.address)
    server.replies["http://mirror.invalid/Sor.xml"] = [file(BODY)]
    fetched = HttpOrigin("http://mirror.invalid", UNITS).fetch(day, {})
    assert (fetched.origin, server.paths()) == ("http://mirror.invalid", ["http://mirror.invalid/Sor.xml"])


def test_a_proxy_can_be_named(server: WebServer, day: Path) -> None:
    server.replies["http://mirror.invalid/Sor.xml"] = [file(BODY)]
    HttpOrigin("http://mirror.invalid", UNITS, proxy=server.address).fetch(day, {})
    assert server.paths() == ["http://mirror.invalid/Sor.xml"]


def test_a_client_of_the_caller_is_used_and_left_open(server: WebServer, day: Path) -> None:
    server.replies["/Sor.xml"] = [file(BODY)]
    with httpx.Client(headers={"User-Agent": "of the caller"}) as client:
        origin(server, client=client).fetch(day, {})
        assert client.is_closed is False
    assert server.sent("user-agent") == ["of the caller"]


def test_certificates_of_ones_own_have_to_be_there(server: WebServer, day: Path, tmp_path: Path) -> None:
    missing = tmp_path / "ca.pem"
    assert refusal(origin(server, verify=missing), day).startswith(f"{missing}: is no file of certificates: ")
    missing.write_text("no certificate")
    assert refusal(origin(server, verify=missing), day).endswith("; give a CA bundle in PEM (verify=)")


def test_certificates_of_ones_own_are_those_that_count(
    server: WebServer, day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, object]] = []
    true_maker = ssl.create_default_context

    def maker(**settings: object) -> ssl.SSLContext:
        made.append(settings)
        return true_maker()

    monkeypatch.setattr("ssl.create_default_context", maker)
    server.replies["/Sor.xml"] = [file(BODY)]
    bundle = tmp_path / "ca.pem"
    bundle.write_text("stands for a bundle")
    origin(server, verify=bundle).fetch(day, {})
    origin(server, verify=str(tmp_path)).fetch(day, {})
    assert made == [{"cafile": bundle}, {"capath": tmp_path}]


def test_a_server_that_does_not_speak_tls_is_a_fault_of_the_connection(server: WebServer, day: Path) -> None:
    secure = HttpOrigin(server.address.replace("http:", "https:"), UNITS, retries=0)
    assert "not fetched in 1 attempt: connect error: " in refusal(secure, day)


def test_a_certificate_that_is_not_trusted_says_what_to_give(day: Path) -> None:
    def untrusted(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate")

    with httpx.Client(transport=httpx.MockTransport(untrusted)) as client:
        text = refusal(HttpOrigin("https://mirror.invalid", UNITS, client=client), day)
    assert text.startswith(
        "https://mirror.invalid/Sor.xml: the server's certificate isn't trusted (connect error: [SSL: "
    )
    assert text.endswith("where a proxy of your own network stands between, give its CA bundle: verify=path")


# What nobody may see.


def test_login_and_headers_reach_the_server_and_no_log_or_text(
    server: WebServer, day: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    base = server.address.replace("http://", "http://reader:s3cret%21@")
    server.replies["/Sor.xml"] = [file(BODY)]
    one = HttpOrigin(base, UNITS, headers={"X-Token": "t0ken"})
    fetched = one.fetch(day, {})
    assert server.sent("authorization") == ["Basic cmVhZGVyOnMzY3JldCE="]
    assert server.sent("x-token") == ["t0ken"]
    (day / "Sor.xml").unlink()
    server.replies["/Sor.xml"] = [status(403)]
    shown = f"{refusal(one, day)} {fetched} {one!r} {one!s} {caplog.text}"
    assert f"HttpOrigin('{server.address}', 'one')" in shown
    assert [secret for secret in ("s3cret", "t0ken", "reader", "cmVhZGVy") if secret in shown] == []


def test_headers_go_to_the_host_of_the_base_alone(server: WebServer, day: Path) -> None:
    with web_server() as other:
        other.replies["/Edityper.csv"] = [file(b"types")]
        server.replies["/Sor.xml"] = [file(BODY)]
        files = BOTH.at({"Edityper.csv": f"{other.address}/Edityper.csv"})
        origin(server, files, headers={"Authorization": "Bearer t0ken"}).fetch(day, {})
        assert (server.sent("authorization"), other.sent("authorization")) == (["Bearer t0ken"], [None])


@pytest.mark.parametrize("proxy", ["smtp://reader:s3cret@127.0.0.1", "http://reader:s3cret@[::1"])
def test_a_proxy_that_can_not_be_used_is_said_without_its_password(server: WebServer, day: Path, proxy: str) -> None:
    text = refusal(origin(server, proxy=proxy), day)
    assert text == (
        "the address of the proxy can't be used; give it as http://host:port (proxy=, or HTTP_PROXY and HTTPS_PROXY)"
    )


def test_a_fault_of_the_connection_is_said_without_addresses(day: Path) -> None:
    def fails(request: httpx.Request) -> httpx.Response:
        raise httpx.ProxyError("no way to http://reader:s3cret@proxy.invalid today")

    with httpx.Client(transport=httpx.MockTransport(fails)) as client:
        text = refusal(HttpOrigin("https://mirror.invalid", UNITS, client=client, retries=0), day)
    assert "proxy error: no way to … today" in text


@pytest.mark.parametrize("fault", [httpx.LocalProtocolError, httpx.InvalidURL, httpx.UnsupportedProtocol])
def test_a_request_that_can_not_be_sent_is_said_without_what_it_holds(day: Path, fault: type[Exception]) -> None:
    def fails(request: httpx.Request) -> httpx.Response:
        raise fault("Illegal header value b's3cret'")

    with httpx.Client(transport=httpx.MockTransport(fails)) as client:
        text = refusal(HttpOrigin("https://mirror.invalid", UNITS, client=client), day)
    assert text == (
        "https://mirror.invalid/Sor.xml: can't be asked; check the address (--from, --file; base=, files=) and the headers (headers=)"
    )
