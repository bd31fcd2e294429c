"""Verdicts as columns: a table of recipients and message types in, the same table with what was found beside each row out.

Tables are of pyarrow (a ``Table``, a ``RecordBatch``, or a ``RecordBatchReader`` that is streamed through) or of polars (a ``DataFrame``).
Rows are asked in chunks, each different pair of recipient and type once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

from sor_addressing.errors import MissingExtra
from sor_addressing.tables.answers import VERDICT_COLUMNS, Answers, AskMany

if TYPE_CHECKING:
    from types import ModuleType

Table = TypeVar("Table")
"""What comes in goes out: a table of pyarrow or polars."""

CHUNK = 65_536
_TEXT = frozenset({"string", "large_string", "string_view"})


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
    answers = Answers(ask)
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

    def of_batch(self, batch: Any, schema: Any, answers: Answers) -> Any:
        """``batch`` with the new columns."""
        return self._arrow.RecordBatch.from_arrays([*batch.columns, *self._arrays(batch, answers)], schema=schema)

    def of_table(self, table: Any, answers: Answers) -> Any:
        """``table`` with the new columns."""
        self.schema_with(table.schema)
        asked = table.select([self._recipient, self._message_type])
        parts = [self._arrays(batch, answers) for batch in asked.to_batches(max_chunksize=CHUNK)]
        for position, field in enumerate(self._added):
            chunks = [arrays[position] for arrays in parts]
            table = table.append_column(field, self._arrow.chunked_array(chunks, type=field.type))
        return table

    def _arrays(self, batch: Any, answers: Answers) -> list[Any]:
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
