"""Nothing but the addressing header leaves an EDIFACT file: no patient, no name, no text; whatever is wrong with the file."""

from __future__ import annotations

import json
import re
import traceback

import attrs
import pytest

from sor_addressing.errors import LetterError
from sor_addressing.letters.edifact.interchange import read
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, numbers

# The shape of a CPR number of a day that there isn't, and names that nobody has.
NUMBER = "3102" + "99" + "9999"
DASHED = "3102" + "99" + "-" + "9999"
NAME = "Hemmeligsen"
SECRETS = (NUMBER, DASHED, NAME)
TEXT = f"{NAME} {NUMBER} {DASHED}"

PARTY = MadeUpParty(location_number=numbers.location_number(1), provider_number="990001")
LETTER = MadeUpLetter(code="DIS91", version="D9134L", sender=PARTY, receiver=PARTY, content=TEXT)
RECEIPT = MadeUpLetter(
    code="CTL02", version="C0230Q", sender=PARTY, receiver=PARTY, answers=LETTER, answer_positive=False, content=TEXT
)


def everything_said(data: bytes, caplog: pytest.LogCaptureFixture) -> str:
    said: list[object] = []
    try:
        headers = read(data, "fil")
    except LetterError as error:
        chain: BaseException | None = error
        while chain is not None:
            said += [
                str(chain),
                repr(chain),
                chain.args,
                "".join(traceback.format_exception(chain)),
                *chain.__dict__.values(),
            ]
            chain = chain.__cause__ or chain.__context__
    else:
        for header in headers:
            said += [header, str(header), json.dumps(header.to_dict())]
            said += [finding.text(language) for finding in header.findings for language in ("da", "en")]
    said.append(caplog.text)
    return "\n".join(map(repr, said))


def named(data: bytes) -> bytes:
    """The names of organisations and the address made secret."""
    name = "Opdigtet Ærø Enhed".encode("latin-1")
    assert name in data
    return data.replace(name, f"{NAME}:{NUMBER}".encode()).replace(
        b"SEQ++1'", f"ADR++US:{TEXT}'CON++{NAME}:TE'SEQ++1'".encode()
    )


DIS = edifact_of(LETTER, line_end="")
BIN = edifact_of(attrs.evolve(LETTER, code="BIN01", version="B0131X"), binary=TEXT.encode())
DOCUMENTS = {
    "as it should be": DIS,
    "names and addresses": named(DIS),
    "raw bytes": BIN,
    "raw bytes of the wrong length": BIN.replace(TEXT.encode(), TEXT.encode()[:-1]),
    "raw bytes without a length": BIN.replace(b"+%d:14" % len(TEXT), f"+{NAME}:14".encode()),
    "receipt": edifact_of(RECEIPT),
    "receipt with a sentence as its reason": edifact_of(RECEIPT).replace(b"FTX+LOK", f"FTX+{TEXT}".encode()),
    "prescription": edifact_of(attrs.evolve(LETTER, code="PRE01", version="LMS016")).replace(b"OPDIGT:AUT", f"{NUMBER}:CPR".encode()),
    "renewal": edifact_of(attrs.evolve(LETTER, code="PRE60", version="R6031W")).replace(b"OPDIGTET APOTEK", NAME.encode()),
    "settlement": edifact_of(attrs.evolve(LETTER, code="RUC01", version="U0131U")).replace(b"NAD+FR", f"NAD+{NAME}".encode()),
    "a person as receiver": DIS.replace(b"990001:YNR:SFU", f"{NUMBER}:CPR:IM".encode()),
    "number in every identifier": DIS.replace(b"990001", NUMBER.encode()).replace(b"BRV00000000001", DASHED.encode()),
    "counts that are texts": re.sub(rb"UN([TZ])\+\d+", rf"UN\1+{NAME} {NUMBER}".encode(), DIS),
    "a time that is a text": DIS.replace(b"260115:0930", TEXT.encode()),
    "a character set that is a text, in UTF-8": DIS.replace(b"UNOC:3", NAME.encode() + ":Æ".encode()),
    "cut off in the text": DIS[: DIS.index(NAME.encode()) + 5],
    "cut off in the raw bytes": BIN[: BIN.index(NAME.encode()) + 5],
    "cut off before UNZ": DIS[: DIS.index(b"UNZ")],
    "no UNB": f"{NAME}+{NUMBER}'".encode() + DIS,
    "not EDIFACT": TEXT.encode(),
    "text between letters": DIS.replace(b"UNZ", f"{TEXT}'UNZ".encode()),
    "tag that is a name": DIS.replace(b"S01+01", f"{NAME}+{NUMBER}".encode()),
    "a terminator missing": DIS.replace(b"+DIS91'", f"+DIS91\nFTX+{TEXT}".encode()),
    "a field of great length": DIS.replace(b"BRV00000000001", TEXT.encode() * 5),
    "a segment of great length": DIS.replace(b"NAD+PO", b"NAD+PO+" + TEXT.encode() * 500),
    "separators that are a name": b"UNA" + NAME.encode()[:6] + DIS[9:],
    "two bytes a character": DIS.decode("latin-1").encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_nothing_of_a_person_is_let_out(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    said = everything_said(DOCUMENTS[kind], caplog)
    assert [secret for secret in SECRETS if secret in said] == []


def test_the_letters_that_are_whole_are_read_all_the_same() -> None:
    whole = [
        "as it should be",
        "names and addresses",
        "raw bytes",
        "receipt",
        "prescription",
        "renewal",
        "settlement",
        "tag that is a name",
    ]
    assert [len(read(DOCUMENTS[kind], "fil")) for kind in whole] == [1] * len(whole)
    assert SECRETS[2].encode() in DOCUMENTS["as it should be"]
