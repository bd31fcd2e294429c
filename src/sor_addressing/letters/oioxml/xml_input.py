"""Reading the XML of a message file safely: what it may be written in, how deep and how large it may be, and no DOCTYPE.

A file that someone made up may be a bomb. Nothing is fetched, no entity is defined or expanded, and a DOCTYPE is refused before any
parser sees it, in whatever encoding it stands. Errors say what is wrong and on which line, and never what stands there: what the parser
itself says of a fault can quote a patient, so none of it goes on.

Encodings need care of their own, for senders get them wrong: white space or a byte order mark in front of the declaration, a mark of
UTF-8 before a declaration of ISO-8859-1, UTF-8 that is none. What can be read is read, and ``encoding-differs`` says so.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from sor_addressing.addressing.findings import Finding
from sor_addressing.errors import LetterError
from sor_addressing.letters.header import letter_finding
from sor_addressing.safe_xml.parsing import FaultKind, XmlFault, tree_of
from sor_addressing.safe_xml.prolog import HEAD_BYTES, prolog_of, without_mark

PROLOG_BYTES = HEAD_BYTES
"""Where the first element must begin: what has more comments in front of it is no letter."""

MOST_TAGS = 4_000_000
"""Tags and attributes that a file may have: each takes far more memory than its characters do."""

LONGEST_VALUE = 1000
"""Characters that one field of a header may have; the longest that a standard allows is 255."""

_ASCII_LIKE = {
    "utf-8": "UTF-8",
    "utf8": "UTF-8",
    "us-ascii": "UTF-8",
    "ascii": "UTF-8",
    "iso-8859-1": "ISO-8859-1",
    "iso8859-1": "ISO-8859-1",
    "iso_8859-1": "ISO-8859-1",
    "latin1": "ISO-8859-1",
    "latin-1": "ISO-8859-1",
    "iso-8859-15": "ISO-8859-15",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
}
_TWO_BYTES = {"utf-16": "UTF-16", "utf16": "UTF-16", "utf-16le": "UTF-16", "utf-16be": "UTF-16", "ucs-2": "UTF-16"}
_DECLARED = {**_ASCII_LIKE, **_TWO_BYTES}
_UTF_16 = {"UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be"}
_WHITE_SPACE = b" \t\r\n"
_PROBED_BYTES = 1024 * 1024
"""How far a file that declares one byte a character is tried as UTF-8."""

_USUAL_PROLOG = re.compile(
    rb"<\?xml version=[\"']1\.0[\"'] encoding=[\"']((?i:utf-8|iso-8859-1|windows-1252))[\"'](?: standalone=[\"'](?:yes|no)[\"'])? ?\?>"
    rb"\s*<[^!?/\s]"
)
"""What nearly all letters begin with; it says the same as the pattern for any prolog, in a third of the time."""
_UTF_8 = (b"UTF-8", b"utf-8")
_ENCODING = re.compile(rb"\sencoding\s*=\s*[\"']([^\"']*)[\"']")

_TAIL = 64


class ParsedXml(NamedTuple):
    """The root of the file's XML, and what was wrong with its encoding."""

    root: etree._Element
    findings: tuple[Finding, ...] = ()


class XmlText(NamedTuple):
    """A file's XML as a parser can take it: without what stood in front, and in which encoding to read it."""

    data: bytes
    encoding: str
    declared: str | None
    lines_before: int
    has_mark: bool

    @property
    def findings(self) -> tuple[Finding, ...]:
        """``encoding-differs``, where the file says that it is written in something else."""
        used = "UTF-16" if self.encoding in _UTF_16 else self.encoding
        stated = self.declared or "UTF-8"
        if stated != used:
            return (letter_finding("encoding-differs", declared=stated, used=used),)
        if self.has_mark and used != "UTF-8" and self.encoding not in _UTF_16:
            return (letter_finding("encoding-differs", declared="UTF-8", used=used),)
        return ()


