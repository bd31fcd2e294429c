"""From a message file to the headers of its letters, whatever its format: told by its first bytes, envelopes opened.

The format is never taken from the file's name, nor from what an envelope says of its content: what is there is looked at.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path

import attrs

from sor_addressing.addressing.findings import Finding
from sor_addressing.errors import LetterError
from sor_addressing.letters.header import Envelope, LetterHeader, Receipt, letter_finding
from sor_addressing.letters.limits import LARGEST_ENVELOPE, MAX_BYTES, refuse_oversized
from sor_addressing.letters.packed import unpacked
from sor_addressing.safe_xml.prolog import as_one_byte, prolog_of

_BLANKS = b" \t\r\n"
# As nearly every letter begins: a declaration and the root, which needs no closer look.
_PLAIN_BEGINNING = re.compile(rb"(?:<\?xml [^<>]*\?>\s*)?<(?:[A-Za-z]\w*:)?([A-Za-z]+)[\s>]")
_HEAD = 65_536
_WRAPPED = 64
"""In how many bytes an EDIFACT file says that it is one, wrapped as it may be."""
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
_KNOWN = (
    "an EDIFACT interchange, an OIOXML letter (Emessage), a FHIR Bundle, a VANSEnvelope or a StandardBusinessDocument"
)

_LETTERS = frozenset(("edifact", "json", "Emessage", "Bundle"))

Headers = tuple[LetterHeader, ...]
_Read = Callable[[bytes, str], Headers]
_Opened = tuple[Envelope, Receipt | None, bytes | None]


def read_message_header(source: str | os.PathLike[str] | bytes) -> tuple[LetterHeader, ...]:
    """The addressing header of every letter in a message file, and nothing else of it.

    Read are EDIFACT interchanges, OIOXML letters of every release, FHIR messages as JSON or XML, and all of these inside a VANSEnvelope or
    an EHMI message (SBDH); plain or packed as ``.gz``. Envelope and letter are both read: :attr:`LetterHeader.envelope` is what the envelope says.

    Args:
        source: a path to a message file, or its bytes.

    Returns:
        One header a letter, in the file's order; mostly there is one.

    Raises:
        LetterError: it is no message, it is damaged, cut off or larger than any message; the text names file, place and what to do, and
            never shows what stands in the file.

    >>> from sor_addressing.testing import MadeUpLetter, edifact_of
    >>> header, = read_message_header(edifact_of(MadeUpLetter(code="DIS91", version="D9134L")))
    >>> header.message_type, header.sender.location_number, header.receiver.location_number
    (MessageType('DIS91 D9134L'), '5790999000017', '5790999000024')
    """
    data, name = _content(source)
    return read_letters(data, name)


def read_letters(data: bytes, file: str) -> Headers:
    """The headers of the letters in ``data``, the content of ``file``.

    Raises:
        LetterError: as for :func:`read_message_header`.
    """
    refuse_oversized(len(data), file)
    data = unpacked(data, file)
    shape = _shape_of(data, file)
    if shape in _LETTERS:
        return _measured(_reader(shape)(data, file), len(data))
    opener = _opener(shape)
    if opener is None:
        raise _no_message(shape, file)
    return _measured(_inside(opener(data, file), shape, file), len(data))


def _measured(headers: Headers, size: int) -> Headers:
    """The headers, the first with what is to be said of a file that the network does not carry."""
    if size <= LARGEST_ENVELOPE:
        return headers
    first, *others = headers
    too_large = letter_finding("letter-too-large", bytes=size, most=LARGEST_ENVELOPE)
    return (attrs.evolve(first, findings=(*first.findings, too_large)), *others)


def _content(source: str | os.PathLike[str] | bytes) -> tuple[bytes, str]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source), "<bytes>"
    if not isinstance(source, (str, os.PathLike)):
        raise TypeError(f"a message file is a path or bytes, not {type(source).__name__}")
    path = Path(source)
    try:
        about = path.stat()
        refuse_oversized(about.st_size, str(path))
        with path.open("rb") as file:
            # What is no file has no size either: one byte more than allowed says that there is more, and is refused.
            return file.read() if stat.S_ISREG(about.st_mode) else file.read(MAX_BYTES + 1), str(path)
    except LetterError:
        raise
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise LetterError(
            f"the file can't be read ({reason}); give the path of a message file", file=str(path)
        ) from error


def _shape_of(data: bytes, file: str) -> str:
    known = _PLAIN_BEGINNING.match(data, 0, _HEAD)
    if known:
        return known[1].decode()
    head = as_one_byte(data[:_HEAD]).lstrip(_BLANKS)
    if not head:
        raise LetterError(f"the file is empty; a message is {_KNOWN}", file=file)
    if head[:_WRAPPED].translate(None, b"\r\n\v\f")[:3] in (b"UNA", b"UNB"):
        return "edifact"
    if head[:1] in (b"{", b"["):
        return "json"
    if head[:1] == b"<":
        known = _PLAIN_BEGINNING.match(head)
        return known[1].decode() if known else _root_name(head, file)
    if head.startswith(_ARCHIVES):
        raise LetterError(
            "the file is an archive; validate-file and validate_messages read the messages in one, or unpack it",
            file=file,
        )
    return ""


def _root_name(head: bytes, file: str) -> str:
    """The local name of the root; a DOCTYPE is refused before any parser sees it."""
    prolog = prolog_of(head)
    if prolog.is_doctype:
        raise LetterError("the file has a DOCTYPE, which no message has; refused unread", file=file)
    if prolog.root is None:
        raise LetterError(f"the file begins as XML and has no root element; a message is {_KNOWN}", file=file)
    return prolog.root


@cache
def _reader(shape: str) -> _Read:
    """What reads a letter of one of the shapes in ``_LETTERS``; imported when first needed."""
    if shape == "edifact":
        from sor_addressing.letters.edifact.interchange import read as read_edifact

        return read_edifact
    if shape == "json":
        from sor_addressing.letters.fhir.json_form import read as read_json

        return read_json
    if shape == "Emessage":
        from sor_addressing.letters.oioxml.emessage import read as read_oioxml

        return read_oioxml
    from sor_addressing.letters.fhir.xml_form import read as read_xml

    return read_xml


def _no_message(shape: str, file: str) -> LetterError:
    seen = "the root element is none of a message's" if shape else "this is not a message"
    return LetterError(f"{seen}; a message is {_KNOWN}", file=file)


def _opener(shape: str) -> Callable[[bytes, str], _Opened] | None:
    """What opens an envelope of that shape; None where it is no envelope."""
    if shape == "VANSEnvelope":
        from sor_addressing.letters.envelopes.vans import read as read_vans

        return read_vans
    if shape == "StandardBusinessDocument":
        from sor_addressing.letters.envelopes.sbdh import read as read_sbdh

        return read_sbdh
    return None


_PAYLOAD_FORMATS = frozenset(("xml", "edifact", "hl7"))


def _inside(opened: _Opened, shape: str, file: str) -> Headers:
    """The letters inside an envelope, each with the envelope around it; the envelope alone where it holds none that can be read."""
    envelope, answered, payload = opened
    if payload is None:
        return (_of_envelope(envelope, answered, file),)
    inner_file = f"{file} (inside the {shape})"
    says_letter = (envelope.document_format or "").lower() in _PAYLOAD_FORMATS
    inner = _shape_of(payload, inner_file) if payload.strip(_BLANKS) or says_letter else ""
    if inner in _LETTERS:
        found = _reader(inner)(payload, inner_file)
        return tuple(
            [
                attrs.evolve(header, file=file, envelope=envelope, findings=(*header.findings, *envelope.findings))
                for header in found
            ]
        )
    if _opener(inner):
        raise LetterError("an envelope inside an envelope; a message has one", file=inner_file)
    if says_letter:
        raise _no_message(inner, inner_file)
    unread = letter_finding("payload-not-read", document_format=envelope.document_format or "?")
    return (_of_envelope(envelope, answered, file, unread),)


def _of_envelope(envelope: Envelope, answered: Receipt | None, file: str, *findings: Finding) -> LetterHeader:
    return LetterHeader(
        file=file,
        position=1,
        format=envelope.message_type.format if envelope.message_type else None,
        message_type=envelope.message_type,
        letter_id=envelope.letter_id,
        envelope_id=envelope.inner_envelope_id or envelope.envelope_id,
        sent=envelope.sent,
        sender=envelope.sender,
        receiver=envelope.receiver,
        receipt_wanted=envelope.receipt_wanted,
        answered=answered,
        envelope=envelope,
        findings=(*envelope.findings, *findings),
    )
