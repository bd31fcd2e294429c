from __future__ import annotations

import pytest

from sor_addressing.errors import PolicyError
from sor_addressing.messages.catalogue import Catalogue, MessageFormat, MessageType, catalogue

parse = catalogue().parse
EDI, XML, FHIR = MessageFormat


def test_a_known_type_says_all_that_the_catalogue_knows():
    found = parse("XDIS91 XD9134L")
    assert found == MessageType("XDIS91", "XD9134L", XML, "DIS91", known=True, current=True, family_certain=True)
    assert (found.text, str(found), repr(found)) == ("XDIS91 XD9134L",) * 2 + ("MessageType('XDIS91 XD9134L')",)
    assert (found.name("da"), found.name("en")) == ("Korrespondancebrev", "Clinical e-mail")
    assert found.to_dict() == {
        "text": "XDIS91 XD9134L",
        "code": "XDIS91",
        "version": "XD9134L",
        "format": "XML",
        "family": "DIS91",
        "known": True,
        "current": True,
        "family_certain": True,
    }
    assert type(found.to_dict()["format"]) is str


def test_a_bare_code_is_known_without_a_version():
    assert parse("FDIS91") == MessageType("FDIS91", None, FHIR, "DIS91", known=True)
    assert parse("FDIS91").name("da") == "FHIR-korrespondancemeddelelse (CareCommunication)"


def test_an_old_version_is_known_and_not_current():
    assert parse("DIS91 D9133L") == MessageType("DIS91", "D9133L", EDI, "DIS91", known=True, current=False)


def test_a_known_code_with_an_unknown_version_keeps_both():
    assert parse("dis91 d9199l") == MessageType("DIS91", "D9199L", EDI, "DIS91")
    assert parse("FDIS91 5") == MessageType("FDIS91", "5", FHIR, "DIS91")
    assert parse("FDIS91 4.0.1") == MessageType("FDIS91", "4.0.1", FHIR, "DIS91")


def test_a_version_of_one_fhir_type_says_nothing_of_another():
    assert parse("FDIS91 2.0.0") == MessageType("FDIS91", "2.0.0", FHIR, "DIS91")
    assert parse("2.0.0") == MessageType("2.0.0")


@pytest.mark.parametrize(
    ("text", "code", "version", "family", "known"),
    [
        ("RPT01 R0130K", "RPT01", "R0130K", "RPT01", True),
        ("RPT01 R0130F", "RPT01", "R0130F", "RPT01F", True),
        ("XRPT01 XR0131K", "XRPT01", "XR0131K", "RPT01", True),
        ("XRPT01 XR0130F", "XRPT01", "XR0130F", "RPT01F", True),
        ("RPT01 R0139K", "RPT01", "R0139K", "RPT01", False),
        ("RPT01 R0139F", "RPT01", "R0139F", "RPT01F", False),
        ("XRPT01 XR0139F", "XRPT01", "XR0139F", "RPT01F", False),
        # A version that stands under another code of the family.
        ("RPT01 R0131F", "RPT01", "R0131F", "RPT01F", False),
    ],
)
def test_a_family_follows_from_code_and_version(text, code, version, family, known):
    found = parse(text)
    assert (found.code, found.version, found.family, found.known) == (code, version, family, known)
    assert found.family_certain


@pytest.mark.parametrize(
    ("text", "expected", "family"),
    [
        ("R0130K", "RPT01 R0130K", "RPT01"),
        ("R0130F", "RPT01 R0130F", "RPT01F"),
        ("R0131F", "RPT01F R0131F", "RPT01F"),
        ("XR0130K", "XRPT01 XR0130K", "RPT01"),
        ("XR0130F", "XRPT01 XR0130F", "RPT01F"),
        ("LMS016", "PRE01 LMS016", "PRE01"),
        ("GGOP100", "GGOP GGOP100", "GGOP"),
    ],
)
def test_a_version_alone_means_the_plain_codes_family(text, expected, family):
    assert (parse(text).text, parse(text).family, parse(text).known) == (expected, family, True)


@pytest.mark.parametrize(("code", "format_"), [("RPT01", EDI), ("XRPT01", XML)])
def test_a_code_of_two_families_without_version_is_the_one_with_a_current_version_and_uncertain(code, format_):
    assert parse(code) == MessageType(code, None, format_, "RPT01", known=True, family_certain=False)


def test_an_unknown_version_that_fits_neither_family_leaves_it_uncertain():
    assert parse("RPT01 R0130X") == MessageType("RPT01", "R0130X", EDI, "RPT01", family_certain=False)


@pytest.mark.parametrize(
    "text",
    [
        "DIS91 R0131K",  # another letter's version
        "RPT01F R0131K",
        "DIS91 XD9134L",  # the version of the other format
        "FDIS91 D9134L",
        "DIS91 5.0",
        "DIS91 XDIS91",  # two codes
        "DIS91 D9133L D9134L",  # two versions
        "MEDREF DIS91",  # another letter's family word
        "DIS91 DIS98",  # looks like a code, and is not a version
        "ZZZ99 D9134L",
    ],
)
def test_what_contradicts_itself_is_kept_as_it_stands(text):
    assert parse(text.lower()) == MessageType(text)


