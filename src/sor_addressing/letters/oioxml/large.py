"""Reading large XML without holding it all: a large file of letters, and the letter inside an envelope.

A tree takes many times the memory of its file. Nearly all of a large letter is the patient's part, which is never read, so its tree is
pruned while it grows; of an envelope nearly all is the payload, which is decoded while it is read. What has to be well formed still is:
every file is parsed to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from lxml import etree

from sor_addressing.errors import LetterError
from sor_addressing.letters.limits import MAX_LETTERS
from sor_addressing.letters.oioxml.xml_input import (
    ParsedXml,
    XmlText,
    attempts,
    forget_faults,
    is_bad_character,
    local_name,
    not_in_its_encoding,
    not_well_formed,
    parse_xml,
    xml_text,
)
from sor_addressing.letters.payload import PayloadDecoder

LARGE_BYTES = 1024 * 1024
"""From here on a file is read piece by piece; below, the whole tree is faster and small enough."""

_BLOCK = 256 * 1024
_KEPT = frozenset(["Envelope", "Letter", "Sender", "Receiver", "CCReceiver", "AnswerCCReceiver", "OriginalEmessage"])
"""What is kept of a file of letters below its root: the envelope, and of the letters these children."""
_DEEPEST = 128
"""Elements within elements that an envelope may have; the deepest known has seven."""

_T = TypeVar("_T")


def letters_root(data: bytes, file: str) -> ParsedXml:
    """The root of a file of letters; of a large file only what headers are read from.

    Raises:
        LetterError: as :func:`~sor_addressing.letters.oioxml.xml_input.root_of`.
    """
    if len(data) < LARGE_BYTES:
        return parse_xml(data, file)
    root, text = _first_readable(data, file, lambda attempt: _pruned(attempt, file))
    return ParsedXml(root, text.findings)


def envelope_root(data: bytes, file: str, path: tuple[str, ...]) -> tuple[ParsedXml, bytes | None]:
    """The root of an envelope without its payload, and the decoded payload; None where the envelope has none.

    Args:
        data: the whole file.
        file: its name, for errors.
        path: local names of the elements from the root down to the one that holds the payload.

    Raises:
        LetterError: as :func:`~sor_addressing.letters.oioxml.xml_input.root_of`, or the payload is not base64 alone.
    """
    if len(data) >= LARGE_BYTES:
        split, text = _first_readable(data, file, lambda attempt: _split(attempt, file, path))
        _refuse_second(split[0], path, file)
        return ParsedXml(split[0], text.findings), split[1]
    parsed = parse_xml(data, file)
    _refuse_second(parsed.root, path, file)
    holder: etree._Element | None = parsed.root if local_name(parsed.root) == path[0] else None
    for name in path[1:]:
        holder = next(holder.iterchildren(f"{{*}}{name}"), None) if holder is not None else None
    if holder is None:
        return parsed, None
    if len(holder):
        raise _not_base64_alone(path, file)
    decoder = PayloadDecoder(path[-1], file)
    decoder.feed(_bytes_of(holder.text or ""))
    return parsed, decoder.payload()


def _refuse_second(root: etree._Element, path: tuple[str, ...], file: str) -> None:
    """Refuse an envelope with two letters: no schema allows it, and a network would deliver one of them at most."""
    holders = [root]
    for name in path[1:]:
        holders = [child for holder in holders for child in holder.iterchildren(f"{{*}}{name}")]
        if len(holders) > 1:
            raise LetterError(
                f"the envelope has several {name}, and holds one letter; write an envelope for each", file=file
            )


def _first_readable(data: bytes, file: str, read: Callable[[XmlText], _T | None]) -> tuple[_T, XmlText]:
    """What ``read`` makes of the file in the first encoding that its bytes fit."""
    for attempt in attempts(xml_text(data, file)):
        found = read(attempt)
        if found is not None:
            return found, attempt
    raise not_in_its_encoding(file)


def _pruned(text: XmlText, file: str) -> etree._Element | None:
    """The root of a file of letters; None where the bytes don't fit the encoding."""
    parser = etree.XMLPullParser(
        events=("start",),
        tag="{*}Emessage",
        encoding=text.encoding,
        collect_ids=False,
        huge_tree=True,  # a letter with a document in it has one long text, which is taken out like the rest
        load_dtd=False,
        no_network=True,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
    )
    root: etree._Element | None = None
    done = 0
    try:
        for start in range(0, len(text.data), _BLOCK):
            parser.feed(text.data[start : start + _BLOCK])
            if root is None:
                root = next((element for _, element in parser.read_events()), None)
            if root is not None:
                done = _prune(root, done, file)
        closed: etree._Element = parser.close()
    except etree.XMLSyntaxError as error:
        code, said, line = error.code, error.msg or "", error.lineno or 1
    else:
        return closed
    _raise_fault(text, file, code, said, line)
    return None


