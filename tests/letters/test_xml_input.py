"""The XML of a message file: what it may be written in, and what is refused unread."""

from __future__ import annotations

import codecs
import time
import traceback

import pytest

from sor_addressing.errors import LetterError
from sor_addressing.letters.oioxml.xml_input import MOST_TAGS, parse_xml, root_of, value_of

UTF_8_MARK = codecs.BOM_UTF8
DECLARED = '<?xml version="1.0" encoding="{}"?>\n<a>Afdeling Ø</a>'
PLANTED = "320199-9999 Opdigtet Navnløs"


def refusal(data: bytes) -> str:
    with pytest.raises(LetterError) as caught:
        root_of(data, "letter.xml")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return str(caught.value)


def differing(data: bytes) -> list[tuple[object, object]]:
    parsed = parse_xml(data, "letter.xml")
    assert parsed.root.text == "Afdeling Ø"
    assert [finding.code for finding in parsed.findings] == ["encoding-differs"] * len(parsed.findings)
    return [(finding.details["declared"], finding.details["used"]) for finding in parsed.findings]


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        ("ISO-8859-1", "latin-1"),
        ("iso-8859-15", "iso-8859-15"),
        ("windows-1252", "cp1252"),
        ("UTF-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("in_front", ["", "\n \t"])
def test_every_encoding_that_letters_have_is_read(declared: str, written: str, in_front: str) -> None:
    text = in_front + DECLARED.format(declared)
    mark = codecs.BOM_UTF16_LE if written == "utf-16-le" else b""
    assert differing(mark + text.encode(written)) == []


def test_a_letter_without_a_declaration_is_utf_8() -> None:
    assert differing("<a>Afdeling Ø</a>".encode()) == []


@pytest.mark.parametrize("marks", [1, 2])
def test_a_mark_of_utf_8_before_a_declaration_of_iso_8859_1_is_believed_where_the_bytes_are_utf_8(marks: int) -> None:
    assert differing(UTF_8_MARK * marks + DECLARED.format("ISO-8859-1").encode()) == [("ISO-8859-1", "UTF-8")]


def test_a_mark_of_utf_8_before_a_declaration_of_iso_8859_1_is_not_believed_where_they_are_not() -> None:
    assert differing(UTF_8_MARK + DECLARED.format("ISO-8859-1").encode("latin-1")) == [("UTF-8", "ISO-8859-1")]


@pytest.mark.parametrize(
    ("data", "declared_used"),
    [
        (DECLARED.format("UTF-8").encode("latin-1"), ("UTF-8", "windows-1252")),
        ("<a>Afdeling Ø</a>".encode("latin-1"), ("UTF-8", "windows-1252")),
        (DECLARED.format("ISO-8859-1").encode(), ("ISO-8859-1", "UTF-8")),
        (DECLARED.format("windows-1252").encode(), ("windows-1252", "UTF-8")),
        (DECLARED.format("UTF-16").encode(), ("UTF-16", "UTF-8")),
        (codecs.BOM_UTF16_LE + DECLARED.format("UTF-8").encode("utf-16-le"), ("UTF-8", "UTF-16")),
    ],
)
def test_a_file_in_another_encoding_than_it_says_is_read_and_told(data: bytes, declared_used: tuple[str, str]) -> None:
    assert differing(data) == [declared_used]


@pytest.mark.parametrize("declared", ["UTF-7", "cp037", "shift_jis", "", "x" * 10_000])
def test_an_encoding_that_no_letter_has_is_refused_and_not_repeated(declared: str) -> None:
    assert refusal(f'<?xml version="1.0" encoding="{declared}"?><a/>'.encode()) == (
        "letter.xml, line 1: the XML declares an encoding that letters are not written in; write it in UTF-8 or ISO-8859-1"
    )


DOCTYPE = '{}<!-- a comment -->\n<!DOCTYPE a [<!ENTITY b "OPDIGTET"><!ENTITY c SYSTEM "file:///etc/passwd">]>\n<a b="&b;">&c;</a>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0"?>'])
def test_a_doctype_is_refused_unread_in_every_encoding(encoding: str, declared: str) -> None:
    assert refusal(DOCTYPE.format(declared).encode(encoding)) == (
        "letter.xml, line 2: the XML has a DOCTYPE, which no letter has, so it was not read; take it out"
    )


def test_a_billion_laughs_in_an_attribute_are_refused_at_once() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]><a b="&l9;">&l9;</a>'
    begun = time.perf_counter()
    assert "has a DOCTYPE" in refusal(bomb.encode())
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    "xml", ["<a>&l9;</a>", '<a b="&l9;"/>', '<a/><!DOCTYPE a [<!ENTITY b "c">]>', "<a><!DOCTYPE a></a>"]
)
def test_entities_and_a_doctype_further_in_are_not_well_formed(xml: str) -> None:
    assert refusal(xml.encode()) == (
        "letter.xml, line 1: the XML is not well formed; the program that wrote it has to be corrected"
    )


