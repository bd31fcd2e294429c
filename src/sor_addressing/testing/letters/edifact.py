"""Writes made-up letters as EDIFACT: interchanges with every separator, line end and character set that a test asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty

__all__ = ["USUAL_SEPARATORS", "edifact_of"]

USUAL_SEPARATORS = ":+.? '"
"""Component, element, decimal mark, release, reserved, terminator."""

Segment = list[list[str]]


class _Family(NamedTuple):
    """How the letters of one message type are written."""

    message: str
    release: str
    beginning: str
    sender: str
    receiver: str
    copy: str


_DIRECTORY = "D:93A:UN"
# By the letters in front of a code's number.
_FAMILIES = {
    "DIS": _Family("MEDDIS", _DIRECTORY, "EPI", "SSP", "PO", "CCR"),
    "REF": _Family("MEDREF", _DIRECTORY, "HNV", "PO", "SSP", "PRH"),
    "REQ": _Family("MEDREQ", _DIRECTORY, "LRE", "PO", "SLA", "CCR"),
    "RPT": _Family("MEDRPT", _DIRECTORY, "LRP", "SLA", "PO", "CCR"),
    "BIN": _Family("MEDBIN", _DIRECTORY, "OBJ", "SSP", "PO", ""),
    "PRE": _Family("MEDPRE", "0:962:RT", "PRS", "PO", "SE", ""),
    "RUC": _Family("MEDRUC", _DIRECTORY, "AFR", "", "", ""),
    "DAO": _Family("PRODAT", "D:96B:UN", "DAO", "", "", ""),
    "CTL": _Family("CONTRL", "D:93A:ZZ", "", "", "", ""),
}
_WITH_ROLES_OF_THEIR_OWN = {"DIS14", "DIS17", "DIS20"}
_RENEWAL = "PRE60"


def edifact_of(
    *letters: MadeUpLetter,
    una: str | None = USUAL_SEPARATORS,
    line_end: str = "\n",
    charset: str = "iso-8859-1",
    syntax: str = "UNOC",
    binary: bytes = b"II*'\n+UNT+1'\r\n?",
    groups: bool = False,
) -> bytes:
    r"""The letters as one EDIFACT file.

    Letters that follow one another with the same ``envelope_id`` share an interchange. Codes and versions of XML letters are written
    without their X. A party has its location number in UNB, and in NAD or PNA the first of SOR code, SHAK code, provider number and
    municipality code that it has; a copy has its location number there where it has nothing else.

    Args:
        letters: in their order.
        una: the six separators; None writes no UNA and uses the usual ones. A blank as release character means that there is none.
        line_end: after each segment; may be empty.
        charset: how letters are written, whatever ``syntax`` says.
        syntax: the character set that UNB names.
        binary: what follows UNO in a MEDBIN.
        groups: put each interchange's letters in a functional group (UNG, UNE).

    >>> edifact_of(MadeUpLetter())[:9]
    b"UNA:+.? '"
    """
    marks = una or USUAL_SEPARATORS
    write = _Writer(marks, line_end, charset)
    pieces = []
    for _, group in groupby(letters, key=lambda letter: letter.envelope_id):
        together = list(group)
        if una is not None:
            pieces.append(f"UNA{una}{line_end}".encode(charset))
        pieces.append(write.segments([_unb(together[0], syntax)]))
        if groups:
            pieces.append(write.segments([[["UNG"], ["GRUPPE"]]]))
        pieces.extend(_message(letter, write, binary) for letter in together)
        if groups:
            pieces.append(write.segments([[["UNE"], [str(len(together))], ["1"]]]))
        count = 1 if groups else len(together)
        pieces.append(write.segments([[["UNZ"], [str(count)], [together[0].envelope_id]]]))
    return b"".join(pieces)


class _Writer:
    """Puts segments down with one set of separators."""

    def __init__(self, marks: str, line_end: str, charset: str) -> None:
        self.component, self.element, self.release, self.terminator = marks[0], marks[1], marks[3].strip(), marks[5]
        self.line_end, self.charset = line_end, charset

    def segments(self, segments: Sequence[Segment], *, line_end: bool = True) -> bytes:
        """The bytes of segments, each with its terminator; ``line_end`` says whether the last has a line end too."""
        texts = [self.element.join(self._element(element) for element in segment) for segment in segments]
        text = "".join(text + self.terminator + self.line_end for text in texts)
        if not line_end and self.line_end:
            text = text[: -len(self.line_end)]
        return text.encode(self.charset)

    def _element(self, element: list[str]) -> str:
        return self.component.join(self._escaped(component) for component in element)

    def _escaped(self, text: str) -> str:
        special = {self.component, self.element, self.terminator, self.release} - {""}
        if not self.release:
            return "".join(" " if character in special else character for character in text)
        return "".join(self.release + character if character in special else character for character in text)


def _unb(letter: MadeUpLetter, syntax: str) -> Segment:
    parties = [
        [party.location_number, "14"] if party.location_number else [""] for party in (letter.sender, letter.receiver)
    ]
    moment = [f"{letter.sent:%y%m%d}", f"{letter.sent:%H%M}"]
    segment = [["UNB"], [syntax, "3"], *parties, moment, [letter.envelope_id]]
    return segment if letter.answers else [*segment, [""], [""], [""], ["1" if letter.receipt_wanted else "0"]]


def _message(letter: MadeUpLetter, write: _Writer, binary: bytes) -> bytes:
    code, version = letter.code.removeprefix("X"), letter.version or ""
    if code != letter.code:
        version = version.removeprefix("X")
    family = _FAMILIES[code[:3]]
    unh = [["UNH"], [letter.letter_id], [family.message, *family.release.split(":"), version], [code]]
    before = [unh, *_content(letter, code, family)]
    announced = [["UNO"], ["1"], ["AID", "OPDIGTET"], ["OBJ", "IMG", "TIF", "91"], [str(len(binary)), "14", "1", "A"]]
    after = [[["UNP"], [str(len(binary))], ["1"]]] if family.message == "MEDBIN" else []
    held = [announced] if after else []
    unt = [["UNT"], [str(len(before) + len(held) + len(after) + 1)], [letter.letter_id]]
    if not after:
        return write.segments([*before, unt])
    return write.segments([*before, announced], line_end=False) + binary + write.segments([*after, unt])


def _content(letter: MadeUpLetter, code: str, family: _Family) -> Iterator[Segment]:
    if letter.answers is not None:
        yield from _answer(letter, letter.answers)
        return
    moment = [["DTM"], ["137", f"{letter.sent:%Y%m%d%H%M}", "203"]]
    if family.message in ("MEDRUC", "PRODAT"):
        yield from ([["BGM"], [family.beginning]], moment)
        yield [["NAD"], ["FR"], _coded(letter.sender)]
        if family.message == "MEDRUC":
            yield [["NAD"], ["TO"], _coded(letter.receiver)]
        yield [["CTI" if family.message == "MEDRUC" else "LIN"], ["1"]]
        yield from _patient(letter.content)
        return
    if family.message == "MEDPRE":
        yield from ([["BGM"], ["PRS", "SKL", "SST"], [""], ["9"]], moment)
        yield from _prescribing(letter, code)
        yield [["GIS"], ["ZZZ", "SKL", "SST"]]
        yield from _patient(letter.content)
        return
    yield from ([["BGM"], [family.beginning], [""], ["9"], ["NA"]], moment)
    own = code in _WITH_ROLES_OF_THEIR_OWN
    parties = [("SOR" if own else family.sender, letter.sender), ("ROR" if own else family.receiver, letter.receiver)]
    parties += [(family.copy, party) for party in letter.copy_receivers if family.copy]
    for number, (role, party) in enumerate(parties, start=1):
        yield [["S01"], ["01"]]
        yield [["NAD"], [role], _coded(party, copy=number > 2), [""], ["Opdigtet Ærø Enhed", "Afd. 1: øre"]]
        if number == 1 and letter.reply_to and letter.reply_to.location_number:
            yield [["RFF"], ["LOC", letter.reply_to.location_number]]
        yield [["SEQ"], [""], [str(number)]]
    yield from ([["S02"], ["02"]], [["GIS"], ["N"]], [["RFF"], ["SRI", letter.letter_id]])
    yield [["S07"], ["07"]]
    yield from _patient(letter.content)


def _prescribing(letter: MadeUpLetter, code: str) -> Iterator[Segment]:
    yield [["PNA"], ["PO"], ["OPDIGT", "AUT"], _coded(letter.sender)]
    if letter.reply_to and letter.reply_to.location_number:
        yield [["COM"], [letter.reply_to.location_number, "LOC"]]
    if code == _RENEWAL:
        yield [["PNA"], ["SSP"], ["OPDIGT", "AUT"], _coded(letter.receiver)]
        yield [["PNA"], ["SE"], [""], ["OPDIGTET APOTEK", "", "9"]]
    else:
        yield [["PNA"], ["SE"], [""], [letter.receiver.location_number or "", "", "9"]]


def _patient(content: str) -> Iterator[Segment]:
    yield [["PNA"], ["PAT"], ["OPDIGTET", "", "", "CPR", "IM"], [""], [""], ["SU", "Opdigtet"], ["FO", "Ingen"]]
    yield [["FTX"], ["NC"], ["P00"], [""], [content]]


def _answer(letter: MadeUpLetter, answered: MadeUpLetter) -> Iterator[Segment]:
    action = "7" if letter.answer_positive else "4"
    parties = [[party.location_number or "", "14"] for party in (answered.sender, answered.receiver)]
    yield [["UCI"], [answered.envelope_id], *parties, [action]]
    family = _FAMILIES[answered.code.removeprefix("X")[:3]]
    version = (answered.version or "").removeprefix("X")
    yield [["UCM"], [answered.letter_id], [family.message, *family.release.split(":"), version], [action]]
    if not letter.answer_positive:
        yield [["FTX"], ["LOK"], ["P00"], [""], [letter.content]]


def _coded(party: MadeUpParty, *, copy: bool = False) -> list[str]:
    """C082: the first identifier that the party has."""
    known = (
        (party.sor_code, "SOR", "SST"),
        (party.shak_code, "SKS", "SST"),
        (party.provider_number, "YNR", "SFU"),
        (party.municipality_code, "KOM", "IM"),
        (party.location_number if copy else None, "", "9"),
    )
    return next(([value, of_list, agency] for value, of_list, agency in known if value), [""])
