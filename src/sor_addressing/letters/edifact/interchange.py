"""EDIFACT interchanges: the header of each letter, from UNB, UNH and the groups of the parties.

An interchange (UNB to UNZ) holds letters (UNH to UNT), and a file may hold several interchanges. The type of a letter stands in UNH,
never in BGM. The number that a letter travels by stands in UNB, the unit that it names in NAD or PNA; the two may differ on purpose.
"""

from __future__ import annotations

import datetime as dt

import attrs

from sor_addressing.addressing.findings import Finding
from sor_addressing.errors import LetterError
from sor_addressing.letters.edifact.parties import (
    NamedParties,
    disagreements,
    party_of,
    read_parties,
    roles_of,
    unb_identifier,
)
from sor_addressing.letters.edifact.receipts import read_receipt
from sor_addressing.letters.edifact.segments import Segment, SegmentReader, is_utf8
from sor_addressing.letters.header import LetterHeader, LetterIdentifier, Receipt, Role, hide, letter_finding
from sor_addressing.letters.limits import MAX_LETTERS
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue

_FIRST_YEAR = 90
_RECEIPTS = "CONTRL"
_CHARACTER_SETS = {"UNOA": "UNOA (ASCII)", "UNOB": "UNOB (ASCII)", "UNOC": "UNOC (ISO 8859-1)"}
_MANY_BYTES = frozenset(["UNOW", "UNOX", "UNOY"])


def read(data: bytes, file: str) -> tuple[LetterHeader, ...]:
    """The header of every letter in an EDIFACT file, in its order.

    Args:
        data: the whole file.
        file: its name, for headers and errors.

    Raises:
        LetterError: the file is cut off, or no segments in the order of an interchange.
    """
    return _File(data, file).headers()


@attrs.frozen(slots=True)
class _Interchange:
    """What UNB says, for every letter in it."""

    reference: str
    written_reference: str = attrs.field(repr=False)
    sent: dt.datetime | None
    time_unreadable: bool
    sender: LetterIdentifier | None
    receiver: LetterIdentifier | None
    receipt_wanted: bool
    character_set: str
    is_utf8: bool


