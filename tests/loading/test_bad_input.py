"""Bad input: damage to a file refuses it, with file, line, what was seen and what to do; what was loaded before stays."""

from __future__ import annotations

import ast
import gzip
import io
import os
import random
import re
import string
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import sor_addressing
from sor_addressing import ExtractError, Register, Status
from sor_addressing.extracts import streams
from sor_addressing.model import Problem
from sor_addressing.testing import RegisterBuilder, made_up_nation, numbers
from sor_addressing.texts import LANGUAGES, entries

PACKAGE = Path(sor_addressing.__file__).parent
HOSPITAL = numbers.sor_code(1)
NAMESPACES = "urn:oio:sundhedsstyrelsen:organisation:1.0.0 or urn:oio:nsi:2.0.0"


def builder() -> RegisterBuilder:
    build = RegisterBuilder()
    owner = build.owner("Region Prøve")
    assert build.institution(owner, "Prøve Sygehus", location_number=True) == HOSPITAL
    build.registers(HOSPITAL, "XDIS91 XD9134L", receive=True)
    return build


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A ``Sor.xml`` and an ``Edityper.csv`` with nothing wrong."""
    files = builder().write(tmp_path_factory.mktemp("god"))
    assert files.message_types is not None
    return files.units.read_bytes(), files.message_types.read_bytes()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one, so that names in errors are short."""
    (tmp_path / "mappe").mkdir()
    monkeypatch.chdir(tmp_path / "mappe")
    return Path()


@pytest.fixture(autouse=True)
def _what_was_loaded_still_answers(good: tuple[bytes, bytes]) -> Any:
    register = Register.load(*good)
    yield
    assert register.resolve(HOSPITAL).status is Status.RESOLVED
    assert register.by_sor_code[HOSPITAL].name == "Prøve Sygehus"
    assert register.validate(HOSPITAL, "XDIS91").outcome == "supported"


def refusal(*given: Any, **options: Any) -> str:
    with pytest.raises(ExtractError) as caught:
        Register.load(*given, **options)
    error = caught.value
    assert isinstance(error, ValueError)
    assert str(error).startswith(error.file or error.reason)
    assert error.line is None or f", line {error.line}: " in str(error)
    return str(error)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


# Files that are not there, or not files.


def test_a_path_that_is_missing() -> None:
    assert refusal("findes/ikke.xml") == f"{Path('findes/ikke.xml')}: no such file or folder; check the path"


def test_no_source_at_all_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="give at least one source"):
        Register.load()


def test_a_folder_without_an_extract(folder: Path, good: tuple[bytes, bytes]) -> None:
    assert refusal(folder) == ".: the folder holds no files; give the folder of the extract"
    (folder / "a.txt").write_text("Hej", "utf-8")
    (folder / "b.html").write_text("<html/>", "utf-8")
    said = refusal(folder)
    assert said.startswith(
        ".: holds no extract; what it holds is none of the published files: a.txt: not recognised: none of the published "
        "files; its first line reads 'Hej'. "
    )
    assert said.endswith("; b.html: the root element is html, expected SorTree; give a Sor.xml")
    (folder / "c.csv").write_bytes(good[1])
    said = refusal(folder)
    assert said.startswith("no file with units among the sources (c.csv is a Edityper.csv; a.txt: not recognised")
    assert said.endswith(
        "b.html: the root element is html, expected SorTree; give a Sor.xml): give a Sor.xml, a sor.csv or the complete set"
    )


def test_only_message_types_and_no_units(good: tuple[bytes, bytes]) -> None:
    assert (
        refusal(good[1])
        == "no file with units among the sources (<bytes> is a Edityper.csv): give a Sor.xml, a sor.csv or the complete set"
    )


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n \n"])
def test_an_empty_file(data: bytes, folder: Path, good: tuple[bytes, bytes]) -> None:
    (folder / "Sor.xml").write_bytes(data)
    (folder / "Sor.zip").write_bytes(zipped(("x.xml", data)))
    (folder / "Sor.xml.gz").write_bytes(gzip.compress(data))
    assert refusal("Sor.xml") == "Sor.xml: the file is empty; fetch it again"
    assert refusal("Sor.zip") == "Sor.zip!x.xml: the file is empty; fetch it again"
    assert refusal("Sor.xml.gz") == "Sor.xml.gz: the file is empty; fetch it again"
    assert refusal(good[0], message_types="Sor.xml") == "Sor.xml: the file is empty; fetch it again"