def test_what_is_in_no_catalogue_is_kept_as_it_stands():
    found = parse("  fdis99 \t 1.0 ")
    assert found == MessageType("FDIS99", "1.0", None, None, known=False, current=None)
    assert (found.text, repr(found)) == ("FDIS99 1.0", "MessageType('FDIS99 1.0', known=False)")
    assert (found.name("da"), found.name("en")) == ("FDIS99 1.0", "FDIS99 1.0")


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0", "\u200b\ufeff"])
def test_a_blank_text_is_refused(text):
    with pytest.raises(ValueError, match="a message type is needed, such as 'DIS91'"):
        parse(text)


def test_a_message_type_is_returned_as_it_is():
    own = MessageType("ZZZ01", "1.0")
    assert parse(own) is own


def test_message_types_are_values():
    found = parse("DIS91")
    assert {found: 1}[MessageType("DIS91", None, EDI, "DIS91", known=True)] == 1
    with pytest.raises(AttributeError):
        found.code = "DIS90"  # type: ignore[misc]


def test_the_memory_of_parse_is_bounded():
    own = Catalogue([["A01", "A01", "EDI", "V1", "yes", "", "", "", "", "", "", ""]])
    for number in range(5000):
        own.parse(f"A01 V{number}")
    assert len(own._memory) <= 4096
    own.parse("x" * 1000)
    assert "x" * 1000 not in own._memory
    assert own.parse("A01 V1") is own.parse("A01 V1")


def test_families_and_codes_are_listed():
    known = catalogue()
    assert known.families[:3] == ("BIN01", "BIN02", "CTL01")
    assert [message_type.text for message_type in known.types_of_family("DIS91")] == [
        "DIS91 D9133L",
        "DIS91 D9134L",
        "XDIS91 XD9133L",
        "XDIS91 XD9134L",
        "FDIS91 4.0",
        "FDIS91 5.0",
    ]
    assert [message_type.text for message_type in known.types_of_code("RPT01")] == [
        "RPT01 R0130K",
        "RPT01 R0131K",
        "RPT01 R0130F",
    ]
    assert known.families_of_code("RPT01") == known.families_of_code("XRPT01") == ("RPT01", "RPT01F")
    assert known.families_of_code("DIS91") == ("DIS91",)
    assert known.formats_of_family("DIS91") == (EDI, XML, FHIR)
    assert known.formats_of_family("RPT05") == (XML,)
    assert known.current_versions("RPT01", "RPT01") == ("R0131K",)
    assert known.current_versions("RPT01", "RPT01F") == ()


def test_what_is_not_known_is_empty_and_no_error():
    known = catalogue()
    assert known.types_of_family("ZZZ99") == known.types_of_code("ZZZ99") == known.families_of_code("ZZZ99") == ()
    assert known.formats_of_family("ZZZ99") == known.current_versions("ZZZ99", "ZZZ99") == ()
    assert known.family_name("ZZZ99", "da") == "ZZZ99"
    assert (known.expects_reply("ZZZ99"), known.is_receipt("ZZZ99")) == (False, False)
    assert (known.expects_reply(None), known.is_receipt(None)) == (False, False)
    assert known.urn(MessageType("ZZZ99")) is None
    assert known.approved_to_send(MessageType("ZZZ99")) is None


def test_a_family_is_named_in_two_languages():
    assert catalogue().family_name("DIS91", "da") == "Korrespondancebrev"
    assert catalogue().family_name("RPT01F", "en") == "Diabetic foot status"
    assert parse("RPT01 R0130F").name("da") == "Fodstatusskema"
    assert parse("RPT01 R0130K").name("da") == "Laboratoriesvar"


def test_a_language_that_is_neither_is_refused():
    with pytest.raises(ValueError, match="no names in language 'sv': use 'da' or 'en'"):
        parse("DIS91").name("sv")
    with pytest.raises(ValueError, match="no names in language 'sv': use 'da' or 'en'"):
        catalogue().family_name("DIS91", "sv")


def test_only_correspondence_expects_a_reply():
    assert [family for family in catalogue().families if catalogue().expects_reply(family)] == ["DIS90", "DIS91"]


def test_receipts_follow_the_format_and_receipts_have_none():
    known = catalogue()
    assert known.receipts(EDI, "DIS91") == ("CTL02", "CTL03")
    assert known.receipts(XML, "DIS91") == ("XCTL02", "XCTL03")
    assert known.receipts(FHIR, "DIS91") == ("FCTL",)
    assert known.receipts(EDI, None) == ("CTL02", "CTL03")
    assert known.receipts(FHIR, "REF01") == ("FCTL",)
    receipt_families = [family for family in known.families if known.is_receipt(family)]
    assert receipt_families == ["CTL01", "CTL02", "CTL03", "FCTL", "SBDHACK"]
    assert {known.receipts(format_, family) for format_ in MessageFormat for family in receipt_families} == {()}


