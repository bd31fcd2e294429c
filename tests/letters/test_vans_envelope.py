"""VANSEnvelope: what the envelope says, and the letter inside it."""

from __future__ import annotations

import datetime as dt
import traceback
import tracemalloc
from collections.abc import Callable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.errors import LetterError
from sor_addressing.letters.envelopes import sbdh
from sor_addressing.letters.envelopes import vans as vans_envelope
from sor_addressing.letters.envelopes.vans import read
from sor_addressing.letters.header import (
    HIDDEN,
    Envelope,
    EnvelopeKind,
    LetterIdentifier,
    LetterIdentifierKind,
    Party,
    Receipt,
    ReceiptKind,
    Role,
)
from sor_addressing.letters.oioxml.large import LARGE_BYTES
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.testing import MadeUpLetter, MadeUpParty, numbers, oioxml_of, sbdh_of, vans_envelope_of

SENDER, RECEIVER = (numbers.location_number(n) for n in (1, 2))
LETTER = MadeUpLetter()
INNER = oioxml_of(LETTER, encoding="ISO-8859-1")
ENVELOPE_ID = "0f0e0d0c-0b0a-4908-8706-050403020100"
MESSAGE_ID = "00112233-4455-4677-8899-aabbccddeeff"
# February has no day 31, so this has the shape of a CPR number and is nobody's.
LIKE_CPR = "310299-9999"


def envelope_of(data: bytes) -> Envelope:
    return read(data, "letter.xml")[0]


def party(role: Role, kind: LetterIdentifierKind, value: str, place: str) -> Party:
    return Party(role, (LetterIdentifier(kind, value, place),))


def test_envelope_and_letter_are_both_read() -> None:
    assert read(vans_envelope_of(INNER, LETTER), "letter.xml") == (
        Envelope(
            EnvelopeKind.VANS,
            party(Role.SENDER, LetterIdentifierKind.LOCATION_NUMBER, SENDER, "SenderID"),
            party(Role.RECEIVER, LetterIdentifierKind.LOCATION_NUMBER, RECEIVER, "ReceiverID"),
            envelope_id=ENVELOPE_ID,
            sent=dt.datetime(2026, 1, 15, 9, 30),  # noqa: DTZ001 (naive means Danish time)
            message_type=catalogue().parse("XDIS91 XD9134L"),
            letter_id=MESSAGE_ID,
            document_format="XML",
            receipt_wanted=True,
            stated_size=len(INNER),
            payload_size=len(INNER),
        ),
        None,
        INNER,
    )


@given(
    payload=st.binary(min_size=1, max_size=300), wrapped=st.booleans(), encoding=st.sampled_from(["UTF-8", "UTF-16"])
)
def test_any_payload_comes_out_as_it_went_in(payload: bytes, wrapped: bool, encoding: str) -> None:
    for data, reader in (
        (vans_envelope_of(payload, LETTER, wrapped=wrapped, encoding=encoding), vans_envelope.read),
        (sbdh_of(payload, LETTER, wrapped=wrapped), sbdh.read),
    ):
        assert reader(data, "letter.xml")[2] == payload


@pytest.mark.parametrize(
    ("name", "version", "expected", "statistic"),
    [
        ("MCM:FDIS91#alm", "5.0", "FDIS91 5.0", "alm"),
        ("mcm:fdis20#adm-start", "3.0.0", "FDIS20 3.0.0", "adm-start"),
        ("MCM:XDIS22", "XD2230L", "XDIS22 XD2230L", None),
        ("DIS91", "D9134L", "DIS91 D9134L", None),
        ("MCM:FCTL#", None, "FCTL", None),
    ],
)
def test_the_type_stands_between_mcm_and_the_statistic(
    name: str, version: str | None, expected: str, statistic: str | None
) -> None:
    envelope = envelope_of(vans_envelope_of(INNER, attrs.evolve(LETTER, version=version), name=name))
    assert (envelope.message_type, envelope.statistic) == (catalogue().parse(expected), statistic)


def test_an_envelope_that_names_no_type_has_none() -> None:
    assert envelope_of(vans_envelope_of(INNER, LETTER, name="MCM:")).message_type is None


def test_a_version_that_belongs_to_another_type_is_told() -> None:
    envelope = envelope_of(vans_envelope_of(INNER, LETTER, name="MCM:XDIS20"))
    assert [finding.code for finding in envelope.findings] == ["type-contradicts-version"]