@pytest.mark.parametrize("name", ["Edityper.csv", "EDITYPER.CSV", "Edityper.csv.gz", "Edityper.zip"])
@pytest.mark.parametrize("data", [b"", b"<!DOCTYPE html><html/>", b"PK\x03\x04", b"\x1f\x8b", b"Vi beklager\n"])
def test_a_damaged_file_with_a_published_name_is_not_passed_over(
    data: bytes, name: str, folder: Path, good: tuple[bytes, bytes]
) -> None:
    (folder / "Sor.xml").write_bytes(good[0])
    (folder / name).write_bytes(data)
    assert refusal(folder).startswith((f"{name}: ", f"{name}, line 1: "))


def test_bytes_that_hold_no_extract_are_not_shown_in_full() -> None:
    said = refusal(zipped(("a", b"x" * 5_000), ("b", b"y")))
    assert said.startswith(
        "<bytes>: holds no extract; what it holds is none of the published files: <bytes>!a: not recognised"
    )
    assert len(said) < 1_200


# Several files.


def test_two_files_with_units(good: tuple[bytes, bytes]) -> None:
    assert refusal(good[0], good[0]) == (
        "2 files hold units: <bytes>, <bytes>; give one of them, for which is meant can't be guessed"
    )


def test_two_files_with_message_types(folder: Path, good: tuple[bytes, bytes]) -> None:
    (folder / "Sor.xml").write_bytes(good[0])
    (folder / "Edityper.csv").write_bytes(good[1])
    assert refusal(folder, message_types=good[1]) == (
        "2 files hold message types: Edityper.csv, <bytes>; give one of them, for which is meant can't be guessed"
    )


def test_message_types_that_are_a_sor_xml(folder: Path, good: tuple[bytes, bytes]) -> None:
    (folder / "Sor.xml").write_bytes(good[0])
    for given in ("Sor.xml", folder):
        assert refusal(good[0], message_types=given) == (
            "Sor.xml: given as message_types, but it is a Sor.xml; give the file that joins location numbers to message types"
        )


# XML.


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Hej", "not recognised: none of the published files; its first line reads 'Hej'."),
        ("<html><body>Fejl 503</body></html>", "the root element is html, expected SorTree; give a Sor.xml"),
        ("<!DOCTYPE html><html/>", "the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"),
        ("<SorTree/>", f"SorTree is in the namespace '(none)', expected {NAMESPACES}; a new version of the file needs a new version"),
        ('<SorTree xmlns="urn:oio:nsi:3.0.0"/>',
         f"SorTree is in the namespace 'urn:oio:nsi:3.0.0', expected {NAMESPACES}; a new version of the file needs a new version"),
        ('<SorTree xmlns="urn:oio:nsi:2.0.0"/>', "the file holds no units; fetch it again"),
    ],
)  # fmt: skip
def test_something_else(data: str, text: str) -> None:
    assert refusal(data.encode()).startswith(f"<bytes>: {text}")


@pytest.mark.parametrize("compressed", [None, "gz"])
@pytest.mark.parametrize("version", [1, 2])
def test_xml_cut_off_anywhere(version: Any, compressed: Any, tmp_path: Path) -> None:
    data = made_up_nation(60, seed=version).write(tmp_path, version=version).units.read_bytes()
    end = data.rindex(b"</SorTree>") + len(b"</SorTree>")
    chance = random.Random(version)  # noqa: S311  the same cuts every time
    for cut in [1, 10, 100, end - 1, *(chance.randrange(end) for _ in range(60))]:
        part = data[:cut]
        refusal(part if compressed is None else gzip.compress(part))
    assert len(Register.load(data[:end])) == 60


def test_xml_that_is_damaged_names_its_line(good: tuple[bytes, bytes]) -> None:
    data = good[0].replace(b"</sor1:EntityName>", b"</sor1:Entityname>", 1)
    line = data[: data.index(b"Entityname")].count(b"\n") + 1
    assert re.fullmatch(
        rf"<bytes>, line {line}: the XML is not well formed or was cut off \(tag name mismatch\); nothing of it was loaded, fetch "
        "the file again",
        refusal(data),
    )


