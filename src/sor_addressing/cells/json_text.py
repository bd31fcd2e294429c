"""How JSON is written: letters as they are, and what is no Unicode as an escape, so that the name of a file can be read back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TextIO

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_encoder(
    *, indent: int | None = None, compact: bool = False, only_ascii: bool = False, stream: TextIO | None = None
) -> Callable[[object], str]:
    """A function from plain types to JSON, for those who write many.

    Args:
        indent: as ``json.dumps`` has it.
        compact: without blanks.
        only_ascii: every other letter as an escape.
        stream: where it is to be written: what is no Unicode, such as some consoles, gets every letter that is not ASCII as an escape.
    """
    import json

    separators = (",", ":") if compact else None
    escapes = only_ascii or (stream is not None and not _is_unicode(stream))
    # What is written here was made by us and holds no circle; to look for one costs an eighth.
    encode = json.JSONEncoder(ensure_ascii=escapes, indent=indent, separators=separators, check_circular=False).encode

    def text(value: object) -> str:
        written = encode(value)
        try:
            written.encode()  # much faster than to look for them
        except UnicodeEncodeError:
            return _SURROGATE.sub(_escape, written)
        return written

    return encode if escapes else text


def json_text(value: object, *, indent: int | None = None, stream: TextIO | None = None) -> str:
    r"""Plain types as JSON; arguments as for :func:`json_encoder`.

    >>> json_text({"navn": "Lægehuset", "fil": "a\udcff"})
    '{"navn": "Lægehuset", "fil": "a\\udcff"}'
    """
    return json_encoder(indent=indent, stream=stream)(value)


def json_line_writer(stream: TextIO) -> Callable[[object], None]:
    """A function that writes plain types as JSON, each on a line of its own."""
    encode = json_encoder(stream=stream)

    def write(value: object) -> None:
        stream.write(encode(value) + "\n")

    return write


def _is_unicode(stream: TextIO) -> bool:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return encoding.casefold().replace("-", "").startswith("utf")


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
