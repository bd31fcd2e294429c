"""Work that takes its time, in a few threads, so that quick questions go on being answered meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sor_addressing.serving.service.problems import RETRY, ServiceProblem

Given = TypeVar("Given")

THREADS = 2
_MOST_WAITING = 64


class Workshop:
    """A few threads, and a bound on what waits for one.

    A search is a few milliseconds of one core; more threads than cores make none of them faster.
    """

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sor-addressing-answer")
        self._waiting = 0

    async def run(self, job: Callable[[], Given]) -> Given:
        """What a job gives, done in a thread.

        Raises:
            ServiceProblem: too many wait already.
        """
        if self._waiting >= _MOST_WAITING:
            raise ServiceProblem("too-many-requests", 503, RETRY)
        self._waiting += 1
        future = self._pool.submit(job)
        # Counted until it is done, also where nobody waits for it any more.
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _done: loop.call_soon_threadsafe(self._done))
        return await asyncio.wrap_future(future)

    def _done(self) -> None:
        self._waiting -= 1

    def close(self) -> None:
        """Take nothing more; what runs comes to its end."""
        self._pool.shutdown(wait=False, cancel_futures=True)
