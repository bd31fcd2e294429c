"""What a file is, by its content and never by its name alone."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from enum import StrEnum

from lxml import etree

from sor_addressing.errors import ExtractError
from sor_addressing.extracts import sor_xml
from sor_addressing.extracts.headers import ColumnMap, match_columns
from sor_addressing.extracts.message_types import LAYOUT, looks_like_message_types
from sor_addressing.extracts.sources import is_archive
from sor_addressing.extracts.tabular import open_table, shown


class Content(StrEnum):
    """The published files that can be recognised."""

    SOR_XML = "Sor.xml"
    MESSAGE_TYPES = "Edityper.csv"


_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16_STARTS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
_ABOVE_DOCTYPE = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)


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
    encoding = _UTF_16_STARTS.get(head[:2])
    text = head.decode(encoding, "replace").encode() if encoding else head
    stripped = text.removeprefix(_UTF_8_MARK).lstrip()
    if not stripped:
        raise ExtractError("the file is empty; fetch it again", file=file)
    if stripped.startswith(b"<"):
        _refuse_before_parsing(text.removeprefix(_UTF_8_MARK), file=file)
        _check_xml_root(head, file=file)
        return Content.SOR_XML
    if is_archive(head):
        raise ExtractError("an archive inside an archive; unpack it and give the file itself", file=file)
    header = open_table(io.BytesIO(head), file=file).header
    if expected is Content.MESSAGE_TYPES or looks_like_message_types(header):
        return Content.MESSAGE_TYPES
    if columns is not None and _are_mapped(header, columns, file=file):
        return Content.MESSAGE_TYPES
    raise ExtractError(
        f"not recognised: neither a Sor.xml nor a file of message types; its first line reads {_first_line(head)!r}. "
        "A file of message types needs a column for the location number and one for the message type; where the headers are "
        'other words, name them: columns={"location_number": "...", "message_type": "..."}',
        file=file,
    )


def _are_mapped(header: Sequence[str], columns: ColumnMap, *, file: str) -> bool:
    try:
        match_columns(header, LAYOUT, file=file, columns=columns)
    except ExtractError:
        return False
    return True


def _first_line(head: bytes) -> str:
    return shown(head.split(b"\n", 1)[0][:1_000].decode("utf-8", "replace").strip(), longest=120)


def _refuse_before_parsing(text: bytes, *, file: str) -> None:
    """What is refused without showing it to a parser: a DOCTYPE, which could make one expand and open things."""
    above = _ABOVE_DOCTYPE.match(text)
    if above is not None and text.startswith(b"<!DOCTYPE", above.end()):
        raise sor_xml.doctype_refused(file)
    if text[:1].isspace() and text.lstrip().startswith(b"<?xml"):
        raise ExtractError(
            "blank space stands before the XML declaration, where nothing may stand; remove it, or fetch the file again",
            file=file,
            line=1,
        )


def _check_xml_root(head: bytes, *, file: str) -> None:
    parser = etree.XMLPullParser(
        events=("start",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    problem: etree.XMLSyntaxError | None = None
    try:
        parser.feed(head)
    except etree.XMLSyntaxError as error:
        problem = error
    for _, root in parser.read_events():
        sor_xml.check_root(root, root.getroottree().docinfo, file=file)
        return
    if problem is None:
        raise ExtractError("no XML root element in the first 64 KB; give a Sor.xml", file=file)
    raise sor_xml.not_well_formed(problem, file) from problem
