"""The register that a worker asks: one that stays, or the newest of a store, taken up between two requests."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from typing import NamedTuple

from sor_addressing._version import __version__
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.daily.live import LiveRegister
from sor_addressing.daily.store import RegisterStore
from sor_addressing.errors import SorAddressingError
from sor_addressing.register.face import Register
from sor_addressing.register.inside import clock_of
from sor_addressing.serving.service.settings import RegisterSource

POLL_SECONDS = 1.0
_STATE_SECONDS = 1.0
_log = logging.getLogger(__name__)

Document = dict[str, object]


class ServedDay:
    """A register as it is served: with the mark of every answer, and what its answers hang on."""

    __slots__ = ("_base", "_tag_day", "_tags", "made_up", "mark", "register")

    def __init__(self, register: Register, policy: AddressingPolicy, *, made_up: bool) -> None:
        self.register = register
        self.made_up = made_up
        self.mark: Document = {"made_up": made_up, "snapshot_date": register.snapshot_date.isoformat()}
        report = register.load_report
        told = [
            __version__,
            repr(policy.to_dict()),
            *(source.to_line() for source in report.sources),
            repr(sorted(report.counts.items())),
        ]
        self._base = "\n".join(told)
        self._tag_day = 0
        self._tags: dict[str, str] = {}

    def etag(self, shape: str) -> str:
        """The tag of answers in one shape (media type and language): the register's day, and a digest of all else that an answer hangs on.

        That is the files the register was made of, the policy, the version of this library, and today, by which ages and periods are told.
        """
        today = clock_of(self.register)().toordinal()
        if today != self._tag_day:
            self._tag_day, self._tags = today, {}
        tag = self._tags.get(shape)
        if tag is None:
            digest = hashlib.blake2b(f"{self._base}\n{today}\n{shape}".encode(errors="replace"), digest_size=8)
            tag = self._tags[shape] = f'"{self.mark["snapshot_date"]}.{digest.hexdigest()}"'
        return tag


class StoreStanding(NamedTuple):
    """How a store stands, for people who look after a service."""

    document: Document | None
    error: SorAddressingError | None


class ServedRegister:
    """What a worker asks. A store that has no register yet is looked at again and again: the worker lives, and is not ready.

    Args:
        source: which register.
        policy: the one that every question is answered under.
        poll_seconds: how often a store is looked at.
    """

    def __init__(self, source: RegisterSource, policy: AddressingPolicy, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._policy = policy
        self._made_up = source.sample
        self._poll_seconds = poll_seconds
        self._store: RegisterStore | None = None
        self._live: LiveRegister | None = None
        self._served: ServedDay | None = None
        self._error: SorAddressingError | None = None
        self._standing: tuple[float, StoreStanding] | None = None
        self._closed = threading.Event()
        if source.sample:
            self._served = self._as_served(Register.sample())
        elif source.path is not None:
            self._served = self._as_served(Register.open(source.path))
        else:
            self._store = RegisterStore(source.home)
            if not self._take_up():
                threading.Thread(target=self._wait, name="sor-addressing-first-register", daemon=True).start()

    @property
    def current(self) -> ServedDay | None:
        """The register of now, for one request; None where the store has none yet."""
        live, served = self._live, self._served
        if live is not None:
            register = live.current
            if served is None or served.register is not register:
                served = self._served = self._as_served(register)
        return served

    @property
    def error(self) -> SorAddressingError | None:
        """Why the last look at the store failed; None where it didn't."""
        if self._live is None:
            return self._error
        error = self._live.last_error
        return error if isinstance(error, SorAddressingError) else None

    def standing(self) -> StoreStanding:
        """How the store stands; it is looked at once a second at most, and takes its time: not for the event loop."""
        now = time.monotonic()
        if self._standing is None or now - self._standing[0] > _STATE_SECONDS:
            self._standing = now, self._look()
        return self._standing[1]

    def close(self) -> None:
        """Stop looking at the store."""
        self._closed.set()
        if self._live is not None:
            self._live.close()

    def _look(self) -> StoreStanding:
        if self._store is None:
            return StoreStanding(None, None)
        try:
            return StoreStanding(self._store.state().to_dict(), None)
        except SorAddressingError as error:
            return StoreStanding(None, error)

    def _as_served(self, register: Register) -> ServedDay:
        return ServedDay(register, self._policy, made_up=self._made_up)

    def _take_up(self) -> bool:
        if self._store is None:
            return True
        try:
            live = LiveRegister(self._store, poll_seconds=self._poll_seconds)
        except SorAddressingError as error:
            self._error = error
            return False
        self._served = self._as_served(live.current)
        self._live = live
        if self._closed.is_set():
            live.close()
        return True

    def _wait(self) -> None:
        while not self._closed.wait(self._poll_seconds):
            if self._take_up():
                _log.info("the store has a register now, and is served")
                return
