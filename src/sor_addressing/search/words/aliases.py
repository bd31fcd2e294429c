"""Everyday names that users add: :class:`Aliases`, a table from SOR code to what people call the unit."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import attrs

from sor_addressing.cells.reading import plain_cell
from sor_addressing.errors import MalformedIdentifier, PolicyError, SorAddressingError
from sor_addressing.hiding import shown
from sor_addressing.identifiers import SorCode
from sor_addressing.search.words.folding import words_in
from sor_addressing.texts import counted
from sor_addressing.written_data.texts import text_of
from sor_addressing.written_data.toml_files import read_toml

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
LONGEST_NAME = 200
"""Characters in the longest everyday name."""

_MOST_BYTES = 64 * 1024 * 1024

_Fault = Callable[[str], SorAddressingError]
_Row = tuple[str, str, _Fault]


def _frozen_names(names: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    if not isinstance(names, Mapping):
        raise PolicyError(f"aliases is {type(names).__name__}: give a map from SOR code to a list of names")
    return {
        _checked(code, fault): tuple(_names(texts, fault))
        for code, texts in names.items()
        for fault in [partial(PolicyError, file=f"aliases[{code!r}]")]
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
            PolicyError: the file can't be read, a row has no name, or a SOR code that is none (its shape or check digit is wrong); the text names
                file and line. Codes that a register does not hold are no error: :meth:`unknown` tells them.
        """
        file = os.fspath(path)
        is_toml = file.lower().endswith(".toml")
        names: dict[str, list[str]] = {}
        for code, name, fault in _toml_rows(file) if is_toml else _csv_rows(file):
            names.setdefault(_checked(code, fault), []).extend(_names([name], fault))
        return cls(names)

    def unknown(self, register: Iterable[str]) -> tuple[str, ...]:
        """SOR codes of this table that ``register`` (such as ``register.by_sor_code``) does not hold."""
        held = register if isinstance(register, Mapping) else set(register)
        return tuple(code for code in self.names if code not in held)


def aliases_of(given: Aliases | Mapping[str, Iterable[str]] | None) -> Aliases | None:
    """``given`` as a table; a mapping from SOR code to names will do."""
    return given if given is None or isinstance(given, Aliases) else Aliases(given)


def _checked(code: str, fault: _Fault) -> str:
    if not isinstance(code, str):
        raise fault(f"a SOR code is a text in quotes, not {type(code).__name__}")
    reason = ""
    try:
        return SorCode.validate(code)
    except MalformedIdentifier as error:
        reason = shown(str(error), longest=LONGEST_NAME)
    raise fault(reason)


def _names(names: Iterable[str], fault: _Fault) -> Iterator[str]:
    if isinstance(names, str):
        raise fault(f"give a list of names, not the text {shown(names)!r}")
    if isinstance(names, (bytes, bytearray, Mapping)) or not isinstance(names, Iterable):
        raise fault(f"give a list of names, not {type(names).__name__}")
    for name in names:
        if not isinstance(name, str):
            raise fault(f"a name is a text in quotes, not {type(name).__name__}")
        if not words_in(name):
            raise fault(f"{shown(name)!r} is no name: it has neither letters nor digits")
        if len(name) > LONGEST_NAME:
            raise fault(f"a name of {len(name)} characters; {LONGEST_NAME} are the most")
        yield name.strip()


def _toml_rows(file: str) -> Iterator[_Row]:
    read = read_toml(file, PolicyError, most_bytes=_MOST_BYTES).only("aliases")
    if "aliases" not in read:
        raise read.fault("has no table [aliases] from SOR code to names")
    table = read.table("aliases")
    for code in table:
        yield from ((code, name, partial(table.fault, key=code)) for name in table.texts(code))


def _csv_rows(file: str) -> Iterator[_Row]:
    text = text_of(file, PolicyError, most_bytes=_MOST_BYTES)
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns = {0: 0, 1: 1}
    has_header = False
    reason = ""
    try:
        for row in reader:
            fault = partial(PolicyError, file=file, line=reader.line_num)
            if reader.line_num == 1:
                found = [(_HEADERS[name], column) for column, name in enumerate(map(_plain, row)) if name in _HEADERS]
                if len(dict(found)) == len(columns):
                    if len(found) > len(columns):
                        raise fault("has two columns of SOR codes, or of names; write one name a row")
                    columns, has_header = dict(found), True
                    continue
            if not any(cell.strip() for cell in row) or row[0].lstrip().startswith("#"):
                continue
            if len(row) <= max(columns.values()) or (not has_header and any(cell.strip() for cell in row[2:])):
                raise fault(f"has {counted(len(row), 'cell', 'cells')}; a row is a SOR code and a name")
            yield plain_cell(row[columns[0]]), row[columns[1]], fault
    except csv.Error as error:
        reason = f"can't be read as CSV: {error}"
    if reason:
        raise PolicyError(reason, file=file, line=reader.line_num)


def _plain(header: str) -> str:
    return "".join(char for char in header.casefold() if char.isalnum())
