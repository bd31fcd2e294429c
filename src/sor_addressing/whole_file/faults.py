"""What is said where a target can't be written: one line, in Danish and in English, with the way out."""

from __future__ import annotations

import errno
import os
from typing import IO, TextIO

from sor_addressing.errors import NotWritten, SorAddressingError
from sor_addressing.texts import LANGUAGES, text_of

PathTarget = str | os.PathLike[str]
"""A path; ``-`` is standard output."""

Target = PathTarget | TextIO
"""Where a report goes: a path, or a text file that is open, which stays open."""

BinaryTarget = PathTarget | IO[bytes]
"""Likewise for what is no text."""

STANDARD_OUTPUT = "-"

_CODES = {
    errno.ENOSPC: "full",
    errno.EFBIG: "full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "full",
    errno.ENOENT: "folder-missing",
    errno.ENOTDIR: "no-folder",
    errno.EISDIR: "is-folder",
    errno.EPIPE: "output-gone",
    errno.EBADF: "output-closed",
    errno.EACCES: "not-allowed",
    errno.EPERM: "not-allowed",
    errno.EROFS: "not-allowed",
}


def is_output(target: PathTarget) -> bool:
    """Whether standard output is meant."""
    return os.fspath(target) == STANDARD_OUTPUT


def not_written(
    target: PathTarget, cause: OSError | ValueError, error: type[SorAddressingError] = NotWritten, *, code: str = ""
) -> SorAddressingError:
    """The error for a target that can't be written, of the class ``error``.

    Args:
        target: what was to be written.
        cause: what the system said; a ValueError where it is no name that a file can have.
        error: the class, which takes a text.
        code: which text, where ``cause`` does not tell it.
    """
    if not code:
        code = _CODES.get(cause.errno or 0, "not-written") if isinstance(cause, OSError) else "name"
    name = os.fspath(target)
    values = {"why": getattr(cause, "strerror", None) or str(cause), "folder": os.path.dirname(name) or os.curdir}  # noqa: PTH120
    reasons, texts = {}, {}
    for language in LANGUAGES:
        called = text_of("files", "standard-output", language, {}) if is_output(target) else name
        why = text_of("files", code, language, values)
        reasons[language] = text_of("files", "unwritten", language, {"reason": why})
        texts[language] = f"{called}: {reasons[language]}"
    made = error(reasons["en"], file=texts["en"].removesuffix(f": {reasons['en']}"))
    made._texts, made.file = texts, name
    return made