@pytest.mark.parametrize(
    ("end_point", "kind"),
    [
        ("EAN", "location_number"),
        ("ean", "location_number"),
        ("CVR", "cvr_number"),
        ("VANS", "vans_name"),
        ("", "other"),
        ("DUNS", "other"),
    ],
)
def test_the_end_point_type_says_what_the_identifier_is(end_point: str, kind: str) -> None:
    envelope = envelope_of(vans_envelope_of(INNER, LETTER, end_points=(end_point, "EAN")))
    assert [(str(found.kind), found.value) for found in envelope.sender.identifiers] == [(kind, SENDER)]


def test_an_identifier_without_an_end_point_type_is_not_guessed_at() -> None:
    data = vans_envelope_of(INNER, LETTER).replace(b' EndPointType="EAN"', b"")
    assert [str(found.kind) for found in envelope_of(data).sender.identifiers] == ["other"]


@pytest.mark.parametrize(
    ("transport", "wanted"), [("reliable", True), ("Unreliable", False), (None, True), ("perhaps", None)]
)
def test_reliable_transport_means_receipts(transport: str | None, wanted: bool | None) -> None:
    assert envelope_of(vans_envelope_of(INNER, LETTER, transport=transport)).receipt_wanted is wanted


@pytest.mark.parametrize(
    ("size", "stated"), [("7", 7), (" 7 ", 7), ("", None), ("seven", None), ("9" * 400, None), ("²", None)]
)
def test_the_stated_size_stands_beside_what_is_there(size: str, stated: int | None) -> None:
    envelope = envelope_of(vans_envelope_of(INNER, LETTER, size=size))
    assert (envelope.stated_size, envelope.payload_size) == (stated, len(INNER))


@pytest.mark.parametrize("version", ["1.0.0", "1.0.5", "2.0"])
def test_every_version_of_the_envelope_is_read(version: str) -> None:
    data = vans_envelope_of(INNER, LETTER, namespace=f"urn:oio:medcom:vans-envelope:{version}")
    assert read(data, "letter.xml") == read(vans_envelope_of(INNER, LETTER), "letter.xml")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2026-01-15T09:30:00+01:00", "2026-01-15T09:30:00+01:00"),
        ("2026-01-15T08:30:00Z", "2026-01-15T08:30:00+00:00"),
        ("2026-01-15T09:30:00.1234567", "2026-01-15T09:30:00.123456"),
        ("2026-01-15T09:30:00.5", "2026-01-15T09:30:00.500000"),
    ],
)
def test_every_time_of_xml_schema_is_read(written: str, sent: str) -> None:
    found = envelope_of(vans_envelope_of(INNER, LETTER, sent=written)).sent
    assert found is not None
    assert found.isoformat() == sent


@pytest.mark.parametrize("written", ["yesterday", "2026-02-30T09:30:00", "20260115T093000", "2026-W03-4T09:30"])
def test_a_time_that_is_none_is_told(written: str) -> None:
    envelope = envelope_of(vans_envelope_of(INNER, LETTER, sent=written))
    assert envelope.sent is None
    assert [(finding.code, finding.details) for finding in envelope.findings] == [
        ("time-unreadable", {"field": "SentDateTime"})
    ]


@pytest.mark.parametrize(
    ("receipt", "answer", "reason"),
    [
        ("PositiveMessage", ReceiptKind.POSITIVE, None),
        ("NegativeMessage", ReceiptKind.NEGATIVE, "LOK"),
        ("NegativeVans", ReceiptKind.NEGATIVE_VANS, "LOK"),
    ],
)
def test_a_receipt_describes_the_letter_that_it_answers_and_not_itself(
    receipt: str, answer: ReceiptKind, reason: str | None
) -> None:
    envelope, answered, payload = read(vans_envelope_of(INNER, LETTER, receipt=receipt), "letter.xml")
    assert answered == Receipt(answer, ENVELOPE_ID, (MESSAGE_ID,), reason=reason)
    assert (envelope.message_type, envelope.letter_id, envelope.receipt_wanted) == (None, None, None)
    assert (envelope.document_format, envelope.stated_size, envelope.payload_size, payload) == (None, None, None, None)


