"""Verdicts as columns: a table of recipients and message types in, the same table with what was found beside each row out.

Tables are of pyarrow (a ``Table``, a ``RecordBatch``, or a ``RecordBatchReader`` that is streamed through) or of polars (a ``DataFrame``).
Rows are asked in chunks, each different pair of recipient and type once.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from sor_addressing.addressing.severities import Severity
from sor_addressing.errors import MissingExtra
from sor_addressing.messages.catalogue import catalogue

if TYPE_CHECKING:
    from types import ModuleType

    from sor_addressing.addressing.verdicts import Verdict

Table = TypeVar("Table")
"""What comes in goes out: a table of pyarrow or polars."""

AskMany = Callable[[Iterable[tuple[str, str]]], Iterator["Verdict"]]
"""The verdicts on pairs of recipient and message type, each taken when its verdict is asked for."""

CHUNK = 65_536
_MOST_REMEMBERED = 131_072
_TEXT = frozenset({"string", "large_string", "string_view"})

VERDICT_COLUMNS = (
    ("outcome", "string"),
    ("deliverable", "bool"),
    ("status", "string"),
    ("sor_code", "string"),
    ("location_number", "string"),
    ("unit_certain", "bool"),
    ("send_as", "string"),
    ("arrives_as", "string"),
    ("conversion_by", "string"),
    ("findings", "list<string>"),
    ("errors", "list<string>"),
)
"""The columns that are added, and what they hold."""

RECIPIENT_MISSING = "recipient-missing"
MESSAGE_TYPE_MISSING = "message-type-missing"

_Cells = tuple[object, ...]
_Pair = tuple[str | None, str | None]


def validate_table(table: Table, ask: AskMany, *, recipient: str, message_type: str, prefix: str) -> Table:
    """``table`` with a column for each of :data:`VERDICT_COLUMNS`, their names with ``prefix`` in front.

    Args:
        table: of pyarrow or polars.
        ask: answers pairs, such as ``Register.validate_many``.
        recipient: the column with the recipients.
        message_type: the column with the message types.
        prefix: goes in front of the names of the new columns.

    Raises:
        MissingExtra: pyarrow is not installed.
        TypeError: the table is of another kind, or one of its two columns holds no text.
        ValueError: the table lacks one of the two columns, or has one of the new ones already.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra("validate_table", "arrow", "pyarrow") from error
    # The three kinds of pyarrow and the one of polars have nothing in common that a type checker knows of.
    given: Any = table
    polars = sys.modules.get("polars")
    answers = _Answers(ask)
    columns = _Columns(pyarrow, recipient, message_type, prefix)
    if isinstance(given, pyarrow.Table):
        return columns.of_table(given, answers)  # type: ignore[no-any-return]  # a Table for a Table
    if isinstance(given, pyarrow.RecordBatch):
        return columns.of_batch(given, columns.schema_with(given.schema), answers)  # type: ignore[no-any-return]  # likewise
    if isinstance(given, pyarrow.RecordBatchReader):
        schema = columns.schema_with(given.schema)
        batches = (columns.of_batch(batch, schema, answers) for batch in given)
        return pyarrow.RecordBatchReader.from_batches(schema, batches)  # type: ignore[no-any-return]  # likewise
    if polars is not None and isinstance(given, polars.DataFrame):
        columns.check(given.columns)
        asked = pyarrow.table(given.select(recipient, message_type))
        added = columns.of_table(asked, answers).select(columns.names)
        return given.hstack(polars.from_arrow(added))  # type: ignore[no-any-return]  # a DataFrame for a DataFrame
    raise TypeError(
        f"a table is a pyarrow Table, RecordBatch or RecordBatchReader or a polars DataFrame, not {_called(given)}; "
        "pyarrow.table(…) makes one of most others"
    )


