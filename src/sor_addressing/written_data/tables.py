"""The values of a table, each asked for by what it should be: a text, a whole number from one to another, one of these, a day.

What is something else is an error that names file, line and key, shows what stands there, and says what would be right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias, TypeVar, overload

from sor_addressing.errors import SorAddressingError
from sor_addressing.hiding import shown
from sor_addressing.misspelt import nearest

__all__ = ["Path", "WrittenTable"]

Path: TypeAlias = tuple[str | int, ...]
"""The keys down to a value; a number is the place in a list of tables, counted from 1."""

_LONGEST_SHOWN = 60
_MOST_LISTED = 25


class _Required:
    """Stands for no default: the key has to be there."""


_REQUIRED: Final = _Required()
_D = TypeVar("_D")
_S = TypeVar("_S", bound=str)


class WrittenTable:
    """A table of a file, or an object of JSON.

    >>> from sor_addressing.errors import PolicyError
    >>> table = WrittenTable({"days": 3, "by": "me"}, "a.toml", PolicyError)
    >>> table.whole("days", 0, 14), table.text("by"), table.switch("late", False)
    (3, 'me', False)
    >>> table.one_of("by", ("sender", "receiver"))
    Traceback (most recent call last):
    sor_addressing.errors.PolicyError: a.toml: by is 'me': use sender or receiver

    Args:
        values: what stands in it.
        file: the file, for errors.
        error: the class of the errors.
        path: the keys that lead to it.
        lines: tells the line of each path, where that is known; asked only for an error.
        line: the line of the whole table, where all of it stands on one.
    """

    __slots__ = ("_error", "_line", "_lines", "_path", "file", "values")

    def __init__(
        self,
        values: Mapping[str, object],
        file: str,
        error: type[SorAddressingError],
        *,
        path: Path = (),
        lines: Callable[[], Mapping[Path, int]] | None = None,
        line: int | None = None,
    ) -> None:
        self.values = values
        self.file = file
        self._error = error
        self._path = path
        self._lines = lines
        self._line = line

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def fault(self, reason: str, key: str | None = None) -> SorAddressingError:
        """An error about the table, or the value of a key of it."""
        path = self._path if key is None else (*self._path, key)
        inside = _named(self._path)
        return self._error(f"{inside}: {reason}" if inside else reason, file=self.file, line=self._line_of(path))

    def wrong(self, key: str, right: str) -> SorAddressingError:
        """An error that shows the value of a key, and says what would be ``right``."""
        if key not in self.values:
            return self.fault(f"{key} is missing: {right}")
        return self.fault(f"{key} is {_seen(self.values[key])}: {right}", key)

    def only(self, *known: str) -> WrittenTable:
        """The table itself, where it has no other keys than those ``known``.

        Raises:
            SorAddressingError: it has; the nearest of the known ones is suggested.
        """
        for key in self.values:
            if key not in known:
                near = nearest(str(key).casefold(), known)
                meant = f" (did you mean {near}?)" if near else ""
                listed = f"; the keys are {', '.join(known)}" if not near or len(known) <= _MOST_LISTED else ""
                raise self.fault(f"there is no key {shown(str(key))!r}{meant}{listed}", key)
        return self

    @overload
    def text(self, key: str) -> str: ...
    @overload
    def text(self, key: str, default: _D) -> str | _D: ...
    def text(self, key: str, default: object = _REQUIRED) -> object:
        """A text; one that is blank counts as left out."""
        value = self.values.get(key)
        is_blank = isinstance(value, str) and not value.strip()
        return default if is_blank and default is not _REQUIRED else self._value(key, default, _text, "write a text")

    @overload
    def texts(self, key: str) -> tuple[str, ...]: ...
    @overload
    def texts(self, key: str, default: _D) -> tuple[str, ...] | _D: ...
    def texts(self, key: str, default: object = _REQUIRED) -> object:
        """A list of texts, or one text alone."""
        return self._value(key, default, _texts, "write a text or a list of texts")

    @overload
    def whole(self, key: str, least: int, most: int) -> int: ...
    @overload
    def whole(self, key: str, least: int, most: int, default: _D) -> int | _D: ...
    def whole(self, key: str, least: int, most: int, default: object = _REQUIRED) -> object:
        """A whole number from ``least`` to ``most``."""

        def read(value: object) -> int | None:
            fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
            return value if fits and isinstance(value, int) else None

        return self._value(key, default, read, f"write a whole number from {least} to {most}")

    @overload
    def switch(self, key: str) -> bool: ...
    @overload
    def switch(self, key: str, default: _D) -> bool | _D: ...
    def switch(self, key: str, default: object = _REQUIRED) -> object:
        """Yes or no."""
        return self._value(key, default, lambda value: value if isinstance(value, bool) else None, "use true or false")

    @overload
    def one_of(self, key: str, choices: Iterable[_S]) -> _S: ...
    @overload
    def one_of(self, key: str, choices: Iterable[_S], default: _D) -> _S | _D: ...
    def one_of(self, key: str, choices: Iterable[_S], default: object = _REQUIRED) -> object:
        """One of some texts, as it is among ``choices``: the member, where they are an enum."""
        known = {str(choice): choice for choice in choices}
        right = f"use {_either(list(known))}"
        return self._value(key, default, lambda value: known.get(value) if isinstance(value, str) else None, right)

    @overload
    def day(self, key: str) -> dt.date: ...
    @overload
    def day(self, key: str, default: _D) -> dt.date | _D: ...
    def day(self, key: str, default: object = _REQUIRED) -> object:
        """A day, as a date of TOML or in quotes."""
        return self._value(key, default, _day, "write a day such as 2026-01-15")

    @overload
    def moment(self, key: str) -> dt.datetime: ...
    @overload
    def moment(self, key: str, default: _D) -> dt.datetime | _D: ...
    def moment(self, key: str, default: object = _REQUIRED) -> object:
        """A moment with day, time and zone."""
        return self._value(key, default, _moment, "write a moment such as 2026-01-15T09:30:00+01:00")

    def table(self, key: str) -> WrittenTable:
        """A table in this one; an empty one where there is none.

        Raises:
            SorAddressingError: something else stands there.
        """
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"write a table, [{_named((*self._path, key))}] and its keys below")
        return self._inner(value, key)

    def tables(self, key: str) -> list[WrittenTable]:
        """The tables of a list; none where there is no such key.

        Raises:
            SorAddressingError: something else stands there.
        """
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, f"write tables, each under [[{_named((*self._path, key))}]]")
        return [self._inner(one, key, place) for place, one in enumerate(value, start=1)]

    def inner_tables(self) -> dict[str, WrittenTable]:
        """The tables in this one, by key: for files of which every key names one.

        Raises:
            SorAddressingError: one is none.
        """
        return {key: self.table(key) for key in self.values}

    def mapped(self, key: str, read: Callable[[WrittenTable, str], _D]) -> dict[str, _D]:
        """A table in this one whose keys are free, each value read by ``read``, as in ``table.mapped("counts", WrittenTable.text)``."""
        inner = self.table(key)
        return {name: read(inner, name) for name in inner}

    def _inner(self, values: Mapping[str, object], *keys: str | int) -> WrittenTable:
        path = (*self._path, *keys)
        return WrittenTable(values, self.file, self._error, path=path, lines=self._lines, line=self._line)

    def _value(self, key: str, default: object, read: Callable[[object], object], right: str) -> object:
        value = self.values.get(key)
        if value is None and not isinstance(default, _Required):
            return default
        found = None if value is None else read(value)
        if found is None:
            raise self.wrong(key, right)
        return found

    def _line_of(self, path: Path) -> int | None:
        if self._line is not None or self._lines is None:
            return self._line
        lines = self._lines()
        if path in lines:
            return lines[path]
        # A table that has no line of its own, [a.b] for a, begins with the first below it.
        below = min((line for one, line in lines.items() if path and one[: len(path)] == path), default=None)
        return below or next((lines[path[:end]] for end in range(len(path) - 1, 0, -1) if path[:end] in lines), None)


def _text(value: object) -> str | None:
    # Half of a pair of surrogates is no text: it could not be written or shown anywhere.
    return value if isinstance(value, str) and value.strip() and not _SURROGATES & set(value) else None


_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))


def _texts(value: object) -> tuple[str, ...] | None:
    listed = [_text(one) for one in (value if isinstance(value, list) else [value])]
    found = tuple([one for one in listed if one is not None])
    return found if len(found) == len(listed) else None


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return None
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: object) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return found if isinstance(found, dt.datetime) and found.tzinfo is not None else None


def _named(path: Path) -> str:
    """A path for people: ``rows 2``, ``hospitals.where 1``."""
    text = ""
    for key in path:
        text += f" {key}" if isinstance(key, int) else f".{shown(str(key))}" if text else shown(str(key))
    return text


def _seen(value: object) -> str:
    """A value as it may stand in an error."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list) and len(value) > _LONGEST_SHOWN:
        return f"a list of {len(value):,} values"
    return "null" if value is None else shown(repr(value), longest=_LONGEST_SHOWN)


def _either(choices: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(choices[:-1]), choices[-1]])) if choices else "nothing"