def test_a_receipt_of_the_network_may_say_nothing_of_the_letter() -> None:
    data = vans_envelope_of(INNER, LETTER, receipt="NegativeVans")
    start, end = data.index(b"<OriginalMessage>"), data.index(b"</NegativeVans>")
    assert read(data[:start] + data[end:], "letter.xml")[1] == Receipt(ReceiptKind.NEGATIVE_VANS, ENVELOPE_ID)


FAULTS: list[tuple[bytes, str]] = [
    (b"<VANSEnvelope/>", "the root of the XML is no VANSEnvelope"),
    (b"<VANSenvelope xmlns='urn:oio:medcom:vans-envelope:1.0.4'/>", "the root of the XML is no VANSEnvelope"),
    (b"<VANSEnvelope xmlns='urn:oio:medcom:vans-envelope:1.0.4'/>", "neither a Message nor a Receipt"),
    (b"<VANSEnvelope xmlns='urn:oio:medcom:vans-envelope:1.0.4'><Message/></VANSEnvelope>", "has no Data"),
    (
        b"<VANSEnvelope xmlns='urn:oio:medcom:vans-envelope:1.0.4'><Receipt/></VANSEnvelope>",
        "holds none of PositiveMessage",
    ),
]


@pytest.mark.parametrize(("data", "said"), FAULTS)
def test_what_is_no_envelope_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(LetterError, match=said):
        read(data, "letter.xml")


NO_BASE64: list[tuple[str, str]] = [
    ("", "is empty"),
    (" \n ", "is empty"),
    ("SEVK*", "cut off|does not have"),
    ("SEVKSEV*", "does not have"),
    ("SEVKS", "cut off"),
    ("SEVKSE", "cut off"),
    ("SEVKSEV", "cut off"),
    ("SE==SEVK", "padding in the middle|after its end"),
    ("SEVKSE==S", "after its end"),
    ("SE==" + " " * 20 + "SEVK", "padding in the middle|after its end"),
    ("=", "cut off"),
    ("====", "does not have"),
    ("SEVK\N{NO-BREAK SPACE}SEVK", "cut off|does not have"),
    ("SEVÆ", "does not have"),
    ("SE-_", "does not have"),
    ("Opdigtet Navnløs 320199-9999", "does not have"),
]


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(("text", "said"), NO_BASE64)
@pytest.mark.parametrize(("write", "reader"), [(vans_envelope_of, vans_envelope.read), (sbdh_of, sbdh.read)])
def test_a_payload_that_is_no_base64_is_refused_and_not_shown(
    write: Callable[..., bytes], reader: Callable[[bytes, str], object], text: str, said: str, is_large: bool
) -> None:
    blanks = " " * LARGE_BYTES if is_large else ""
    with pytest.raises(LetterError, match=said) as caught:
        reader(write(b"", LETTER, data=blanks + text), "letter.xml")
    shown = "".join(traceback.format_exception(caught.value))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "Navnløs" not in shown
    assert "9999" not in shown


@pytest.mark.parametrize("is_large", [False, True])
def test_a_letter_that_stands_in_the_envelope_as_it_is_is_refused(is_large: bool) -> None:
    inline = " " * (LARGE_BYTES if is_large else 0) + "<Emessage><Patient>Navnløs</Patient></Emessage>"
    with pytest.raises(LetterError, match="VANSEnvelope/Message/Data holds elements, and must hold base64 alone"):
        read(vans_envelope_of(b"", LETTER, data=inline), "letter.xml")


