"""What a file is, by its content and never by its name alone."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.sources import SourceFile, is_archive
from sor_addressing.extracts.tables.headers import ColumnMap, layout_named, match_columns
from sor_addressing.extracts.tables.layouts import has_name_of, table_content
from sor_addressing.extracts.tables.shak import looks_like_shak
from sor_addressing.extracts.tables.text_table import Table, open_table
from sor_addressing.extracts.xml import providers
from sor_addressing.extracts.xml import sor_tree as sor_xml
from sor_addressing.extracts.xml.refusing import refused_xml
from sor_addressing.hiding import shown
from sor_addressing.safe_xml.parsing import FaultKind, XmlFault, started_elements
from sor_addressing.safe_xml.prolog import as_one_byte, prolog_of


class Content(StrEnum):
    """The published files that can be recognised."""

    SOR_XML = "Sor.xml"
    SOR_CSV = "sor.csv"
    MESSAGE_TYPES = "Edityper.csv"
    UNITS_TABLE = "SorEntity_daily.csv"
    LOCATIONS = "LocationsCodes.csv"
    LOCATION_MESSAGE_TYPES = "LocationsCodeEDITypeMap.csv"
    MESSAGE_TYPE_LIST = "EDITypes.csv"
    REPLACED_UNITS = "SORReplacedEntities.csv"
    SHAK_MAP = "SHAKSORMap.csv"
    CLASSIFICATIONS = "SORClassifications.csv"
    GEOLOCATIONS = "Geolocations.csv"
    SHAK = "shakcomplete.txt"
    PROVIDERS = "provider register"


LAYOUTS: Mapping[Content, str] = {
    Content.SOR_CSV: "sor_csv",
    Content.MESSAGE_TYPES: "message_types",
    Content.UNITS_TABLE: "units",
    Content.LOCATIONS: "locations",
    Content.LOCATION_MESSAGE_TYPES: "location_message_types",
    Content.MESSAGE_TYPE_LIST: "message_type_list",
    Content.REPLACED_UNITS: "replaced_units",
    Content.SHAK_MAP: "shak_map",
    Content.CLASSIFICATIONS: "classifications",
    Content.GEOLOCATIONS: "geolocations",
}
"""The tables, and the layout of each in ``columns.toml``."""

_DECISIVE = (Content.MESSAGE_TYPES, Content.LOCATION_MESSAGE_TYPES, Content.LOCATIONS, Content.UNITS_TABLE)
"""Tables without which an answer would be another one."""

# Packed, a table is the same table; an archive that is damaged has no other name to go by.
_NAMES_OF_TABLES = (".csv", ".gz", ".zip")
_CONTENTS = {layout: content for content, layout in LAYOUTS.items()}


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
    text = as_one_byte(head)
    stripped = text.lstrip()
    if not stripped:
        raise ExtractError("the file is empty; fetch it again", file=file)
    if stripped.startswith(b"<"):
        _refuse_before_parsing(text, file=file)
        return _xml_content(head, file=file)
    if is_archive(head):
        raise ExtractError("an archive inside an archive; unpack it and give the file itself", file=file)
    if looks_like_shak(head):
        return Content.SHAK
    if expected is not None and expected in LAYOUTS:
        open_head(head, file=file)
        return expected
    layout = table_content(open_head(head, file=file).header, file=file, columns=columns)
    if layout is not None:
        return _CONTENTS[layout]
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
    if content not in LAYOUTS:
        return Recognised(content)
    table = open_head(head, file=file.name)
    if content is named:
        match_columns(table.header, LAYOUTS[named], file=file.name, columns=columns, line=table.header_line)
    return Recognised(content, table.header)


def may_be_passed_over(file: SourceFile) -> bool:
    """Whether a file may be passed over where it can't be read: not where it was named, nor where its answers would be missing in silence."""
    return not file.explicit and _decisive(file.name) is None


def _decisive(name: str) -> Content | None:
    """The decisive table that a file of this name is; None where it is none.

    >>> _decisive("Sor_complete.zip!LocationsCodes.csv").name, _decisive("LocationsCodes.zip").name, _decisive("Geolocations.csv")
    ('LOCATIONS', 'LOCATIONS', None)
    """
    if not name.casefold().endswith(_NAMES_OF_TABLES):
        return None
    return next((content for content in _DECISIVE if has_name_of(name, layout_named(LAYOUTS[content]))), None)


def open_head(head: bytes, *, file: str) -> Table:
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
        raise refused_xml(XmlFault(FaultKind.DOCTYPE), file=file)
    if text[:1].isspace() and text.lstrip().startswith(b"<?xml"):
        raise ExtractError(
            "blank space stands before the XML declaration, where nothing may stand; remove it, or fetch the file again",
            file=file,
            line=1,
        )


def _xml_content(head: bytes, *, file: str) -> Content:
    """What the root element says; in a newer provider register, whose root has another name, the first providers."""
    started, fault = started_elements(head)
    if started:
        root = started[0]
        named = str(root.tag).rpartition("}")[2]
        if named == providers.ROOT or (named != sor_xml.ROOT and any(map(providers.is_provider, started))):
            return Content.PROVIDERS
        sor_xml.check_root(root, file=file)
        return Content.SOR_XML
    if fault is None:
        raise ExtractError("no XML root element in the first 64 KB; give a Sor.xml", file=file)
    raise refused_xml(fault, file=file)
