"""What the folder of a pack is called: by name and code, so that it is the same the next time, and by signs that any system can write."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from sor_addressing.search.words.folding import fold

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME, _LONGEST_CODE, _DIGITS = 60, 24, 8


def folder_names(kind: str, named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The folder of each code, given with what it is called; no two are the same, whatever the codes."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for code, name in named:
        folder = folder_name(kind, code, name)
        if folder in taken:  # somebody chose codes for their digests
            folder = f"{_plain(kind)}-{_digest(code)}"
        taken.add(folder)
        found[code] = folder
    return found


def folder_name(kind: str, code: str, name: str) -> str:
    """The name of a folder, from nothing but its own code and name.

    >>> folder_name("hospital", "9000011000016009", "Sygehus Ærø / Nord")
    'sygehus-aero-nord-9000011000016009'
    >>> folder_name("administrator", "9601", ""), folder_name("administrator", "../x", "")
    ('administrator-9601', 'administrator-x-d6b96a97')
    """
    plain = _plain(code)
    if not plain or plain != code or len(plain) > _LONGEST_CODE:
        plain = f"{plain[:_LONGEST_CODE].strip('-')}-{_digest(code)[:_DIGITS]}".lstrip("-")
    said = "" if name == code else _plain(name)[:_LONGEST_NAME].strip("-")
    return f"{said or _plain(kind)}-{plain}"


def _plain(text: str) -> str:
    return _NOT_PLAIN.sub("-", fold(text)).strip("-")


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
