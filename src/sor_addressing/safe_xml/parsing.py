"""How XML from outside is parsed: the only parsers of this library, without DTD, entities or network, and with bounds on depth and text.

A file that someone made up may be a bomb, and one that is damaged may hold anything. So a DOCTYPE is refused before a parser sees it;
and what is wrong with a file is told as an :class:`XmlFault`, which says what kind of fault it is and on which line, and nothing of what
stands there, for that can be a person. Errors of the parser never leave this module, and it is made to forget them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import BinaryIO, NamedTuple, Protocol, TypedDict

from lxml import etree

from sor_addressing.safe_xml.prolog import HEAD_BYTES, as_one_byte, prolog_of

__all__ = [
    "MOST_DEPTH",
    "EndedElements",
    "FaultKind",
    "Target",
    "XmlFault",
    "is_too_deep",
    "started_elements",
    "tree_fed",
    "tree_of",
    "tree_of_target",
]

MOST_DEPTH = 256
"""Elements within elements. The parser itself has this bound, and ten million characters for a text, except where it is to take large texts."""

_BLOCK = 256 * 1024


class _Options(TypedDict):
    attribute_defaults: bool
    dtd_validation: bool
    load_dtd: bool
    no_network: bool
    recover: bool
    remove_comments: bool
    remove_pis: bool
    resolve_entities: bool


# Without collect_ids=False: with it lxml 6 opens the DTD that a DOCTYPE names, whatever load_dtd says.
_OPTIONS = _Options(
    attribute_defaults=False,
    dtd_validation=False,
    load_dtd=False,
    no_network=True,
    recover=False,
    remove_comments=True,
    remove_pis=True,
    resolve_entities=False,
)


class FaultKind(Enum):
    """What can be wrong with XML."""

    DOCTYPE = "a DOCTYPE, which could make a parser expand and open things"
    TOO_MUCH = "deeper or longer than the bounds"
    CUT_OFF = "ends before its last element does"
    BAD_CHARACTER = "bytes that don't fit the encoding"
    NOT_WELL_FORMED = "not well formed"


class XmlFault(NamedTuple):
    """What is wrong, and on which line where that is known; ``name`` is what the parser calls such faults, wherever they stand."""

    kind: FaultKind
    line: int | None = None
    name: str = ""
    is_after_root: bool = False


class EndedElements(Iterator[etree._Element]):
    """Each element of a stream as it ends, in the file's order. Of what follows it some is there, half read.

    Args:
        stream: the bytes of the file.
        refused: makes the error to raise for a fault; nothing of the parser hangs on it.
        tags: which elements are wanted; every one where this is left out.
    """

    def __init__(
        self, stream: BinaryIO, refused: Callable[[XmlFault], Exception], *, tags: Sequence[str] | None = None
    ) -> None:
        self._refused = refused
        self._stream = _Peeked(stream)
        self._tags = tags
        self._events: etree.iterparse[tuple[str, etree._Element]] | None = None
        self._is_over = False

    def __next__(self) -> etree._Element:
        events = self._events
        if events is None:
            return self._first()
        try:
            return next(events)[1]
        except etree.XMLSyntaxError as error:
            fault = _fault_of(error)
        # The frame hangs on what is raised, and the parser's own log quotes the file.
        del events
        self._end()
        # Outside of the handler, so that what the parser says does not hang on it.
        raise self._refused(fault)

    @property
    def root(self) -> etree._Element | None:
        """The root, once the file was read to its end."""
        return None if self._events is None else self._events.root

    def _first(self) -> etree._Element:
        if self._is_over:
            raise StopIteration
        if prolog_of(as_one_byte(self._stream.head())).is_doctype:
            self._end()
            raise self._refused(XmlFault(FaultKind.DOCTYPE))
        self._events = etree.iterparse(
            self._stream, events=("end",), tag=self._tags, huge_tree=False, remove_blank_text=True, **_OPTIONS
        )
        element = next(self)
        fault = _hidden_doctype(element)
        if fault is not None:
            self._end()
            raise self._refused(fault)
        return element

    def _end(self) -> None:
        self._events = None
        self._is_over = True
        etree.clear_error_log()


class _Peeked:
    """A stream whose first bytes have been looked at, and come again."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._head = b""

    def head(self) -> bytes:
        while len(self._head) < HEAD_BYTES and (data := self._stream.read(HEAD_BYTES - len(self._head))):
            self._head += data
        return self._head

    def read(self, size: int = HEAD_BYTES, /) -> bytes:
        if not self._head:
            return self._stream.read(size)
        data, self._head = self._head[:size], self._head[size:]
        return data


def started_elements(head: bytes) -> tuple[list[etree._Element], XmlFault | None]:
    """The elements that begin in the first bytes of a file, and what is wrong with these, apart from that they end."""
    if prolog_of(as_one_byte(head)).is_doctype:
        return [], XmlFault(FaultKind.DOCTYPE)
    parser = etree.XMLPullParser(events=("start",), huge_tree=False, remove_blank_text=True, **_OPTIONS)
    fault: XmlFault | None = None
    try:
        parser.feed(head)
    except etree.XMLSyntaxError as error:
        fault = _fault_of(error)
    started = [element for _, element in parser.read_events()]
    etree.clear_error_log()
    if started and (hidden := _hidden_doctype(started[0])):
        return [], hidden
    return started, fault


