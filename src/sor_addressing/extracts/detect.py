"""What a file is, by its content and never by its name alone."""

from __future__ import annotations

import io
from enum import StrEnum

from lxml import etree

from sor_addressing.errors import ExtractError
from sor_addressing.extracts import sor_xml
from sor_addressing.extracts.message_types import looks_like_message_types
from sor_addressing.extracts.tabular import open_table


class Content(StrEnum):
    """The published files that can be recognised."""

    SOR_XML = "Sor.xml"
    MESSAGE_TYPES = "Edityper.csv"


_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def recognise(head: bytes, *, file: str) -> Content:
    """The content that the first bytes of a file announce.

    Raises:
        ExtractError: it is none that this library reads; the text says what was seen.
    """
    stripped = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if stripped.startswith(b"<") or head.startswith(_XML_STARTS):
        _check_xml_root(head, file=file)
        return Content.SOR_XML
    if not stripped:
        raise ExtractError("the file is empty; fetch it again", file=file)
    header = open_table(io.BytesIO(head), file=file).header
    if looks_like_message_types(header):
        return Content.MESSAGE_TYPES
    raise ExtractError(
        f"not recognised: neither a Sor.xml nor a file of message types; its first line reads {_shown(head)!r}. "
        "A file of message types needs a column for the location number and one for the message type; where the headers are "
        'other words, name them: columns={"location_number": "...", "message_type": "..."}',
        file=file,
    )


def _shown(head: bytes) -> str:
    line = head.split(b"\n", 1)[0][:120]
    return line.decode("utf-8", "replace").strip()


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
    try:
        for _, root in parser.read_events():
            sor_xml.check_root(root, root.getroottree().docinfo, file=file)
            return
    except etree.XMLSyntaxError as error:
        problem = error
    if problem is None:
        raise ExtractError("no XML root element in the first 64 KB; give a Sor.xml", file=file)
    raise ExtractError(
        f"the XML is not well formed or was cut off ({problem.msg}); nothing of it was loaded, fetch the file again",
        file=file,
        line=problem.lineno or None,
    ) from problem