class _File:
    """One file while it is read."""

    def __init__(self, data: bytes, file: str) -> None:
        self.data, self.file = data, file
        self.reader = SegmentReader(data, file)
        self.found: list[LetterHeader] = []

    def headers(self) -> tuple[LetterHeader, ...]:
        while self.reader.begin_interchange():
            self.interchange()
        if not self.found:
            raise LetterError("the file is empty; put a letter in it", file=self.file)
        return tuple(self.found)

    def interchange(self) -> None:
        reader = self.reader
        segment = reader.following("UNB")
        if segment.tag != b"UNB":
            raise reader.error("no UNB where an interchange should begin; make the file again", segment.start)
        interchange = self.unb(segment)
        first, groups = len(self.found), 0
        while True:
            segment = reader.following("UNZ")
            if segment.tag == b"UNH":
                self.letter(segment, interchange)
            elif segment.tag == b"UNG":
                groups += 1
            elif segment.tag == b"UNZ":
                break
            elif segment.tag != b"UNE":
                raise reader.error("something else stands where UNH or UNZ should; make the file again", segment.start)
        letters = len(self.found) - first
        if not letters:
            raise reader.error("an interchange without a letter; make the file again", segment.start)
        findings = self.unz(segment, interchange, groups or letters)
        if findings:
            for position in range(first, len(self.found)):
                header = self.found[position]
                self.found[position] = attrs.evolve(header, findings=header.findings + findings)

    def unb(self, segment: Segment) -> _Interchange:
        reader = self.reader
        elements = reader.service(segment)
        sender, receiver, sent = (reader.components(elements, number) for number in (2, 3, 4))
        moment = _moment(sent[0], sent[1] if len(sent) > 1 else "")
        character_set = reader.value(elements, 1).upper()
        return _Interchange(
            reference=hide(reader.value(elements, 5)),
            written_reference=reader.value(elements, 5),
            sent=moment,
            time_unreadable=moment is None and any(sent),
            sender=unb_identifier(sender[0], sender[1] if len(sender) > 1 else "", "UNB S002"),
            receiver=unb_identifier(receiver[0], receiver[1] if len(receiver) > 1 else "", "UNB S003"),
            receipt_wanted=reader.value(elements, 9) == "1",
            character_set=character_set,
            is_utf8=is_utf8(self.data[segment.start : segment.end]),
        )

    def unz(self, segment: Segment, interchange: _Interchange, counted: int) -> tuple[Finding, ...]:
        elements = self.reader.service(segment)
        found = []
        stated = _number(self.reader.value(elements, 1))
        if stated != counted:
            found.append(letter_finding("letter-count-wrong", stated=_stated(stated), counted=counted))
        closing = self.reader.value(elements, 2)
        if closing != interchange.written_reference:
            found.append(_reference_differs("UNZ", hide(closing), "UNB", interchange.reference))
        return tuple(found)

    def letter(self, unh: Segment, interchange: _Interchange) -> None:
        reader = self.reader
        if len(self.found) >= MAX_LETTERS:
            raise reader.error(f"the file holds more than {MAX_LETTERS:,} letters; split it", unh.start)
        elements = reader.service(unh)
        written_id = reader.value(elements, 1)
        letter_id = hide(written_id)
        kind = reader.components(elements, 2)
        message, version = kind[0].upper(), kind[4].upper() if len(kind) > 4 else ""
        message_type, findings = _message_type(reader.value(elements, 3).upper(), version)
        answered: Receipt | None = None
        if message == _RECEIPTS:
            answered, counted, end = read_receipt(reader, message_type)
            named = NamedParties()
        else:
            named, counted = read_parties(reader, roles_of(message, version))
            end = reader.position
        header_is_utf8 = interchange.is_utf8 or is_utf8(self.data[unh.start : end])
        more, closing = reader.skip_letter()
        if interchange.time_unreadable:
            findings.append(letter_finding("time-unreadable", field="UNB S004"))
        if header_is_utf8 and interchange.character_set not in _MANY_BYTES:
            declared = _declared(interchange.character_set)
            findings.append(letter_finding("encoding-differs", declared=declared, used="UTF-8"))
        sender = party_of(Role.SENDER, [interchange.sender, *named.sender])
        receiver = party_of(Role.RECEIVER, [interchange.receiver, *named.receiver])
        copies = tuple([party_of(role, copy) for role, copy in named.copies])
        reply_to = party_of(Role.REPLY_TO, named.reply_to) if named.reply_to else None
        if reply_to is not None and [one.value for one in reply_to.identifiers] == [sender.location_number]:
            reply_to = None
        findings += disagreements((sender, receiver, *copies, *((reply_to,) if reply_to else ())))
        findings += self.unt(closing, counted + more + 2, written_id)
        self.found.append(
            LetterHeader(
                file=self.file,
                position=len(self.found) + 1,
                format=MessageFormat.EDI,
                message_type=message_type,
                letter_id=letter_id or None,
                envelope_id=interchange.reference or None,
                sent=interchange.sent,
                sender=sender,
                receiver=receiver,
                copy_receivers=copies,
                reply_to=reply_to,
                receipt_wanted=interchange.receipt_wanted,
                answered=answered,
                findings=tuple(findings),
            )
        )

    def unt(self, closing: Segment, counted: int, letter_id: str) -> list[Finding]:
        reader = self.reader
        if closing.tag != b"UNT":
            raise reader.error("a letter ends without UNT; make the file again", closing.start)
        elements = reader.service(closing)
        found = []
        stated = _number(reader.value(elements, 1))
        if stated != counted:
            found.append(letter_finding("segment-count-wrong", stated=_stated(stated), counted=counted))
        reference = reader.value(elements, 2)
        if reference != letter_id:
            found.append(_reference_differs("UNT", hide(reference), "UNH", hide(letter_id)))
        return found


def _message_type(code: str, version: str) -> tuple[MessageType | None, list[Finding]]:
    """Type and version as UNH gives them, and a finding where the version belongs to another type."""
    text = hide(f"{code} {version}".strip())
    if not text:
        return None, []
    types = catalogue()
    message_type = types.read(text)
    if (
        message_type is None
        or message_type.known
        or not version
        or not types.types_of_code(code)
        or message_type.family is not None
    ):
        return message_type, []
    other = types.read(version)
    if other is None or not other.known or other.version != version or other.code == code:
        return message_type, []
    return message_type, [
        letter_finding("type-contradicts-version", message_type=code, version=version, belongs_to=other.code)
    ]


def _declared(character_set: str) -> str:
    """The character set that UNB names; what is no code of four letters is not shown."""
    is_code = len(character_set) == 4 and character_set.isascii() and character_set.isalnum()
    return _CHARACTER_SETS.get(character_set, character_set) if is_code else "UNB S001"


def _moment(day: str, time: str) -> dt.datetime | None:
    """Danish time from ``YYMMDD`` and ``HHMM``, no zone. Years from 90 are of the last century: no letter is older."""
    if not (day.isascii() and day.isdigit() and len(day) in (6, 8) and time.isascii() and time.isdigit()):
        return None
    if len(time) not in (4, 6):
        return None
    if len(day) == 6:
        day = ("19" if int(day[:2]) >= _FIRST_YEAR else "20") + day
    year, month, date = int(day[:4]), int(day[4:6]), int(day[6:])
    try:
        return dt.datetime(year, month, date, int(time[:2]), int(time[2:4]), int(time[4:] or 0))  # noqa: DTZ001 (letters have no zone)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def _stated(number: int | None) -> int | str:
    """A count as it was stated; what is no number is not shown."""
    return "?" if number is None else number


def _reference_differs(segment: str, closing: str, opens: str, opening: str) -> Finding:
    return letter_finding("reference-differs", segment=segment, closing=closing, opens=opens, opening=opening)
