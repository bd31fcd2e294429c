"""FHIR messages that are damaged, bombs or something else: one clear error each, and nothing of the patient anywhere."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import traceback
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing.errors import LetterError
from sor_addressing.letters.fhir import json_form as fhir_json
from sor_addressing.letters.fhir import xml_form as fhir_xml
from sor_addressing.letters.header import LetterHeader
from sor_addressing.letters.limits import MAX_BYTES
from sor_addressing.testing import MadeUpLetter, MadeUpParty, fhir_of
from sor_addressing.testing.numbers import location_number, sor_code

Read = Callable[[bytes, str], tuple[LetterHeader, ...]]

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "40"))

LIKE_CPR = f"{31:02d}{2:02d}{12:02d}-{3456:04d}"
NAME = "Nancyfiktiv Berggrenopdigtet"
SECRETS = (LIKE_CPR, LIKE_CPR.replace("-", ""), "Nancyfiktiv", "Berggrenopdigtet")

LETTER = MadeUpLetter(
    code="FDIS91",
    version="5.0",
    sender=MadeUpParty(location_number=location_number(1), sor_code=sor_code(1)),
    receiver=MadeUpParty(location_number=location_number(2), sor_code=sor_code(2)),
    content=f"{NAME} {LIKE_CPR}",
)
JSON = fhir_of(LETTER)
XML = fhir_of(LETTER, xml=True)


def refused(data: bytes, read: Read = fhir_json.read) -> LetterError:
    with pytest.raises(LetterError) as caught:
        read(data, "brev")
    said = caught.value
    assert said.file == "brev"
    assert (said.__cause__, said.__context__) == (None, None)
    shown = "".join((str(said), repr(said), repr(said.__dict__), *traceback.format_exception(said)))
    assert not any(secret in shown for secret in SECRETS)
    return said


def edited(edit: Callable[[dict[str, Any]], object]) -> bytes:
    return fhir_of(LETTER, edit=edit)


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (b"", "the file is empty; make or fetch it again", None),
        (b" \n\t ", "the file is empty; make or fetch it again", None),
        (b"\xef\xbb\xbf", "the file ends before the Bundle does; it is cut off, so make or fetch it again", None),
        (JSON[:-1], "the file ends before the Bundle does; it is cut off, so make or fetch it again", 1),
        (JSON[:700], "the file ends before the Bundle does; it is cut off, so make or fetch it again", 1),
        (JSON + b"\n" + JSON, "several JSON documents in one file; give each Bundle a file of its own", 2),
        (JSON + b"\n\nsnak", "something stands after the end of the Bundle; cut it off, or make the file again", 3),
        (b"[" + JSON + b"," + JSON + b"]",
         "a list of 2 values; a FHIR message is one Bundle, so give each a file of its own", None),
        (b"[]", "a list of 0 values; a FHIR message is one Bundle, so give each a file of its own", None),
        (b"17", "the document is a number, and must be an object", None),
        (b'{"a": 1}',
         "JSON, but no FHIR Bundle; a FHIR message is a Bundle with resourceType Bundle and type message", None),
        (b'{"a":\n NaN}', "not JSON: NaN and Infinity are no numbers there", None),
        (b'{"a":\n 1,}', "not JSON from here on", 2),
        (b"{'a': 1}", "not JSON from here on", 1),
        (b'{"a": "' + NAME.encode() + b'\\q"}', "not JSON from here on", 1),
        (b'{"resourceType": "Bundle", "id": "a", "id": "b"}',
         "the document has a key twice, so it is not certain which counts; write each once", None),
        (b'{"resourceType": "Bundle", "type": "message", "entry": {"a": 1}}',
         "Bundle.entry is an object, and must be a list", None),
        (b'{"resourceType": "Bundle", "type": "message", "entry": [7]}',
         "Bundle.entry 1 is a number, and must be an object", None),
        (b'{"resourceType": "Bundle", "type": "message", "entry": [{"resource": "a"}]}',
         "the resource of entry 1 is a text, and must be an object", None),
        (JSON.decode().encode("utf-16"), "written in UTF-16, and JSON is always written in UTF-8; write it in UTF-8", None),
        (JSON.decode().encode("utf-32"), "written in UTF-32, and JSON is always written in UTF-8; write it in UTF-8", None),
        (b'{"a":\n "\xe6"}', "not UTF-8 (byte 9), which JSON is always written in; write it in UTF-8", 2),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_json_is_said(data: bytes, reason: str, line: int | None) -> None:
    said = refused(data)
    assert (said.reason, said.line) == (reason, line)


@pytest.mark.parametrize(
    "bomb", [b"[" * 200_000, b'{"a":' * 200_000, b'{"resourceType":"Bundle","x":' + b"[" * 200_000]
)
def test_a_nesting_bomb_is_refused(bomb: bytes) -> None:
    assert refused(bomb).reason == "nested deeper than any such file; give the right one"


def test_a_bomb_of_tiny_values_is_refused_before_it_is_parsed() -> None:
    assert (
        refused(b"[" + b"[]," * 2_000_000 + b"[]]").reason
        == "more than 2,000,000 values in one file; this is no message"
    )


def test_a_file_larger_than_any_message_is_refused() -> None:
    for read in (fhir_json.read, fhir_xml.read):
        assert "a message has at most 134,217,728" in refused(b" " * (MAX_BYTES + 1), read).reason


def test_numbers_of_any_length_are_of_no_interest() -> None:
    huge = JSON.replace(b'"entry"', b'"x": ' + b"9" * 100_000 + b', "entry"', 1)
    assert fhir_json.read(huge, "brev") == fhir_json.read(JSON, "brev")


def test_a_byte_order_mark_and_white_space_are_passed_over() -> None:
    assert fhir_json.read(b"\xef\xbb\xbf\r\n " + JSON + b"\r\n", "brev") == fhir_json.read(JSON, "brev")


def test_a_resource_type_that_is_not_first_is_found() -> None:
    def turned(bundle: dict[str, Any]) -> None:
        for entry in bundle["entry"]:
            entry["resource"] = dict(reversed(entry["resource"].items()))

    assert fhir_json.read(edited(turned), "brev") == fhir_json.read(JSON, "brev")


def test_keys_written_with_escapes_are_keys() -> None:
    assert fhir_json.read(JSON.replace(b'"sender"', b'"\\u0073ender"'), "brev") == fhir_json.read(JSON, "brev")


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"sender": [1]}, "MessageHeader.sender is a list, and must be an object"),
        ({"sender": {"reference": {"a": 1}}}, "MessageHeader.sender.reference is an object, and must be a text"),
        ({"id": 17}, "MessageHeader.id is a number, and must be a text"),
        ({"destination": "a"}, "MessageHeader.destination is a text, and must be a list"),
        ({"eventCoding": True}, "MessageHeader.eventCoding is true or false, and must be an object"),
        ({"id": "\ud800"}, "MessageHeader.id has characters that are no text (control characters); take them out"),
        ({"id": "\x1b[2J"}, "MessageHeader.id has characters that are no text (control characters); take them out"),
    ],
)
def test_a_field_of_another_shape_is_refused(members: dict[str, Any], reason: str) -> None:
    bundle = json.loads(JSON)
    bundle["entry"][0]["resource"].update(members)
    assert refused(json.dumps(bundle).encode()).reason == reason


def test_an_identifier_that_is_a_number_is_refused_for_zeros_may_be_lost() -> None:
    number = JSON.replace(f'"{location_number(2)}"'.encode(), location_number(2).encode())
    assert refused(number).reason == "Organization.identifier.value is a number, and must be a text"


def test_a_key_that_is_there_twice_is_refused_where_it_is_looked_at() -> None:
    twice = JSON.replace(b'"sender":', b'"sender": {"reference": "Organization/a"}, "sender":', 1)
    expected = "MessageHeader has a key twice, so it is not certain which counts; write each once"
    assert refused(twice).reason == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (XML.replace(b' xmlns="http://hl7.org/fhir"', b"", 1),
         "XML, but no FHIR Bundle; a FHIR message is a Bundle in the namespace http://hl7.org/fhir, of type message"),
        (XML.replace(b"<sender>", b"<sender/><sender>", 1),
         "MessageHeader.sender stands more than once, so it is not certain which counts; write it once"),
        (XML.replace(b"</MessageHeader>", b"</MessageHeader><Basic/>", 1),
         "an entry of the Bundle has several resources; give each an entry of its own"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_xml_is_said(data: bytes, reason: str) -> None:
    assert refused(data, fhir_xml.read).reason == reason


@pytest.mark.parametrize(
    "data",
    [
        XML[:-1],
        XML[:700],
        XML + XML,
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + XML.partition(b"?>\n")[2],
        b'<Bundle xmlns="http://hl7.org/fhir">' + b"<a>" * 100_000,
        b"<Bundle",
        b"",
    ],
)
def test_broken_xml_is_refused(data: bytes) -> None:
    refused(data, fhir_xml.read)


def test_xml_in_another_encoding_than_it_states_is_read_and_named() -> None:
    data = XML.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"').replace(b"Nancy", "Ærlig".encode())
    (header,) = fhir_xml.read(data, "brev")
    assert [finding.code for finding in header.findings] == ["encoding-differs"]


@pytest.mark.parametrize("xml", [False, True])
def test_a_large_attachment_is_passed_over(xml: bool) -> None:
    read = fhir_xml.read if xml else fhir_json.read
    (plain,) = read(XML if xml else JSON, "brev")
    (header,) = read(fhir_of(LETTER, xml=xml, attachment=12_000_000), "brev")
    assert header == attrs.evolve(plain, attachments=("application/pdf",))


def planted(bundle: dict[str, Any]) -> None:
    """Put the patient also where organizations and the header have text."""
    header = bundle["entry"][0]["resource"]
    header["author"] = {"reference": "#a", "display": LETTER.content}
    header["reason"] = {"text": LETTER.content}
    header["sender"]["display"] = LETTER.content
    header["destination"][0]["name"] = LETTER.content
    header["eventCoding"]["display"] = LETTER.content
    header["source"]["name"] = LETTER.content
    header["id"] = LIKE_CPR
    bundle["id"] = LIKE_CPR.replace("-", "")
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Organization":
            entry["resource"]["name"] = LETTER.content
            entry["resource"]["identifier"].append({"system": "urn:oid:1.2.208.176.1.4", "value": LIKE_CPR})
            entry["resource"]["identifier"].append({"system": "urn:opdigtet", "value": LETTER.content})


@pytest.mark.parametrize("xml", [False, True])
def test_nothing_of_the_patient_comes_out(xml: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    read = fhir_xml.read if xml else fhir_json.read
    (header,) = read(fhir_of(LETTER, xml=xml, edit=planted), "brev")
    texts = [finding.text(language) for finding in header.findings for language in ("da", "en")]
    shown = "".join((repr(header), json.dumps(header.to_dict(), ensure_ascii=False), caplog.text, *texts))
    assert not any(secret in shown for secret in SECRETS)
    assert (header.letter_id, header.envelope_id) == ("(hidden)", "(hidden)")


@pytest.mark.parametrize("xml", [False, True])
@pytest.mark.parametrize("field", ["type", "resourceType", "timestamp", "reference", "use", "definition", "endpoint"])
def test_nothing_of_the_patient_comes_out_of_the_wrong_field(xml: bool, field: str) -> None:
    def misplaced(bundle: dict[str, Any]) -> None:
        header = bundle["entry"][0]["resource"]
        (destination,) = header["destination"]
        if field in ("type", "timestamp"):
            bundle[field] = LETTER.content
        elif field == "resourceType":
            bundle["entry"][0]["resource"] = {"resourceType": "Nancyfiktiv"}
        elif field == "reference":
            destination["receiver"]["reference"] = f"Organization/{LETTER.content}"
        elif field == "use":
            destination["extension"][0]["valueCoding"]["code"] = LETTER.content
        elif field == "definition":
            header["definition"] = f"{LETTER.content}|{LETTER.content}"
        else:
            destination["endpoint"] = f"https://sor2.sum.dsdn.dk/#id={LIKE_CPR}"

    read = fhir_xml.read if xml else fhir_json.read
    data = fhir_of(LETTER, xml=xml, edit=misplaced)
    if field in ("type", "resourceType"):
        refused(data, read)
        return
    (header,) = read(data, "brev")
    shown = repr(header) + json.dumps(header.to_dict())
    assert not any(secret in shown for secret in SECRETS)


JUNK = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b":", b"<", b">", b"/", b"&", b"null", b"1e999", b"\\u0000", b"\\ud800",
                     b"\n", b"\xff", b"\xc3\xa6", b"<!--", b"<!DOCTYPE a>", b"NaN", b"[" * 3000, b' xmlns="a"']),
)  # fmt: skip


@pytest.mark.parametrize(("good", "read"), [(JSON, fhir_json.read), (XML, fhir_xml.read)], ids=["json", "xml"])
@settings(max_examples=EXAMPLES, deadline=dt.timedelta(seconds=5), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_random_damage_gives_a_header_or_an_error(good: bytes, read: Read, data: st.DataObject) -> None:
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(changed)))
        end = min(len(changed), start + data.draw(st.sampled_from([0, 0, 1, 2, 7, 40, 2_000])))
        junk = data.draw(JUNK | st.just(b""))
        changed[start:end] = junk if data.draw(st.booleans()) else changed[start:end] * 2 + junk
    error: LetterError | None = None
    headers: tuple[LetterHeader, ...] = ()
    try:
        headers = read(bytes(changed), "brev")
    except LetterError as caught:
        error = caught
    assert bool(headers) is (error is None)
    assert all(json.dumps(header.to_dict()) and repr(header).encode() for header in headers)
    assert error is None or (error.file, error.__context__) == ("brev", None)


@pytest.mark.parametrize("read", [fhir_json.read, fhir_xml.read])
@settings(max_examples=EXAMPLES, deadline=dt.timedelta(seconds=5))
@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused(read: Read, data: bytes) -> None:
    with pytest.raises(LetterError):
        read(data, "brev")
