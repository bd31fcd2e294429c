from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from sor_addressing import Register
from sor_addressing.letters import read_message_header
from sor_addressing.letters.header import LetterHeader, ReceiptKind
from sor_addressing.testing import (
    MadeUpLetter,
    MadeUpOutbox,
    MadeUpParty,
    edifact_of,
    fhir_of,
    oioxml_of,
    sample_letters,
    sbdh_of,
    vans_envelope_of,
)

CERTAIN = MadeUpParty(location_number="5790999000314", sor_code="9000311000016009")
XML_ONLY = MadeUpParty(location_number="5790999000406")
NOBODY = MadeUpParty(location_number="5790999090018")

EDI = MadeUpLetter(code="DIS91", version="D9134L", receiver=CERTAIN)
XML = MadeUpLetter(receiver=XML_ONLY)


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.sample()


@pytest.fixture
def vans(tmp_path: Path, register: Register) -> MadeUpOutbox:
    return MadeUpOutbox(tmp_path, register)


def answered(vans: MadeUpOutbox, content: bytes) -> LetterHeader:
    """The one receipt for the one letter in a file, as its receiver reads it."""
    vans.put("brev", content)
    (taken,) = vans.collect()
    (receipt,) = taken.receipts
    (header,) = read_message_header(receipt)
    assert header.answered is not None
    return header


def fhir_only() -> MadeUpParty:
    from sor_addressing.testing import sample_extract

    unit = sample_extract().unit("Klinikken Kun FHIR")
    return MadeUpParty(location_number=unit.location.number, sor_code=unit.sor_code)


@pytest.mark.parametrize(
    ("write", "letter", "positive", "negative"),
    [
        (edifact_of, EDI, "CTL03 C0330Q", "CTL02 C0230Q"),
        (oioxml_of, XML, "XCTL03 XC0330Q", "XCTL02 XC0230Q"),
        (
            fhir_of,
            MadeUpLetter(code="FDIS91", version="5.0", sender=fhir_only(), receiver=fhir_only()),
            "FCTL 2.0.0",
            "FCTL 2.0.0",
        ),
    ],
    ids=["EDI", "XML", "FHIR"],
)
def test_a_receipt_is_in_the_format_of_the_letter_and_says_whether_it_arrives(
    vans: MadeUpOutbox, write, letter: MadeUpLetter, positive: str, negative: str
) -> None:
    came = answered(vans, write(letter))
    assert (str(came.message_type), came.answered.answer) == (positive, ReceiptKind.POSITIVE)
    assert came.sender.location_number == letter.receiver.location_number
    assert came.receiver.location_number == letter.sender.location_number
    failed = answered(vans, write(attrs.evolve(letter, receiver=NOBODY)))
    assert (str(failed.message_type), failed.answered.answer) == (negative, ReceiptKind.NEGATIVE)


def test_a_receipt_names_the_letter_that_it_answers(vans: MadeUpOutbox) -> None:
    came = answered(vans, edifact_of(attrs.evolve(EDI, letter_id="BRV7", envelope_id="KUV7")))
    assert (came.answered.letter_ids, came.answered.envelope_id) == (("BRV7",), "KUV7")


@pytest.mark.parametrize("wrap", [vans_envelope_of, sbdh_of], ids=["VANS", "SBDH"])
def test_a_letter_in_an_envelope_is_answered_in_one(vans: MadeUpOutbox, wrap) -> None:
    came = answered(vans, wrap(oioxml_of(XML), XML))
    (asked,) = read_message_header(wrap(oioxml_of(XML), XML))
    assert came.envelope.kind is asked.envelope.kind
    assert came.answered.answer is ReceiptKind.POSITIVE


def test_a_letter_in_a_vans_envelope_that_comes_to_nobody_is_answered_by_the_network(vans: MadeUpOutbox) -> None:
    lost = attrs.evolve(EDI, receiver=NOBODY)
    came = answered(vans, vans_envelope_of(edifact_of(lost), lost))
    assert (came.answered.answer, came.receiver.location_number) == (
        ReceiptKind.NEGATIVE_VANS, EDI.sender.location_number,
    )  # fmt: skip


def test_a_positive_receipt_comes_only_where_one_is_asked_for_and_a_negative_always(vans: MadeUpOutbox) -> None:
    quiet = attrs.evolve(EDI, receipt_wanted=False)
    vans.put("1.edi", edifact_of(quiet))
    vans.put("2.edi", edifact_of(attrs.evolve(quiet, receiver=NOBODY)))
    assert [[path.name for path in taken.receipts] for taken in vans.collect()] == [[], ["0001-negative.edi"]]


def test_files_go_from_the_outbox_to_where_they_belong(vans: MadeUpOutbox) -> None:
    for letter in sample_letters():
        vans.put(letter.name, letter.content)
    taken = {one.path.name: one for one in vans.collect()}
    assert list(vans.outbox.iterdir()) == []
    assert [path.name for path in vans.refused.iterdir()] == ["15-cut-off.edi"]
    assert "cut off" in str(taken["15-cut-off.edi"].error)
    assert sorted(path.name for path in vans.sent.iterdir()) == [letter.name for letter in sample_letters()[:14]]
    for letter in sample_letters()[:14]:
        (report,) = taken[letter.name].reports
        assert report.deliverable is letter.deliverable
    assert vans.collect() == ()


@pytest.mark.parametrize(
    ("answering", "names"),
    [
        ("positive", ["0001-positive.edi", "0002-positive.edi"]),
        ("negative", ["0001-negative.edi", "0002-negative.edi"]),
        ("silent", []),
    ],
)
def test_a_test_may_say_how_letters_are_answered(
    tmp_path: Path, register: Register, answering: str, names: list[str]
) -> None:
    vans = MadeUpOutbox(tmp_path, register, answering=answering)
    vans.put("1.edi", edifact_of(EDI))
    vans.put("2.edi", edifact_of(attrs.evolve(EDI, receiver=NOBODY)))
    vans.collect()
    assert sorted(path.name for path in vans.inbox.iterdir()) == names


def test_a_receipt_is_answered_by_nothing(vans: MadeUpOutbox) -> None:
    vans.put("1.edi", edifact_of(MadeUpLetter(code="CTL03", version="C0330Q", receiver=CERTAIN, answers=EDI)))
    assert [taken.receipts for taken in vans.collect()] == [()]
