"""An extract from the publisher's web server, or from a mirror of it. It needs the extra ``fetch`` (httpx) when it fetches."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from sor_addressing._version import __version__
from sor_addressing.daily.addresses import check_address, is_same_place, shown_address, without_login
from sor_addressing.daily.origin import Fetched
from sor_addressing.daily.publisher import (
    LEGACY,
    PUBLISHER,
    SOR2,
    SOR2_DAILY,
    FileSet,
    PublishedFile,
    Publisher,
)
from sor_addressing.daily.transfer import Limits, Reply, Transfer
from sor_addressing.errors import MissingExtra, StoreError
from sor_addressing.model import Progress

if TYPE_CHECKING:
    import httpx

__all__ = ["LEGACY", "PUBLISHER", "SOR2", "SOR2_DAILY", "HttpOrigin"]

_KEPT = ("address", "etag", "last_modified", "size", "sha256")


@attrs.frozen
class HttpOrigin:
    """An extract on a web server: the publisher's, or a mirror of it.

    Files are fetched only where they changed; a connection that breaks is tried again with growing pauses, and continued where
    the server can. User and password in ``base`` are sent as a login, and shown nowhere; so are ``headers``, which go to the
    host of ``base`` alone.

    Args:
        base: address below which the files lie; redirects to another host, or from https to http, are refused.
        files: which files, and where below ``base``: ``SOR2``, ``LEGACY``, ``SOR2_DAILY``, or one of them with other paths (``FileSet.at``).
        client: sends the requests instead of a client made for it; it is left open, and ``proxy`` and ``verify`` are its own.
        timeout: seconds without a byte after which a connection counts as broken.
        connect_timeout: seconds that connecting may take.
        retries: how often a file is tried again, on faults of the connection and the answers 408, 425, 429 and 5xx.
        backoff: seconds before the first retry; doubled for each further one. A server's Retry-After is waited for.
        max_size: bytes that a file may have.
        time_limit: seconds for everything together, pauses included.
        trust_times: whether Last-Modified tells of which day a file is that doesn't say so itself; where it doesn't, it is of the day
            it is fetched on. A day that no extract can be of never counts.
        proxy: address of a proxy; without one, HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY count.
        verify: file or folder of the certificates to trust, for a network with a CA of its own.
        headers: sent with each request to the host of ``base``, such as a mirror's token.
        clock: seconds of a clock that is never set back.
        sleep: waits for some seconds.
        jitter: a random number from 0 to 1, so that many machines don't come back at once.

    Example:
        >>> HttpOrigin("https://reader:secret@mirror.example/sor/")
        HttpOrigin('https://mirror.example/sor/', 'sor2')
    """

    base: str = PUBLISHER
    files: FileSet = SOR2
    client: httpx.Client | None = attrs.field(default=None, kw_only=True)
    timeout: float = attrs.field(default=30.0, kw_only=True)
    connect_timeout: float = attrs.field(default=10.0, kw_only=True)
    retries: int = attrs.field(default=4, kw_only=True)
    backoff: float = attrs.field(default=1.0, kw_only=True)
    max_size: int = attrs.field(default=1024**3, kw_only=True)
    time_limit: float = attrs.field(default=1800.0, kw_only=True)
    trust_times: bool = attrs.field(default=True, kw_only=True)
    proxy: str | None = attrs.field(default=None, kw_only=True)
    verify: Path | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(Path))
    headers: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
    clock: Callable[[], float] = attrs.field(default=time.monotonic, kw_only=True, eq=False)
    sleep: Callable[[float], None] = attrs.field(default=time.sleep, kw_only=True, eq=False)
    jitter: Callable[[], float] = attrs.field(default=random.random, kw_only=True, eq=False)

    def __attrs_post_init__(self) -> None:
        check_address(self.base, "base")
        for name, value in self.headers.items():
            if not (name and name.isascii() and value.isascii() and f"{name}{value}".isprintable()):
                raise StoreError(
                    f"the header {name!r} can't be sent: a name and a value are printable ASCII (headers=)"
                )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({shown_address(self.base)!r}, {self.files.name!r})"

    def fetch(self, folder: Path, known: Mapping[str, str], progress: Progress | None = None) -> Fetched:
        """Fetch the files of the set into ``folder``; see :meth:`Origin.fetch`.

        Raises:
            StoreError: a file can't be fetched.
            MissingExtra: httpx isn't installed.
        """
        base, login = without_login(self.base)
        addresses = self._addresses(base)
        with self._client() as client:
            transfer = Transfer(
                client, self._limits(), headers={**login, **self.headers}, is_trusted=partial(is_same_place, base)
            )
            found: dict[PublishedFile, tuple[str, Reply]] = {}
            is_newer = False
            try:
                for file, candidates in addresses.items():
                    found[file] = self._first(transfer, folder, file, candidates, known, progress)
                if any(_is_new(file, answer, known) for file, (_, answer) in found.items()):
                    # The extract is all of its files, also those that are as they were.
                    for file, (address, answer) in found.items():
                        if answer.kind == "unchanged":
                            found[file] = self._first(transfer, folder, file, (address,), {}, progress)
                    is_newer = True
            finally:
                fetched = tuple(
                    folder / file.local_name(address)
                    for file, (address, answer) in found.items()
                    if answer.kind == "fetched"
                )
                if not is_newer:
                    for path in fetched:
                        path.unlink(missing_ok=True)
        now = {
            name: value
            for file, (address, answer) in found.items()
            for name, value in _described(file, address, answer, known)
        }
        return Fetched(fetched if is_newer else (), not is_newer, now, shown_address(base))

    def places(self) -> dict[str, tuple[str, ...]]:
        """Each file by its name, and the addresses it would be looked for at, in this order; nothing is asked of the network.

        Raises:
            StoreError: where a file lies is not known, or an address is none.
        """
        base, _ = without_login(self.base)
        addresses = self._addresses(base)
        return {file.names[0]: tuple(map(shown_address, found)) for file, found in addresses.items()}

    def _addresses(self, base: str) -> dict[PublishedFile, tuple[str, ...]]:
        addresses = {file: file.addresses(base) for file in self.files}
        for address in chain.from_iterable(addresses.values()):
            check_address(address, "the path of a file")
        return addresses

    def _first(
        self,
        transfer: Transfer,
        folder: Path,
        file: PublishedFile,
        candidates: tuple[str, ...],
        known: Mapping[str, str],
        progress: Progress | None,
    ) -> tuple[str, Reply]:
        """The first address of a file that has it, beginning with the one that had it last time."""
        last = known.get(f"{file.key}.address", "")
        answers = []
        for address in sorted(candidates, key=lambda one: shown_address(one) != last):
            is_last = shown_address(address) == last
            name = file.local_name(address)
            answer = transfer.get(
                address,
                folder / name,
                etag=known.get(f"{file.key}.etag", "") if is_last else "",
                last_modified=known.get(f"{file.key}.last_modified", "") if is_last else "",
                progress=None if progress is None else partial(progress, name),
            )
            if answer.kind != "missing":
                return address, answer
            answers.append(f"{shown_address(address)} ({answer.status})")
        raise StoreError(
            f"{file.names[0]} isn't there; asked {', '.join(answers)}; look up where it lies and {file.how_to_place()}"
        )

    def _limits(self) -> Limits:
        return Limits(
            timeout=self.timeout,
            connect_timeout=self.connect_timeout,
            retries=self.retries,
            backoff=self.backoff,
            max_size=self.max_size,
            time_limit=self.time_limit,
            clock=self.clock,
            sleep=self.sleep,
            jitter=self.jitter,
            trust_times=self.trust_times,
        )

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        if self.client is not None:
            yield self.client
            return
        try:
            import httpx
        except ModuleNotFoundError as error:
            raise MissingExtra("Downloading", "fetch", "httpx") from error
        trusted: ssl.SSLContext | bool = True if self.verify is None else _trusting(self.verify)
        try:
            client = httpx.Client(
                proxy=self.proxy, verify=trusted, headers={"User-Agent": f"sor-addressing/{__version__}"}
            )
        # What is wrong with a proxy's address is said with the address, and that may hold a password.
        except (ValueError, ImportError, httpx.InvalidURL):
            raise StoreError(
                "the address of the proxy can't be used; give it as http://host:port (proxy=, or HTTP_PROXY and HTTPS_PROXY)"
            ) from None
        with client:
            yield client


def usual_origin() -> HttpOrigin:
    """Where extracts come from where nothing else is said.

    Raises:
        StoreError: as for :meth:`Publisher.usual`.
    """
    publisher = Publisher.usual()
    return HttpOrigin(publisher.base, publisher.sets[SOR2.name])


def _is_new(file: PublishedFile, answer: Reply, known: Mapping[str, str]) -> bool:
    return answer.kind == "fetched" and answer.sha256 != known.get(f"{file.key}.sha256")


def _described(file: PublishedFile, address: str, answer: Reply, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What to know a file by next time; of one that is as it was, what was known of it."""
    if answer.kind == "unchanged":
        values = {name: known.get(f"{file.key}.{name}", "") for name in _KEPT}
    else:
        values = {"size": str(answer.size), "sha256": answer.sha256}
    values |= {"address": shown_address(address), "etag": answer.etag, "last_modified": answer.last_modified}
    yield from ((f"{file.key}.{name}", values[name]) for name in _KEPT if values[name])


def _trusting(verify: Path) -> ssl.SSLContext:
    try:
        if verify.is_dir():
            return ssl.create_default_context(capath=verify)
        return ssl.create_default_context(cafile=verify)
    except (OSError, ssl.SSLError) as error:
        raise StoreError(f"{verify}: is no file of certificates: {error}; give a CA bundle in PEM (verify=)") from error