def root_of(data: bytes, file: str, *, huge: bool = False) -> etree._Element:
    """The root element of the XML in ``data``.

    >>> root_of(b"<Emessage/>", "letter.xml").tag
    'Emessage'

    Args:
        data: the whole file.
        file: its name, for errors.
        huge: whether one text or attribute may be larger than 10 MB, as the content of an envelope may.

    Raises:
        LetterError: it is empty, cut off, not well formed or in no known encoding, has a DOCTYPE, or is deeper or larger than any letter.
    """
    return parse_xml(data, file, huge=huge).root


def parse_xml(data: bytes, file: str, *, huge: bool = False) -> ParsedXml:
    """As :func:`root_of`, with what was wrong with the encoding.

    Raises:
        LetterError: as there.
    """
    root, text = first_readable(data, file, lambda attempt: tree_of(attempt.data, attempt.encoding, large_texts=huge))
    return ParsedXml(root, text.findings)


def first_readable(
    data: bytes, file: str, read: Callable[[XmlText], etree._Element | XmlFault]
) -> tuple[etree._Element, XmlText]:
    """What ``read`` makes of the file in the first encoding that its bytes fit.

    Raises:
        LetterError: as :func:`root_of`.
    """
    for attempt in _attempts(xml_text(data, file)):
        found = read(attempt)
        if not isinstance(found, XmlFault):
            return found, attempt
        if found.kind is not FaultKind.BAD_CHARACTER:
            raise _not_well_formed(attempt, file, found)
    raise LetterError(
        "the XML has a character that XML does not allow, or bytes that fit no encoding letters are written in; write it in UTF-8",
        file=file,
    )


def _attempts(text: XmlText) -> Iterator[XmlText]:
    """The encodings to read ``text`` in, the likeliest first; the next one is for where bytes don't fit the one before."""
    yield text
    if text.encoding == "UTF-8":
        declared = text.declared if text.declared in ("ISO-8859-1", "ISO-8859-15", "windows-1252") else "windows-1252"
        yield text._replace(encoding=declared)


def xml_text(data: bytes, file: str) -> XmlText:
    """What a parser may see of ``data``: without byte order mark and white space in front, and the encoding to read it in.

    Raises:
        LetterError: no element begins in its first part, it has a DOCTYPE, or it declares an encoding that is not known.
    """
    if len(data) > MOST_TAGS and data.count(b"<") + data.count(b"=") > MOST_TAGS:
        raise LetterError(f"the XML has more than {MOST_TAGS:,} tags and attributes; this is no letter", file=file)
    usual = _USUAL_PROLOG.match(data, 0, PROLOG_BYTES)
    if usual and usual[1] in _UTF_8:
        return XmlText(data, "UTF-8", "UTF-8", 0, has_mark=False)
    family, body = without_mark(data)
    if family in _UTF_16:
        # An odd number of bytes says that the file was cut; the parser finds the same on the right line.
        start = body[: 2 * PROLOG_BYTES].decode(_UTF_16[family], "replace")
        stripped = start.lstrip(" \t\r\n\ufeff")
        lines = start.count("\n", 0, len(start) - len(stripped))
        if len(stripped) < len(start):
            body = body[2 * (len(start) - len(stripped)) :]
        prolog = stripped.encode("utf-8", "replace")
    else:
        whole, body = body, body.lstrip(_WHITE_SPACE)
        lines = whole.count(b"\n", 0, len(whole) - len(body)) if body is not whole else 0
        prolog = body[:PROLOG_BYTES]
    declared = _checked_prolog(prolog, file, lines, is_whole=len(prolog) < PROLOG_BYTES)
    if family in _UTF_16:
        return XmlText(body, family, declared or "UTF-16", lines, has_mark=False)
    if family == "UTF-8" or declared in (None, "UTF-8", "UTF-16") or _is_utf_8(body):
        encoding = "UTF-8"
    else:
        encoding = declared or "UTF-8"
    return XmlText(body, encoding, declared, lines, has_mark=family == "UTF-8")


