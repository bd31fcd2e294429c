from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sor_addressing.messages.catalogue import MessageType, catalogue

parse = catalogue().parse
TYPES = catalogue().types
LEGACY = [message_type for message_type in TYPES if message_type.version.strip("0123456789.")]
SEPARATORS = [" ", "  ", ":", "/", "-", "–", ";", ",", "|", "_", "+", " - ", "\t", "\u00a0", ".", "::", " / "]


@pytest.mark.parametrize("expected", TYPES, ids=str)
def test_every_line_is_read_back_from_every_spelling(expected):
    code, version = expected.code, expected.version
    spellings = [f"{code} ({version})", f"{version} ({code})", f"({code}) [{version}]", f"{code}({version})"]
    for separator in SEPARATORS:
        spellings += [f"{code}{separator}{version}", f"{version}{separator}{code}"]
    spellings += [f"MED{code} {version}", f"MED {code} {version}", f"MCM:{code} {version}", f"{code} {code} {version}"]
    for spelling in spellings:
        for written in (spelling, spelling.lower(), spelling.title(), f"  {spelling}\n"):
            assert parse(written) is expected, written


@pytest.mark.parametrize("expected", LEGACY, ids=str)
def test_every_line_but_fhir_is_read_without_any_separator(expected):
    assert parse(f"{expected.code}{expected.version}") is expected
    assert parse(f"{expected.version}{expected.code}") is expected


@pytest.mark.parametrize("expected", LEGACY, ids=str)
def test_every_version_alone_means_a_line_of_the_same_version(expected):
    found = parse(expected.version)
    assert (found.version, found.format, found.known) == (expected.version, expected.format, True)
    assert len(found.code) <= len(expected.code)


@pytest.mark.parametrize("code", sorted({message_type.code for message_type in TYPES}))
def test_every_code_alone_is_read_in_every_spelling(code):
    expected = parse(code)
    assert (expected.text, expected.version, expected.known) == (code, None, True)
    spellings = [code.lower(), f" {code} ", f"MED{code}", f"med {code}", f"MCM:{code}", f"MCM:{code}#variant"]
    spellings += [f"{code}#variant", f"mcm:{code}#a b c", f"({code})", " ".join(code)]
    assert [parse(spelling) for spelling in spellings] == [expected] * len(spellings)


@pytest.mark.parametrize("expected", [found for found in LEGACY if catalogue().urn(found)], ids=str)
def test_every_urn_means_its_line(expected):
    urn = catalogue().urn(expected)
    assert parse(urn) is parse(urn.upper()) is parse(f" {urn} ") is expected


@pytest.mark.parametrize(
    "expected", [found for found in LEGACY if "edifact" in (catalogue().urn(found) or "")], ids=str
)
def test_edifact_names_a_line_by_family_word_and_version(expected):
    word = catalogue().urn(expected).split(":")[6].upper()
    plain = parse(expected.version)
    assert parse(f"{word}:D:93A:UN:{expected.version}") is plain
    assert parse(f"{word}:D:93A:ZZ:{expected.version}") is plain
    assert parse(f"{word}:D:93A:UN:{expected.version}:{expected.code}") is expected
    assert parse(f"{word} {expected.code}") == parse(expected.code)
    assert parse(f"{word} {expected.code} {expected.version}") is expected


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("care-communication-message", "FDIS91"),
        ("hospital-notification-message", "FDIS20"),
        ("acknowledgement-message", "FCTL"),
        ("carecommunication-message", "FDIS91"),
        ("hospitalnotification-message", "FDIS20"),
    ],
)
def test_an_event_names_a_fhir_code_and_no_version(event, code):
    assert parse(event) == parse(f"event:{event}") == parse(f"EVENT:{event.upper()}") == parse(code)
    for bar in ("|", " ", ":"):
        assert parse(f"{event}{bar}5.0") == parse(f"{code} 5.0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MCM:FDIS91#alert", "FDIS91"),
        ("MCM:FDIS91#alert 5.0", "FDIS91 5.0"),
        ("mcm: xdis91", "XDIS91"),
        ("MCM:XDIS91 XD9134L", "XDIS91 XD9134L"),
        ("MCM:FDIS99#new", "FDIS99"),
        ("ZZZ99#1", "ZZZ99#1"),
        ("MCM:", "MCM:"),
        ("MCM:#x", "MCM:#X"),
    ],
)
def test_the_envelopes_mark_and_variant_are_taken_off(text, expected):
    assert parse(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DIS 91", "DIS91"),
        ("D 9134 L", "DIS91 D9134L"),
        ("XDIS 91, XD 9134 L", "XDIS91 XD9134L"),
        ("DGOP 1.0", "DGOP DGOP1.0"),
        ("FDIS91.5.0", "FDIS91 5.0"),
        ("5.0.FDIS91", "FDIS91 5.0"),
        ("\ufeffDIS91\u200b", "DIS91"),
        ("MEDDIS", "MEDDIS"),
        ("MED", "MED"),
        ("urn:dk:healthcare:medcom:messaging:edifact:meddis:dis91:d9199l", "DIS91 D9199L"),
        ("urn:oid:1.2.3", "URN:OID:1.2.3"),
        ("urn:#", "URN:#"),
        ("urn:dk:#:", "URN:DK:#:"),
        ("DIS91 Korrespondancebrev", "DIS91 KORRESPONDANCEBREV"),
    ],
)
def test_odd_spellings(text, expected):
    assert parse(text).text == expected


WORDS = sorted(
    {message_type.code for message_type in TYPES}
    | {message_type.version for message_type in TYPES}
    | {"MEDDIS", "MED", "MCM:", "#", "URN:", "EVENT:", "D", "93A", "UN", "ZZ", "5", "ZZZ99", "R0199F", "Æ9", "²"}
    | {"CARE-COMMUNICATION-MESSAGE", "FDIS", "91", "12", "A9"}
)
SOUP = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), max_size=6).flatmap(
    lambda words: st.sampled_from(["", " ", ".", ":", "-", "#", ".."]).map(lambda separator: separator.join(words))
)


@given(st.one_of(st.text(max_size=40), SOUP))
@example("DIS91.D9134L.MED")
@example("A9..DIS91")
@example("ß")
@example("URN:#")
def test_parse_never_raises_on_a_text_and_reads_its_own_text_back(text):
    if not any(char.isprintable() and not char.isspace() for char in text):
        with pytest.raises(ValueError, match="blank"):
            parse(text)
        return
    found = parse(text)
    assert parse(found.text) == found
    assert found.known is ((found.code in {other.code for other in TYPES} and found.version is None) or found in TYPES)
    assert (found.family is None) is (found.format is None)


@given(st.sampled_from(TYPES), st.sampled_from(TYPES))
def test_two_types_in_one_text_are_never_read_as_one(one, other):
    text = f"{one.code} {one.version} {other.code} {other.version}"
    assert parse(text) == (one if one == other else MessageType(text))


def test_a_very_long_text_is_kept_unread():
    text = "DIS91." * 20_000
    assert parse(text).code == text