@pytest.mark.parametrize(
    "data", ["U0\n VW\tTg\r\n==", "<![CDATA[U0VWTg==]]>", "U0VW<!-- x -->Tg==", "U0VW&#13;&#10;Tg=="]
)
@pytest.mark.parametrize("is_large", [False, True])
def test_base64_may_be_written_in_every_way_that_xml_has(data: str, is_large: bool) -> None:
    blanks = " " * LARGE_BYTES if is_large else ""
    assert read(vans_envelope_of(b"", LETTER, data=blanks + data), "letter.xml")[2] == b"SEVN"


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_large_envelope_is_read_as_a_small_one_is(encoding: str, wrapped: bool) -> None:
    payload = INNER * (LARGE_BYTES // len(INNER) + 1)
    envelope, _, found = read(vans_envelope_of(payload, LETTER, encoding=encoding, wrapped=wrapped), "letter.xml")
    small = envelope_of(vans_envelope_of(INNER, LETTER, encoding=encoding))
    assert envelope == attrs.evolve(small, stated_size=len(payload), payload_size=len(payload))
    assert found == payload


@pytest.mark.parametrize(("write", "reader"), [(vans_envelope_of, vans_envelope.read), (sbdh_of, sbdh.read)])
def test_a_large_payload_is_in_memory_once(
    write: Callable[..., bytes], reader: Callable[[bytes, str], tuple[object, object, bytes | None]]
) -> None:
    payload = b"OPDIGTET" * (1024 * 1024)
    data = write(payload, LETTER, wrapped=True)
    tracemalloc.start()
    found = reader(data, "letter.xml")[2]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == payload
    # The buffer grows by an eighth at a time, so it is at most that much larger than what is in it, and is copied once when it grows.
    assert peak < 2.5 * len(payload)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<x>" * 1000, "nested deeper"),
        ("<x y=''/>" * 40_000, "more around its content"),
        ("<x>" + "OPDI" * LARGE_BYTES + "</x>", "more around its content"),
        ("<x></y>", "not well formed"),
        ("<x>", "cut off"),
        ("&lol;", "not well formed"),
    ],
)
def test_a_bomb_in_a_large_envelope_is_refused(inside: str, said: str) -> None:
    data = vans_envelope_of(b"O" * LARGE_BYTES, LETTER)
    start = data.index(b"<Message>")
    bomb = data[:start] + inside.encode() + (data[start:] if said != "cut off" else b"<a>" + b" " * LARGE_BYTES)
    with pytest.raises(LetterError, match=said) as caught:
        read(bomb, "letter.xml")
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_wrong_encoding_is_told_in_a_large_envelope_too() -> None:
    for payload in (INNER, INNER * 1000):
        data = vans_envelope_of(payload, LETTER, name="MCM:XDIS91#Ø", encoding="ISO-8859-1").replace(
            b"ISO-8859-1", b"UTF-8", 1
        )
        envelope = envelope_of(data)
        assert envelope.statistic == "Ø"
        assert [finding.code for finding in envelope.findings] == ["encoding-differs"]


def test_what_looks_like_a_cpr_number_is_hidden_wherever_it_stands() -> None:
    letter = MadeUpLetter(version=LIKE_CPR, sender=MadeUpParty(location_number=LIKE_CPR))
    data = vans_envelope_of(INNER, letter, name=LIKE_CPR, statistic=LIKE_CPR, document_format=LIKE_CPR, sent=LIKE_CPR)
    data = data.replace(ENVELOPE_ID.encode(), LIKE_CPR.encode()).replace(MESSAGE_ID.encode(), LIKE_CPR.encode())
    envelope = envelope_of(data)
    assert LIKE_CPR not in repr(envelope) + repr(envelope.to_dict())
    assert (envelope.envelope_id, envelope.letter_id, envelope.statistic) == (HIDDEN, HIDDEN, HIDDEN)


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("name", ["Message", "Data"])
def test_an_envelope_with_two_letters_is_refused_and_not_read_by_half(name: str, is_large: bool) -> None:
    data = vans_envelope_of(INNER * (LARGE_BYTES // len(INNER) + 1 if is_large else 1), LETTER)
    second = b"<Data>T1BESUdU</Data>" if name == "Data" else b"<Message><Data>T1BESUdU</Data></Message>"
    ends = data.index(f"</{name}>".encode()) + len(name) + 3
    with pytest.raises(LetterError, match=f"several {name}"):
        read(data[:ends] + second + data[ends:], "letter.xml")


def test_an_envelope_with_a_letter_and_a_receipt_is_refused() -> None:
    data = vans_envelope_of(INNER, LETTER).replace(b"</Message>", b"</Message><Receipt/>")
    with pytest.raises(LetterError, match="a Message and a Receipt"):
        read(data, "letter.xml")


def test_a_reason_that_is_no_code_is_not_shown() -> None:
    receipt = (
        "<Receipt><NegativeVans><OriginalEnvelopeIdentifier>E1</OriginalEnvelopeIdentifier>"
        "<Error><Code>Navnløs Opdigtet er ukendt</Code></Error></NegativeVans></Receipt>"
    )
    data = vans_envelope_of(INNER, LETTER)
    begins, ends = data.index(b"<Message>"), data.index(b"</Message>") + len(b"</Message>")
    _, answered, _ = read(data[:begins] + receipt.encode() + data[ends:], "letter.xml")
    assert answered is not None
    assert answered.reason == "(hidden)"
