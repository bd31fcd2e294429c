"""A CSV file with recipients and message types in, the same rows with a verdict beside each out.

The delimiter and the encoding of the file are found in it; the delimiter is kept. Columns are found by their headers, in Danish or English, or named.
Cells stay as they are, also those of other columns.
"""

from __future__ import annotations

import io
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self, TextIO

import attrs

from sor_addressing.cells.user_rows import lines_of, raw_rows, with_columns
from sor_addressing.errors import ExtractError, LetterError
from sor_addressing.extracts.tables.headers import normalise
from sor_addressing.extracts.tables.text import TextTable, open_table
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.model import Problem, Progress
from sor_addressing.tables.answers import VERDICT_COLUMNS, Answers, Cells
from sor_addressing.tables.headings import MESSAGE_TYPE, RECIPIENT, aliases, kind_of_header

if TYPE_CHECKING:
    from sor_addressing.addressing.verdicts import Verdict

ANY: Final = "any"
"""Says that the kind of each identifier is found out, whatever the header says."""

_ROWS_BETWEEN = 1_024
_MARK = b"\xef\xbb\xbf"
_DELIVERABLE = [name for name, _ in VERDICT_COLUMNS].index("deliverable")
_CODES = [at for at, (name, _) in enumerate(VERDICT_COLUMNS) if name in ("findings", "errors")]


@attrs.define(slots=True)
class TrafficSummary:
    """What the rows of a table come to: how many there are, how many may be sent, and why the others may not.

    ``by_reason`` counts rows by the code of each finding; ``problems`` is what is wrong with lines of the file itself.
    """

    rows: int = 0
    deliverable: int = 0
    by_reason: Counter[str] = attrs.field(factory=Counter)
    problems: list[Problem] = attrs.field(factory=list)

    @property
    def would_fail(self) -> int:
        """How many rows may not be sent."""
        return self.rows - self.deliverable

    def to_dict(self) -> dict[str, object]:
        """Plain types; the most frequent reason first."""
        return {
            "rows": self.rows,
            "deliverable": self.deliverable,
            "would_fail": self.would_fail,
            "by_reason": dict(sorted(self.by_reason.items(), key=lambda one: (-one[1], one[0]))),
            "problems": [problem.to_dict() for problem in self.problems],
        }


def looks_like_table(path: Path) -> bool:
    """Whether a path is that of a table, by its name: what stands in a message file is not asked for its name."""
    return path.suffix.lower() in (".csv", ".tsv")