@pytest.mark.parametrize(
    "doctype", ["<!DOCTYPE SorTree>", "<!DOCTYPE SorTree []>", '<!DOCTYPE SorTree SYSTEM "Sor.dtd">']
)
def test_a_doctype(doctype: str, good: tuple[bytes, bytes]) -> None:
    data = good[0].replace(b"<SorTree", doctype.encode() + b"<SorTree", 1)
    expected = (
        "<bytes>: the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"
    )
    assert refusal(data) == expected
    hidden = data.decode("utf-8-sig").replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert refusal(hidden) == expected


def test_an_entity_bomb(good: tuple[bytes, bytes]) -> None:
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE SorTree [<!ENTITY e0 "{"x" * 1_000}">{rows}]>'
    data = good[0].replace(b"<SorTree", doctype.encode() + b"<SorTree", 1).replace("Prøve Sygehus".encode(), b"&e11;")
    assert "the file has a DOCTYPE" in refusal(data)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
def test_an_external_entity_is_never_opened(folder: Path, good: tuple[bytes, bytes]) -> None:
    pipe = folder.resolve() / "pipe"
    os.mkfifo(pipe)
    doctype = f'<!DOCTYPE SorTree [<!ENTITY e SYSTEM "file://{pipe}">]>'
    data = good[0].replace(b"<SorTree", doctype.encode() + b"<SorTree", 1).replace("Prøve Sygehus".encode(), b"&e;")
    (folder / "Sor.xml").write_bytes(data)
    program = "import sys, sor_addressing; sor_addressing.Register.load(sys.argv[1])"
    # Who opens a pipe that nobody writes to waits for ever.
    outcome = subprocess.run(
        [sys.executable, "-c", program, "Sor.xml"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=dict(os.environ, PYTHONPATH=str(PACKAGE.parent)),
    )
    assert outcome.returncode == 1
    assert "ExtractError: Sor.xml: the file has a DOCTYPE" in outcome.stderr


@pytest.mark.parametrize("inside", ["<OrganizationalUnitEntity>", "<AddressPostal>", "<x>"])
def test_xml_nested_5000_deep(inside: str, good: tuple[bytes, bytes]) -> None:
    deep = inside * 5_000 + inside.replace("<", "</") * 5_000
    data = good[0].replace(b"</HealthInstitutionEntity>", deep.encode() + b"</HealthInstitutionEntity>", 1)
    assert refusal(data).endswith(
        "the XML is nested deeper, or has a longer text, than a published file ever has; refused, fetch the file again"
    )
    root = inside * 5_000
    refusal(root.encode())


def test_a_text_without_end(good: tuple[bytes, bytes]) -> None:
    data = good[0].replace("Prøve Sygehus".encode(), b"x" * 11_000_000)
    assert "or has a longer text, than a published file ever has" in refusal(data)


def test_blank_space_above_the_declaration(good: tuple[bytes, bytes]) -> None:
    assert refusal(b"\n" + good[0].removeprefix(b"\xef\xbb\xbf")) == (
        "<bytes>, line 1: blank space stands before the XML declaration, where nothing may stand; remove it, or fetch the file again"
    )


# Archives.


def test_a_zip_cut_off_anywhere(good: tuple[bytes, bytes], folder: Path) -> None:
    data = zipped(("Sor.xml", good[0]))
    for cut in range(4, len(data), 97):
        (folder / "Sor.zip").write_bytes(data[:cut])
        assert refusal("Sor.zip").startswith("Sor.zip: the zip can't be read (")


def test_a_gzip_cut_off_anywhere(good: tuple[bytes, bytes]) -> None:
    data = gzip.compress(good[0])
    for cut in range(3, len(data), 97):
        assert "the archive is damaged or was cut off (" in refusal(data[:cut])


def test_an_encrypted_zip(good: tuple[bytes, bytes]) -> None:
    data = bytearray(zipped(("Sor.xml", good[0])))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == "<bytes>!Sor.xml: the zip member is encrypted; published extracts are not"


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(("Sor.xml", data))], ids=["gz", "zip"])
def test_a_bomb(pack: Any, good: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "RATIO_APPLIES_FROM", 4 * 1024**2)
    data = good[0].replace(b"</SorTree>", b"<!-- " + b"x" * (4 * 1024**2) + b" --></SorTree>")
    assert (
        "holds more than 4 MB, which no published file of its size does; not read further, fetch the file again"
        in refusal(pack(data))
    )
    assert len(Register.load(data)) == 2


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(("Sor.xml", data))], ids=["gz", "zip"])
def test_a_bomb_of_the_real_size(pack: Any, good: tuple[bytes, bytes]) -> None:
    filler = (b"<!--" + b"x" * 1_000 + b"-->\n") * 68_000
    said = refusal(pack(good[0].replace(b"</SorTree>", filler + b"</SorTree>")))
    assert "holds more than 64 MB" in said