def test_urns_and_approvals_can_be_read():
    known = catalogue()
    assert known.urn(parse("DIS91 D9134L")) == "urn:dk:healthcare:medcom:messaging:edifact:meddis:dis91:d9134l"
    assert known.urn(parse("DIS91 D9133L")) is None
    assert known.urn(parse("FCTL 2.0.0")) == (
        "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition::acknowledgement-message"
        "##urn:dk:medcom:fhir:acknowledgement-message::2.0"
    )
    both = parse("DIS91 D9134L")
    assert (known.approved_to_send(both), known.approved_to_receive(both)) == (76, 69)
    assert known.approved_to_send(parse("DIS91 D9133L")) is None
    assert known.approved_to_receive(parse("REF07 H0730R")) == 0


OWN = """# my own
family;code;format;version;current;receipts
REF01;REF01;EDI;H0199R;yes;ctl02
REF01;xref01;XML;XH0199R;no;
FREF01;FREF01;FHIR;1.0;no;
"""


def test_a_catalogue_of_ones_own_replaces_the_shipped_one(tmp_path):
    path = tmp_path / "types.csv"
    path.write_text(OWN, "utf-8-sig")
    own = Catalogue.load(path)
    assert own.types == (
        MessageType("REF01", "H0199R", EDI, "REF01", known=True, current=True),
        MessageType("XREF01", "XH0199R", XML, "REF01", known=True, current=False),
        MessageType("FREF01", "1.0", FHIR, "FREF01", known=True, current=False),
    )
    assert own.receipts(EDI, "REF01") == ("CTL02",)
    assert own.receipts(XML, "REF01") == ()
    assert own.parse("fref01 2.0") == MessageType("FREF01", "2.0", FHIR, "FREF01")
    assert own.parse("H0199R").text == "REF01 H0199R"
    assert own.parse("DIS91") == MessageType("DIS91")
    assert own.name(own.types[0], "da") == "REF01 H0199R"


HEADER = "family,code,format,version,current\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "types.csv: is empty: expected a header with family, code, format, version, current"),
        (HEADER, "types.csv: no message types: a catalogue has one line a version"),
        (
            "family,code,version\n",
            "types.csv, line 1: no column format, current; the header reads: family, code, version",
        ),
        (
            HEADER[:-1] + ",colour\n",
            "types.csv, line 1: unknown column 'colour'; the columns are family, code, format, version,",
        ),
        (HEADER[:-1] + ",code\n", "types.csv, line 1: the column 'code' is there twice"),
        (HEADER + "A01,A01,EDI,V1\n", "types.csv, line 2: 4 fields where the header has 5: family,code,format,version"),
        (HEADER + "\n#\nA01,A01,PDF,V1,yes\n", "types.csv, line 4: format is 'PDF': expected EDI, XML, FHIR"),
        (HEADER + "A01,A01,EDI,V1,maybe\n", "types.csv, line 2: current is 'maybe': expected yes or no"),
        (HEADER + "A01,A 01,EDI,V1,yes\n", "types.csv, line 2: code is 'A 01': expected letters, digits and dots"),
        (HEADER + "A01,A01,EDI,,yes\n", "types.csv, line 2: version is '': expected letters, digits and dots"),
        (HEADER + "A01,A01,EDI,V1,yes\n" * 2, "types.csv, line 3: A01 V1 is already on line 2"),
        (
            HEADER + "A01,A01,EDI,V1,yes\nA01,A01,XML,V2,yes\n",
            "types.csv, line 3: the code A01 has two formats: EDI, XML",
        ),
        (
            HEADER[:-1] + ",approved_to_send\nA01,A01,EDI,V1,yes,many\n",
            "types.csv, line 2: approved_to_send is 'many': expected a number, or nothing",
        ),
        (HEADER + '"A01,A01,EDI,V1,yes\n', "types.csv, line 2: can't be read as CSV"),
    ],
)
def test_a_faulty_catalogue_is_refused_with_file_line_and_what_is_allowed(tmp_path, text, message):
    path = tmp_path / "types.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError) as refused:
        Catalogue.load(path)
    assert message in str(refused.value)


def test_a_catalogue_that_is_missing_or_not_utf_8_is_refused(tmp_path):
    with pytest.raises(PolicyError, match=r"nowhere\.csv: can't be read: "):
        Catalogue.load(tmp_path / "nowhere.csv")
    path = tmp_path / "types.csv"
    path.write_bytes("family,æ".encode("cp1252"))
    with pytest.raises(PolicyError, match=r"types\.csv, line 1: not UTF-8 \(byte 8\); save it as UTF-8"):
        Catalogue.load(path)


def test_the_shipped_catalogue_is_read_once():
    assert catalogue() is catalogue()
