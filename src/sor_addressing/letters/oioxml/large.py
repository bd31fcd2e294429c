"""Reading large XML without holding it all: a large file of letters, and the letter inside an envelope.

A tree takes many times the memory of its file. Nearly all of a large letter is the patient's part, which is never read, so its tree is
pruned while it grows; of an envelope nearly all is the payload, which is decoded while it is read. What has to be well formed still is:
every file is parsed to its end.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from sor_addressing.errors import LetterError
from sor_addressing.letters.limits import MAX_LETTERS
from sor_addressing.letters.oioxml.xml_input import ParsedXml, first_readable, local_name, parse_xml
from sor_addressing.letters.payload import PayloadDecoder
from sor_addressing.safe_xml.parsing import XmlFault, is_too_deep, tree_fed, tree_of_target

LARGE_BYTES = 1024 * 1024
"""From here on a file is read piece by piece; below, the whole tree is faster and small enough."""

_KEPT = frozenset(["Envelope", "Letter", "Sender", "Receiver", "CCReceiver", "AnswerCCReceiver", "OriginalEmessage"])
"""What is kept of a file of letters below its root: the envelope, and of the letters these children."""
_DEEPEST = 128
"""Elements within elements that an envelope may have; the deepest known has seven."""


def letters_root(data: bytes, file: str) -> ParsedXml:
    """The root of a file of letters; of a large file only what headers are read from.

    Raises:
        LetterError: as :func:`~sor_addressing.letters.oioxml.xml_input.root_of`.
    """
    if len(data) < LARGE_BYTES:
        return parse_xml(data, file)
    root, text = first_readable(
        data, file, lambda attempt: tree_fed(attempt.data, attempt.encoding, "{*}Emessage", _Pruning(file).prune)
    )
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
        targets: list[_EnvelopeTarget] = []

        def split(encoding: str, content: bytes) -> etree._Element | XmlFault:
            targets.append(_EnvelopeTarget(file, path))
            return tree_of_target(content, encoding, targets[-1])

        root, text = first_readable(data, file, lambda attempt: split(attempt.encoding, attempt.data))
        _refuse_second(root, path, file)
        decoder = targets[-1].decoder
        return ParsedXml(root, text.findings), decoder.payload() if decoder else None
    parsed = parse_xml(data, file)
    _refuse_second(parsed.root, path, file)
    holder: etree._Element | None = parsed.root if local_name(parsed.root) == path[0] else None
    for name in path[1:]:
        holder = next(holder.iterchildren(f"{{*}}{name}"), None) if holder is not None else None
    if holder is None:
        return parsed, None
    if len(holder):
        raise _not_base64_alone(path, file)
    small = PayloadDecoder(path[-1], file)
    small.feed(_bytes_of(holder.text or ""))
    return parsed, small.payload()


def _refuse_second(root: etree._Element, path: tuple[str, ...], file: str) -> None:
    """Refuse an envelope with two letters: no schema allows it, and a network would deliver one of them at most."""
    holders = [root]
    for name in path[1:]:
        holders = [child for holder in holders for child in holder.iterchildren(f"{{*}}{name}")]
        if len(holders) > 1:
            raise LetterError(
                f"the envelope has several {name}, and holds one letter; write an envelope for each", file=file
            )


class _Pruning:
    """Takes out of a growing tree what no header is read from."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._done = 0

    def prune(self, root: etree._Element) -> None:
        """Prune the letters that are complete, and of the last one what is.

        The last child of an element always stays, for the parser may be at work in it.
        """
        if len(root) == 0:
            return
        if len(root) > MAX_LETTERS + 2:
            raise LetterError(
                f"the file holds more than {MAX_LETTERS:,} letters; send fewer in one file", file=self._file
            )
        for letter in root[self._done : -1]:
            self._keep_header(letter, list(letter))
        self._done = len(root) - 1
        node = root[-1]
        if local_name(node) not in _KEPT and len(node):
            self._keep_header(node, node[:-1])
            node = node[-1]
            while local_name(node) not in _KEPT and len(node):
                del node[:-1]
                node = node[-1]

    def _keep_header(self, letter: etree._Element, children: list[etree._Element]) -> None:
        if is_too_deep(letter):
            raise LetterError("the XML is nested deeper than any letter has; this is no letter", file=self._file)
        if local_name(letter) in _KEPT:
            return
        for child in children:
            if local_name(child) not in _KEPT:
                letter.remove(child)


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