# Message types.


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Lokationsnummer;Navn\n5790999000017;A\n", "<bytes>, line 1: "),
        (b"A;B\n1;2\n", "<bytes>, line 1: "),
        ("Lokationsnummer;EDI-type\n5790999000017;XDIS91\n".encode("utf-16"), "<bytes>, line 1: the file is UTF-16 or UTF-32; save it as UTF-8"),
        (b"Lokationsnummer;EDI-type\n5790999000017;XDIS91\x00\n", "<bytes>, line 2: a NUL byte"),
        (b'Lokationsnummer;EDI-type\n"5790999000017;XDIS91\n', "<bytes>, line 2: a quote is opened here"),
    ],
)  # fmt: skip
def test_message_types_that_cannot_be_read(data: bytes, text: str, good: tuple[bytes, bytes]) -> None:
    said = refusal(good[0], message_types=data)
    assert said.startswith(text)
    if text.endswith("line 1: "):
        header = data.decode().splitlines()[0]
        assert header.replace(";", ", ") in said or all(f"{cell}" in said for cell in header.split(";"))
        assert "columns=" in said


def test_ragged_lines_and_unreadable_cells_are_reported_and_the_rest_is_read(good: tuple[bytes, bytes]) -> None:
    number = numbers.location_number(0)
    lines = ["Lokationsnummer;EDI-type;Retning", number, f"{number};XDIS91;Modtag;mere", f"{number};XREF01;opad"]
    register = Register.load(good[0], message_types="\n".join(lines).encode("windows-1252"))
    assert register.validate(HOSPITAL, "XDIS91").outcome == "supported"
    assert [(one.code, one.line) for one in register.load_report.problems if one.line] == [
        ("ragged-line", 2),
        ("ragged-line", 3),
        ("direction-unreadable", 4),
    ]


def test_message_types_in_another_encoding_from_a_line_on(good: tuple[bytes, bytes]) -> None:
    number = numbers.location_number(0)
    head = f"Lokationsnummer;EDI-type;Navn\n{number};XDIS91;Ø\n" + f"{number};XDIS91;A\n" * 5_000
    data = head.encode() + f"{number};XDIS91;Å\n".encode("windows-1252")
    said = refusal(good[0], message_types=data)
    assert said.startswith("<bytes>, line 5003: the file is UTF-8 until here, but the")


# Whatever is given, nothing but a reasoned refusal comes out.


@pytest.mark.parametrize("which", ["units", "zip", "gz", "types"])
def test_bytes_changed_at_random_give_a_register_or_a_refusal(which: str, good: tuple[bytes, bytes]) -> None:
    chance = random.Random(which)  # noqa: S311  the same faults every time
    data = {
        "units": good[0],
        "zip": zipped(("Sor.xml", good[0]), ("Edityper.csv", good[1])),
        "gz": gzip.compress(good[0]),
        "types": good[1],
    }[which]
    outcomes = set()
    for _ in range(250):
        damaged = bytearray(data)
        for _ in range(chance.choice([1, 1, 2])):
            at = chance.randrange(len(damaged))
            deed = chance.randrange(3)
            if deed == 0:
                damaged[at] ^= 1 << chance.randrange(8)
            elif deed == 1:
                del damaged[at : at + chance.randrange(1, 9)]
            else:
                damaged[at:at] = chance.randbytes(chance.randrange(1, 5))
        given = [good[0], bytes(damaged)] if which == "types" else [bytes(damaged)]
        try:
            register = Register.load(*given, snapshot_date=None)
        except ExtractError:
            outcomes.add("refused")
        else:
            outcomes.add("loaded")
            assert all(one.text(language) for one in register.load_report.problems for language in LANGUAGES)
    assert "refused" in outcomes
    assert "loaded" in outcomes or which in ("zip", "gz")


# Every problem has its text, with nothing left open in it.


