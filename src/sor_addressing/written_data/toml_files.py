"""TOML that somebody wrote: policies, models, everyday names, packages, uses, maps of columns."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache

from sor_addressing.errors import SorAddressingError
from sor_addressing.written_data.tables import Path, WrittenTable
from sor_addressing.written_data.texts import MOST_BYTES, text_of
from sor_addressing.written_data.values import MOST_DEPTH, fault_in

__all__ = ["read_toml", "toml_of"]

_PLACE = re.compile(r"\s*\((?:at line (\d+), column \d+|at end of document)\)$")


def read_toml(
    path: str | os.PathLike[str], error: type[SorAddressingError], *, most_bytes: int = MOST_BYTES
) -> WrittenTable:
    """The TOML file at ``path`` as a table, of which every value is asked for by what it should be.

    Args:
        path: the file, UTF-8.
        error: the class of the errors about it, which name file, line and key.
        most_bytes: how large such a file may be.

    Raises:
        SorAddressingError: it can't be read, or is no TOML.
    """
    return toml_of(text_of(path, error, most_bytes=most_bytes), os.fspath(path), error)


def toml_of(text: str, file: str, error: type[SorAddressingError]) -> WrittenTable:
    """As :func:`read_toml`, of a text.

    Raises:
        SorAddressingError: likewise.
    """
    import tomllib

    reason, line = "", None
    values: dict[str, object] = {}
    if _deep_key().search(text):
        reason = "nested deeper than any such file: a key has too many parts; write fewer"
    else:
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            seen = str(fault)
            place = _PLACE.search(seen)
            line = int(place[1]) if place and place[1] else text.count("\n") + 1
            reason = f"not TOML: {_PLACE.sub('', seen)}"
        except RecursionError:
            reason = "nested deeper than any such file; give the right one"
        except ValueError:
            reason = "a number of too many digits; write a smaller one, or a text in quotes"
        else:
            reason = fault_in(values)
    if reason:
        # Outside of the handler, so that nothing hangs on the error but what it says.
        raise error(reason, file=file, line=line)
    return WrittenTable(values, file, error, lines=lambda: _lines_of_keys(text))


@cache
def _deep_key() -> re.Pattern[str]:
    """A key of more parts than anything may be deep, which takes a parser longer with each of them."""
    part = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+"
    # Not inside of a word, so that a long one is gone through once and not from each of its letters.
    return re.compile(f"(?<![\\w-])(?:{part}){{{MOST_DEPTH}}}")


def _lines_of_keys(text: str) -> dict[Path, int]:
    """On which line each key of a well-formed text stands; of tables in one line only the outermost."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for line, kind, keys in _statements(text):
        if kind == "=":
            found.setdefault((*table, *keys), line)
            continue
        table = _placed(keys[:-1] if kind == "[[" else keys, counts)
        if kind == "[[":
            table = (*table, keys[-1])
            counts[table] = counts.get(table, 0) + 1
            table = (*table, counts[table])
        found.setdefault(table, line)
    return found


def _placed(keys: Path, counts: dict[Path, int]) -> Path:
    """``keys`` with the place of the last table where one of them is a list of tables."""
    placed: Path = ()
    for key in keys:
        placed = (*placed, key)
        if placed in counts:
            placed = (*placed, counts[placed])
    return placed


@cache
def _pieces() -> re.Pattern[str]:
    return re.compile(
        r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
        r"|'''.*?'{3,5}(?!')"
        r'|"(?:[^"\\\n]|\\.)*"'
        r"|'[^'\n]*'"
        r"|\#[^\n]*|[\w.+:-]+|\n|[^\S\n]+|.",
        re.DOTALL,
    )


def _statements(text: str) -> Iterator[tuple[int, str, Path]]:
    """The line, the sort (``[``, ``[[`` or ``=``) and the keys of each statement."""
    line, depth, begins = 1, 0, 1
    head: list[str] = []
    is_value = False
    for piece in (found[0] for found in _pieces().finditer(text)):
        if not head:
            begins = line
        line += piece.count("\n")
        if piece == "\n" and not (is_value and depth):
            if head and not is_value and head[0] == "[":
                kind = "[[" if head[1:2] == ["["] else "["
                yield begins, kind, _keys([one for one in head if one not in "[]"])
            head, is_value, depth = [], False, 0
        elif is_value:
            depth += (piece in "[{") - (piece in "]}")
        elif piece == "=":
            yield begins, "=", _keys(head)
            is_value = True
        elif not piece.isspace() and piece[0] != "#":
            head.append(piece)
    if head and not is_value and head[0] == "[":
        yield begins, "[[" if head[1:2] == ["["] else "[", _keys([one for one in head if one not in "[]"])


def _keys(pieces: list[str]) -> Path:
    """The keys in the pieces before ``=`` or between brackets."""
    keys: list[str | int] = []
    for piece in pieces:
        if piece[0] in "\"'":
            keys.append(piece[1:-1])
        else:
            keys += [key for key in piece.split(".") if key]
    return tuple(keys)
