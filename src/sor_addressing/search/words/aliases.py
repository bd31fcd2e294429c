"""Everyday names that users add: :class:`Aliases`, a table from SOR code to what people call the unit."""

from __future__ import annotations

import csv
import io
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from sor_addressing.errors import MalformedIdentifier
from sor_addressing.identifiers import SorCode
from sor_addressing.search.words.folding import words_in

_HEADERS = {
    "sorkode": 0,
    "sorcode": 0,
    "sor": 0,
    "navn": 1,
    "navne": 1,
    "name": 1,
    "names": 1,
    "alias": 1,
    "aliases": 1,
}
_SEPARATORS = ";,\t"
_LONGEST = 200


def _frozen_names(names: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {
        _checked(code, f"aliases[{code!r}]"): tuple(_names(texts, f"aliases[{code!r}]"))
        for code, texts in names.items()
    }


@attrs.frozen(slots=True)
class Aliases:
    """Everyday names by SOR code, searched like the names of the register.

    >>> aliases = Aliases({"9000011000016006": ["Hjertehuset"]})
    >>> len(aliases), aliases.names["9000011000016006"]
    (1, ('Hjertehuset',))
    """

    names: Mapping[str, tuple[str, ...]] = attrs.field(converter=_frozen_names, hash=False)

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Aliases:
        """Read a table of everyday names.

        A TOML file has a table ``[aliases]`` from SOR code to a name or a list of names. Anything else is read as CSV (``;``, ``,`` or
        tab): SOR code and name, one name a row, with or without a header. UTF-8.

        Args:
            path: the file; one that ends in ``.toml`` is TOML.

        Raises:
            ValueError: a row has no name, or a SOR code that is none (its shape or check digit is wrong); the text names file and line. Codes
                that a register does not hold are no error: :meth:`unknown` tells them.
            OSError: the file can't be read.
        """
        file = Path(path)
        try:
            text = file.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"{file}: is not UTF-8: {error.reason} at byte {error.start}") from error
        rows = _toml_rows(text, file) if file.suffix.lower() == ".toml" else _csv_rows(text, file)
        names: dict[str, list[str]] = {}
        for code, name, place in rows:
            of_unit = names.setdefault(_checked(code, place), [])
            of_unit.extend(_names([name], place))
        return cls(names)

    def unknown(self, register: Iterable[str]) -> tuple[str, ...]:
        """SOR codes of this table that ``register`` (such as ``register.by_sor_code``) does not hold."""
        held = register if isinstance(register, Mapping) else set(register)
        return tuple(code for code in self.names if code not in held)


def aliases_of(given: Aliases | Mapping[str, Iterable[str]] | None) -> Aliases | None:
    """``given`` as a table; a mapping from SOR code to names will do."""
    return given if given is None or isinstance(given, Aliases) else Aliases(given)


def _checked(code: str, place: str) -> str:
    try:
        return SorCode.validate(code)
    except MalformedIdentifier as error:
        raise ValueError(f"{place}: {error}") from error


def _names(names: Iterable[str], place: str) -> Iterator[str]:
    if isinstance(names, str):
        raise ValueError(f"{place}: give a list of names, not the text {names!r}")
    for name in names:
        if not words_in(name):
            raise ValueError(f"{place}: {name!r} is no name: it has neither letters nor digits")
        if len(name) > _LONGEST:
            raise ValueError(f"{place}: a name of {len(name)} characters; {_LONGEST} are the most")
        yield name.strip()


def _toml_rows(text: str, file: Path) -> Iterator[tuple[str, str, str]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file}: is no TOML: {error}") from error
    table = data.get("aliases")
    if not isinstance(table, dict):
        raise ValueError(f"{file}: has no table [aliases] from SOR code to names")
    for code, names in table.items():
        place = f"{file}, line {_line_of(text, code)}"
        listed = [names] if isinstance(names, str) else names
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise ValueError(f"{place}: {code} has {names!r} for names; give a text or a list of texts")
        yield from ((code, name, place) for name in listed)


def _line_of(text: str, code: str) -> int:
    begins = text.find(code, text.find("[aliases]"))
    return text.count("\n", 0, max(begins, 0)) + 1


def _csv_rows(text: str, file: Path) -> Iterator[tuple[str, str, str]]:
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns = {0: 0, 1: 1}
    try:
        for row in reader:
            place = f"{file}, line {reader.line_num}"
            if reader.line_num == 1:
                header = {_HEADERS[name]: column for column, name in enumerate(map(_plain, row)) if name in _HEADERS}
                if len(header) == len(columns):
                    columns = header
                    continue
            if not any(cell.strip() for cell in row) or row[0].lstrip().startswith("#"):
                continue
            if len(row) <= max(columns.values()):
                raise ValueError(f"{place}: has {len(row)} cells; a row is a SOR code and a name")
            yield row[columns[0]], row[columns[1]], place
    except csv.Error as error:
        raise ValueError(f"{file}, line {reader.line_num}: {error}") from error


def _plain(header: str) -> str:
    return "".join(char for char in header.casefold() if char.isalnum())