def _prune(root: etree._Element, done: int, file: str) -> int:
    """Take out what no header is read from, and answer how many letters are complete.

    The last child of an element always stays, for the parser may be at work in it.
    """
    if len(root) == 0:
        return 0
    if len(root) > MAX_LETTERS + 2:
        raise LetterError(f"the file holds more than {MAX_LETTERS:,} letters; send fewer in one file", file=file)
    for letter in root[done:-1]:
        _keep_header(letter, list(letter))
    node = root[-1]
    if local_name(node) not in _KEPT and len(node):
        _keep_header(node, node[:-1])
        node = node[-1]
        while local_name(node) not in _KEPT and len(node):
            del node[:-1]
            node = node[-1]
    return len(root) - 1


def _keep_header(letter: etree._Element, children: list[etree._Element]) -> None:
    if local_name(letter) in _KEPT:
        return
    for child in children:
        if local_name(child) not in _KEPT:
            letter.remove(child)


def _split(text: XmlText, file: str, path: tuple[str, ...]) -> tuple[etree._Element, bytes | None] | None:
    """The tree of an envelope and its payload; None where the bytes don't fit the encoding."""
    target = _EnvelopeTarget(file, path)
    parser = etree.XMLParser(  # type: ignore[call-overload]  # the stubs want a base class that only they have
        target=target,
        encoding=text.encoding,
        collect_ids=False,
        huge_tree=True,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
    )
    try:
        for start in range(0, len(text.data), _BLOCK):
            parser.feed(text.data[start : start + _BLOCK])
        root: etree._Element | None = parser.close()
    except etree.XMLSyntaxError as error:
        code, said, line = error.code, error.msg or "", error.lineno or 1
    else:
        if root is not None:
            return root, target.decoder.payload() if target.decoder else None
        code, said, line = 0, "", 1
    _raise_fault(text, file, code, said, line)
    return None


class _EnvelopeTarget:
    """Takes the parser's events: builds the tree of the envelope, and hands the text at ``path`` to a decoder."""

    def __init__(self, file: str, path: tuple[str, ...]) -> None:
        self._file = file
        self._path = list(path)
        self._open: list[str] = []
        self._builder = etree.TreeBuilder()
        self._is_inside = False
        self._room = LARGE_BYTES
        self.decoder: PayloadDecoder | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._is_inside:
            raise _not_base64_alone(tuple(self._path), self._file)
        self._take(len(tag) + sum(map(len, attributes)) + sum(map(len, attributes.values())))
        self._open.append(tag.rpartition("}")[2])
        if len(self._open) > _DEEPEST:
            raise LetterError("the XML is nested deeper than any envelope; this is no letter", file=self._file)
        if self._open == self._path and self.decoder is None:
            self._is_inside = True
            self.decoder = PayloadDecoder(self._path[-1], self._file)
        self._builder.start(tag, dict(attributes))

    def end(self, tag: str) -> None:
        self._open.pop()
        self._is_inside = False
        self._builder.end(tag)

    def data(self, text: str) -> None:
        if self._is_inside and self.decoder is not None:
            self.decoder.feed(_bytes_of(text))
        elif not text.isspace():
            self._take(len(text))
            self._builder.data(text)

    def close(self) -> etree._Element | None:
        # The parser asks for it after a fault too, and an error about open elements would hide that fault.
        return None if self._open else self._builder.close()

    def _take(self, size: int) -> None:
        self._room -= size + 100
        if self._room < 0:
            raise LetterError(
                "the envelope has more around its content than any envelope has; this is no letter", file=self._file
            )


def _bytes_of(text: str) -> bytes:
    # What is not ASCII is no base64; the decoder says so.
    return text.encode("ascii", "replace")


def _not_base64_alone(path: tuple[str, ...], file: str) -> LetterError:
    return LetterError(f"{'/'.join(path)} holds elements, and must hold base64 alone; encode the letter", file=file)


def _raise_fault(text: XmlText, file: str, code: int, message: str, line: int) -> None:
    """Raise the error for a fault, unless the bytes don't fit the encoding, for another one may do."""
    forget_faults()
    if not is_bad_character(code):
        raise not_well_formed(text, file, code=code, message=message, line=line)
