"""A web server on the loopback that does what it is told, also what no server should; the standard library's.

It is what :func:`~sor_addressing.testing.serve_publisher` stands on, and what tests of downloading script in detail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs

__all__ = ["Reply", "Request", "WebServer", "endless", "file", "hang_up", "silent", "status", "web_server"]

Reply = Callable[["Request"], None]
"""Answers one request."""


class Request(BaseHTTPRequestHandler):
    """One request; a reply answers it."""

    protocol_version = "HTTP/1.1"
    # The client may be gone, which is what some tests are about.
    wbufsize = 0

    def do_GET(self) -> None:
        """Answer with what is scripted for the path."""
        script: WebServer = self.server.script  # type: ignore[attr-defined]
        self.close_connection = True
        script.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        replies = script.replies.get(self.path, [status(404)])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        try:
            reply(self)
        except OSError:
            pass

    def head(self, code: int, headers: Mapping[str, str]) -> None:
        """Send the status line and headers."""
        self.send_response_only(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


@attrs.define
class WebServer:
    """What is answered at which path (one reply after another, the last of them again and again), and what was asked."""

    address: str
    closing: threading.Event
    replies: dict[str, list[Reply]] = attrs.field(factory=dict)
    asked: list[tuple[str, dict[str, str]]] = attrs.field(factory=list)

    def paths(self) -> list[str]:
        """The path of every request."""
        return [path for path, _ in self.asked]

    def sent(self, name: str) -> list[str | None]:
        """A header of every request."""
        return [headers.get(name) for _, headers in self.asked]


@contextmanager
def web_server() -> Iterator[WebServer]:
    """A server on a free port of 127.0.0.1, for as long as the ``with`` lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    script = WebServer(f"http://127.0.0.1:{server.server_port}", threading.Event())
    server.script = script  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        script.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def status(code: int, **headers: str) -> Reply:
    """An answer without a file; names of headers with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: request.head(code, {"Content-Length": "0", **named})


def file(
    body: bytes,
    *,
    etag: str = "",
    last_modified: str = "",
    ranges: bool = False,
    says: int | None = None,
    cut_at: int | None = None,
    **headers: str,
) -> Reply:
    """A file, with what a good server does: 304 for what is known, ranges where it has them.

    Args:
        body: the file.
        etag: its ETag, with quotes.
        last_modified: its Last-Modified.
        ranges: whether a part may be asked for.
        says: the length that is announced instead of the true one.
        cut_at: after this many bytes of it the connection is closed.
        headers: further headers, with underscores in their names.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if etag:
        named["ETag"] = etag
    if last_modified:
        named["Last-Modified"] = last_modified
    if ranges:
        named["Accept-Ranges"] = "bytes"

    def reply(request: Request) -> None:
        asked = request.headers
        if (etag and asked["If-None-Match"] == etag) or (
            last_modified and not asked["If-None-Match"] and asked["If-Modified-Since"] == last_modified
        ):
            request.head(304, named)
            return
        begin, code, extra = 0, 200, {"Content-Length": str(len(body) if says is None else says)}
        fits = asked["If-Range"] in (None, etag, last_modified)
        if ranges and asked["Range"] and fits:
            begin = int(asked["Range"].removeprefix("bytes=").removesuffix("-"))
            if begin >= len(body):
                request.head(416, {**named, "Content-Range": f"bytes */{len(body)}", "Content-Length": "0"})
                return
            code = 206
            extra = {
                "Content-Length": str(len(body) - begin),
                "Content-Range": f"bytes {begin}-{len(body) - 1}/{len(body)}",
            }
        request.head(code, {**named, **extra})
        request.wfile.write(body[begin:cut_at])

    return reply


def endless(chunk: bytes, server: WebServer) -> Reply:
    """Chunks without end."""

    def reply(request: Request) -> None:
        request.head(200, {"Transfer-Encoding": "chunked"})
        while not server.closing.is_set():
            request.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))

    return reply


def silent(server: WebServer, *, after: bytes = b"", says: int = 0) -> Reply:
    """Nothing, or the beginning of a file and then nothing, for as long as the server runs."""

    def reply(request: Request) -> None:
        if says:
            request.head(200, {"Content-Length": str(says)})
            request.wfile.write(after)
        server.closing.wait(30)

    return reply


def hang_up(request: Request) -> None:
    """Close the connection without a word."""
