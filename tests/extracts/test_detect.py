"""What a file is, told by its first bytes; what it is not, told to the one who gave it."""

from __future__ import annotations

import gzip

import pytest
from tests.extracts.by_hand import CODES, V1, V2, owner, tree

from sor_addressing.errors import ExtractError, PolicyError
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import recognise

SMALL = tree(owner(CODES[0], "Ejer"))


def reason(head: bytes | str, **options: object) -> str:
    data = head if isinstance(head, bytes) else head.encode()
    with pytest.raises(ExtractError) as caught:
        recognise(data, file="fil", **options)  # type: ignore[arg-type]
    assert caught.value.file == "fil"
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
@pytest.mark.parametrize("above", ["", "<!-- her --><?også her?>\n", "<!-- <!DOCTYPE html> -->"])
@pytest.mark.parametrize("namespace", [V1, V2])
def test_a_sor_xml_is_recognised(encoding: str, above: str, namespace: str) -> None:
    declared = "utf-16" if encoding.startswith("utf-16") else encoding.removesuffix("-sig")
    document = f'<?xml version="1.0" encoding="{declared}"?>\r\n{above}' + SMALL.replace(V1, namespace)
    assert recognise(document.encode(encoding), file="fil") is published.SOR_XML


def test_a_sor_xml_is_recognised_by_its_beginning() -> None:
    document = SMALL.encode()
    begins = document.index(b"<InstitutionOwnerEntity>")
    for end in range(begins, len(document), 7):
        assert recognise(document[:end], file="fil") is published.SOR_XML


def test_blank_space_above_is_no_harm_without_a_declaration() -> None:
    assert recognise(b"\n  " + SMALL.encode(), file="fil") is published.SOR_XML


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_blank_space_above_the_declaration_is_named(mark: bytes) -> None:
    assert reason(mark + b'\n<?xml version="1.0"?>' + SMALL.encode()) == (
        "fil, line 1: blank space stands before the XML declaration, where nothing may stand; remove it, or fetch the file again"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("above", ["", " \n", "<?xml version='1.0'?>", "<?xml version='1.0'?><!-- a --><?b?>\n"])
@pytest.mark.parametrize("doctype", ["<!DOCTYPE SorTree>", "<!DOCTYPE SorTree [", "<!DOCTYPE html>"])
def test_a_doctype_is_refused_before_anything_is_parsed(encoding: str, above: str, doctype: str) -> None:
    expected = "fil: the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"
    assert reason((above + doctype + SMALL).encode(encoding)) == expected


def test_a_doctype_in_an_encoding_that_hides_it_is_refused_too() -> None:
    document = '<?xml version="1.0" encoding="UTF-7"?>' + "+ADwAIQ-DOCTYPE SorTree+AD4-" + SMALL
    assert reason(document)


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b" \r\n\t", b"\xff\xfe", "\ufeff \n".encode("utf-16-le")])
def test_an_empty_file_is_refused(head: bytes) -> None:
    assert reason(head) == "fil: the file is empty; fetch it again"


OTHER_NAMESPACE = (
    f"fil: SorTree is in the namespace 'urn:andet', expected {V1} or {V2}; a new version of the file needs a new version of this "
    "library"
)


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("<html>", "fil: the root element is html, expected SorTree; give a Sor.xml"),
        (
            '<SorTree xmlns="urn:andet">',
            OTHER_NAMESPACE,
        ),
        ("<!-- " + "x" * 70_000, "fil: no XML root element in the first 64 KB; give a Sor.xml"),
        ("<?xml version='1.0'?>", "fil: no XML root element in the first 64 KB; give a Sor.xml"),
    ],
)
def test_xml_that_is_something_else_is_refused(head: str, text: str) -> None:
    assert reason(head[:65_536]) == text


@pytest.mark.parametrize("head", ["<<", "<SorTree", "<1>", '<?xml version="1.0" encoding="ukendt"?><SorTree/>'])
def test_xml_that_is_not_well_formed_is_refused(head: str) -> None:
    said = reason(head)
    assert "the XML is not well formed or was cut off (" in said or "no XML root element" in said


@pytest.mark.parametrize("head", [gzip.compress(b"x", mtime=0), b"PK\x03\x04" + bytes(50)], ids=["gzip", "zip"])
def test_an_archive_in_an_archive_is_refused(head: bytes) -> None:
    assert reason(head) == "fil: an archive inside an archive; unpack it and give the file itself"


def test_message_types_are_recognised_by_their_header() -> None:
    assert recognise(b"Lokationsnummer;EDI-type\n", file="fil") is published.MESSAGE_TYPES


OTHER_WORDS = b"Modtagers nr;Brev\n5790999000017;XDIS91\n"
MAP = {"location_number": "Modtagers nr", "message_type": "Brev"}


def test_message_types_with_other_words_are_recognised_by_the_callers_map() -> None:
    assert recognise(OTHER_WORDS, file="fil", columns=MAP) is published.MESSAGE_TYPES
    assert "not recognised" in reason(b"a;b\n1;2\n", columns=MAP)
    with pytest.raises(PolicyError):
        recognise(OTHER_WORDS, file="fil", columns={"lokation": "Modtagers nr"})


def test_a_table_that_is_said_to_have_message_types_is_left_to_their_reader() -> None:
    assert recognise(OTHER_WORDS, file="fil", expected=published.MESSAGE_TYPES) is published.MESSAGE_TYPES


def test_a_table_that_is_something_else_is_refused_and_its_first_line_shown() -> None:
    assert reason(b"Navn;Farve\r\nA;B\r\n") == (
        "fil: not recognised: none of the published files; its first line reads 'Navn;Farve'. A table is known by its header: "
        "a file of message types has a column for the location number and one for the message type. Where the headers are other "
        'words, name them: columns={"location_number": "...", "message_type": "..."}'
    )


def test_what_is_shown_of_another_file_is_short_and_shows_no_person() -> None:
    person = "310299" + "-" + "9" * 4
    said = reason(f"PNA+PAT+{person}:CPR+++SU:" + "Efternavn" * 100)
    assert person not in said
    assert len(said) < 500


@pytest.mark.parametrize("head", [bytes(range(256)), b"%PDF-1.7\n\x00\x01", SMALL.encode("utf-32")])
def test_what_is_no_text_is_refused(head: bytes) -> None:
    assert reason(head)
