"""Bearer tokens: read from a file that only its owner may read, kept as digests, compared in constant time, never shown."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import stat

from sor_addressing.errors import ServiceError
from sor_addressing.written_data.texts import text_of

_SHORTEST, _MOST = 16, 1_000
_MOST_BYTES = 1 << 20
# What a header may carry (RFC 6750): a token68.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)
_BEARER = re.compile(rb"bearer +([\x21-\x7e]{1,4096})", re.IGNORECASE)


def read_tokens(path: str) -> tuple[bytes, ...]:
    """The digests of the tokens in a file, one a line; blank lines and those that begin with ``#`` are none.

    Raises:
        ServiceError: it can't be read, others than its owner may read it, it has none, or one that is short or that no header can carry.
            No token is ever shown.
    """
    _refuse_readable_by_others(path)
    found: dict[bytes, None] = {}
    for number, line in enumerate(text_of(path, ServiceError, most_bytes=_MOST_BYTES).splitlines(), start=1):
        token = line.strip()
        if not token or token.startswith("#"):
            continue
        if len(token) < _SHORTEST:
            raise ServiceError(
                f"a token has at least {_SHORTEST} characters; make a longer one", file=path, line=number
            )
        if not _TOKEN.fullmatch(token):
            raise ServiceError(
                "a token has other characters than letters, digits and . _ ~ + / - =, which no header carries; make another",
                file=path,
                line=number,
            )
        found[_digest(token.encode())] = None
    if not found:
        raise ServiceError("holds no token; write one a line", file=path)
    if len(found) > _MOST:
        raise ServiceError(f"holds more than {_MOST:,} tokens; take those away that nobody uses", file=path)
    return tuple(found)


def is_allowed(headers: list[tuple[bytes, bytes]], digests: tuple[bytes, ...]) -> bool:
    """Whether the headers of a request bring one of the tokens; every one is compared, so that time tells nothing."""
    given = [value for name, value in headers if name == b"authorization"]
    match = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
    digest = _digest(match[1] if match else b"")
    same = 0
    for known in digests:
        same |= hmac.compare_digest(digest, known)
    return bool(same)


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _refuse_readable_by_others(path: str) -> None:
    if os.name != "posix":
        return
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 (as it is told to text_of)
    except (OSError, ValueError):
        return  # reading it tells why
    if stat.S_ISREG(mode) and mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise ServiceError(
            "others than its owner and group may read or change it; take that right away (chmod 640)", file=path
        )