def _not_well_formed(text: XmlText, file: str, fault: XmlFault) -> LetterError:
    """The error for what a parser could not read."""
    ends_open = not fault.is_after_root and not text.data[-_TAIL:].rstrip(_WHITE_SPACE + b"\0").endswith(b">")
    if fault.kind is FaultKind.TOO_MUCH:
        said = "the XML is nested deeper, or has a longer text, than any letter has; this is no letter"
    elif ends_open or fault.kind is FaultKind.CUT_OFF:
        said = "the XML ends before its last element does: the file is cut off; get it again"
    else:
        said = "the XML is not well formed; the program that wrote it has to be corrected"
    return LetterError(said, file=file, line=(fault.line or 1) + text.lines_before)


def local_name(element: etree._Element) -> str:
    """Name of an element without its namespace."""
    return without_namespace(element.tag)


def _without_namespace(tag: object) -> str:
    return str(tag).rpartition("}")[2]


without_namespace: Callable[[object], str] = lru_cache(maxsize=512)(_without_namespace)
"""Local name in a tag as lxml writes it: the loops of readers ask for it directly, for it is asked at every element."""


def namespace_of(element: etree._Element) -> str | None:
    """Namespace of an element; None where it has none."""
    return _namespace_in(str(element.tag))


@lru_cache(maxsize=64)
def _namespace_in(tag: str) -> str | None:
    return tag.rpartition("}")[0][1:] or None


def value_of(element: etree._Element | None, file: str) -> str | None:
    """The text of an element of the header, trimmed; None where it is empty or there is no such element.

    Raises:
        LetterError: it is longer than any field of a header.
    """
    if element is None or not (text := element.text):
        return None
    text = text.strip()
    if len(text) > LONGEST_VALUE:
        raise LetterError(
            f"the element {local_name(element)} has {len(text):,} characters, and no field of a header has more than {LONGEST_VALUE:,}",
            file=file,
            line=element.sourceline,
        )
    if not text.isprintable():
        text = " ".join(text.split())
        if any("\x7f" <= char <= "\x9f" for char in text):
            raise LetterError(
                f"the element {local_name(element)} has characters that are no text (control characters); take them out",
                file=file,
                line=element.sourceline,
            )
    return text or None


def _checked_prolog(prolog: bytes, file: str, lines: int, *, is_whole: bool) -> str | None:
    """The encoding that the declaration states; None where it states none."""
    usual = _USUAL_PROLOG.match(prolog)
    if usual:
        return _DECLARED[usual[1].decode("ascii").lower()]
    found = prolog_of(prolog)
    if found.mark != b"<":
        line = lines + 1 + prolog.count(b"\n", 0, found.end)
        if found.is_doctype:
            raise LetterError(
                "the XML has a DOCTYPE, which no letter has, so it was not read; take it out", file=file, line=line
            )
        if not prolog:
            raise LetterError("the file is empty", file=file)
        if not is_whole:
            raise LetterError(
                f"no element begins in the first {PROLOG_BYTES:,} bytes of the XML; this is no letter", file=file
            )
        if found.mark or not found.rest:
            raise LetterError(
                "the XML ends before its first element begins: the file is cut off; get it again", file=file, line=line
            )
        raise LetterError("the XML does not begin with an element; this is no letter", file=file, line=line)
    stated = _ENCODING.search(found.declaration) if found.declaration else None
    if stated is None:
        return None
    name = _DECLARED.get(stated[1].decode("ascii", "replace").lower())
    if name is None:
        raise LetterError(
            "the XML declares an encoding that letters are not written in; write it in UTF-8 or ISO-8859-1",
            file=file,
            line=lines + 1,
        )
    return name


def _is_utf_8(body: bytes) -> bool:
    """Whether a file that declares one byte a character is UTF-8 all the same: such an accident does not happen by chance."""
    if body.isascii():
        return False
    try:
        codecs.utf_8_decode(body[:_PROBED_BYTES], "strict", False)
    except UnicodeDecodeError:
        return False
    return not body[:_PROBED_BYTES].isascii()