def _called(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


class _Answers:
    """The cells of rows: each different pair is asked once, as long as there is room to remember it."""

    def __init__(self, ask: AskMany) -> None:
        self._waiting: deque[tuple[str, str]] = deque()
        # One iterator for the whole table, so that all of it is asked on one day.
        self._verdicts = ask(self._take())
        self._known: dict[_Pair, _Cells] = {}
        self._parse = catalogue().parse

    def _take(self) -> Iterator[tuple[str, str]]:
        while True:
            yield self._waiting.popleft()

    def cells(self, pair: _Pair) -> _Cells:
        """The cells of the new columns for a row with ``pair``."""
        found = self._known.get(pair)
        if found is None:
            found = self._ask(*pair)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[pair] = found
        return found

    def _ask(self, recipient: str | None, message_type: str | None) -> _Cells:
        if recipient is None or not recipient.strip():
            return _unasked(RECIPIENT_MISSING)
        if message_type is None or not self._says_something(message_type):
            return _unasked(MESSAGE_TYPE_MISSING)
        self._waiting.append((recipient, message_type))
        return _cells_of(next(self._verdicts))

    def _says_something(self, message_type: str) -> bool:
        try:
            self._parse(message_type)
        except ValueError:
            return False
        return True


def _unasked(code: str) -> _Cells:
    return ("not_resolved", False, None, None, None, None, None, None, None, [], [code])


def _cells_of(verdict: Verdict) -> _Cells:
    recipient = verdict.resolution.recipient
    sent, arrives, conversion = verdict.send_as, verdict.arrives_as, verdict.conversion
    return (
        str(verdict.outcome),
        verdict.deliverable,
        str(verdict.resolution.status),
        recipient.sor_code if recipient else None,
        recipient.location_number if recipient else None,
        recipient.unit_certain if recipient else None,
        sent.text if sent else None,
        arrives.text if arrives else None,
        str(conversion.by) if conversion else None,
        [code for code, _, _ in verdict._raws],
        [code for code, severity, _ in verdict._raws if severity is Severity.ERROR],
    )


class _Columns:
    """Which columns are asked and which are added."""

    def __init__(self, pyarrow: ModuleType, recipient: str, message_type: str, prefix: str) -> None:
        self._arrow: Any = pyarrow
        self._recipient = recipient
        self._message_type = message_type
        text = pyarrow.string()
        types = {"string": text, "bool": pyarrow.bool_(), "list<string>": pyarrow.list_(text)}
        self._added = [pyarrow.field(prefix + name, types[kind]) for name, kind in VERDICT_COLUMNS]
        self.names = [field.name for field in self._added]

    def check(self, names: list[str]) -> None:
        """Refuse a table that lacks a column, or has one of the new ones already."""
        for argument, name in (("recipient", self._recipient), ("message_type", self._message_type)):
            if names.count(name) != 1:
                seen = "two columns" if name in names else "no column"
                raise ValueError(
                    f"the table has {seen} {name!r}; name the right one by {argument}=: {', '.join(names)}"
                )
        there = [name for name in self.names if name in names]
        if there:
            raise ValueError(f"the table has {', '.join(there)} already: give the new columns a prefix=")

    def schema_with(self, schema: Any) -> Any:
        """The schema of the table that goes out."""
        self.check(schema.names)
        for name in (self._recipient, self._message_type):
            kind = schema.field(name).type
            if str(getattr(kind, "value_type", kind)) not in {*_TEXT, "null"} or self._arrow.types.is_nested(kind):
                raise TypeError(
                    f"the column {name!r} holds {kind}, not text; identifiers are text, for leading zeros count: "
                    "read it as text in the first place"
                )
        for field in self._added:
            schema = schema.append(field)
        return schema

    def of_batch(self, batch: Any, schema: Any, answers: _Answers) -> Any:
        """``batch`` with the new columns."""
        return self._arrow.RecordBatch.from_arrays([*batch.columns, *self._arrays(batch, answers)], schema=schema)

    def of_table(self, table: Any, answers: _Answers) -> Any:
        """``table`` with the new columns."""
        self.schema_with(table.schema)
        asked = table.select([self._recipient, self._message_type])
        parts = [self._arrays(batch, answers) for batch in asked.to_batches(max_chunksize=CHUNK)]
        for position, field in enumerate(self._added):
            chunks = [arrays[position] for arrays in parts]
            table = table.append_column(field, self._arrow.chunked_array(chunks, type=field.type))
        return table

    def _arrays(self, batch: Any, answers: _Answers) -> list[Any]:
        pairs = zip(self._texts(batch, self._recipient), self._texts(batch, self._message_type), strict=True)
        columns = list(zip(*map(answers.cells, pairs), strict=True)) or [()] * len(self._added)
        return [self._arrow.array(cells, type=field.type) for cells, field in zip(columns, self._added, strict=True)]

    def _texts(self, batch: Any, name: str) -> list[str | None]:
        column = batch.column(batch.schema.get_field_index(name))
        if not self._arrow.types.is_dictionary(column.type):
            texts: list[str | None] = column.to_pylist()
            return texts
        words = column.dictionary.to_pylist()
        return [None if position is None else words[position] for position in column.indices.to_pylist()]
