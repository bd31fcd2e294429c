"""What a file is, by its content and never by its name alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from sor_addressing.errors import ExtractError, SorAddressingError
from sor_addressing.extracts import published
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.sources import SourceFile, is_archive
from sor_addressing.extracts.tables.headers import ColumnMap, layout_named, match_columns
from sor_addressing.extracts.tables.layouts import has_name_of, table_content
from sor_addressing.extracts.tables.text import TextTable, open_table
from sor_addressing.hiding import shown
from sor_addressing.safe_xml.prolog import as_one_byte, prolog_of

__all__ = ["Recognised", "may_be_passed_over", "open_head", "recognise", "recognise_file"]

# Packed, a table is the same table; an archive that is damaged has no other name to go by.
_NAMES_OF_TABLES = (".csv", ".gz", ".zip")
_T = TypeVar("_T")


def recognise(head: bytes, *, file: str, columns: ColumnMap | None = None, expected: Content | None = None) -> Content:
    """The content that the first bytes of a file announce.

    Args:
        head: the first 64 KiB, or all of a shorter file.
        file: the name used in errors.
        columns: the caller's map of columns, by which tables may be recognised whose headers are other words.
        expected: what the caller says that it is; a table is then taken for that, and its reader says what it lacks.

    Raises:
        ExtractError: it is none that this library reads; the text says what was seen.
    """
    found = _without_frames(partial(_content_of, head, file=file, columns=columns, expected=expected))
    del head
    if isinstance(found, SorAddressingError):
        raise found
    return found


def _without_frames(ask: Callable[[], _T]) -> _T | SorAddressingError:
    """The answer, or the error without the frames that it came through: they hold the file's first bytes, which may name persons."""
    try:
        return ask()
    except SorAddressingError as error:
        return error.with_traceback(None)


def _content_of(head: bytes, *, file: str, columns: ColumnMap | None, expected: Content | None) -> Content:
    text = as_one_byte(head)
    stripped = text.lstrip()
    if not stripped:
        raise ExtractError("the file is empty; fetch it again", file=file)
    if stripped.startswith(b"<"):
        _refuse_before_parsing(text, file=file)
        return _xml_content(head, file=file)
    if is_archive(head):
        raise ExtractError("an archive inside an archive; unpack it and give the file itself", file=file)
    for content in published.FILES:
        if content.begins_like(text):
            return content
    if expected is not None and expected.is_table:
        open_head(head, file=file)
        return expected
    layout = table_content(open_head(head, file=file).header, file=file, columns=columns)
    if layout is not None:
        return published.of_layout(layout)
    raise ExtractError(
        f"not recognised: none of the published files; its first line reads {_first_line(head)!r}. A table is known by its header: "
        "a file of message types has a column for the location number and one for the message type. Where the headers are other "
        'words, name them: columns={"location_number": "...", "message_type": "..."}',
        file=file,
    )


class Recognised(NamedTuple):
    """What a file is, and the cells of its header where it is a table."""

    content: Content
    header: Sequence[str] = ()


def recognise_file(
    file: SourceFile, *, columns: ColumnMap | None = None, expected: Content | None = None
) -> Recognised:
    """What a file is, as :func:`recognise` tells it. A decisive table is known by its name too, whatever its header.

    Raises:
        ExtractError: it is none that this library reads, can't be read, or is a decisive table by name that lacks columns.
    """
    found = _without_frames(partial(_of_file, file, columns=columns, expected=expected))
    if isinstance(found, SorAddressingError):
        raise found
    return found


def _of_file(file: SourceFile, *, columns: ColumnMap | None, expected: Content | None) -> Recognised:
    with file.open() as stream:
        head = stream.head()
    named = None
    try:
        content = recognise(head, file=file.name, columns=columns, expected=expected)
    except ExtractError:
        named = _decisive(file.name)
        if named is None:
            raise
        content = recognise(head, file=file.name, columns=columns, expected=named)
    if content.layout is None:
        return Recognised(content)
    table = open_head(head, file=file.name)
    if content is named:
        match_columns(table.header, content.layout, file=file.name, columns=columns, line=table.header_line)
    return Recognised(content, table.header)


def may_be_passed_over(file: SourceFile) -> bool:
    """Whether a file may be passed over where it can't be read: not where it was named, nor where its answers would be missing in silence."""
    return not file.explicit and _decisive(file.name) is None


def _decisive(name: str) -> Content | None:
    """The decisive table that a file of this name is; None where it is none.

    >>> _decisive("Sor_complete.zip!LocationsCodes.csv").key, _decisive("LocationsCodes.zip").key, _decisive("Geolocations.csv")
    ('locations', 'locations', None)
    """
    if not name.casefold().endswith(_NAMES_OF_TABLES):
        return None
    for content in published.FILES:
        if content.decisive and content.layout is not None and has_name_of(name, layout_named(content.layout)):
            return content
    return None


def open_head(head: bytes, *, file: str) -> TextTable:
    """A table that begins with ``head``, whether quotes enclose cells there or are characters like any other, as in ``sor.csv``.

    Raises:
        ExtractError: it is no table, or has no header.
    """
    try:
        return open_table(io.BytesIO(head), file=file)
    except ExtractError as error:
        try:
            table = open_table(io.BytesIO(head), file=file, quoting=False)
        except ExtractError:
            raise error from None
        if '"' in "".join(table.header):
            raise
        return table


def _first_line(head: bytes) -> str:
    return shown(head.split(b"\n", 1)[0][:1_000].decode("utf-8-sig", "replace").strip(), longest=120)


def _refuse_before_parsing(text: bytes, *, file: str) -> None:
    """What is refused without showing it to a parser: a DOCTYPE, which could make one expand and open things."""
    if prolog_of(text).is_doctype:
        # Who only looks at tables needs no parser of XML.
        from sor_addressing.extracts.xml.refusing import refused_xml
        from sor_addressing.safe_xml.parsing import FaultKind, XmlFault

        raise refused_xml(XmlFault(FaultKind.DOCTYPE), file=file)
    if text[:1].isspace() and text.lstrip().startswith(b"<?xml"):
        raise ExtractError(
            "blank space stands before the XML declaration, where nothing may stand; remove it, or fetch the file again",
            file=file,
            line=1,
        )


def _xml_content(head: bytes, *, file: str) -> Content:
    """What the elements say that the file begins with."""
    from sor_addressing.extracts.xml.refusing import refused_xml
    from sor_addressing.extracts.xml.sor_tree import ROOT, check_root, unknown_namespace
    from sor_addressing.safe_xml.parsing import started_elements

    started, fault = started_elements(head)
    if started:
        for content in published.FILES:
            if content.has_elements(started):
                return content
        tag = str(started[0].tag)
        # This frame hangs on the error, and an element knows its parser, whose log quotes what is damaged.
        del started, content
        check_root(tag, file=file)
        raise unknown_namespace(tag.removesuffix(ROOT)[1:-1], file=file)
    if fault is None:
        raise ExtractError("no XML root element in the first 64 KB; give a Sor.xml", file=file)
    raise refused_xml(fault, file=file)