def tree_of(data: bytes, encoding: str, *, large_texts: bool = False) -> etree._Element | XmlFault:
    """The root of a whole file, read in ``encoding`` whatever the file declares; its caller has seen that it has no DOCTYPE.

    ``large_texts`` takes texts and attributes of any length, as the content of an envelope may have.
    """
    try:
        root = etree.fromstring(data, _parser(encoding, large_texts))
    except etree.XMLSyntaxError as error:
        fault = _fault_of(error)
    else:
        return XmlFault(FaultKind.TOO_MUCH) if large_texts and is_too_deep(root) else root
    _forget()
    return fault


def tree_fed(
    data: bytes, encoding: str, root_tag: str, prune: Callable[[etree._Element], None]
) -> etree._Element | XmlFault:
    """The root of a whole file that is read block by block; after each ``prune`` may take out of the tree what is not needed.

    Texts may be of any length. How deep the tree is, ``prune`` has to ask where it takes something out.
    """
    parser = etree.XMLPullParser(
        events=("start",), tag=root_tag, encoding=encoding, huge_tree=True, remove_blank_text=True, **_OPTIONS
    )
    root: etree._Element | None = None
    try:
        for start in range(0, len(data), _BLOCK):
            parser.feed(data[start : start + _BLOCK])
            if root is None:
                root = next((element for _, element in parser.read_events()), None)
            if root is not None:
                prune(root)
        closed: etree._Element = parser.close()
    except etree.XMLSyntaxError as error:
        fault = _fault_of(error)
    else:
        return closed
    _forget()
    return fault


class Target(Protocol):
    """Takes what a parser finds, piece by piece; ``close`` gives the root, or None where elements are still open."""

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None:
        """An element begins."""

    def end(self, tag: str, /) -> None:
        """An element ends."""

    def data(self, text: str, /) -> None:
        """Some of a text."""

    def close(self) -> etree._Element | None:
        """The file ends, or can't be read further."""


def tree_of_target(data: bytes, encoding: str, target: Target) -> etree._Element | XmlFault:
    """What ``target`` makes of a whole file, texts of any length among it; how deep it may be, the target has to see to."""
    parser = etree.XMLParser(  # type: ignore[call-overload]  # the stubs want a base class that only they have
        target=target, encoding=encoding, huge_tree=True, **_OPTIONS
    )
    try:
        for start in range(0, len(data), _BLOCK):
            parser.feed(data[start : start + _BLOCK])
        root: etree._Element | None = parser.close()
    except etree.XMLSyntaxError as error:
        fault = _fault_of(error)
    else:
        # A prefix without a namespace is an error that only trees are refused for.
        if root is not None and not parser.feed_error_log.filter_from_errors():
            return root
        fault = XmlFault(FaultKind.CUT_OFF if root is None else FaultKind.NOT_WELL_FORMED)
    _forget()
    return fault


def is_too_deep(element: etree._Element) -> bool:
    """Whether there are more than :data:`MOST_DEPTH` elements within one another, ``element`` being the first."""
    return bool(_too_deep()(element))


@cache
def _too_deep() -> etree.XPath:
    return etree.XPath(f"boolean(.{'/*' * MOST_DEPTH})")


@cache
def _parser(encoding: str, large_texts: bool) -> etree.XMLParser:
    """A parser for many files: making one takes as long as reading a letter."""
    return etree.XMLParser(encoding=encoding, huge_tree=large_texts, remove_blank_text=True, **_OPTIONS)


def _forget() -> None:
    """Drop what parsers remember of the last fault, for it can quote the file."""
    _parser.cache_clear()
    etree.clear_error_log()


def _hidden_doctype(element: etree._Element) -> XmlFault | None:
    """A DOCTYPE that stood in an encoding which hid it from us, and not from the parser."""
    docinfo = element.getroottree().docinfo
    return XmlFault(FaultKind.DOCTYPE) if docinfo.doctype or docinfo.internalDTD is not None else None


_PREMATURE = frozenset({4, 43, 44, 47, 63, 73, 74, 77})
_PREMATURE_IN_MESSAGE = re.compile("Premature end|no element found")
_AFTER_ROOT = 5
_BAD_CHARACTER = frozenset({6, 9, 81})
_LIMIT_IN_MESSAGE = re.compile(
    "XML_PARSE_HUGE|huge text node|[Ee]xcessive|amplification|too long|[Ll]imit|huge input|reference loop"
)


def _fault_of(error: etree.XMLSyntaxError) -> XmlFault:
    message, entry = error.msg or "", error.error_log.last_error
    name = entry.type_name.removeprefix("ERR_").replace("_", " ").lower() if entry is not None else ""
    if name == "resource limit" or _LIMIT_IN_MESSAGE.search(message):
        kind = FaultKind.TOO_MUCH
    elif error.code in _BAD_CHARACTER:
        kind = FaultKind.BAD_CHARACTER
    elif error.code in _PREMATURE or _PREMATURE_IN_MESSAGE.search(message):
        kind = FaultKind.CUT_OFF
    else:
        kind = FaultKind.NOT_WELL_FORMED
    return XmlFault(kind, error.lineno or None, name or kind.value, error.code == _AFTER_ROOT)
