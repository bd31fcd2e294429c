"""A web server that plays the publisher of the register, with the files of a made-up extract and with faults on demand."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import format_datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sor_addressing.extracts import published
from sor_addressing.misspelt import suggests_arguments
from sor_addressing.testing.web_server import Reply, Request, WebServer, file, silent, status, web_server

if TYPE_CHECKING:
    from sor_addressing.daily.download import HttpOrigin
    from sor_addressing.testing.builder import RegisterBuilder
    from sor_addressing.testing.extract import MadeUpExtract

__all__ = ["MadeUpPublisher", "PublisherFault", "serve_publisher"]

_WRONG = b"<!doctype html><title>Opdigtet</title><p>Siden er under vedligeholdelse.</p>"


class PublisherFault(StrEnum):
    """What can go wrong at the publisher's."""

    UNAVAILABLE = "unavailable"
    """The answer is 503, without a Retry-After."""

    NOT_FOUND = "not-found"
    """The answer is 404."""

    CUT_OFF = "cut-off"
    """The connection ends in the middle of the file."""

    SLOW = "slow"
    """The file begins, and nothing more comes for as long as the server runs."""

    WRONG_CONTENT = "wrong-content"
    """A web page comes in the place of the file, with 200."""

    HANG_UP = "hang-up"
    """The connection is closed without a word."""