@pytest.mark.parametrize("data", [b"<a>" * 100_000, b"<a>" * 300 + b"</a>" * 300, b"<a>" + b"x" * 11_000_000 + b"</a>"])
def test_what_is_deeper_or_longer_than_any_letter_is_refused(data: bytes) -> None:
    assert "is nested deeper, or has a longer text, than any letter has" in refusal(data)


def test_a_text_of_any_length_is_read_where_the_caller_says_so() -> None:
    text = root_of(b"<a>" + b"x" * 11_000_000 + b"</a>", "letter.xml", huge=True).text
    assert text is not None
    assert len(text) == 11_000_000


@pytest.mark.parametrize("piece", [b"<a/>", b"<a b='' c=''/>"])
def test_a_file_of_millions_of_tags_or_attributes_is_refused_unread(piece: bytes) -> None:
    assert f"more than {MOST_TAGS:,} tags and attributes" in refusal(
        b"<r>" + piece * (MOST_TAGS // 2) + piece * (MOST_TAGS // 2) + b"</r>"
    )


def test_a_comment_before_the_letter_is_read_over_up_to_a_bound() -> None:
    assert root_of(b"<!--" + b"x" * 60_000 + b"-->\n<?pi y?><a/>", "letter.xml").tag == "a"
    assert "no element begins in the first 65,536 bytes" in refusal(b"<!--" + b"x" * 70_000 + b"--><a/>")
    begun = time.perf_counter()
    assert "no element begins in the first" in refusal(b"<!-- " * 1_000_000)
    assert time.perf_counter() - begun < 1


def test_an_empty_file_is_refused_as_such() -> None:
    assert {refusal(data) for data in (b"", b" \r\n", UTF_8_MARK, codecs.BOM_UTF16_LE)} == {
        "letter.xml: the file is empty"
    }


@pytest.mark.parametrize("data", [b"OPDIGTET", b"\0\1\2\3", "<a/>".encode("utf-32"), b"</a>", b"< a/>", b"<<a/>"])
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    assert refusal(data).startswith("letter.xml")


WHOLE = b"""<?xml version="1.0"?>
<!-- x --><a b="c">&amp;<b><![CDATA[x]]></b><?pi x?><c>y</c
></a>"""


@pytest.mark.parametrize("length", range(1, len(WHOLE)))
def test_a_file_cut_off_anywhere_is_said_to_be_cut_off(length: int) -> None:
    said = refusal(WHOLE[:length])
    assert "the file is cut off; get it again" in said


def test_the_line_of_a_fault_counts_what_stood_in_front() -> None:
    assert refusal(b"\n\n<a>\n</b>").startswith("letter.xml, line 4: the XML is not well formed")
    assert refusal("\n\n<a>\n</b>".encode("utf-16")).startswith("letter.xml, line 4: the XML is not well formed")


@pytest.mark.parametrize("character", ["\0", "\1", "\x1b"])
def test_characters_that_xml_does_not_allow_are_refused(character: str) -> None:
    assert refusal(f"<a>{character}</a>".encode()).startswith(
        "letter.xml: the XML has a character that XML does not allow"
    )


@pytest.mark.parametrize(
    "xml",
    [
        f"<a><{'b'}>{PLANTED}</c></a>",
        f"<a b='{PLANTED}' b='{PLANTED}'/>",
        f"<a>&{PLANTED};</a>",
        f"<a>{PLANTED}",
        f"<a>{PLANTED}\x01</a>",
        f"<!DOCTYPE a [<!ENTITY b '{PLANTED}'>]><a/>",
        f"<?xml version='1.0' encoding='{PLANTED}'?><a/>",
        f"{PLANTED}<a/>",
    ],
)
def test_no_error_shows_what_stands_in_the_file(xml: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(LetterError) as caught:
        root_of(xml.encode(), "letter.xml")
    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None)
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)) + caplog.text
    assert "9999" not in shown
    assert "Navnløs" not in shown


def test_control_characters_in_a_field_are_refused_and_line_breaks_are_blanks() -> None:
    field = root_of("<?xml version='1.0' encoding='ISO-8859-1'?><a>BRV\x9b31m</a>".encode("latin-1"), "letter.xml")
    with pytest.raises(LetterError, match="control characters"):
        value_of(field, "letter.xml")
    assert value_of(root_of(b"<a> BRV\n  1&#160;</a>", "letter.xml"), "letter.xml") == "BRV 1"