class TrafficTable:
    """A CSV file that has been opened: its columns are found, its rows wait to be asked once.

    Args:
        path: the file.
        ask: answers pairs, such as ``Register.validate_many``; where their kind is known, with it as ``kind``.
        kind: what kind the identifiers are; what the header of their column says where None, and none for ``ANY``.
        progress: called with the path, the bytes read so far, and all of them.
        recipient: header of the column with identifiers; found by the usual headers where None.
        message_type: likewise.
        prefix: goes in front of the names of the new columns.

    Raises:
        LetterError: the file can't be read as a table, a column is missing, stands there twice, or has the name of a new one.
        OSError: the file can't be opened.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        ask: Callable[..., Iterator[Verdict]],
        *,
        kind: IdentifierKind | Literal["any"] | None = None,
        progress: Progress | None = None,
        recipient: str | None = None,
        message_type: str | None = None,
        prefix: str = "",
    ) -> None:
        self.summary = TrafficSummary()
        self._path = Path(path)
        self._file = self._path.open("rb")
        try:
            with _as_table_of_ours():
                self._table: TextTable = open_table(self._file, file=str(path), report=self.summary.problems.append)
            self._recipient = self._column(RECIPIENT, recipient)
            self._message_type = self._column(MESSAGE_TYPE, message_type)
            self.header = (*self._table.header, *self._added(prefix))
        except LetterError:
            self.close()
            raise
        named = kind or kind_of_header(self._table.header[self._recipient])
        self._answers = Answers(ask if named is None or named == ANY else partial(ask, kind=named))
        status = os.fstat(self._file.fileno())
        self._size = status.st_size if stat.S_ISREG(status.st_mode) else 0
        self._progress = progress

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def delimiter(self) -> str:
        """The delimiter of the file."""
        return self._table.delimiter

    @property
    def encoding_for_output(self) -> str:
        """UTF-8, with the mark by which spreadsheets know it where the file is one that a spreadsheet writes."""
        return "utf-8-sig" if self.delimiter == ";" else "utf-8"

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of each row as text, with the verdict's cells after its own. Counts into :attr:`summary`."""
        for line, cells, found in self._rows():
            yield line, [*cells, *map(_cell, found)]

    def documents(self) -> Iterator[dict[str, object]]:
        """Each row for JSON: its line, its own cells as text, and the verdict's as truth values, lists and None. Counts as :meth:`rows` does."""
        for line, cells, found in self._rows():
            yield {"line": line, **dict(zip(self.header, (*cells, *found), strict=True))}

    def _rows(self) -> Iterator[tuple[int, list[str], Cells]]:
        width = len(self._table.header)
        with _as_table_of_ours():
            for line, cells in self._table.rows():
                found = self._answers.cells((cells[self._recipient], cells[self._message_type]))
                self.summary.rows += 1
                self.summary.deliverable += found[_DELIVERABLE] is True
                self.summary.by_reason.update(_codes(found))
                if self._progress is not None and self._size and not self.summary.rows % _ROWS_BETWEEN:
                    self._progress(str(self._path), self._file.tell(), self._size)
                yield line, cells[:width], found

    def write(self, target: TextIO) -> None:
        """The file again, each row as it is written with the cells of the verdict beside it; blank rows stay as they are.

        What is added is guarded against formulas; what was there is not touched.
        """
        width, added = len(self._table.header), len(VERDICT_COLUMNS)
        rows = self.rows()
        beside: dict[int, Sequence[str]] = {self._table.header_line: self.header[width:]}
        with _as_table_of_ours(), self._path.open("rb") as file:
            file.seek(len(_MARK) if file.read(len(_MARK)) == _MARK else 0)
            # The bytes as they are: which letters they mean is known for certain as far as the table has been read.
            lines = io.TextIOWrapper(file, "latin-1", newline="")
            for line, raw, cells in raw_rows(lines, self.delimiter):
                if not beside:
                    beside.update((at, answered[-added:]) for at, answered in islice(rows, 1))
                if not raw.isascii():
                    raw = raw.encode("latin-1").decode(self._table.encoding)
                    _, _, cells = next(raw_rows(lines_of(raw), self.delimiter))
                more = beside.pop(line, None)
                target.write(raw if more is None else with_columns(raw, cells, more, width, self.delimiter))

    def _column(self, field: str, named: str | None) -> int:
        header = self._table.header
        if named is not None:
            found = [at for at, name in enumerate(header) if name == named]
        else:
            words = [normalise(name) for name in header]
            # The first alias that is there decides: a table with location numbers and names has one recipient.
            alias = next((one for one in aliases(field) if one in words), None)
            found = [at for at, word in enumerate(words) if word == alias]
        if len(found) == 1:
            return found[0]
        if found:
            seen = f"{len(found)} columns are called {header[found[0]]!r}"
        else:
            seen = f"no column is called {named!r}" if named is not None else f"no column is known as {field}"
        raise self._refused(f"{seen}; name the right one, the table has: {', '.join(header)}")

    def _added(self, prefix: str) -> list[str]:
        added = [prefix + name for name, _ in VERDICT_COLUMNS]
        there = [name for name in added if name in self._table.header]
        if there:
            raise self._refused(f"the table has {', '.join(there)} already: give the new columns a prefix")
        return added

    def _refused(self, text: str) -> LetterError:
        return LetterError(text, file=self._table.file, line=self._table.header_line)


@contextmanager
def _as_table_of_ours() -> Iterator[None]:
    """What a reader of tables says of an extract is said of the caller's own table."""
    try:
        yield
    except ExtractError as error:
        raise LetterError(error.reason, file=error.file, line=error.line) from None


def _codes(cells: Cells) -> set[str]:
    """The codes of all that is to be said of a row; a row that could not be asked has errors and no findings."""
    return {code for at in _CODES for code in cells[at]}  # type: ignore[attr-defined]  # these two columns hold lists


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)
