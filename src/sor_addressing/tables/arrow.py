"""Verdicts as columns: a table of recipients and message types in, the same table with what was found beside each row out.

Tables are of pyarrow (a ``Table``, a ``RecordBatch``, or a ``RecordBatchReader`` that is streamed through), of polars or of pandas (a
``DataFrame``); whatever else hands itself over as Arrow, such as a relation of DuckDB, comes out as a ``Table`` of pyarrow. Rows are asked in
chunks, each different pair of recipient and type once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sor_addressing.errors import MissingExtra
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.tables.answers import VERDICT_COLUMNS, Answers
from sor_addressing.tables.headings import kind_of_header

if TYPE_CHECKING:
    from types import ModuleType

    from sor_addressing.addressing.verdicts import Verdict

Table = TypeVar("Table")
"""What comes in goes out: a table of pyarrow, polars or pandas."""

CHUNK = 65_536
_TEXT = frozenset({"string", "large_string", "string_view"})


def validate_table(
    table: Table,
    ask: Callable[..., Iterator[Verdict]],
    *,
    recipient: str,
    message_type: str,
    prefix: str,
    kind: IdentifierKind | None = None,
) -> Table:
    """``table`` with a column for each of :data:`VERDICT_COLUMNS`, their names with ``prefix`` in front.

    Args:
        table: of pyarrow, polars or pandas, or anything that hands itself over as Arrow.
        ask: answers pairs, such as ``Register.validate_many``; where their kind is known, with it as ``kind``.
        recipient: the column with the recipients.
        message_type: the column with the message types.
        prefix: goes in front of the names of the new columns.
        kind: what kind the recipients are; what the name of their column says where None.

    Raises:
        MissingExtra: pyarrow is not installed.
        TypeError: the table is of another kind, or one of its two columns holds no text.
        ValueError: the table lacks one of the two columns, or has one of the new ones already.
    """
    # What these tables have in common no type checker knows of.
    given: Any = table
    named = kind or kind_of_header(recipient)
    answers = Answers(ask if named is None else partial(ask, kind=named))
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if pandas is not None and isinstance(given, pandas.DataFrame):
        return _of_pandas(pandas, given, answers, recipient, message_type, prefix)  # type: ignore[no-any-return]  # a DataFrame for a DataFrame
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra("validate_table", "arrow", "pyarrow") from error
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
    return columns.of_table(_as_arrow(pyarrow, given), answers)  # type: ignore[no-any-return]  # a Table, as the documentation says


def _as_arrow(pyarrow: Any, given: Any) -> Any:
    """A table of pyarrow of what hands itself over as Arrow, by its capsules or by the dataframe protocol.

    Raises:
        TypeError: it doesn't, or it is no table.
    """
    try:
        if hasattr(given, "__arrow_c_stream__"):
            return pyarrow.table(given)
        if hasattr(given, "__arrow_c_array__"):
            return pyarrow.Table.from_batches([pyarrow.record_batch(given)])
        if hasattr(given, "__dataframe__"):
            from pyarrow.interchange import from_dataframe

            return from_dataframe(given)
    except Exception as error:  # noqa: BLE001 (whatever a foreign table raises while it is handed over)
        fault: Exception | None = error
    else:
        fault = None
    raise TypeError(
        "a table is a pyarrow Table, RecordBatch or RecordBatchReader, a polars or pandas DataFrame, or anything that hands itself over "
        f"as an Arrow table, not {_called(given)}; pyarrow.table(…) makes one of most others"
    ) from fault


def _of_pandas(pandas: Any, frame: Any, answers: Answers, recipient: str, message_type: str, prefix: str) -> Any:
    """``frame`` with the new columns, without pyarrow: its index, its columns and their types stay as they are."""
    names = [prefix + name for name, _ in VERDICT_COLUMNS]
    _check_names(list(frame.columns), recipient, message_type, names)
    asked = []
    for name in (recipient, message_type):
        column = frame[name]
        held = getattr(column.dtype, "categories", column).dtype
        if not (
            pandas.api.types.is_string_dtype(held) or pandas.api.types.is_object_dtype(held) or column.isna().all()
        ):
            raise _no_text(name, column.dtype)
        asked.append(column.astype(object).tolist())
    found = list(zip(*map(answers.cells, zip(*asked, strict=True)), strict=True)) or [()] * len(names)
    # The same types for every part of a frame: texts as this pandas holds them by itself.
    text = pandas.Series([""]).dtype
    types = {column: text for column, kind in VERDICT_COLUMNS if kind == "string"} | {"deliverable": "bool"}
    added = {
        name: pandas.Series(list(cells), index=frame.index, dtype=types.get(column, "object"))
        for name, cells, (column, _) in zip(names, found, VERDICT_COLUMNS, strict=True)
    }
    return frame.assign(**added)


def _no_text(name: str, kind: object) -> TypeError:
    return TypeError(
        f"the column {name!r} holds {kind}, not text; identifiers are text, for leading zeros count: "
        "read it as text in the first place"
    )


def _check_names(names: list[Any], recipient: str, message_type: str, added: list[str]) -> None:
    """Refuse a table that lacks a column, or has one of the new ones already."""
    for argument, name in (("recipient", recipient), ("message_type", message_type)):
        if names.count(name) != 1:
            seen = "two columns" if name in names else "no column"
            raise ValueError(
                f"the table has {seen} {name!r}; name the right one by {argument}=: {', '.join(map(str, names))}"
            )
    there = [name for name in added if name in names]
    if there:
        raise ValueError(f"the table has {', '.join(there)} already: give the new columns a prefix=")


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
        _check_names(names, self._recipient, self._message_type, self.names)

    def schema_with(self, schema: Any) -> Any:
        """The schema of the table that goes out."""
        self.check(schema.names)
        for name in (self._recipient, self._message_type):
            kind = schema.field(name).type
            if str(getattr(kind, "value_type", kind)) not in {*_TEXT, "null"} or self._arrow.types.is_nested(kind):
                raise _no_text(name, kind)
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
