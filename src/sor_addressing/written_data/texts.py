"""The text of a file: UTF-8 with or without a mark, and not larger than such files are."""

from __future__ import annotations

import os

from sor_addressing.errors import SorAddressingError

__all__ = ["MOST_BYTES", "decoded", "text_of"]

MOST_BYTES = 16 * 1024 * 1024
"""What a file of settings may hold; a policy has some hundred bytes, a table of everyday names of all units some million."""

_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def text_of(path: str | os.PathLike[str], error: type[SorAddressingError], *, most_bytes: int = MOST_BYTES) -> str:
    """The text of the file at ``path``; a fault is an ``error`` that names the file.

    Raises:
        SorAddressingError: the file can't be read, is larger than ``most_bytes``, or isn't UTF-8.
    """
    name = os.fspath(path)
    seen = ""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (importing pathlib costs a new process more than all else here)
            data = file.read(most_bytes + 1)
    except OSError as fault:
        seen = fault.strerror or str(fault)
    except ValueError:
        seen = "its path has a NUL"
    else:
        return decoded(data, name, error, most_bytes=most_bytes)
    raise error(f"can't be read: {seen}; check the path and who may read it", file=name)


def decoded(data: bytes, file: str, error: type[SorAddressingError], *, most_bytes: int = MOST_BYTES) -> str:
    """The text that ``data`` is, the content of ``file``.

    Raises:
        SorAddressingError: it is larger than ``most_bytes``, or isn't UTF-8.
    """
    if len(data) > most_bytes:
        raise error(f"more than {most_bytes:,} bytes, and no such file has; give the right one", file=file)
    if data.startswith(_WIDE):
        raise error("written in UTF-16; save it as UTF-8", file=file)
    try:
        return data.removeprefix(_MARK).decode()
    except UnicodeDecodeError as fault:
        position = fault.start + (len(_MARK) if data.startswith(_MARK) else 0)
    line = data.count(b"\n", 0, position) + 1
    raise error(f"not UTF-8 (byte {position + 1}); save it as UTF-8", file=file, line=line)
