"""A register that stays today's: for services that run for weeks.

Whole registers are swapped, by one assignment. A caller that takes ``current`` once and asks it several questions gets all answers
from one day, however often it is swapped meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

from sor_addressing.daily.store import RegisterStore
from sor_addressing.errors import SorAddressingError, StoreError
from sor_addressing.register.face import Register
from sor_addressing.register.inside import stands

if TYPE_CHECKING:
    from sor_addressing.changes.compare.report import Comparison


_log = logging.getLogger(__name__)

_AGAIN_SECONDS = 1.0
"""So long a register that was written into, and could not be opened anew, is let be."""


class LiveRegister:
    """The newest register of a store, ready to be asked at any time from any thread.

    It looks at the store; it never updates it. That is the job of ``sor-addressing update``, or of ``store.update()`` in one process.

    Args:
        store: where the registers are.
        poll_seconds: look for a newer day this often, in a thread that ends with the program; None looks only on :meth:`refresh`. After a
            ``fork`` there is no such thread in the child: make the live register there.
        on_change: called with the old and the new register after each change, in a thread of its own, one change after the other. It may
            take its time; what it raises is logged, and the new register is in use all the same.
        on_changes: called in the same thread with what changed, as :func:`compare` tells it; not where the store goes back to an earlier day.

    Raises:
        StoreError: the store has no register.

    >>> from tempfile import TemporaryDirectory
    >>> from sor_addressing.daily import FolderOrigin
    >>> from sor_addressing.testing import sample_extract
    >>> with TemporaryDirectory() as mirror, TemporaryDirectory() as home:
    ...     _ = sample_extract().write(mirror)
    ...     store = RegisterStore(home, origin=FolderOrigin(mirror))
    ...     _ = store.update()
    ...     with LiveRegister(store) as live:
    ...         live.current.snapshot_date, live.refresh()
    (datetime.date(2026, 1, 15), False)
    """

    def __reduce__(self) -> NoReturn:
        raise TypeError("a live register does not pickle: send its store, or live.current, which goes as its path")

    def __init__(
        self,
        store: RegisterStore,
        *,
        poll_seconds: float | None = None,
        on_change: Callable[[Register, Register], object] | None = None,
        on_changes: Callable[[Comparison], object] | None = None,
    ) -> None:
        if poll_seconds is not None and not 0 < poll_seconds <= threading.TIMEOUT_MAX:
            raise ValueError(f"poll_seconds is {poll_seconds}: give a number of seconds above 0, or None")
        self._store = store
        self._callbacks = [] if on_change is None else [on_change]
        if on_changes is not None:
            self._callbacks.append(partial(_tell_changes, on_changes))
        self._renewing = threading.RLock()
        self._changed = threading.Condition()
        # A thread for callbacks: somebody else's code can neither delay the renewing nor end it.
        self._calling = ThreadPoolExecutor(1, thread_name_prefix="sor-addressing-on-change")
        self._waiters: set[asyncio.Future[Register]] = set()
        self._closed = threading.Event()
        self._last_error: Exception | None = None
        self._again = 0.0
        self._pointer = store.pointer()
        self._name, self._current = store.serving(verify=True)
        self._thread: threading.Thread | None = None
        if poll_seconds is not None:
            self._thread = threading.Thread(
                target=_poll, args=(weakref.ref(self), self._closed, poll_seconds), name="sor-addressing", daemon=True
            )
            self._thread.start()

    def __repr__(self) -> str:
        return f"<LiveRegister: {self._current!r}>"

    @property
    def current(self) -> Register:
        """The register as of now; keep it in a variable for questions that belong together.

        It never waits, but where somebody has written into the file of the register: then the store's is opened anew.
        """
        if not stands(self._current) and time.monotonic() >= self._again:
            self.refresh()
            self._again = time.monotonic() + _AGAIN_SECONDS
        return self._current

    @property
    def age_days(self) -> int:
        """Days from the snapshot date of :attr:`current` to today."""
        return self._current.age_days

    @property
    def last_error(self) -> Exception | None:
        """Why the last look at the store failed; None where it didn't. The register that was there goes on answering."""
        return self._last_error

    def refresh(self) -> bool:
        """Look at the store now, and take its register where it is another one. Whether it was.

        Never raises for the store's sake: see :attr:`last_error`.
        """
        with self._renewing:
            try:
                pointer = self._store.pointer()
                if pointer == self._pointer and self._last_error is None and stands(self._current):
                    return False
                name, register = self._store.serving(verify=True)
            except SorAddressingError as error:
                self._fail(error)
                return False
            self._pointer, self._last_error = pointer, None
            if name == self._name and stands(self._current):
                return False
            self._name = name
            self._swap(register)
            return True

    def _fail(self, error: SorAddressingError) -> None:
        if str(error) != str(self._last_error):
            _log.warning("The register of %s goes on answering: %s", self._current.snapshot_date, error)
        self._last_error = error

    def _swap(self, register: Register) -> None:
        old = self._current
        with self._changed:
            self._current = register
            waiters, self._waiters = self._waiters, set()
            self._changed.notify_all()
        for waiter in waiters:
            _tell(waiter, register, None)
        for callback in tuple(self._callbacks):
            try:
                self._calling.submit(callback, old, register).add_done_callback(_log_failure)
            except RuntimeError as error:
                _log.info(
                    "nobody is told of the register of %s: %s", register.snapshot_date, error
                )  # closed, or the program ends

    def subscribe(self, callback: Callable[[Register, Register], object]) -> Callable[[], None]:
        """Have one more function called with the old and the new register after each change; what is returned ends that."""
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    def wait_for_change(self, timeout: float | None = None, *, since: Register | None = None) -> bool:
        """Wait in a thread until :attr:`current` is another register. False where time ran out, or this was closed.

        Args:
            timeout: seconds; None waits for ever.
            since: the register that the caller has; by default the one that is current now.
        """
        with self._changed:
            known = self._current if since is None else since
            self._changed.wait_for(lambda: self._current is not known or self._closed.is_set(), timeout)
            return self._current is not known

    async def changed(self, *, since: Register | None = None) -> Register:
        """Wait in a coroutine, without a thread, until :attr:`current` is another register; bound it with ``asyncio.timeout``.

        Args:
            since: the register that the caller has, so that no change is missed between two waits; by default the one that is current now.

        Raises:
            StoreError: this was closed meanwhile.
        """
        with self._changed:
            if since is not None and self._current is not since:
                return self._current
            if self._closed.is_set():
                raise _closed_error()
            waiter: asyncio.Future[Register] = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
        try:
            return await waiter
        finally:
            with self._changed:
                self._waiters.discard(waiter)

    def close(self) -> None:
        """Stop looking, and let go of everybody who waits. :attr:`current` goes on answering."""
        self._closed.set()
        with self._changed:
            waiters, self._waiters = self._waiters, set()
            self._changed.notify_all()
        for waiter in waiters:
            _tell(waiter, None, _closed_error())
        self._calling.shutdown(wait=False)
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _poll(live: weakref.ref[LiveRegister], closed: threading.Event, seconds: float) -> None:
    # Only a weak reference is held between looks, so that a live register that nobody has any more ends its thread.
    while not closed.wait(seconds):
        found = live()
        if found is None:
            return
        found.refresh()
        del found


def _tell_changes(callback: Callable[[Comparison], object], old: Register, new: Register) -> None:
    if new.snapshot_date < old.snapshot_date:
        _log.info(
            "nobody is told of changes: the register went back from %s to %s", old.snapshot_date, new.snapshot_date
        )
        return
    from sor_addressing.changes.compare.register_pair import compare

    callback(compare(old, new))


def _log_failure(call: Future[object]) -> None:
    error = call.exception()
    if error is not None:
        _log.error("on_change raised; the new register is in use all the same", exc_info=error)


def _tell(waiter: asyncio.Future[Register], register: Register | None, error: StoreError | None) -> None:
    """Wake a coroutine from another thread."""

    def settle() -> None:
        if waiter.done():
            return
        if error is not None:
            waiter.set_exception(error)
        elif register is not None:
            waiter.set_result(register)

    try:
        waiter.get_loop().call_soon_threadsafe(settle)
    except RuntimeError:
        pass  # its loop has ended, and nobody waits there any more


def _closed_error() -> StoreError:
    return StoreError("the live register was closed, and will not change any more; make a new one")
