"""One file from one address: asked for only where it changed, tried again, resumed, and held to limits of size and time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs

from sor_addressing.daily.addresses import redirected, shown_address
from sor_addressing.daily.deadline import Deadline
from sor_addressing.daily.partial_file import PartialFile
from sor_addressing.daily.response_headers import can_be_sent, content_length, content_range, retry_after, validator
from sor_addressing.errors import StoreError
from sor_addressing.texts import counted

if TYPE_CHECKING:
    import httpx

_BytesDone = Callable[[int, int | None], None]

_MOVED = {301, 302, 303, 307, 308}
_MISSING = {404, 410}
_CLOSED = {401, 403, 407}
_LATER = {408, 425, 429}
_WEB_PAGES = {"text/html", "application/xhtml+xml"}
# Packed on the way is as good as packed at rest: the readers unpack it.
_READABLE_ENCODINGS = {"", "identity", "gzip", "x-gzip"}
_MAX_REDIRECTS = 5
_LONGEST_PAUSE = 120.0


@attrs.frozen
class Reply:
    """What an address said.

    Attributes:
        kind: ``unchanged`` is since the version that was known; ``missing`` is that there is no such file.
        size: bytes of the fetched file.
        sha256: digest of the fetched file.
        etag: what to ask with next time; empty where the server gave none.
        last_modified: the same.
        status: what the server answered, of a file that is missing.
    """

    kind: Literal["fetched", "unchanged", "missing"]
    size: int = 0
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""
    status: int = 0


@attrs.frozen(kw_only=True)
class Limits:
    """How long and how often to try, how much to take, and how time passes; times in seconds, sizes in bytes.

    ``trust_times`` says whether a file gets the time that the server knows it by.
    """

    timeout: float
    connect_timeout: float
    retries: int
    backoff: float
    max_size: int
    time_limit: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    jitter: Callable[[], float]
    trust_times: bool = True


class _TryAgain(Exception):
    """An attempt failed in a way that may pass; ``wait`` is what the server asked for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class Transfer:
    """Fetches files over one client, all of them within one time limit.

    Args:
        client: what sends the requests.
        limits: how long, how often, how much.
        headers: sent along to the addresses that ``is_trusted`` says yes to.
        is_trusted: whether an address may see ``headers``.
    """

    def __init__(
        self, client: httpx.Client, limits: Limits, *, headers: Mapping[str, str], is_trusted: Callable[[str], bool]
    ) -> None:
        self._client = client
        self._limits = limits
        self._headers = dict(headers)
        self._is_trusted = is_trusted
        self._until = limits.clock() + limits.time_limit

    def get(
        self,
        address: str,
        target: Path,
        *,
        etag: str = "",
        last_modified: str = "",
        progress: _BytesDone | None = None,
    ) -> Reply:
        """Fetch ``address`` into ``target``, which appears only when it is whole.

        Args:
            address: of the file, without login and query.
            target: where to put it.
            etag: what the server called the version that is known, to be told when it is still the newest.
            last_modified: the same.
            progress: called with the bytes so far, and all of them where that is known.

        Raises:
            StoreError: it can't be fetched.
        """
        condition = {}
        if can_be_sent(etag):
            condition["If-None-Match"] = etag
        if can_be_sent(last_modified):
            condition["If-Modified-Since"] = last_modified
        part = PartialFile(target, keeps_time=self._limits.trust_times)
        failures = 0
        try:
            while True:
                try:
                    return self._attempt(address, part, condition, progress)
                except _TryAgain as again:
                    failures += 1
                    self._pause(address, failures, again)
        finally:
            part.remove()

    def _attempt(
        self, address: str, part: PartialFile, condition: Mapping[str, str], progress: _BytesDone | None
    ) -> Reply:
        resumes = part.can_be_continued
        asked = {"Range": f"bytes={part.size}-", "If-Range": part.validator} if resumes else condition
        with self._ask(address, asked) as response:
            status, headers = response.status_code, response.headers
            if status in _MISSING:
                return Reply("missing", status=status)
            if status == 304 and condition and not resumes:
                return Reply(
                    "unchanged",
                    etag=validator(headers, "etag") or condition.get("If-None-Match", ""),
                    last_modified=validator(headers, "last-modified") or condition.get("If-Modified-Since", ""),
                )
            if status == 200:
                part.restart()
                part.describe(headers)
                part.total = content_length(headers)
            elif not (status == 206 and resumes and _continues(part, headers)):
                raise self._refusal(address, response, part)
            self._receive(address, part, response, progress)
        if part.size == 0:
            raise _TryAgain("the file is empty")
        self._check_that_nothing_follows(address, part)
        part.put_in_place()
        return Reply("fetched", part.size, part.sha256, part.etag, part.last_modified)

    @contextmanager
    def _ask(self, address: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Send a request, follow where it is allowed, and turn faults of the connection into :class:`_TryAgain`."""
        import httpx

        # One connection a request: bytes that a server sends beyond what it announced are then never taken for the next answer.
        asked = {"Accept-Encoding": "identity", "Connection": "close", **headers}
        at = address
        deadline = Deadline(self._time_left(address))
        try:
            with deadline:
                for _ in range(_MAX_REDIRECTS + 1):
                    left = self._time_left(address)
                    timeout = httpx.Timeout(
                        min(self._limits.timeout, left), connect=min(self._limits.connect_timeout, left)
                    )
                    mine = self._headers if self._is_trusted(at) else {}
                    with self._client.stream(
                        "GET",
                        at,
                        headers={**mine, **asked},
                        timeout=timeout,
                        follow_redirects=False,
                        extensions=deadline.extensions(),
                    ) as response:
                        if response.status_code not in _MOVED:
                            yield response
                            # A body without a length ends where its connection does, and looks whole.
                            if deadline.passed:
                                raise self._too_late(address)
                            return
                        at = redirected(at, response.headers.get("location", ""))
            raise StoreError(
                f"{shown_address(address)}: redirects {_MAX_REDIRECTS} times and more; give the final address"
            )
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError):
            # Their texts show the address or the header that can't be sent.
            raise StoreError(
                f"{shown_address(at)}: can't be asked; check the address (--from, --file; base=, files=) and the headers (headers=)"
            ) from None
        except httpx.TransportError as error:
            if deadline.passed:
                raise self._too_late(address) from error
            reason = _reason(error)
            if "CERTIFICATE_VERIFY_FAILED" in reason:
                raise StoreError(
                    f"{shown_address(at)}: the server's certificate isn't trusted ({reason}); where a proxy of your own network "
                    "stands between, give its CA bundle: verify=path"
                ) from error
            raise _TryAgain(reason) from error

    def _receive(self, address: str, part: PartialFile, response: httpx.Response, progress: _BytesDone | None) -> None:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in _WEB_PAGES:
            raise StoreError(
                f"{shown_address(address)}: a web page came instead of the file; look at the address with a browser: it may be "
                "a page that lists files, or one of a proxy that wants a login"
            )
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in _READABLE_ENCODINGS:
            raise StoreError(f"{shown_address(address)}: comes packed as {encoding!r}, which nobody asked for")
        self._check_size(address, part.total or 0)
        with closing(part.append(self._within_limits(address, part, response))) as sizes:
            for size in sizes:
                if progress is not None:
                    progress(size, part.total)
        if part.total is not None and part.size != part.total:
            raise _TryAgain(f"{counted(part.size, 'byte', 'bytes')} came of {part.total}")

    def _within_limits(self, address: str, part: PartialFile, response: httpx.Response) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            self._check_size(address, part.size + len(chunk))
            self._time_left(address)
            yield chunk

    def _check_that_nothing_follows(self, address: str, part: PartialFile) -> None:
        """Ask for what comes after the last byte: there is something where the length was a lie, or the file still grows.

        Only a clear answer counts; without one, the announced length has to do.
        """
        if not part.takes_ranges:
            return
        try:
            with self._ask(address, {"Range": f"bytes={part.size}-"}) as response:
                status, headers = response.status_code, response.headers
        except _TryAgain:
            return
        begin, total = content_range(headers)
        if (status == 206 and begin == part.size) or (status == 416 and total is not None and total > part.size):
            reason = f"the file goes on after the {part.size} bytes that were announced; is it still being written?"
        elif status == 200 and part.is_another(headers):
            reason = "the file was replaced while it was fetched"
        else:
            return
        part.restart()
        raise _TryAgain(reason)

    def _check_size(self, address: str, size: int) -> None:
        if size > self._limits.max_size:
            raise StoreError(
                f"{shown_address(address)}: is larger than {self._limits.max_size} bytes, which no published file is; check the "
                "address, or raise max_size="
            )

    def _refusal(self, address: str, response: httpx.Response, part: PartialFile) -> Exception:
        status = response.status_code
        said = f"the server answered {status} {response.reason_phrase}".rstrip()
        if status >= 500 or status in _LATER:
            return _TryAgain(said, retry_after(response.headers))
        if status in (206, 416) and part.size:
            part.restart()
            return _TryAgain("the server doesn't continue where the connection was cut")
        if status in _CLOSED:
            return StoreError(
                f"{shown_address(address)}: {said}; the publisher's files are open to everybody, a mirror or proxy of your own "
                "may want a login: headers=, proxy="
            )
        return StoreError(f"{shown_address(address)}: {said}; check the address (--from, --file; base=, files=)")

    def _pause(self, address: str, failures: int, again: _TryAgain) -> None:
        if failures > self._limits.retries:
            raise StoreError(
                f"{shown_address(address)}: not fetched in {counted(failures, 'attempt', 'attempts')}: {again.reason}; "
                "try again later, and check the "
                "address (--from, base=) and the way there (proxy=, verify=, HTTPS_PROXY)"
            ) from again
        wait = min(_LONGEST_PAUSE, self._limits.backoff * 2.0 ** (failures - 1)) * (0.5 + self._limits.jitter() / 2)
        wait = max(wait, again.wait or 0.0)
        if wait > self._time_left(address):
            raise StoreError(
                f"{shown_address(address)}: {again.reason}; the next attempt would be in {wait:.0f} s, beyond the time limit of "
                f"{self._limits.time_limit:.0f} s; try again later, or raise time_limit="
            ) from again
        self._limits.sleep(wait)

    def _time_left(self, address: str) -> float:
        left = self._until - self._limits.clock()
        if left <= 0:
            raise self._too_late(address)
        return left

    def _too_late(self, address: str) -> StoreError:
        return StoreError(
            f"{shown_address(address)}: not fetched within {self._limits.time_limit:.0f} s; try again later, or raise "
            "time_limit="
        )


def _continues(part: PartialFile, headers: Mapping[str, str]) -> bool:
    begin, total = content_range(headers)
    if begin != part.size or part.is_another(headers) or part.total not in (None, total):
        return False
    part.total = total
    return True


def _reason(error: Exception) -> str:
    """What a fault of the connection is called, without an address that its text may hold."""
    text = re.sub(r"\w+://\S+", "…", str(error)).strip()
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
    return f"{kind}: {text}" if text else kind