class MadeUpPublisher:
    """The publisher that :func:`serve_publisher` plays: says where it is, publishes another day, and fails when it is told to.

    Attributes:
        address: the base address, for ``HttpOrigin(publisher.address)``.
    """

    def __init__(self, server: WebServer) -> None:
        self.address = server.address + "/"
        self._server = server
        self._bodies: dict[str, Callable[[], bytes]] = {}
        self._modified = ""
        self._faults: dict[str, list[PublisherFault]] = {}
        self._standing: dict[str, PublisherFault] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files that are published."""
        return tuple(self._bodies)

    @property
    def asked(self) -> list[tuple[str, Mapping[str, str]]]:
        """The name of each file that was asked for, and the headers of the request in small letters."""
        return [(path.lstrip("/"), headers) for path, headers in self._server.asked]

    @suggests_arguments
    def publish(
        self,
        extract: MadeUpExtract | RegisterBuilder | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        modified: dt.datetime | None = None,
    ) -> None:
        """Publish these files in the place of those from before; nothing is written before somebody asks.

        Args:
            extract: gives ``Sor.zip``, ``Sor.xml``, ``Edityper.csv``, ``Sor_complete.zip`` and ``SorEntity_daily.csv``.
            files: further files by name, or other content for one of those.
            modified: what Last-Modified says, in UTC where it has no zone; when the extract says that it was written, by default.
        """
        bodies: dict[str, Callable[[], bytes]] = {}
        written = modified
        if extract is not None:
            made = extract.extract() if hasattr(extract, "extract") else extract
            bodies.update(_bodies_of(made))
            written = written or made.created_at
        for name, body in (files or {}).items():
            bodies[name] = lambda body=body: body  # type: ignore[misc]
        moment = written or dt.datetime(2026, 1, 15, 21, 30, tzinfo=dt.UTC)
        moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
        self._modified = format_datetime(moment, usegmt=True)
        self._bodies = bodies
        self._server.replies.clear()
        self._server.replies.update({f"/{name}": [self._reply(name)] for name in bodies})

    @suggests_arguments
    def fail(self, fault: PublisherFault | str, name: str | None = None, *, times: int | None = None) -> None:
        """Fail from now on.

        Args:
            fault: how; see :class:`PublisherFault`.
            name: at which file; at every one where None.
            times: so many times, and then no more; None until :meth:`recover`.
        """
        wanted = PublisherFault(fault)
        for one in self._named(name):
            if times is None:
                self._standing[one] = wanted
            else:
                self._faults.setdefault(one, []).extend([wanted] * times)

    def recover(self) -> None:
        """Fail no more."""
        self._faults.clear()
        self._standing.clear()

    def origin(self, **options: object) -> HttpOrigin:
        """An origin for a ``RegisterStore`` that fetches from here, and waits for nothing between its attempts.

        Args:
            options: passed on to ``HttpOrigin``; what is given here wins.

        Raises:
            MissingExtra: httpx isn't installed, said when it fetches.
        """
        from sor_addressing.daily.download import HttpOrigin

        settings: dict[str, object] = {"timeout": 5.0, "backoff": 0.0, "sleep": _no_pause, "headers": {}, **options}
        return HttpOrigin(self.address, **settings)  # type: ignore[arg-type]

    def _named(self, name: str | None) -> tuple[str, ...]:
        if name is not None and name not in self._bodies:
            raise ValueError(f"{name} is not published here; published are {', '.join(self._bodies)}")
        return tuple(self._bodies) if name is None else (name,)

    def _reply(self, name: str) -> Reply:
        def reply(request: Request) -> None:
            waiting = self._faults.get(name)
            fault = waiting.pop(0) if waiting else self._standing.get(name)
            self._answer(name, fault)(request)

        return reply

    def _answer(self, name: str, fault: PublisherFault | None) -> Reply:
        if fault is PublisherFault.UNAVAILABLE:
            return status(503)
        if fault is PublisherFault.NOT_FOUND:
            return status(404)
        if fault is PublisherFault.HANG_UP:
            return lambda _request: None
        if fault is PublisherFault.WRONG_CONTENT:
            return file(_WRONG, Content_Type="text/html; charset=utf-8")
        body = self._bodies[name]()
        if fault is PublisherFault.SLOW:
            return silent(self._server, after=body[:100], says=len(body))
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        cut_at = len(body) // 2 if fault is PublisherFault.CUT_OFF else None
        return file(body, etag=etag, last_modified=self._modified, ranges=True, cut_at=cut_at)


@contextmanager
@suggests_arguments
def serve_publisher(
    extract: MadeUpExtract | RegisterBuilder | None = None, *, files: Mapping[str, bytes] | None = None
) -> Iterator[MadeUpPublisher]:
    """A web server on a free port of 127.0.0.1 that plays the publisher, for as long as the ``with`` lasts.

    It answers as a good server does, with ETag, Last-Modified, 304 and ranges, until it is told to fail.

    Args:
        extract: what is published; the sample where None.
        files: further files by name, or other content for one of the extract's.

    >>> from urllib.request import urlopen
    >>> with serve_publisher() as publisher:
    ...     with urlopen(publisher.address + "Edityper.csv") as answer:
    ...         print(answer.status, answer.headers["Last-Modified"])
    200 Thu, 15 Jan 2026 21:30:00 GMT
    """
    from sor_addressing.testing.sample import sample_extract

    with web_server() as server:
        publisher = MadeUpPublisher(server)
        publisher.publish(sample_extract() if extract is None else extract, files=files)
        yield publisher


def _bodies_of(extract: MadeUpExtract) -> dict[str, Callable[[], bytes]]:
    """What each file of an extract has in it, written when it is asked for, and once."""
    from sor_addressing.testing.published.complete_set import write_complete
    from sor_addressing.testing.published.writers import WRITERS

    def zipped() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            return extract.write(Path(folder), compressed="zip").units.read_bytes()

    def written(write: Callable[..., None]) -> Callable[[], bytes]:
        def body() -> bytes:
            target = io.BytesIO()
            write(extract, target)
            return target.getvalue()

        return cache(body)

    files = [published.SOR_XML, published.UNITS_TABLE]
    if extract.has_message_types:
        files.append(published.MESSAGE_TYPES)
    return {
        "Sor.zip": cache(zipped),
        published.COMPLETE: written(write_complete),
        **{content.name: written(WRITERS[content.key]) for content in files},
    }


def _no_pause(_seconds: float) -> None:
    """Wait for nothing."""
