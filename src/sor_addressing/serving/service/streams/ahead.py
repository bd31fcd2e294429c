"""A body that is read on while its answer waits for the client.

Many clients send all they have before they look at what comes back. Whoever answers as the body comes, and stops reading where the client
does not take the answer, would wait for such a client for ever, and it for him. So then the body is read on, to a file that has no name.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from tempfile import TemporaryFile
from typing import IO

from starlette.requests import ClientDisconnect
from starlette.types import Message

from sor_addressing.serving.service.guard import GuardedRequest

_log = logging.getLogger("sor_addressing.service")
_IN_MEMORY = 512 * 1024
_PIECE = 64 * 1024


class ReadAhead:
    """The body of a request, in pieces, and its answer, which is sent without ever keeping the body from coming."""

    def __init__(self, request: GuardedRequest) -> None:
        self._request = request
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._file: IO[bytes] | None = None
        self._written = self._taken = 0
        self._changed = asyncio.Event()
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._is_over = self._is_sending = False
        self._error: BaseException | None = None
        self._task = asyncio.create_task(self._read())

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, piece by piece; an empty one where more is waited for.

        Raises:
            ClientDisconnect: the client left.
            ServiceProblem: the body is too large.
            TimeoutError: nothing came for too long.
        """
        while True:
            piece = self._next()
            if piece:
                yield piece
            elif self._error is not None:
                raise self._error
            elif self._is_over:
                return
            else:
                yield b""
                await self._request.more(self._changed)
                self._changed.clear()

    async def send(self, message: Message) -> None:
        """Send a part of the answer; while the client does not take it, the body is read on.

        Raises:
            ClientDisconnect: the client left, and nobody works for it any more.
        """
        if self._request.is_left:
            raise ClientDisconnect
        self._is_sending = True
        self._look()
        try:
            await self._request.send(message)
        finally:
            self._is_sending = False
            self._look()

    def close(self) -> None:
        """Read no more."""
        self._task.cancel()
        self._drop_file()

    async def _read(self) -> None:
        try:
            while not self._is_over:
                await self._wanted.wait()
                message = await self._request.receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                self._is_over = not message.get("more_body", False)
                self._keep(message.get("body", b""))
                self._changed.set()
        except OSError as error:  # its sender waits for this, and this for him: it ends here
            _log.error("what waits of a stream can't be put into a temporary file: %s", error.strerror)
            self._error = error
            self._request.abort()
        except Exception as error:  # noqa: BLE001 (it is raised where the body is asked for)
            self._error = error
        finally:
            self._changed.set()

    def _keep(self, piece: bytes) -> None:
        if self._file is None and self._size + len(piece) <= _IN_MEMORY + _PIECE:
            self._pieces.append(piece)
            self._size += len(piece)
        else:
            if self._file is None:
                self._file = TemporaryFile()  # noqa: SIM115 (it is closed with this)
                self._written = self._taken = 0
            self._file.seek(self._written)
            self._file.write(piece)
            self._written += len(piece)
            self._request.spool(len(piece))
        self._look()

    def _next(self) -> bytes:
        if self._pieces:
            piece = self._pieces.popleft()
            self._size -= len(piece)
        elif self._file is not None:
            self._file.seek(self._taken)
            piece = self._file.read(_PIECE)
            self._taken += len(piece)
            if self._taken == self._written:
                self._drop_file()
        else:
            return b""
        self._look()
        return piece

    def _drop_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            self._request.spool(-self._written)

    def _look(self) -> None:
        """Read on where there is room."""
        is_room_in_memory = self._file is None and self._size < _IN_MEMORY
        if is_room_in_memory or (self._is_sending and self._request.may_spool):
            self._wanted.set()
        else:
            self._wanted.clear()
