"""Letters that were packed as gzip on their way: unpacked in memory, within the bounds of a message file."""

from __future__ import annotations

import gzip
import io
import zlib

from sor_addressing.errors import LetterError
from sor_addressing.letters.limits import MAX_BYTES

GZIP_MAGIC = b"\x1f\x8b"
_DEEPEST = 3
"""How often a file may have been packed; twice happens, where a server packs what was packed."""


def unpacked(data: bytes, file: str, *, most: int = MAX_BYTES) -> bytes:
    """What was packed as gzip; ``data`` itself where it wasn't.

    >>> import gzip
    >>> unpacked(gzip.compress(b"UNB"), "letter.edi.gz")
    b'UNB'

    Raises:
        LetterError: it is damaged, cut off, packed again and again, or larger than any message.
    """
    for _ in range(_DEEPEST):
        if not data.startswith(GZIP_MAGIC):
            return data
        data = _once(data, file, most)
    if data.startswith(GZIP_MAGIC):
        raise LetterError("the file is an archive (gzip) that was packed again and again; unpack it", file=file)
    return data


def _once(data: bytes, file: str, most: int) -> bytes:
    reason, found = "", b""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            found = stream.read(most + 1)
    except EOFError:
        reason = "the file is an archive (gzip) that is cut off; get it again"
    except (OSError, zlib.error):
        reason = "the file is an archive (gzip) that is damaged; get it again"
    if reason:
        # Outside of the handler, so that nothing of the file hangs on the error.
        raise LetterError(reason, file=file)
    if len(found) > most:
        raise LetterError(
            f"more than {most:,} bytes came out of the archive (gzip), and a message has at most that; unpack it and look",
            file=file,
        )
    return found
