"""Writes ``Edityper.csv``: message types on location numbers.

The published header and spelling are not known for certain, so every form that readers may meet can be written:
delimiters, encodings, with and without directions, one column or two, code and version in any order.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal, Protocol, TypedDict, get_args

from sor_addressing.cells import raw_csv_writer
from sor_addressing.misspelt import suggests_arguments
from sor_addressing.model import RegistrationRecord
from sor_addressing.whole_file import written_binary

__all__ = ["HEADER", "Directions", "MessageTypeOptions", "RegistrationsOfADay", "Spelling", "write_message_types"]

Directions = Literal["two-rows", "column", "two-columns", "none"]
"""How may send and may receive are written, see :func:`write_message_types`."""

Spelling = Literal[
    "columns", "code version", "version code", "code", "version", "code (version)", "code:version", "family word"
]
"""How code and version are written, see :func:`write_message_types`."""

HEADER: Mapping[str, str] = {
    "location_number": "Lokationsnummer",
    "message_type": "EDI-type",
    "version": "Version",
    "direction": "Retning",
    "may_send": "Send",
    "may_receive": "Modtag",
}
"""The columns as they are called unless told otherwise."""

_YES_NO = {True: "Ja", False: "Nej", None: ""}


class RegistrationsOfADay(Protocol):
    """What is written: a :class:`~sor_addressing.testing.MadeUpExtract`, or anything else with registrations."""

    @property
    def registrations(self) -> Sequence[RegistrationRecord]:
        """The registrations, in the order of their rows."""


class MessageTypeOptions(TypedDict, total=False):
    """The options of :func:`write_message_types`, for those who pass them on."""

    header: Mapping[str, str]
    delimiter: str
    encoding: str
    newline: str
    directions: Directions | None
    spelling: Spelling
    excel: bool


@suggests_arguments
def write_message_types(
    extract: RegistrationsOfADay,
    target: str | Path | IO[bytes],
    *,
    header: Mapping[str, str] | None = None,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
    newline: str = "\r\n",
    directions: Directions | None = None,
    spelling: Spelling = "columns",
    excel: bool = False,
) -> None:
    """Write the registrations of an extract as a message-type file.

    Args:
        extract: its registrations, in their order.
        target: a path, or a binary file, which is left open.
        header: other names for some of the columns in :data:`HEADER`, as in ``Register.load(columns=…)``.
        delimiter: between the cells.
        encoding: any that Python knows; ``utf-8-sig`` is UTF-8 with a byte order mark.
        newline: between the rows.
        directions: ``"two-rows"`` writes one row a direction, with the word *Send* or *Modtag*; ``"column"`` one row
            with *Send*, *Modtag* or *Send/Modtag*; ``"two-columns"`` one row with *Ja* or *Nej* twice; ``"none"``
            leaves directions out, so that they are lost. Left open, it is ``"two-rows"``, or ``"none"`` where no
            registration has a direction. A registration that may neither send nor receive has no row but with
            ``"two-columns"`` and ``"none"``.
        spelling: ``"columns"`` writes code and version in two columns; the others in one, as they say: ``"code"`` and
            ``"version"`` lose the other half where both are known; ``"family word"`` is ``MEDDIS91``, without version.
        excel: write cells as ``="…"``, as for a spreadsheet that would round them.

    Raises:
        ValueError: an unknown way of writing, or a column that there isn't.
    """
    if spelling not in get_args(Spelling):
        raise ValueError(f"spelling is one of {', '.join(get_args(Spelling))}, not {spelling!r}")
    if unknown := sorted(set(header or ()) - HEADER.keys()):
        raise ValueError(f"no columns {', '.join(unknown)}; there are {', '.join(HEADER)}")
    if directions is None:
        directions = "two-rows" if any(has_direction(record) for record in extract.registrations) else "none"
    fields = ["location_number", "message_type"]
    if spelling == "columns":
        fields.append("version")
    fields += direction_fields(directions)
    names = {**HEADER, **(header or {})}
    text = io.StringIO(newline="")
    writer = raw_csv_writer(text, delimiter=delimiter, end=newline)
    writer.writerow([names[field] for field in fields])
    for record in extract.registrations:
        cells = [record.location_number, *_spelt(record.message_type, spelling)]
        for direction in direction_cells(record, directions):
            row = [*cells, *direction]
            writer.writerow([f'="{cell}"' if cell else cell for cell in row] if excel else row)
    data = text.getvalue().encode(encoding)
    with written_binary(target) as file:
        file.write(data)


def has_direction(record: RegistrationRecord) -> bool:
    """Whether the registration says whether to send or to receive."""
    return record.may_send is not None or record.may_receive is not None


def direction_fields(directions: Directions) -> list[str]:
    """The columns in which directions are written, of those in :data:`HEADER`."""
    if directions == "none":
        return []
    if directions == "two-columns":
        return ["may_send", "may_receive"]
    if directions in ("two-rows", "column"):
        return ["direction"]
    raise ValueError(f"directions is one of {', '.join(get_args(Directions))}, not {directions!r}")


def direction_cells(record: RegistrationRecord, directions: Directions) -> Iterator[tuple[str, ...]]:
    """What stands in these columns, a tuple for each row of the registration."""
    if directions == "none":
        yield ()
    elif directions == "two-columns":
        yield _YES_NO[record.may_send], _YES_NO[record.may_receive]
    elif not has_direction(record):
        yield ("",)
    else:
        words = [word for word, may in (("Send", record.may_send), ("Modtag", record.may_receive)) if may]
        if directions == "two-rows":
            yield from ((word,) for word in words)
        elif words:
            yield ("/".join(words),)


def _spelt(message_type: str, spelling: Spelling) -> tuple[str, ...]:
    code, _, version = message_type.partition(" ")
    if spelling == "columns":
        return code, version
    if spelling == "family word":
        return (f"MED{code}",)
    if not version or spelling == "code":
        return (code,)
    if spelling == "version":
        return (version,)
    return (spelling.replace("code", "\0").replace("version", version).replace("\0", code),)