def codes_in_source() -> set[str]:
    """The codes of problems that the package's own code names, kinds of identifiers filled in."""
    found: set[str] = set()
    for path in [*PACKAGE.glob("extracts/**/*.py"), *PACKAGE.glob("index/**/*.py"), *PACKAGE.glob("loading/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"[a-z]+(-[a-z]+)+", node.value)
            ):
                found.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[-1], ast.Constant):
                end = str(node.values[-1].value)
                if end in ("-shape", "-check-digit"):
                    kinds = ["sor-code", "location-number", "cvr-number"]
                    kinds += ["provider-number", "shak-code"] if end == "-shape" else []
                    found.update(kind + end for kind in kinds)
    return found


def reported_in_source() -> set[str]:
    """The codes that stand where a problem is made."""
    found: set[str] = set()
    for path in [*PACKAGE.glob("extracts/**/*.py"), *PACKAGE.glob("index/**/*.py"), *PACKAGE.glob("loading/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if (
                name in ("Problem", "problem", "tell", "_tell", "left_out")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
            found.update(
                str(one.value.value)
                for one in node.keywords
                if one.arg == "problem" and isinstance(one.value, ast.Constant)
            )
    return found


def test_every_problem_has_a_text_and_every_text_a_problem() -> None:
    texts = set(entries("problems"))
    assert len(reported_in_source()) > 15
    assert reported_in_source() - texts == set()
    assert texts - codes_in_source() == set()


def a_file_with_everything_wrong(tmp_path: Path) -> Register:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True, cvr_number="99000006", from_date=None)
    house = build.institution(owner, "Hus", location_number="12", shak_code="9", sor_code="13")
    build.unit(
        house,
        "A",
        provider_number="99/01",
        cvr_number="9",
        location_number="5790999000018",
        sor_code="9000011000016007",
    )
    build.unit(house, "B", period_unreadable=True, location={"from_date": None}, cvr_number="99000007")
    build.unit(house, "C", from_date=None, to_date=None, local_code="C")
    text = build.write(tmp_path).units.read_text("utf-8-sig")
    status = "<SorStatus><FromDate>2020-01-02</FromDate><ToDate>2020-01-01</ToDate><FirstFromDate>x</FirstFromDate></SorStatus>"
    stray = (
        "<OrganizationalUnitEntity><OrganizationalUnit><SorIdentifier>13</SorIdentifier></OrganizationalUnit>"
        "</OrganizationalUnitEntity><OrganizationalUnitEntity/>"
    )
    second = "<EanLocationCodeEntity><EanLocationCode>7</EanLocationCode></EanLocationCodeEntity>"
    for old, new in (
        ("<sor1:SnapshotDate>2026-01-15", "<sor1:SnapshotDate>x"),
        (
            "<LocalCode>C</LocalCode>",
            f"<SorIdentifier>14</SorIdentifier><Farve/><x:Farve xmlns:x='urn:x'/><EanLocationCodeEntity/>{status}",
        ),
        ("<EntityInheritanceIndicator>false<", "<EntityInheritanceIndicator>måske<"),
        ("</InstitutionOwnerEntity>", f"{stray}</InstitutionOwnerEntity>"),
        ("</InstitutionOwner>", f"{second}</InstitutionOwner>"),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "Sor.xml").write_text(text, "utf-8")
    (tmp_path / "andet.txt").write_text("Hej", "utf-8")
    lines = ["Lokationsnummer;EDI-type;Retning;Farve", "5,79E+12;XDIS91;S", "14;XDIS91;", ";XDIS91;S;", "14;;S;", "14;XDIS91;op;",
             "5790999000018;XDIS91;S;", "14;XDIS91;S;\xd8", "14;XDIS91;S;\xc3\xb8"]  # fmt: skip
    (tmp_path / "Edityper.csv").write_bytes("\n".join(lines).encode("latin-1"))
    return Register.load(tmp_path)


# Made, with their texts, in tests/extracts: by the tables of units, and by the files beside them.
OF_OTHER_FILES = {
    "cell-mangled-by-spreadsheet", "coordinate-unreadable", "coordinates-in-degrees", "location-source-unreadable", "location-status-unreadable",
    "message-type-id-ambiguous", "message-type-not-listed", "number-status-unreadable", "own-location-number-missing",
    "parents-not-known",
    "provider-number-unusable", "record-count-unreadable", "replaces-itself", "row-day-unreadable", "row-incomplete", "row-period-unreadable",
    "row-without-sor-code", "shak-line-short", "shak-line-unknown", "shak-register-code-shape", "sor-code-zeroed-by-spreadsheet",
    "endpoint-manager-not-above", "endpoint-number-differs", "endpoint-status-unreadable", "endpoint-unit-unknown", "endpoint-without-number",
    "organization-without-sor-code", "reference-not-found",
    "unit-kind-derived", "unit-kind-unreadable", "unit-kinds-not-known", "version-not-known", "yes-no-unreadable",
}  # fmt: skip


# Made, with their texts, in tests/loading/test_joining.py, test_number_periods.py, test_ending_early.py, and tests/index/test_inheriting.py.
OF_SEVERAL_FILES = {
    "code-text-differs", "days-differ", "files-disagree", "inherited-number-differs", "location-owner-missing", "numbers-end-early",
    "members-missing", "number-without-unit", "owner-has-several-numbers", "place-without-address", "provider-without-unit",
    "registrations-disagree", "registrations-not-in-force", "row-repeated", "row-without-unit", "unit-in-other-file-only",
}  # fmt: skip


def test_no_text_of_a_problem_leaves_anything_open(tmp_path: Path) -> None:
    register = a_file_with_everything_wrong(tmp_path)
    bytes_only = Register.load(
        builder().write(tmp_path / "god").units, builder().write(tmp_path / "god").units.with_name("Edityper.csv").read_bytes(),
        snapshot_date=None,
    )  # fmt: skip
    given = Register.load((tmp_path / "god" / "Sor.xml").read_bytes(), snapshot_date=register.snapshot_date)
    os.utime(tmp_path / "god" / "Edityper.csv", (0, 0))
    timeless = Register.load(tmp_path / "god")
    registers = (register, bytes_only, given, timeless)
    problems = [problem for one in registers for problem in one.load_report.problems]
    made = {one.code for one in problems}
    # These two files can't hold them: the tree of a Sor.xml has no loose ends, and the others are of other readers' files.
    elsewhere = {"parent-in-circle", "parent-missing"} | OF_OTHER_FILES | OF_SEVERAL_FILES
    assert set(entries("problems")) - made == elsewhere
    for one in problems:
        assert left_open(one) == set(), one


def left_open(problem: Problem) -> set[str]:
    values = {"file": problem.file, "line": problem.line, "identifier": problem.identifier, **problem.details}
    may_be_empty = {"sor-code-missing": {"name", "location_number"}, "boolean-unreadable": {"value"}}
    found = set()
    for language in LANGUAGES:
        template = entries("problems")[problem.code][language]
        fields = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        found |= {field for field in fields if values.get(field) in (None, "", ())}
        assert problem.text(language).count("?") <= sum(str(value).count("?") for value in values.values())
    return found - may_be_empty.get(problem.code, set())


@pytest.mark.parametrize(
    ("header", "cells", "receives", "sends"),
    [
        ("Kan sende", "måske", "support_unknown", "unsupported"),
        ("Kan modtage", "måske", "unsupported", "support_unknown"),
        ("Kan sende;Kan modtage", "måske;Nej", "unsupported", "support_unknown"),
        ("Kan sende;Kan modtage", "måske;Ja", "supported", "support_unknown"),
        ("Kan sende;Kan modtage", "Ja;måske", "support_unknown", "supported"),
        ("Kan sende;Kan modtage", "Nej;måske", "support_unknown", "unsupported"),
        ("Kan sende;Kan modtage", "måske;måske", "unsupported", "unsupported"),
        ("Retning", "Ud", "unsupported", "supported"),
        ("Retning", "indgående", "supported", "unsupported"),
    ],
)
@pytest.mark.parametrize("type_column", ["EDI-type", "EDI-type-id"])
def test_a_cell_for_one_side_that_cannot_be_read_lets_no_letter_through(
    good: tuple[bytes, bytes], type_column: str, header: str, cells: str, receives: str, sends: str
) -> None:
    number = numbers.location_number(0)
    text = f"Lokationsnummer;{type_column};{header}\n{number};XREF01;{cells}\n"
    register = Register.load(good[0], message_types=text.encode())
    found = [register.validate(number, "XREF01", direction=direction).outcome for direction in ("receive", "send")]
    assert found == [receives, sends]
